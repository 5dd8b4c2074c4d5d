// Triggers as stored documents. The service adds `runtimeState` and drops empty fractions of seconds
// (recordings/artifacts.json). They can't be started while nothing fires them.

import { type ArtifactPut, defineArtifact } from "@callosum/contract/artifact.ts";
import { Type } from "typebox";
import { checkShape } from "../validation.ts";
import { artifactApiVersions } from "../workspace.ts";

const shape = Type.Object({
  type: Type.String({ minLength: 1 }),
  description: Type.Optional(Type.String()),
  annotations: Type.Optional(Type.Array(Type.Unknown())),
});

const noEngine = "triggers are stored; nothing fires them yet";

function withShortTimes(value: unknown, name = ""): unknown {
  if (typeof value === "string") {
    return /^(?:start|end)Time$/i.test(name) ? value.replace(/\.0+(?=Z|$)/, "") : value;
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => withShortTimes(item));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withShortTimes(item, key)]),
  );
}

export const trigger = defineArtifact({
  kind: "Trigger",
  collection: "triggers",
  source: "recordings/artifacts.json; OpenAPI entityTypes/Trigger.json",
  summary: "What starts pipelines",
  apiVersions: artifactApiVersions,
  backend: "factory",
  rename: false,
  referenceType: "TriggerReference",
  put({ properties }: ArtifactPut) {
    const checked = checkShape(shape, { value: properties, at: "properties" });
    const stored = withShortTimes(checked) as Record<string, unknown>;
    return { properties: { ...stored, runtimeState: "Stopped" } };
  },
  idleActions: ["stop"],
  refusedActions: {
    start: noEngine,
    subscribeToEvents: noEngine,
    unsubscribeFromEvents: noEngine,
    getEventSubscriptionStatus: noEngine,
  },
  examples: [{ name: "trigger1", properties: { type: "ScheduleTrigger", typeProperties: {} } }],
});
