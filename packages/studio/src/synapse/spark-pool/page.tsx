// Manage > Apache Spark pools.

import { AddRegular, DeleteRegular, EditRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { CommandButton } from "../../control/command-button.tsx";
import { type Column, Grid, rowsOf } from "../../control/grid.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { RefreshButton } from "../../control/refresh-button.tsx";
import { DeleteChild } from "../delete-child.tsx";
import { useWorkspaceAzureRight } from "../right.ts";
import { childrenQuery, useManageCrumbs, useWorkspaceName } from "../workspace.ts";
import { type Pool, pauseText, type SparkPool, scaleText } from "./spark-pool.ts";
import { SparkPoolPanel } from "./spark-pool-panel.tsx";

const columns: readonly Column<Pool>[] = [
  { name: "name", label: "Name", text: ({ name }) => name },
  {
    name: "size",
    label: "Size",
    text: (pool) => `${pool.properties?.nodeSize ?? ""} (${scaleText(pool)})`,
  },
  {
    name: "version",
    label: "Spark version",
    text: ({ properties }) => properties?.sparkVersion ?? "",
  },
  { name: "pause", label: "Automatic pausing", text: pauseText },
  {
    name: "state",
    label: "Provisioning state",
    text: ({ properties }) => properties?.provisioningState ?? "",
  },
];

export function Page() {
  const workspace = useWorkspaceName();
  const pools = useQuery(childrenQuery<SparkPool>(workspace, "bigDataPools"));
  const mayWrite = useWorkspaceAzureRight("workspaces/bigDataPools/write");
  const mayDelete = useWorkspaceAzureRight("workspaces/bigDataPools/delete");
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState<"new" | "edit" | "delete">();
  const pool = pools.data?.find(({ name }) => selected.has(name));
  const none = pool ? undefined : "Select a pool.";
  const taken = pools.data?.map(({ name }) => name) ?? [];
  const close = () => setOpen(undefined);
  return (
    <PageFrame
      title="Apache Spark pools"
      crumbs={useManageCrumbs()}
      description="Pools can be created, changed and attached to Azure Machine Learning workspaces."
      commands={
        <>
          <CommandButton icon={<AddRegular />} right={mayWrite} onClick={() => setOpen("new")}>
            New
          </CommandButton>
          <RefreshButton onRefresh={pools.refetch} />
          <CommandButton
            icon={<EditRegular />}
            disabledReason={none}
            onClick={() => setOpen("edit")}
          >
            Settings
          </CommandButton>
          <CommandButton
            icon={<DeleteRegular />}
            right={mayDelete}
            disabledReason={none}
            onClick={() => setOpen("delete")}
          >
            Delete
          </CommandButton>
        </>
      }
    >
      <Grid
        label="Apache Spark pools"
        columns={columns}
        {...rowsOf(pools)}
        rowKey={({ name }) => name}
        empty="There is no Apache Spark pool. Select New to create one."
        selection={{ keys: selected, isSingle: true, onChange: setSelected }}
      />
      {open === "new" && <SparkPoolPanel taken={taken} onClose={close} />}
      {open === "edit" && pool && <SparkPoolPanel pool={pool} taken={taken} onClose={close} />}
      {open === "delete" && pool && (
        <DeleteChild what="Apache Spark pool" resource={pool} onClose={close}>
          Computes of Azure Machine Learning workspaces that it is attached to no longer work.
        </DeleteChild>
      )}
    </PageFrame>
  );
}
