// Asks before computes are detached; their pools stay in Synapse (features.md E-11).

import { perform } from "../../api/operation.ts";
import { arm } from "../../api/request.ts";
import { Confirm } from "../../control/confirm.tsx";
import { Problem } from "../../control/problem.tsx";
import { useTask } from "../../shell/notification.tsx";
import { type Compute, machineLearningVersion } from "../workspace.ts";

export function Detach({
  computes,
  onClose,
  onDone,
}: {
  computes: readonly Compute[];
  onClose(): void;
  onDone?: () => void;
}) {
  const names = computes.map(({ name }) => name).join(", ");
  const detach = useTask({
    async run() {
      for (const { id } of computes) {
        await perform(arm, {
          method: "DELETE",
          path: `${id}?api-version=${machineLearningVersion}&underlyingResourceAction=Detach`,
        });
      }
    },
    done: () => `${names} detached`,
    failed: () => `${names}: detaching failed`,
    changes: [["arm"]],
    onDone: () => {
      onDone?.();
      onClose();
    },
  });
  return (
    <Confirm
      isOpen
      title={`Detach ${names}?`}
      verb="Detach"
      isBusy={detach.isPending}
      onConfirm={() => detach.mutate(undefined)}
      onClose={onClose}
    >
      <p>
        The name goes from this workspace. The Spark pool stays as it is in its Synapse workspace.
      </p>
      {detach.error && <Problem error={detach.error} />}
    </Confirm>
  );
}
