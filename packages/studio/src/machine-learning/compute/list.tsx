// Compute: the tabs of the original; attached computes are what is run here (features.md E-05).

import { Tab, TabList, Text } from "@fluentui/react-components";
import { AddRegular, PlugDisconnectedRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { CommandButton, useAzureRight } from "../../control/command-button.tsx";
import { Grid, rowsOf } from "../../control/grid.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { RefreshButton } from "../../control/refresh-button.tsx";
import { type Compute, computesQuery, crumbsOf, useWorkspaceAddress } from "../workspace.ts";
import { AttachPanel } from "./attach-panel.tsx";
import { computeColumns } from "./columns.tsx";
import { Detach } from "./detach.tsx";

const type = "Microsoft.MachineLearningServices/workspaces/computes";

/** Tabs of the original whose kinds the server refuses by name. */
const refusedTabs = ["Compute instances", "Compute clusters", "Kubernetes clusters"];

export function Page() {
  const address = useWorkspaceAddress();
  const computes = useQuery(computesQuery(address.id));
  const [tab, setTab] = useState("Attached computes");
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  const [isAttaching, setAttaching] = useState(false);
  const [detached, setDetached] = useState<readonly Compute[]>([]);
  const chosen = computes.data?.filter(({ id }) => keys.has(id)) ?? [];
  const isAttachedTab = tab === "Attached computes";
  return (
    <PageFrame
      title="Compute"
      crumbs={crumbsOf(address)}
      commands={
        isAttachedTab && (
          <Commands
            chosen={chosen}
            onAttach={() => setAttaching(true)}
            onRefresh={() => void computes.refetch()}
            onDetach={() => setDetached(chosen)}
          />
        )
      }
    >
      <TabList selectedValue={tab} onTabSelect={(_, { value }) => setTab(String(value))}>
        {[...refusedTabs, "Attached computes"].map((label) => (
          <Tab key={label} value={label}>
            {label}
          </Tab>
        ))}
      </TabList>
      {isAttachedTab ? (
        <Grid
          label="Attached computes"
          columns={computeColumns(address.path)}
          {...rowsOf(computes)}
          rowKey={({ id }) => id}
          selection={{ keys, onChange: setKeys }}
          empty="Nothing is attached. New attaches a Spark pool of a Synapse workspace."
        />
      ) : (
        <Text as="p">
          {tab} are not run here: the server refuses to create them by name. Spark pools of Synapse
          workspaces can be attached.
        </Text>
      )}
      {isAttaching && <AttachPanel onClose={() => setAttaching(false)} />}
      {detached.length > 0 && (
        <Detach
          computes={detached}
          onClose={() => setDetached([])}
          onDone={() => setKeys(new Set())}
        />
      )}
    </PageFrame>
  );
}

function Commands({
  chosen,
  onAttach,
  onRefresh,
  onDetach,
}: {
  chosen: readonly Compute[];
  onAttach(): void;
  onRefresh(): void;
  onDetach(): void;
}) {
  const { id } = useWorkspaceAddress();
  const mayWrite = useAzureRight(id, `${type}/write`);
  const mayDelete = useAzureRight(id, `${type}/delete`);
  return (
    <>
      <CommandButton icon={<AddRegular />} appearance="primary" right={mayWrite} onClick={onAttach}>
        New: Synapse Spark pool
      </CommandButton>
      <RefreshButton onRefresh={onRefresh} />
      <CommandButton
        icon={<PlugDisconnectedRegular />}
        right={mayDelete}
        disabledReason={chosen.length > 0 ? undefined : "Select attached computes first."}
        onClick={onDetach}
      >
        Detach
      </CommandButton>
    </>
  );
}
