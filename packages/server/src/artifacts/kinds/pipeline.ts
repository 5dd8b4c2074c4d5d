// Pipelines as stored documents. Running them is the work of the pipeline engine.

import { type ArtifactPut, defineArtifact } from "@callosum/contract/artifact.ts";
import { Type } from "typebox";
import { checkShape } from "../validation.ts";
import { artifactApiVersions } from "../workspace.ts";

const activity = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 260 }),
  type: Type.String({ minLength: 1 }),
});

const shape = Type.Object({
  description: Type.Optional(Type.String()),
  activities: Type.Optional(Type.Array(activity)),
  parameters: Type.Optional(Type.Record(Type.String(), Type.Object({ type: Type.String() }))),
  variables: Type.Optional(Type.Record(Type.String(), Type.Object({ type: Type.String() }))),
  concurrency: Type.Optional(Type.Integer({ minimum: 1 })),
  annotations: Type.Optional(Type.Array(Type.Unknown())),
});

export const pipeline = defineArtifact({
  kind: "Pipeline",
  collection: "pipelines",
  source: "protocols.md 4.1, 4.5; OpenAPI pipelines.json",
  summary: "A pipeline of activities",
  apiVersions: artifactApiVersions,
  backend: "factory",
  rename: true,
  referenceType: "PipelineReference",
  put({ ctx, properties }: ArtifactPut) {
    const checked = checkShape(shape, { value: properties, at: "properties" });
    return { properties: { ...checked, lastPublishTime: ctx.now.toISOString() } };
  },
  refusedActions: { createRun: "pipelines are stored; nothing runs them yet" },
  examples: [{ name: "pipeline1", properties: { activities: [], annotations: [] } }],
});
