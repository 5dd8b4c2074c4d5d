// What Microsoft.MachineLearningServices documents and we don't run. A refusal stands for all types
// below it.

import { refuseResource } from "@callosum/contract/resource.ts";

const source = "OpenAPI machinelearningservices 2022-10-01";
const preview = "OpenAPI machinelearningservices 2023-06-01-preview";
const workspace = "Microsoft.MachineLearningServices/workspaces";
const noJobs = "jobs and what they are made of are not run";
const noEndpoints = "models are not deployed to endpoints";
const noFeatures = "feature stores are not run";
const noServices = "models are not deployed to container services";

export const jobs = refuseResource({ type: `${workspace}/jobs`, source, reason: noJobs });
export const schedules = refuseResource({ type: `${workspace}/schedules`, source, reason: noJobs });
export const components = refuseResource({
  type: `${workspace}/components`,
  source,
  reason: noJobs,
});
export const codes = refuseResource({ type: `${workspace}/codes`, source, reason: noJobs });
export const environments = refuseResource({
  type: `${workspace}/environments`,
  source,
  reason: noJobs,
});
export const data = refuseResource({
  type: `${workspace}/data`,
  source,
  reason: "data assets are not registered",
});
export const batchEndpoints = refuseResource({
  type: `${workspace}/batchEndpoints`,
  source,
  reason: noEndpoints,
});
export const onlineEndpoints = refuseResource({
  type: `${workspace}/onlineEndpoints`,
  source,
  reason: noEndpoints,
});
export const serverlessEndpoints = refuseResource({
  type: `${workspace}/serverlessEndpoints`,
  source: "protocols.md 8.2: api-versions after 2024",
  reason: noEndpoints,
});
export const services = refuseResource({
  type: `${workspace}/services`,
  source: "OpenAPI machinelearningservices 2020-09-01-preview",
  reason: noServices,
});
export const features = refuseResource({
  type: `${workspace}/features`,
  source,
  reason: "there are no preview features to list",
});
export const featuresets = refuseResource({
  type: `${workspace}/featuresets`,
  source: preview,
  reason: noFeatures,
});
export const featurestoreEntities = refuseResource({
  type: `${workspace}/featurestoreEntities`,
  source: preview,
  reason: noFeatures,
});
export const labelingJobs = refuseResource({
  type: `${workspace}/labelingJobs`,
  source: preview,
  reason: "data is not labelled here",
});
export const outboundRules = refuseResource({
  type: `${workspace}/outboundRules`,
  source: preview,
  reason: "computes run on this machine, outside any virtual network",
});
export const linkedWorkspaces = refuseResource({
  type: `${workspace}/linkedWorkspaces`,
  source: "protocols.md 1.1: OpenAPI 2020-04-01-preview",
  reason: "it came before linkedServices, which does the same: use that",
});
export const registries = refuseResource({
  type: "Microsoft.MachineLearningServices/registries",
  source: preview,
  reason: "nothing is shared between workspaces through a registry",
});
