// Attached Spark pools of a link: what is attached, Attach, Detach.

import { Toolbar } from "@fluentui/react-components";
import { AddRegular, PlugDisconnectedRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { CommandButton, useAzureRight } from "../../control/command-button.tsx";
import { Grid } from "../../control/grid.tsx";
import { Panel } from "../../control/panel.tsx";
import { PanelButtons } from "../../control/panel-buttons.tsx";
import { Problem } from "../../control/problem.tsx";
import { useTask } from "../../shell/notification.tsx";
import { useAttach } from "../compute/attach.ts";
import { computeColumns } from "../compute/columns.tsx";
import { Detach } from "../compute/detach.tsx";
import { useComputeNameRule } from "../compute/name-rule.ts";
import {
  type Compute,
  computesQuery,
  type LinkedService,
  useWorkspaceAddress,
} from "../workspace.ts";
import { SparkPoolStep } from "./spark-pool-step.tsx";

const type = "Microsoft.MachineLearningServices/workspaces/computes";

export function AttachedPools({ link }: { link: LinkedService }) {
  const { id, path } = useWorkspaceAddress();
  const { data, error, refetch } = useQuery(computesQuery(id));
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  const [isAttaching, setAttaching] = useState(false);
  const [detached, setDetached] = useState<readonly Compute[]>([]);
  const mayWrite = useAzureRight(id, `${type}/write`);
  const mayDelete = useAzureRight(id, `${type}/delete`);
  const target = (link.properties?.linkedServiceResourceId ?? "").toLowerCase();
  const rows = data?.filter(({ properties }) =>
    properties?.resourceId?.toLowerCase().startsWith(`${target}/`),
  );
  const chosen = rows?.filter((compute) => keys.has(compute.id)) ?? [];
  return (
    <>
      <Toolbar aria-label="Attached Spark pools: commands">
        <CommandButton icon={<AddRegular />} right={mayWrite} onClick={() => setAttaching(true)}>
          Attach
        </CommandButton>
        <CommandButton
          icon={<PlugDisconnectedRegular />}
          right={mayDelete}
          disabledReason={chosen.length > 0 ? undefined : "Select attached Spark pools first."}
          onClick={() => setDetached(chosen)}
        >
          Detach
        </CommandButton>
      </Toolbar>
      <Grid
        label="Attached Spark pools"
        columns={computeColumns(path)}
        rows={rows}
        error={error}
        onRetry={() => void refetch()}
        rowKey={(compute) => compute.id}
        selection={{ keys, onChange: setKeys }}
        empty="No Spark pool of this Synapse workspace is attached. Attach one."
      />
      {isAttaching && <AttachPanel link={link} onClose={() => setAttaching(false)} />}
      {detached.length > 0 && <Detach computes={detached} onClose={() => setDetached([])} />}
    </>
  );
}

function AttachPanel({ link, onClose }: { link: LinkedService; onClose(): void }) {
  const [pools, setPools] = useState<ReadonlyMap<string, string>>(new Map());
  const attach = useAttach();
  const nameProblem = useComputeNameRule();
  const task = useTask({
    async run() {
      for (const [resourceId, name] of pools) await attach({ resourceId, name });
    },
    done: () => `${[...pools.values()].join(", ")} attached`,
    failed: () => "Not every Spark pool could be attached",
    changes: [["arm"]],
    onDone: onClose,
  });
  const names = [...pools.values()];
  const isReady = names.length > 0 && names.every((name) => nameProblem(name) === undefined);
  return (
    <Panel
      title="Attach Spark pools"
      isOpen
      size="large"
      onClose={onClose}
      footer={
        <PanelButtons
          verb="Attach selected"
          isDisabled={!isReady || task.isPending}
          onSend={() => task.mutate(undefined)}
          onClose={onClose}
        />
      }
    >
      <SparkPoolStep
        workspaceId={link.properties?.linkedServiceResourceId ?? ""}
        pools={pools}
        onChange={setPools}
      />
      {task.error && <Problem error={task.error} />}
    </Panel>
  );
}
