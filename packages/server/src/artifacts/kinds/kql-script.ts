// KQL scripts as stored documents.

import { type ArtifactPut, defineArtifact } from "@callosum/contract/artifact.ts";
import { Type } from "typebox";
import { checkShape } from "../validation.ts";

const shape = Type.Object({
  content: Type.Optional(Type.Object({ query: Type.Optional(Type.String()) })),
});

export const kqlScript = defineArtifact({
  kind: "KqlScript",
  collection: "kqlScripts",
  source: "OpenAPI kqlScripts.json; operations/synapse-artifacts-1.0.0-beta.12.tsv",
  summary: "A KQL script",
  apiVersions: ["2021-06-01-preview", "2021-11-01-preview"],
  backend: "document",
  rename: true,
  put: ({ properties }: ArtifactPut) => ({
    properties: checkShape(shape, { value: properties, at: "properties" }),
  }),
  examples: [{ name: "kql1", properties: { content: { query: "print 1" } } }],
});
