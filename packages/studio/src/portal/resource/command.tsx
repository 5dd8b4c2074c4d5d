// The commands of a scope's overview: refresh, create inside, delete with what goes with it.

import { AddRegular, DeleteRegular } from "@fluentui/react-icons";
import { type ReactNode, useState } from "react";
import { perform } from "../../api/operation.ts";
import { arm } from "../../api/request.ts";
import { isGroup, isSubscription, nameOf, parentOf, typeLabel, typeOf } from "../../api/scope.ts";
import { CommandButton, useAzureRight } from "../../control/command-button.tsx";
import { useGo } from "../../control/link.tsx";
import { RefreshButton } from "../../control/refresh-button.tsx";
import { scopePath } from "../../control/scope-path.ts";
import { useTask } from "../../shell/notification.tsx";
import { Deletion } from "./deletion.tsx";
import { resourceChanges } from "./group.ts";

export function useResourceCommands({
  id,
  version,
  onRefresh,
}: {
  id: string;
  version: string;
  onRefresh(): void;
}): { commands: ReactNode; dialogs: ReactNode } {
  const go = useGo();
  const [isDeleting, setDeleting] = useState(false);
  const mayDelete = useAzureRight(id, `${typeOf(id)}/delete`);
  const deletion = useTask({
    run: () => perform<unknown>(arm, { method: "DELETE", path: `${id}?api-version=${version}` }),
    done: () => `${typeLabel(typeOf(id))} '${nameOf(id)}' deleted`,
    failed: () => `'${nameOf(id)}' could not be deleted`,
    changes: [...resourceChanges],
    onDone: () => go(scopePath("overview", parentOf(id) ?? "")),
  });
  const isContainer = isGroup(id) || isSubscription(id);
  return {
    commands: (
      <>
        {isContainer && (
          <CommandButton
            icon={<AddRegular />}
            onClick={() => go(isGroup(id) ? `/create?group=${encodeURIComponent(id)}` : "/create")}
          >
            Create
          </CommandButton>
        )}
        <RefreshButton onRefresh={onRefresh} />
        {!isSubscription(id) && (
          <CommandButton
            icon={<DeleteRegular />}
            right={mayDelete}
            onClick={() => setDeleting(true)}
          >
            {isGroup(id) ? "Delete resource group" : "Delete"}
          </CommandButton>
        )}
      </>
    ),
    dialogs: (
      <Deletion
        id={id}
        isOpen={isDeleting}
        isBusy={deletion.isPending}
        onConfirm={() => deletion.mutate(undefined)}
        onClose={() => setDeleting(false)}
      />
    ),
  };
}
