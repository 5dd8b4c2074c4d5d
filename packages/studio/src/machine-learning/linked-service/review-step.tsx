// Step 3 of Add integration: what Create will make.

import { useQuery } from "@tanstack/react-query";
import { idPart, subscriptionsQuery } from "../../api/resource.ts";
import { nameOf } from "../../api/scope.ts";
import { Essentials } from "../../control/essentials.tsx";

import type { LinkValues } from "./link-workspace-step.tsx";

export function ReviewStep({
  link,
  pools,
}: {
  link: LinkValues;
  pools: ReadonlyMap<string, string>;
}) {
  const { data } = useQuery(subscriptionsQuery);
  const subscription = data?.find(({ subscriptionId }) => subscriptionId === link.subscriptionId);
  return (
    <div style={{ paddingTop: 16 }}>
      <Essentials
        label="Review"
        entries={[
          ["Name", link.name],
          ["Subscription name", subscription?.displayName ?? link.subscriptionId],
          ["Synapse workspace", nameOf(link.workspaceId)],
          ["Resource group", idPart(link.workspaceId, "resourceGroups")],
          ["Managed identity", "System assigned, one for this linked service"],
          [
            "Spark pools to attach",
            pools.size === 0
              ? "None"
              : [...pools].map(([id, name]) => `${nameOf(id)} as ${name}`).join(", "),
          ],
        ]}
      />
    </div>
  );
}
