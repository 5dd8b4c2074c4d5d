// Manage > Apache Spark pools.

import { AddRegular, DeleteRegular, EditRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { CommandButton } from "../../control/command-button.tsx";
import { type Column, Grid } from "../../control/grid.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { RefreshButton } from "../../control/refresh-button.tsx";
import { DeleteChild } from "../delete-child.tsx";
import { useListState } from "../list-state.ts";
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
  const { chosen: pool, ...list } = useListState<"new" | "edit" | "delete", Pool>(pools);
  const mayWrite = useWorkspaceAzureRight("workspaces/bigDataPools/write");
  const mayDelete = useWorkspaceAzureRight("workspaces/bigDataPools/delete");
  const none = pool ? undefined : "Select a pool.";
  return (
    <PageFrame
      title="Apache Spark pools"
      crumbs={useManageCrumbs()}
      description="Pools can be created, changed and attached to Azure Machine Learning workspaces."
      commands={
        <>
          <CommandButton icon={<AddRegular />} right={mayWrite} onClick={() => list.open("new")}>
            New
          </CommandButton>
          <RefreshButton onRefresh={list.refresh} />
          <CommandButton
            icon={<EditRegular />}
            disabledReason={none}
            onClick={() => list.open("edit")}
          >
            Settings
          </CommandButton>
          <CommandButton
            icon={<DeleteRegular />}
            right={mayDelete}
            disabledReason={none}
            onClick={() => list.open("delete")}
          >
            Delete
          </CommandButton>
        </>
      }
    >
      <Grid
        label="Apache Spark pools"
        columns={columns}
        empty="There is no Apache Spark pool. Select New to create one."
        {...list.grid}
      />
      {list.panel === "new" && <SparkPoolPanel taken={list.taken} onClose={list.close} />}
      {list.panel === "edit" && pool && (
        <SparkPoolPanel pool={pool} taken={list.taken} onClose={list.close} />
      )}
      {list.panel === "delete" && pool && (
        <DeleteChild what="Apache Spark pool" resource={pool} onClose={list.close}>
          Computes of Azure Machine Learning workspaces that it is attached to no longer work.
        </DeleteChild>
      )}
    </PageFrame>
  );
}
