// Versions of models. A version's content is copied when it is registered and never changes; its
// description, tags, stage and archival may. The bytes are the ml plane's (server/src/ml/model).

import { ServiceError } from "@callosum/contract/error.ts";
import {
  type ModelContent,
  modelContainerType,
  modelVersionType,
  type TakenContent,
} from "@callosum/contract/model-registry.ts";
import {
  defineResource,
  type Prepared,
  type PrepareRequest,
  type Properties,
  type PutRequest,
  refuseAction,
} from "@callosum/contract/resource.ts";
import { parentId } from "@callosum/contract/resource-id.ts";
import { type Static, Type } from "typebox";
import { invalidProperty } from "./invalid-property.ts";
import {
  assetPaging,
  assetProperties,
  modelApiVersions,
  provisioningOf,
  selectAssets,
} from "./model-asset.ts";

/** Names of formats by age of the api-version: `Custom` in 2021-10-01, `custom_model` from 2022-05-01. */
const formats: Readonly<Record<string, string>> = {
  custom_model: "custom_model",
  custommodel: "custom_model",
  custom: "custom_model",
  mlflow_model: "mlflow_model",
  mlflowmodel: "mlflow_model",
  mlflow: "mlflow_model",
  triton_model: "triton_model",
  tritonmodel: "triton_model",
  triton: "triton_model",
};

const Text = Type.Optional(Type.String({ maxLength: 1024 }));

const Flavor = Type.Object({
  data: Type.Optional(Type.Record(Type.String(), Type.String())),
});

const VersionProperties = Type.Object({
  ...assetProperties,
  isAnonymous: Type.Boolean({ default: false }),
  flavors: Type.Optional(Type.Record(Type.String(), Flavor)),
  jobName: Type.Optional(Type.String({ maxLength: 256 })),
  modelType: Type.Optional(Type.String({ maxLength: 64 })),
  modelFormat: Type.Optional(Type.String({ maxLength: 64 })),
  modelUri: Type.Optional(Type.String({ maxLength: 8192 })),
  stage: Type.Optional(Type.String({ maxLength: 64 })),
  /** What SDK v1 registered besides; shown by its own service only (ml/model/model-route.ts). */
  v1: Type.Optional(
    Type.Object({
      framework: Text,
      frameworkVersion: Text,
      mimeType: Text,
      url: Text,
      runId: Text,
      experimentName: Text,
      parentModelId: Text,
      unpack: Type.Optional(Type.Boolean()),
    }),
  ),
});

type Sent = Static<typeof VersionProperties>;

interface Stored extends Omit<Sent, "modelFormat"> {
  readonly modelType: string;
  readonly content?: ModelContent;
}

export const modelVersion = defineResource({
  type: modelVersionType,
  source: "OpenAPI machinelearningservices 2023-06-01-preview, ModelVersions; protocols.md 7.2",
  summary: "A version of a model: its bytes and what is known of them",
  apiVersions: modelApiVersions,
  name: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,29}$/,
    rule: "It has 1 to 30 letters, digits, '.', '-' and '_', and starts with a letter or digit.",
  },
  systemData: true,
  location: "none",
  tags: false,
  properties: VersionProperties,
  methods: ["get", "list", "put", "delete"],
  // The provider names no actions for versions of models: those of the model stand for them.
  rightsOf: modelContainerType,
  impliedParent: { isArchived: false },
  paging: assetPaging,
  select: selectAssets,
  answers: { create: { status: 201 }, update: { status: 200 }, remove: { status: 200 } },
  prepare: takeContent,
  put: putVersion,
  show({ resource, apiVersion }) {
    const {
      content: _content,
      v1: _v1,
      ...properties
    } = resource.properties as Properties & Stored;
    return { flavors: {}, ...properties, ...provisioningOf(apiVersion) };
  },
  actions: {
    package: refuseAction({
      what: "Packaging a model as an image",
      source: "OpenAPI machinelearningservices 2023-06-01-preview",
      reason: "no images are built here",
    }),
  },
  examples: [
    {
      name: "version",
      resourceName: "1",
      properties: { modelType: "custom_model", description: "Registered without bytes" },
    },
  ],
});

/** A stored signature would be a secret in every answer. */
function uriOf({ modelUri }: Sent): string | undefined {
  return modelUri?.replace(/\?.*$/s, "");
}

async function takeContent(request: PrepareRequest<Sent>): Promise<Prepared | undefined> {
  const { principal, id, sent, existing, models, get } = request;
  const { modelUri: uri } = sent.properties;
  const modelType = formatOf(sent.properties, existing?.properties as Stored | undefined);
  // Registered content is never looked at again: what lies at its URI may be gone or changed since.
  if (existing || uri === undefined) return undefined;
  const workspace = await get(parentId(parentId(id)).text);
  if (!workspace) return undefined;
  const taken: TakenContent = await models.take({ principal, workspace, uri, modelType });
  return { value: taken.content, release: taken.release };
}

function formatOf({ modelType, modelFormat }: Sent, stored: Stored | undefined): string {
  const text = modelType ?? modelFormat;
  if (text === undefined) return stored?.modelType ?? "custom_model";
  const format = formats[text.toLowerCase()];
  if (format !== undefined) return format;
  const known = [...new Set(Object.values(formats))].join(", ");
  throw invalidProperty("properties.modelType", `'${text}' is none of ${known}`);
}

function putVersion({ sent, existing, prepared }: PutRequest<Sent>): Properties {
  const { modelType: _type, modelFormat: _format, modelUri: _uri, ...properties } = sent.properties;
  const stored = existing?.properties as (Properties & Stored) | undefined;
  const modelType = formatOf(sent.properties, stored);
  const modelUri = uriOf(sent.properties);
  if (stored) {
    requireUnchanged(stored, { ...properties, modelUri, modelType });
    const { description, tags, stage, isArchived } = properties;
    return withoutAbsent({ ...stored, description, tags, stage, isArchived });
  }
  const content = prepared as ModelContent | undefined;
  return withoutAbsent({
    ...properties,
    flavors: properties.flavors ?? flavorsOf(content),
    modelType,
    modelUri,
    content,
  });
}

/** What the MLmodel file says, where the client did not. */
function flavorsOf(content: ModelContent | undefined): Sent["flavors"] {
  const mlflow = content?.mlflow;
  if (!mlflow || "problem" in mlflow) return undefined;
  return Object.fromEntries(
    Object.entries(mlflow.flavors).map(([name, data]) => [name, { data: { ...data } }]),
  );
}

/** Properties that are chosen once; `isAnonymous` and `properties` by x-ms-mutability and SDK v1. */
const fixed = ["modelType", "jobName", "isAnonymous", "flavors", "properties"] as const;

function requireUnchanged(stored: Stored, sent: Partial<Stored>): void {
  if (sent.modelUri !== undefined && sent.modelUri !== stored.modelUri) {
    throw userError("Asset paths are immutable.", "properties.modelUri");
  }
  for (const name of fixed) {
    const wanted = sent[name];
    if (wanted === undefined || isSame(wanted, {}) || isSame(wanted, stored[name])) continue;
    throw userError(
      `A version of a model is immutable: its '${name}' cannot be changed. Register another version.`,
      `properties.${name}`,
    );
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, item]) => [name, sorted(item)]);
}

function withoutAbsent(properties: Record<string, unknown>): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}

/** SDK v2 knows a changed path by this code and text (azure-ai-ml, asset operations). */
function userError(message: string, target: string): ServiceError {
  return new ServiceError({ code: "UserError", status: "badRequest", message, target });
}
