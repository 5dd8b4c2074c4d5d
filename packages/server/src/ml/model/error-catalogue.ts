// Errors of the model registry that are no one else's. The service answers most refusals of an asset
// as UserError.

import { defineErrors } from "@callosum/contract/error.ts";

const inferred = "inferred";

export const failModel = defineErrors({
  UserError: {
    status: "badRequest",
    source: "azure-ai-ml: errors of assets have the code UserError",
    text: (facts: { reason: string }) => facts.reason,
  },
  NotOnnxModel: {
    status: "badRequest",
    source: "features.md G-04: only ONNX models can be scored",
    text: (facts: { model: string }) =>
      `The model '${facts.model}' has no ONNX file. PREDICT scores ONNX models only.`,
  },
  CorruptModel: {
    status: "badRequest",
    source: "features.md G-18",
    text: (facts: { model: string; reason: string }) =>
      `The model '${facts.model}' cannot be read as ONNX: ${facts.reason}`,
  },
  UnsupportedModel: {
    status: "badRequest",
    source: "features.md G-17",
    text: (facts: { model: string; reason: string }) =>
      `The model '${facts.model}' is not supported: ${facts.reason}`,
  },
  ArtifactAlreadyExists: {
    status: "conflict",
    source: `OpenAPI artifact 2019-09-30: allowOverwrite; code ${inferred}`,
    text: (facts: { id: string }) =>
      `The artifact '${facts.id}' exists already. Send allowOverwrite=true to replace it.`,
  },
  LinkInvalid: {
    status: "forbidden",
    source: `OpenAPI artifact 2019-09-30: contentUri; code ${inferred}`,
    text: (_: object) => "The link is not one of ours or has expired.",
  },
  ArtifactNotFound: {
    status: "notFound",
    source: `OpenAPI artifact 2019-09-30; code ${inferred}`,
    text: (facts: { id: string }) => `There is no artifact '${facts.id}'.`,
  },
  AssetNotFound: {
    status: "notFound",
    source: `OpenAPI modelManagement 2019-09-30; code ${inferred}`,
    text: (facts: { id: string }) => `There is no asset '${facts.id}'.`,
  },
  ModelNotFound: {
    status: "notFound",
    source: `OpenAPI modelManagement 2019-09-30; code ${inferred}`,
    text: (facts: { id: string }) => `There is no model '${facts.id}'.`,
  },
  DatastoreNotFound: {
    status: "notFound",
    source: `OpenAPI datastore 2019-09-30; code ${inferred}`,
    text: (facts: { name: string }) => `There is no datastore '${facts.name}'.`,
  },
});
