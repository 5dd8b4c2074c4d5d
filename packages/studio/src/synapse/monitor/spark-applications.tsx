// Applications on the workspace's Spark pools (OpenAPI monitoring.json).

import { useQuery } from "@tanstack/react-query";
import { call } from "../../api/request.ts";
import { type Column, Grid } from "../../control/grid.tsx";
import { artifactsVersion, synapseEndpoint, useWorkspaceName } from "../workspace.ts";

interface SparkApplication {
  readonly sparkApplicationId?: string;
  readonly name?: string;
  readonly state?: string;
  readonly submitter?: string;
  readonly submitTime?: string;
  readonly compute?: string;
}

const columns: readonly Column<SparkApplication>[] = [
  { name: "name", label: "Application name", text: ({ name }) => name ?? "" },
  { name: "submitter", label: "Submitter", text: ({ submitter }) => submitter ?? "" },
  { name: "time", label: "Submit time", text: ({ submitTime }) => submitTime ?? "" },
  { name: "state", label: "Status", text: ({ state }) => state ?? "" },
  { name: "pool", label: "Pool", text: ({ compute }) => compute ?? "" },
];

export function SparkApplications() {
  const workspace = useWorkspaceName();
  const { data, error, refetch } = useQuery({
    queryKey: ["synapse", workspace.toLowerCase(), "sparkApplications"],
    queryFn: ({ signal }) =>
      call<{ sparkJobs: SparkApplication[] }>(synapseEndpoint(workspace), {
        path: `/monitoring/workloadTypes/spark/Applications?api-version=${artifactsVersion}`,
        signal,
      }),
  });
  return (
    <Grid
      label="Apache Spark applications"
      columns={columns}
      rows={data?.sparkJobs}
      error={error}
      onRetry={() => void refetch()}
      rowKey={({ sparkApplicationId = "", submitTime = "" }) => sparkApplicationId + submitTime}
      empty="No Apache Spark application has run."
    />
  );
}
