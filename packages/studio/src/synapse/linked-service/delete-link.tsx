// Deleting a linked service: says what uses it; the server refuses while anything does.

import { Text } from "@fluentui/react-components";
import { Confirm } from "../../control/confirm.tsx";
import { Problem } from "../../control/problem.tsx";
import { useTask } from "../../shell/notification.tsx";
import { deleteArtifact } from "../artifact.ts";
import { useWorkspaceName } from "../workspace.ts";
import type { Dependant } from "./link.ts";

export function DeleteLink({
  name,
  dependants,
  onClose,
}: {
  name: string;
  dependants: readonly Dependant[];
  onClose(): void;
}) {
  const workspace = useWorkspaceName();
  const remove = useTask({
    run: () => deleteArtifact({ workspace, collection: "linkedServices", name }),
    done: () => `The linked service '${name}' is deleted`,
    failed: () => `The linked service '${name}' was not deleted`,
    changes: [["synapse", workspace.toLowerCase()]],
    onDone: onClose,
  });
  return (
    <Confirm
      isOpen
      title={`Delete linked service '${name}'?`}
      verb="Delete"
      isBusy={remove.isPending}
      onConfirm={() => remove.mutate(undefined)}
      onClose={onClose}
    >
      {dependants.length === 0 ? (
        <Text>
          Its definition, its stored secrets and the role assignments on it are gone for good.
        </Text>
      ) : (
        <DependantList name={name} dependants={dependants} />
      )}
      {remove.error && <Problem error={remove.error} />}
    </Confirm>
  );
}

export function DependantList({
  name,
  dependants,
}: {
  name: string;
  dependants: readonly Dependant[];
}) {
  return (
    <>
      <Text>These use '{name}'; it can be deleted when none of them does:</Text>
      <ul aria-label={`What uses ${name}`}>
        {dependants.map(({ kind, name: dependant }) => (
          <li key={`${kind}/${dependant}`}>
            {kind} '{dependant}'
          </li>
        ))}
      </ul>
    </>
  );
}
