// Datasets as stored documents: a type, and the linked service that holds the data.

import { type ArtifactPut, defineArtifact } from "@callosum/contract/artifact.ts";
import { Type } from "typebox";
import { checkShape } from "../validation.ts";
import { artifactApiVersions } from "../workspace.ts";

const shape = Type.Object({
  type: Type.String({ minLength: 1 }),
  linkedServiceName: Type.Object({
    referenceName: Type.String({ minLength: 1 }),
    type: Type.Literal("LinkedServiceReference"),
  }),
  description: Type.Optional(Type.String()),
  parameters: Type.Optional(Type.Record(Type.String(), Type.Object({ type: Type.String() }))),
  annotations: Type.Optional(Type.Array(Type.Unknown())),
});

export const dataset = defineArtifact({
  kind: "Dataset",
  collection: "datasets",
  source: "protocols.md 4.1; OpenAPI entityTypes/Dataset.json",
  summary: "A dataset in a linked store",
  apiVersions: artifactApiVersions,
  backend: "factory",
  rename: true,
  referenceType: "DatasetReference",
  put: ({ properties }: ArtifactPut) => ({
    properties: checkShape(shape, { value: properties, at: "properties" }),
  }),
  examples: [
    {
      name: "dataset1",
      properties: {
        type: "AzureSqlDWTable",
        linkedServiceName: { referenceName: "link1", type: "LinkedServiceReference" },
      },
    },
  ],
});
