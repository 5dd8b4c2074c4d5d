// What the endpoint has in Azure and nobody runs here yet: known, and refused by name.

import { refuseArtifact } from "@callosum/contract/artifact.ts";
import { artifactApiVersions } from "../workspace.ts";

const source = "operations/synapse-artifacts-1.0.0-beta.12.tsv";

export const pipelineRuns = refuseArtifact({
  name: "Pipeline runs",
  source,
  reason: "pipelines are stored; nothing runs them yet.",
  apiVersions: artifactApiVersions,
  routes: [
    { method: "POST", path: "/queryPipelineRuns" },
    { method: "GET", path: "/pipelineruns/:runId" },
    { method: "POST", path: "/pipelineruns/:runId/cancel" },
    { method: "POST", path: "/pipelines/:name/pipelineruns/:runId/queryActivityruns" },
  ],
});

export const triggerRuns = refuseArtifact({
  name: "Trigger runs",
  source,
  reason: "triggers are stored; nothing fires them yet.",
  apiVersions: artifactApiVersions,
  routes: [
    { method: "POST", path: "/queryTriggerRuns" },
    { method: "POST", path: "/triggers/:name/triggerRuns/:runId/rerun" },
    { method: "POST", path: "/triggers/:name/triggerRuns/:runId/cancel" },
  ],
});

export const notebookRuns = refuseArtifact({
  name: "Notebook runs",
  source: "OpenAPI runNotebook.json",
  reason: "notebooks are stored; nothing runs them yet.",
  apiVersions: artifactApiVersions,
  routes: [
    { method: "PUT", path: "/notebooks/runs/:runId" },
    { method: "GET", path: "/notebooks/runs/:runId" },
    { method: "POST", path: "/notebooks/runs/:runId/cancel" },
    { method: "GET", path: "/notebooks/runs/:runId/snapshot" },
  ],
});

export const sparkJobDebug = refuseArtifact({
  name: "Running an unsaved Spark job definition",
  source,
  reason: "definitions are stored; nothing submits them yet.",
  apiVersions: artifactApiVersions,
  routes: [{ method: "POST", path: "/debugSparkJobDefinition" }],
});

export const dataFlowDebug = refuseArtifact({
  name: "Data flow debugging",
  source,
  reason: "there is no data flow engine.",
  apiVersions: artifactApiVersions,
  routes: [
    { method: "POST", path: "/createDataFlowDebugSession" },
    { method: "POST", path: "/queryDataFlowDebugSessions" },
    { method: "POST", path: "/addDataFlowToDebugSession" },
    { method: "POST", path: "/deleteDataFlowDebugSession" },
    { method: "POST", path: "/executeDataFlowDebugCommand" },
  ],
});

export const libraryWrites = refuseArtifact({
  name: "Library upload",
  source,
  reason: "Spark pools here take no workspace libraries.",
  apiVersions: artifactApiVersions,
  routes: [
    { method: "PUT", path: "/libraries/:name" },
    { method: "DELETE", path: "/libraries/:name" },
    { method: "POST", path: "/libraries/:name/flush" },
    { method: "GET", path: "/libraryOperationResults/:operationId" },
  ],
});

export const linkConnections = refuseArtifact({
  name: "Link connections (Synapse Link)",
  source,
  reason: "there is no change feed to replicate from.",
  apiVersions: ["2022-12-01-preview"],
  routes: [
    { method: "GET", path: "/linkconnections" },
    { method: "GET", path: "/linkconnections/:name" },
    { method: "PUT", path: "/linkconnections/:name" },
    { method: "DELETE", path: "/linkconnections/:name" },
    { method: "POST", path: "/linkconnections/:name/:action" },
  ],
});

export const metastore = refuseArtifact({
  name: "The lake database metastore",
  source,
  reason: "there are no lake databases.",
  apiVersions: ["2021-07-01-preview"],
  routes: [
    { method: "PUT", path: "/metastore/create-database-operations/:id" },
    { method: "GET", path: "/metastore/create-database-operations/:id" },
    { method: "PUT", path: "/metastore/update-database-operations/:id" },
    { method: "DELETE", path: "/metastore/databases/:id" },
  ],
});

export const gitAccessToken = refuseArtifact({
  name: "Git mode",
  source: "features.md A-12",
  reason: "workspaces work in live mode only; no repository is contacted.",
  apiVersions: artifactApiVersions,
  routes: [{ method: "POST", path: "/getGitHubAccessToken" }],
});

const pool = "/livyApi/versions/:livyVersion/sparkPools/:pool";
const session = `${pool}/sessions/:id`;
const statements = `${session}/statements`;

export const sparkJobs = refuseArtifact({
  name: "Spark sessions and batch jobs",
  source: "OpenAPI sparkJob.json 2020-12-01",
  reason: "pools can be created and attached; nothing runs on them yet.",
  apiVersions: artifactApiVersions,
  routes: [
    { method: "GET", path: `${pool}/batches` },
    { method: "POST", path: `${pool}/batches` },
    { method: "GET", path: `${pool}/batches/:id` },
    { method: "DELETE", path: `${pool}/batches/:id` },
    { method: "GET", path: `${pool}/sessions` },
    { method: "POST", path: `${pool}/sessions` },
    { method: "GET", path: session },
    { method: "DELETE", path: session },
    { method: "PUT", path: `${session}/reset-timeout` },
    { method: "GET", path: statements },
    { method: "POST", path: statements },
    { method: "GET", path: `${statements}/:statement` },
    { method: "POST", path: `${statements}/:statement/cancel` },
  ],
});

export const monitoring = refuseArtifact({
  name: "Monitoring of Spark applications and SQL requests",
  source: "OpenAPI monitoring.json 2020-12-01",
  reason: "no Spark application runs yet; SQL requests are in sys.dm_pdw_exec_requests.",
  apiVersions: artifactApiVersions,
  routes: [
    { method: "GET", path: "/monitoring/workloadTypes/spark/Applications" },
    { method: "GET", path: "/monitoring/workloadTypes/sql/querystring" },
  ],
});
