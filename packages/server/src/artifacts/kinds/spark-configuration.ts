// Spark configurations as stored documents.

import { type ArtifactPut, defineArtifact } from "@callosum/contract/artifact.ts";
import { Type } from "typebox";
import { checkShape } from "../validation.ts";

const shape = Type.Object({
  description: Type.Optional(Type.String()),
  configs: Type.Record(Type.String(), Type.String()),
  annotations: Type.Optional(Type.Array(Type.String())),
  notes: Type.Optional(Type.String()),
  created: Type.Optional(Type.String()),
  createdBy: Type.Optional(Type.String()),
});

export const sparkConfiguration = defineArtifact({
  kind: "SparkConfiguration",
  collection: "sparkConfigurations",
  source: "OpenAPI sparkConfigurations.json",
  summary: "A named set of Spark settings",
  apiVersions: ["2021-06-01-preview"],
  backend: "factory",
  rename: true,
  referenceType: "SparkConfigurationReference",
  put: ({ properties }: ArtifactPut) => ({
    properties: checkShape(shape, { value: properties, at: "properties" }),
  }),
  examples: [{ name: "config1", properties: { configs: { "spark.ui.enabled": "false" } } }],
});
