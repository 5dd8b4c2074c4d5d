// What Microsoft.Synapse documents and we don't run. A refusal stands for all types below it.

import { refuseResource } from "@callosum/contract/resource.ts";

const source = "OpenAPI synapse 2021-06-01";
const kusto = "OpenAPI synapse 2021-06-01-preview, kustoPool";
const preview = "OpenAPI synapse 2021-06-01-preview";
const server = "Microsoft.Synapse/workspaces";
const pool = `${server}/sqlPools`;
const noRestore = "no restore points are kept";
const noLabels = "columns carry no sensitivity labels";

export const kustoPools = refuseResource({
  type: `${server}/kustoPools`,
  source: kusto,
  reason: "Data Explorer pools are not run",
});
export const kustoOperations = refuseResource({
  type: "Microsoft.Synapse/kustooperations",
  source: kusto,
  reason: "Data Explorer pools are not run",
});
export const kustoLocations = refuseResource({
  type: "Microsoft.Synapse/locations",
  source: kusto,
  reason: "Data Explorer pools are not run",
});
export const kustoSkus = refuseResource({
  type: "Microsoft.Synapse/skus",
  source: kusto,
  reason: "Data Explorer pools are not run",
});
export const privateLinkHubs = refuseResource({
  type: "Microsoft.Synapse/privateLinkHubs",
  source,
  reason: "the studio is served by this instance, not through a hub",
});
export const sparkConfigurations = refuseResource({
  type: `${server}/sparkConfigurations`,
  source: "OpenAPI synapse 2021-06-01-preview, sparkConfiguration",
  reason: "Spark configurations are read and written at the workspace endpoint",
});
export const sqlUsages = refuseResource({
  type: `${server}/sqlUsages`,
  source,
  reason: "there are no quotas to report on",
});
export const recoverableSqlPools = refuseResource({
  type: `${server}/recoverableSqlPools`,
  source,
  reason: noRestore,
});
export const restorableDroppedSqlPools = refuseResource({
  type: `${server}/restorableDroppedSqlPools`,
  source,
  reason: noRestore,
});
export const integrationRuntimeNodes = refuseResource({
  type: `${server}/integrationRuntimes/nodes`,
  source,
  reason: "no self-hosted nodes register here",
});
const noInteraction = "starting and stopping integration runtimes is refused";
export const integrationRuntimeStarts = refuseResource({
  type: `${server}/integrationRuntimes/start`,
  source: preview,
  reason: noInteraction,
});
export const integrationRuntimeStops = refuseResource({
  type: `${server}/integrationRuntimes/stop`,
  source: preview,
  reason: noInteraction,
});
export const interactiveQueries = refuseResource({
  type: `${server}/integrationRuntimes/enableInteractiveQuery`,
  source: preview,
  reason: noInteraction,
});
export const scopePools = refuseResource({
  type: `${server}/scopePools`,
  source: preview,
  reason: "SCOPE scripts are not run",
});
export const trustedServiceBypass = refuseResource({
  type: `${server}/trustedServiceByPassConfiguration`,
  source: preview,
  reason: "it is the property trustedServiceBypassEnabled of the workspace",
});
export const dataWarehouseQueries = refuseResource({
  type: `${pool}/dataWarehouseQueries`,
  source: preview,
  reason: "query sys.dm_pdw_exec_requests at the SQL endpoint",
});
export const restorePoints = refuseResource({
  type: `${pool}/restorePoints`,
  source,
  reason: noRestore,
});
export const replicationLinks = refuseResource({
  type: `${pool}/replicationLinks`,
  source,
  reason: "pools are not replicated",
});
export const poolUsages = refuseResource({
  type: `${pool}/usages`,
  source,
  reason: "there are no quotas to report on",
});
export const poolOperations = refuseResource({
  type: `${pool}/operations`,
  source,
  reason: "see the activity log",
});
export const poolSchemas = refuseResource({
  type: `${pool}/schemas`,
  source,
  reason: "query INFORMATION_SCHEMA and the sys views at the SQL endpoint",
});
export const currentSensitivityLabels = refuseResource({
  type: `${pool}/currentSensitivityLabels`,
  source,
  reason: noLabels,
});
export const recommendedSensitivityLabels = refuseResource({
  type: `${pool}/recommendedSensitivityLabels`,
  source,
  reason: noLabels,
});
export const maintenanceWindows = refuseResource({
  type: `${pool}/maintenanceWindows`,
  source,
  reason: "pools are not maintained behind their owner's back",
});
export const maintenanceWindowOptions = refuseResource({
  type: `${pool}/maintenanceWindowOptions`,
  source,
  reason: "pools are not maintained behind their owner's back",
});
export const dataMaskingRules = refuseResource({
  type: `${pool}/dataMaskingPolicies/rules`,
  source,
  reason: "queries answer columns as they are",
});
export const userActivities = refuseResource({
  type: `${pool}/dataWarehouseUserActivities`,
  source,
  reason: "query sys.dm_pdw_exec_requests at the SQL endpoint",
});
export const workloadGroups = refuseResource({
  type: `${pool}/workloadGroups`,
  source,
  reason: "queries of a pool are not told apart by workload",
});
export const serverAssessmentScans = refuseResource({
  type: `${server}/vulnerabilityAssessments/scans`,
  source,
  reason: "databases are not scanned",
});
export const poolAssessmentScans = refuseResource({
  type: `${pool}/vulnerabilityAssessments/scans`,
  source,
  reason: "databases are not scanned",
});
export const poolAssessmentRules = refuseResource({
  type: `${pool}/vulnerabilityAssessments/rules`,
  source,
  reason: "databases are not scanned",
});
