// Asks before a link and its identity are removed; attached pools that have no identity of their own go
// with the last link to their workspace, because they act through its identity (features.md D-08).

import { useQuery } from "@tanstack/react-query";
import { isMissing } from "../../api/api-error.ts";
import { arm, send } from "../../api/request.ts";
import { nameOf } from "../../api/scope.ts";
import { Confirm } from "../../control/confirm.tsx";
import { Problem } from "../../control/problem.tsx";
import { useTask } from "../../shell/notification.tsx";
import {
  computesQuery,
  type LinkedService,
  linksQuery,
  linkVersion,
  useWorkspaceAddress,
} from "../workspace.ts";

export function Unlink({
  link,
  onClose,
  onDone,
}: {
  link: LinkedService;
  onClose(): void;
  onDone?: () => void;
}) {
  const { id } = useWorkspaceAddress();
  const targetId = link.properties?.linkedServiceResourceId ?? "";
  const target = nameOf(targetId);
  const computes = useQuery(computesQuery(id));
  const links = useQuery(linksQuery(id));
  // Where the links cannot be read, nothing is taken along: the server says what is in the way.
  const isLast =
    links.data?.every((other) => other.id === link.id || !leadsTo(other, targetId)) ?? false;
  const depending = (computes.data ?? []).filter(
    ({ identity, properties }) =>
      isLast &&
      (identity?.type ?? "None") === "None" &&
      properties?.resourceId?.toLowerCase().startsWith(`${targetId.toLowerCase()}/`),
  );
  const unlink = useTask({
    run: () =>
      send(arm, {
        method: "DELETE",
        path: `${link.id}?api-version=${linkVersion}${depending.length > 0 ? "&cascade=true" : ""}`,
      }).catch((error) => {
        if (!isMissing(error)) throw error;
        return undefined;
      }),
    done: () => `${link.name} is unlinked`,
    failed: () => `${link.name} could not be unlinked`,
    changes: [["arm"]],
    onDone: () => {
      onDone?.();
      onClose();
    },
  });
  return (
    <Confirm
      isOpen
      title={`Unlink ${link.name}?`}
      verb="Unlink"
      isBusy={unlink.isPending || links.isPending || computes.isPending}
      onConfirm={() => unlink.mutate(undefined)}
      onClose={onClose}
    >
      <p>
        The link to the Synapse workspace {target} and its managed identity are removed, with every
        role that the identity holds. The Synapse workspace stays as it is.
      </p>
      {depending.length > 0 && (
        <p>
          These attached Spark pools have no identity of their own and are detached with it:{" "}
          {depending.map(({ name }) => name).join(", ")}.
        </p>
      )}
      {unlink.error && <Problem error={unlink.error} />}
    </Confirm>
  );
}

function leadsTo({ properties }: LinkedService, workspaceId: string): boolean {
  return properties?.linkedServiceResourceId.toLowerCase() === workspaceId.toLowerCase();
}
