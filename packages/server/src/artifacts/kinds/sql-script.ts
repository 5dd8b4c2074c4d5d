// SQL scripts as stored documents; another service than the factory keeps them, with its own 404.

import { type ArtifactPut, defineArtifact } from "@callosum/contract/artifact.ts";
import { Type } from "typebox";
import { checkShape } from "../validation.ts";
import { artifactApiVersions } from "../workspace.ts";

const shape = Type.Object({
  type: Type.Optional(Type.String()),
  description: Type.Optional(Type.String()),
  content: Type.Object({ query: Type.String() }),
});

export const sqlScript = defineArtifact({
  kind: "SqlScript",
  collection: "sqlScripts",
  source: "recordings/artifacts.json; OpenAPI sqlScripts.json",
  summary: "A SQL script",
  apiVersions: artifactApiVersions,
  backend: "document",
  rename: true,
  put: ({ properties }: ArtifactPut) => ({
    properties: checkShape(shape, { value: properties, at: "properties" }),
  }),
  examples: [{ name: "script1", properties: { type: "SqlQuery", content: { query: "SELECT 1" } } }],
});
