// Data flows as stored documents.

import { type ArtifactPut, defineArtifact } from "@callosum/contract/artifact.ts";
import { Type } from "typebox";
import { checkShape } from "../validation.ts";
import { artifactApiVersions } from "../workspace.ts";

const shape = Type.Object({
  type: Type.String({ minLength: 1 }),
  description: Type.Optional(Type.String()),
  annotations: Type.Optional(Type.Array(Type.Unknown())),
});

export const dataFlow = defineArtifact({
  kind: "DataFlow",
  collection: "dataFlows",
  source: "protocols.md 4.1; OpenAPI entityTypes/DataFlow.json",
  summary: "A mapping data flow",
  apiVersions: artifactApiVersions,
  backend: "factory",
  rename: true,
  referenceType: "DataFlowReference",
  put: ({ properties }: ArtifactPut) => ({
    properties: checkShape(shape, { value: properties, at: "properties" }),
  }),
  examples: [{ name: "dataflow1", properties: { type: "MappingDataFlow", typeProperties: {} } }],
});
