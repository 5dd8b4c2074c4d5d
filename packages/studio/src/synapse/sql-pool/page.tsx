// Manage > SQL pools: the workspace's dedicated SQL pools.

import { Badge } from "@fluentui/react-components";
import {
  AddRegular,
  DeleteRegular,
  PauseRegular,
  PlayRegular,
  ScaleFillRegular,
} from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import type { Resource } from "../../api/resource.ts";
import { CommandButton } from "../../control/command-button.tsx";
import { type Column, Grid } from "../../control/grid.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { Problem } from "../../control/problem.tsx";
import { RefreshButton } from "../../control/refresh-button.tsx";
import { actOnChild, useChildTask } from "../child-resource.ts";
import { DeleteChild } from "../delete-child.tsx";
import { useListState } from "../list-state.ts";
import { useWorkspaceAzureRight } from "../right.ts";
import { childrenQuery, useManageCrumbs, useWorkspaceName } from "../workspace.ts";
import { NewSqlPool, ScaleSqlPool } from "./sql-pool-panel.tsx";

interface SqlPool {
  readonly status?: string;
  readonly collation?: string;
}

type Pool = Resource<SqlPool>;

const columns: readonly Column<Pool>[] = [
  { name: "name", label: "Name", width: "26%", text: ({ name }) => name },
  { name: "type", label: "Type", text: () => "Dedicated" },
  {
    name: "status",
    label: "Status",
    text: statusOf,
    show: (pool) => (
      <Badge appearance="tint" color={statusOf(pool) === "Online" ? "success" : "warning"}>
        {statusOf(pool)}
      </Badge>
    ),
  },
  { name: "size", label: "Size", text: ({ sku }) => String(sku?.name ?? "") },
  { name: "collation", label: "Collation", text: ({ properties }) => properties?.collation ?? "" },
];

function statusOf({ properties }: Pool): string {
  return properties?.status ?? "Unknown";
}

export function Page() {
  const workspace = useWorkspaceName();
  const pools = useQuery(childrenQuery<SqlPool>(workspace, "sqlPools"));
  const { chosen: pool, ...list } = useListState<"new" | "scale" | "delete", Pool>(pools);
  const change = useStatusChange();
  return (
    <PageFrame
      title="SQL pools"
      crumbs={useManageCrumbs()}
      description="Dedicated SQL pools of the workspace: their tables are scored with linked models."
      commands={
        <Commands
          pool={pool}
          isChanging={change.isPending}
          onOpen={list.open}
          onChange={change.mutate}
          onRefresh={list.refresh}
        />
      }
    >
      {change.error && <Problem error={change.error} />}
      <Grid
        label="SQL pools"
        columns={columns}
        empty="There is no dedicated SQL pool. Select New to create one."
        {...list.grid}
      />
      {list.panel === "new" && <NewSqlPool taken={list.taken} onClose={list.close} />}
      {list.panel === "scale" && pool && (
        <ScaleSqlPool pool={pool as Resource} onClose={list.close} />
      )}
      {list.panel === "delete" && pool && (
        <DeleteChild what="SQL pool" resource={pool} onClose={list.close}>
          Its database is gone for good, with every table in it.
        </DeleteChild>
      )}
    </PageFrame>
  );
}

function useStatusChange() {
  return useChildTask({
    run: ({ pool, verb }: { pool: Pool; verb: "pause" | "resume" }) => actOnChild(pool.id, verb),
    done: ({ pool, verb }) => `The SQL pool '${pool.name}' is ${verb}d`,
    failed: ({ pool, verb }) => `The SQL pool '${pool.name}' was not ${verb}d`,
  });
}

function Commands({
  pool,
  isChanging,
  onOpen,
  onChange,
  onRefresh,
}: {
  pool: Pool | undefined;
  isChanging: boolean;
  onOpen(open: "new" | "scale" | "delete"): void;
  onChange(change: { pool: Pool; verb: "pause" | "resume" }): void;
  onRefresh(): void;
}) {
  const mayWrite = useWorkspaceAzureRight("workspaces/sqlPools/write");
  const mayDelete = useWorkspaceAzureRight("workspaces/sqlPools/delete");
  const mayPause = useWorkspaceAzureRight("workspaces/sqlPools/pause/action");
  const mayResume = useWorkspaceAzureRight("workspaces/sqlPools/resume/action");
  const none = pool ? (isChanging ? "It is being changed" : undefined) : "Select a pool.";
  const isOnline = pool && statusOf(pool) === "Online";
  return (
    <>
      <CommandButton icon={<AddRegular />} right={mayWrite} onClick={() => onOpen("new")}>
        New
      </CommandButton>
      <RefreshButton onRefresh={onRefresh} />
      <CommandButton
        icon={<PauseRegular />}
        right={mayPause}
        disabledReason={none ?? (isOnline ? undefined : "It is not online.")}
        onClick={() => pool && onChange({ pool, verb: "pause" })}
      >
        Pause
      </CommandButton>
      <CommandButton
        icon={<PlayRegular />}
        right={mayResume}
        disabledReason={none ?? (isOnline ? "It is online." : undefined)}
        onClick={() => pool && onChange({ pool, verb: "resume" })}
      >
        Resume
      </CommandButton>
      <CommandButton
        icon={<ScaleFillRegular />}
        right={mayWrite}
        disabledReason={none ?? (isOnline ? undefined : "Resume it first.")}
        onClick={() => onOpen("scale")}
      >
        Scale
      </CommandButton>
      <CommandButton
        icon={<DeleteRegular />}
        right={mayDelete}
        disabledReason={none}
        onClick={() => onOpen("delete")}
      >
        Delete
      </CommandButton>
    </>
  );
}
