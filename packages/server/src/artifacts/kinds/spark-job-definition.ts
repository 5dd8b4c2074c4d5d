// Spark job definitions as stored documents.

import { type ArtifactPut, defineArtifact } from "@callosum/contract/artifact.ts";
import { Type } from "typebox";
import { checkShape } from "../validation.ts";
import { artifactApiVersions } from "../workspace.ts";

const shape = Type.Object({
  description: Type.Optional(Type.String()),
  targetBigDataPool: Type.Object({
    referenceName: Type.String({ minLength: 1 }),
    type: Type.Literal("BigDataPoolReference"),
  }),
  requiredSparkVersion: Type.Optional(Type.String()),
  language: Type.Optional(Type.String()),
  jobProperties: Type.Object({ file: Type.String() }),
});

export const sparkJobDefinition = defineArtifact({
  kind: "SparkJobDefinition",
  collection: "sparkJobDefinitions",
  source: "recordings/artifacts.json; OpenAPI sparkJobDefinitions.json",
  summary: "A Spark batch job",
  apiVersions: artifactApiVersions,
  backend: "factory",
  rename: true,
  referenceType: "SparkJobDefinitionReference",
  put: ({ properties }: ArtifactPut) => ({
    properties: checkShape(shape, { value: properties, at: "properties" }),
  }),
  refusedActions: { execute: "definitions are stored; nothing submits them yet" },
  examples: [
    {
      name: "job1",
      properties: {
        targetBigDataPool: { referenceName: "pool1", type: "BigDataPoolReference" },
        jobProperties: { file: "abfss://fs@account.dfs.core.windows.net/x.py" },
      },
    },
  ],
});
