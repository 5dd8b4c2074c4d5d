// Asks before a pool or runtime is deleted, and says what goes with it.

import type { ReactNode } from "react";
import type { Resource } from "../api/resource.ts";
import { Confirm } from "../control/confirm.tsx";
import { Problem } from "../control/problem.tsx";
import { deleteChild, useChildTask } from "./child-resource.ts";

export function DeleteChild({
  what,
  resource,
  onClose,
  children,
}: {
  /** "SQL pool". */
  what: string;
  resource: Pick<Resource, "id" | "name">;
  onClose(): void;
  /** What is gone with it. */
  children: ReactNode;
}) {
  const deletion = useChildTask({
    run: ({ id }: Pick<Resource, "id" | "name">) => deleteChild(id),
    done: ({ name }) => `The ${what} '${name}' is deleted`,
    failed: ({ name }) => `The ${what} '${name}' was not deleted`,
    onDone: onClose,
  });
  return (
    <Confirm
      isOpen
      title={`Delete ${what} '${resource.name}'?`}
      verb="Delete"
      isBusy={deletion.isPending}
      onConfirm={() => deletion.mutate(resource)}
      onClose={onClose}
    >
      {children}
      {deletion.error && <Problem error={deletion.error} />}
    </Confirm>
  );
}
