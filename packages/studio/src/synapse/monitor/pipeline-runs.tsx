// Runs of pipelines of the last day (OpenAPI pipelineRun.json, queryPipelineRuns).

import { useQuery } from "@tanstack/react-query";
import { call } from "../../api/request.ts";
import { type Column, Grid } from "../../control/grid.tsx";
import { artifactsVersion, synapseEndpoint, useWorkspaceName } from "../workspace.ts";

interface PipelineRun {
  readonly runId: string;
  readonly pipelineName: string;
  readonly status: string;
  readonly runStart?: string;
  readonly durationInMs?: number;
  readonly message?: string;
}

const dayMs = 24 * 60 * 60_000;

const columns: readonly Column<PipelineRun>[] = [
  { name: "name", label: "Pipeline name", text: ({ pipelineName }) => pipelineName },
  {
    name: "start",
    label: "Run start",
    text: ({ runStart }) => runStart ?? "",
    show: ({ runStart }) => (runStart ? new Date(runStart).toLocaleString() : "–"),
  },
  {
    name: "duration",
    label: "Duration",
    text: ({ durationInMs }) => durationInMs ?? 0,
    show: ({ durationInMs }) => `${((durationInMs ?? 0) / 1000).toFixed(1)} s`,
  },
  { name: "status", label: "Status", text: ({ status }) => status },
  { name: "error", label: "Error", text: ({ message }) => message ?? "" },
  { name: "run", label: "Run ID", text: ({ runId }) => runId },
];

export function PipelineRuns() {
  const workspace = useWorkspaceName();
  const { data, error, refetch } = useQuery({
    queryKey: ["synapse", workspace.toLowerCase(), "pipelineRuns"],
    queryFn: ({ signal }) => {
      const now = Date.now();
      return call<{ value: PipelineRun[] }>(synapseEndpoint(workspace), {
        method: "POST",
        path: `/queryPipelineRuns?api-version=${artifactsVersion}`,
        body: {
          lastUpdatedAfter: new Date(now - dayMs).toISOString(),
          lastUpdatedBefore: new Date(now + dayMs).toISOString(),
        },
        signal,
      });
    },
  });
  return (
    <Grid
      label="Pipeline runs"
      columns={columns}
      rows={data?.value}
      error={error}
      onRetry={() => void refetch()}
      rowKey={({ runId }) => runId}
      empty="No pipeline was run in the last 24 hours."
    />
  );
}
