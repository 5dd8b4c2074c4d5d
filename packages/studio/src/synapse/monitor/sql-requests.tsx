// Requests of a dedicated SQL pool, from the view that every SQL client can read.

import { Dropdown, Option } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Column, Grid } from "../../control/grid.tsx";
import { queryRows, type SqlRow } from "../sql/query.ts";
import { childrenQuery, useWorkspaceName } from "../workspace.ts";

const textOf = (name: string) => (row: SqlRow) => String(row[name] ?? "");

const columns: readonly Column<SqlRow>[] = [
  { name: "id", label: "Request ID", width: "110px", text: textOf("request_id") },
  { name: "status", label: "Status", width: "110px", text: textOf("status") },
  { name: "submitted", label: "Submit time", text: textOf("submit_time") },
  { name: "elapsed", label: "Elapsed (ms)", text: (row) => Number(row.total_elapsed_time ?? 0) },
  { name: "command", label: "Request content", text: textOf("command") },
];

const rowsMax = 1_000;

export function SqlRequests() {
  const workspace = useWorkspaceName();
  const pools = useQuery(childrenQuery<{ readonly status?: string }>(workspace, "sqlPools"));
  const [chosen, setChosen] = useState("");
  const pool = chosen || pools.data?.[0]?.name || "";
  const requests = useQuery({
    queryKey: ["sql", workspace.toLowerCase(), pool.toLowerCase(), "requests"],
    enabled: pool !== "",
    queryFn: ({ signal }) =>
      queryRows({
        workspace,
        database: pool,
        query: `SELECT TOP ${rowsMax} request_id, status, submit_time, total_elapsed_time, command FROM sys.dm_pdw_exec_requests ORDER BY submit_time DESC`,
        signal,
      }),
  });
  const hasNone = pools.data?.length === 0;
  return (
    <Grid
      label="SQL requests"
      columns={columns}
      rows={hasNone ? [] : requests.data}
      error={pools.error ?? requests.error}
      onRetry={() => void requests.refetch()}
      rowKey={({ request_id, submit_time }) => `${request_id} ${submit_time}`}
      empty={
        hasNone
          ? "There is no dedicated SQL pool that could have requests."
          : `Nothing was asked of '${pool}' since it started.`
      }
      tools={
        hasNone ? undefined : (
          <Dropdown
            aria-label="SQL pool"
            style={{ minWidth: 160 }}
            value={pool}
            selectedOptions={[pool]}
            onOptionSelect={(_, { optionValue }) => setChosen(optionValue ?? "")}
          >
            {(pools.data ?? []).map(({ name }) => (
              <Option key={name}>{name}</Option>
            ))}
          </Dropdown>
        )
      }
    />
  );
}
