// Asks before an artifact is deleted; the server refuses while others use it, and names them.

import type { ReactNode } from "react";
import { Confirm } from "../control/confirm.tsx";
import { Problem } from "../control/problem.tsx";
import { useTask } from "../shell/notification.tsx";
import { type Collection, deleteArtifact } from "./artifact.ts";
import { useWorkspaceName } from "./workspace.ts";

export function DeleteArtifact({
  what,
  collection,
  name,
  onClose,
  children = "Its definition is gone for good.",
}: {
  /** "linked service". */
  what: string;
  collection: Collection;
  name: string;
  onClose(): void;
  children?: ReactNode;
}) {
  const workspace = useWorkspaceName();
  const deletion = useTask({
    run: () => deleteArtifact({ workspace, collection, name }),
    done: () => `The ${what} '${name}' is deleted`,
    failed: () => `The ${what} '${name}' was not deleted`,
    changes: [["synapse", workspace.toLowerCase()]],
    onDone: onClose,
  });
  return (
    <Confirm
      isOpen
      title={`Delete ${what} '${name}'?`}
      verb="Delete"
      isBusy={deletion.isPending}
      onConfirm={() => deletion.mutate(undefined)}
      onClose={onClose}
    >
      {children}
      {deletion.error && <Problem error={deletion.error} />}
    </Confirm>
  );
}
