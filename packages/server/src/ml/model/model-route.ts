// The model management service of SDK v1: models are listed, registered, read, changed and deleted.
// Versions are the resource manager's, so every write goes through it (OpenAPI modelManagement
// 2019-09-30; protocols.md 7.3).

import { ServiceError } from "@callosum/contract/error.ts";
import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Answer, Method, Route } from "../../http/route.ts";
import { statusNumber } from "../../http/status.ts";
import { createTurns } from "../../platform/turn.ts";
import { assetPath, createAsset, getAsset, listAssets, removeAsset } from "./asset-route.ts";
import { artifactDatastore } from "./datastore.ts";
import { failModel } from "./error-catalogue.ts";
import { modelNameOf, presentModel, type Version, versionsOf } from "./model-view.ts";
import { withoutSignature } from "./uri.ts";
import {
  type RegionalCall,
  type RegistryServices,
  recordOf,
  regionalRoute,
} from "./workspace-call.ts";

const source = "OpenAPI machinelearningservices data-plane 2019-09-30, modelManagement";
const armVersion = "2022-10-01";
const attemptsMax = 5;

export function modelManagementRoutes(services: RegistryServices): Route[] {
  const route = (
    method: Method,
    path: string,
    options: {
      summary: string;
      right: "read" | "write" | "delete";
      handle(opened: RegionalCall): Promise<Answer>;
    },
  ) =>
    regionalRoute(services, {
      method,
      service: "modelmanagement/v1.0",
      path,
      source,
      summary: options.summary,
      action: `models/${options.right}`,
      handle: inDialect(options.handle),
    });
  return [
    route("GET", "/models", { summary: "List models", right: "read", handle: listModels }),
    route("POST", "/models", {
      summary: "Register a model",
      right: "write",
      handle: registerModel,
    }),
    route("GET", "/models/:id", { summary: "A model", right: "read", handle: getModel }),
    route("PATCH", "/models/:id", {
      summary: "Tags and description",
      right: "write",
      handle: patchModel,
    }),
    route("DELETE", "/models/:id", {
      summary: "Delete a model",
      right: "delete",
      handle: removeModel,
    }),
    route("GET", "/assets", { summary: "List assets", right: "read", handle: listAssets }),
    route("POST", "/assets", { summary: "Name artifacts", right: "write", handle: createAsset }),
    route("GET", "/assets/:id", { summary: "An asset", right: "read", handle: getAsset }),
    route("DELETE", "/assets/:id", {
      summary: "Delete an asset",
      right: "delete",
      handle: removeAsset,
    }),
  ];
}

/** ModelErrorResponse, not the region's usual envelope. */
function inDialect(handle: (opened: RegionalCall) => Promise<Answer>) {
  return async (opened: RegionalCall): Promise<Answer> => {
    try {
      return await handle(opened);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const { code, message, details } = error;
      const status = statusNumber(error.status);
      return { status, body: { code, statusCode: status, message, details } };
    }
  };
}

async function listModels(opened: RegionalCall): Promise<Answer> {
  const { call } = opened;
  const { query } = call;
  const found = (await versionsOf(opened, query.get("name") ?? undefined)).map((version) => ({
    version,
    model: presentModel(opened, version),
  }));
  const filters = ["framework", "description", "runId"].map(
    (name) =>
      ({ model }: { model: Record<string, unknown> }) =>
        !query.has(name.toLowerCase()) || model[name] === query.get(name.toLowerCase()),
  );
  const matching = found
    .filter((item) => filters.every((filter) => filter(item)))
    .filter(({ model }) => hasPairs(query.get("tags"), model.kvTags))
    .filter(({ model }) => hasPairs(query.get("properties"), model.properties));
  const all = order(matching, query.get("orderby") ?? "CreatedAtDesc");
  const ordered = query.get("latestversiononly")?.toLowerCase() === "true" ? latestOnly(all) : all;
  const size = numberOf(query.get("count"), "count") ?? ordered.length;
  const from = numberOf(query.get("$skiptoken"), "$skipToken") ?? 0;
  const value = ordered.slice(from, from + size).map(({ model }) => model);
  if (from + size >= ordered.length) return { status: 200, body: { value } };
  const next = new URLSearchParams(query);
  // Names of parameters are in lower case here: the page that was asked for is one of them.
  next.delete("$skiptoken");
  next.set("$skipToken", String(from + size));
  return { status: 200, body: { value, nextLink: `${opened.base}/models?${next}` } };
}

/** One version of each name, in the order of the list. */
function latestOnly<Item extends { version: Version }>(items: readonly Item[]): Item[] {
  const latest = new Map<string, Item>();
  for (const item of order(items, "CreatedAtAsc")) latest.set(modelNameOf(item.version), item);
  const kept = new Set(latest.values());
  return items.filter((item) => kept.has(item));
}

function hasPairs(text: string | null, of: unknown): boolean {
  const known = new Map(Object.entries((of ?? {}) as Record<string, unknown>));
  return (text ?? "")
    .split(",")
    .filter((pair) => pair !== "")
    .every((pair) => {
      const at = pair.indexOf("=");
      return at === -1 ? known.has(pair) : known.get(pair.slice(0, at)) === pair.slice(at + 1);
    });
}

function order<Item extends { version: Version }>(items: readonly Item[], by: string): Item[] {
  const match = /^(Created|Updated)At(Asc|Desc)$/i.exec(by);
  if (!match)
    throw invalid(
      "orderBy",
      `'${by}' is none of CreatedAtDesc, CreatedAtAsc, UpdatedAtDesc, UpdatedAtAsc`,
    );
  const key = match[1]?.toLowerCase() === "created" ? "createdAt" : "lastModifiedAt";
  const sign = match[2]?.toLowerCase() === "asc" ? 1 : -1;
  return [...items].sort(
    ({ version: { body: a } }, { version: { body: b } }) =>
      sign *
      (a.systemData[key].localeCompare(b.systemData[key]) || Number(a.name) - Number(b.name)),
  );
}

function numberOf(text: string | null, parameter: string): number | undefined {
  if (text === null || text === "") return undefined;
  if (/^\d{1,9}$/.test(text) && (Number(text) > 0 || parameter !== "count")) return Number(text);
  throw invalid(parameter, "it must be a positive number");
}

function invalid(parameter: string, reason: string) {
  return fail.InvalidParameter({ parameter, reason, target: parameter });
}

/** `name:version`, or a name for its latest version. */
async function requireVersion(opened: RegionalCall): Promise<Version> {
  const { id = "" } = opened.call.params;
  const at = id.lastIndexOf(":");
  const [name, number] = at === -1 ? [id] : [id.slice(0, at), id.slice(at + 1)];
  const found = (await versionsOf(opened, name)).filter(
    ({ body }) => number === undefined || body.name.toLowerCase() === number.toLowerCase(),
  );
  const [latest] = order(
    found.map((version) => ({ version })),
    "CreatedAtDesc",
  );
  if (latest) return latest.version;
  throw failModel.ModelNotFound({ id });
}

async function getModel(opened: RegionalCall): Promise<Answer> {
  return { status: 200, body: presentModel(opened, await requireVersion(opened)) };
}

async function registerModel(opened: RegionalCall): Promise<Answer> {
  const sent = recordOf(opened.call.body);
  const { name, url, description, kvTags, properties } = sent;
  if (typeof name !== "string" || name === "") throw invalid("name", "it is required");
  if (typeof url !== "string" || url === "") throw invalid("url", "it is required");
  if (typeof sent.mimeType !== "string") throw invalid("mimeType", "it is required");
  const own = Object.fromEntries(
    ownFields.flatMap((field) => (sent[field] == null ? [] : [[field, sent[field]]])),
  );
  const put = {
    properties: {
      modelUri: await uriOf(opened, url),
      modelType: "custom_model",
      ...(description == null ? {} : { description }),
      tags: kvTags ?? {},
      properties: properties ?? {},
      v1: { ...own, url: withoutSignature(url) },
    },
  };
  return turns(`${opened.key}/${name}`.toLowerCase(), () => registerNext(opened, name, put));
}

const turns = createTurns();

/** The number after the highest; again when somebody else registers that one in between. */
async function registerNext(opened: RegionalCall, name: string, body: object): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const numbers = (await versionsOf(opened, name))
      .map((version) => Number(version.body.name))
      .filter(Number.isInteger);
    const number = String(Math.max(0, ...numbers) + 1);
    try {
      await throughResourceManager(opened, { method: "PUT", name, number, body, isNew: true });
      const registered = (await versionsOf(opened, name)).find(
        (version) => version.body.name === number,
      );
      if (!registered) throw failModel.ModelNotFound({ id: `${name}:${number}` });
      return { status: 200, body: presentModel(opened, registered) };
    } catch (error) {
      const isTaken = error instanceof ServiceError && error.status === "preconditionFailed";
      if (!isTaken || attempt === attemptsMax) throw error;
    }
  }
}

const ownFields = [
  "framework",
  "frameworkVersion",
  "mimeType",
  "url",
  "runId",
  "experimentName",
  "parentModelId",
  "unpack",
] as const;

/** `aml://asset/{id}` and `aml://artifact/{origin}/{container}/{path}` of SDK v1, or any model URI. */
async function uriOf(opened: RegionalCall, url: string): Promise<string> {
  const asset = /^aml:\/\/asset\/(.+)$/i.exec(url)?.[1];
  const path =
    asset === undefined
      ? /^aml:\/\/artifact\/(.+)$/i.exec(url)?.[1]
      : await assetPath(opened, asset);
  return path === undefined ? url : `azureml://datastores/${artifactDatastore}/paths/${path}`;
}

async function throughResourceManager(
  { services, call, workspace }: RegionalCall,
  write: { method: Method; name: string; number: string; body?: unknown; isNew?: boolean },
): Promise<Answer> {
  const { method, name, number, body, isNew = false } = write;
  const [model, version] = [encodeURIComponent(name), encodeURIComponent(number)];
  return services.resourceManager({
    ...call,
    method,
    path: `${workspace.id}/models/${model}/versions/${version}`,
    query: new URLSearchParams({ "api-version": armVersion }),
    headers: { ...call.headers, ...(isNew ? { "if-none-match": "*" } : {}) },
    body,
  });
}

/** What may change of a version. */
interface Patched {
  readonly tags: Map<string, string>;
  description: string | undefined;
}

const patchKinds = new Set(["add", "replace", "remove"]);

/** One operation of a JSON patch (RFC 6902; OpenAPI: properties are immutable). */
function applyPatch(patched: Patched, sent: unknown): void {
  const { op, path, value } = recordOf(sent);
  const kind = String(op).toLowerCase();
  if (!patchKinds.has(kind))
    throw invalid("op", `'${op}' is none of ${[...patchKinds].join(", ")}`);
  const isRemoval = kind === "remove";
  const [, field = "", ...keys] = String(path).split("/").map(fromPointer);
  const [tag] = keys;
  const isKnown = keys.length <= 1 && /^(?:kvtags|description)$/i.test(field);
  if (!isKnown) throw invalid("path", `'${path}' cannot be changed`);
  const { tags } = patched;
  if (field.toLowerCase() === "description")
    patched.description = isRemoval ? "" : String(value ?? "");
  else if (tag !== undefined && isRemoval) tags.delete(tag);
  else if (tag !== undefined) tags.set(tag, String(value));
  else {
    const all = Object.entries(recordOf(value ?? {}));
    tags.clear();
    for (const [key, item] of all) tags.set(key, String(item));
  }
}

/** A segment of a JSON pointer (RFC 6901). */
function fromPointer(segment: string): string {
  return segment.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** Two patches at once would each write what they read. */
async function patchModel(opened: RegionalCall): Promise<Answer> {
  const operations = opened.call.body;
  if (!Array.isArray(operations)) throw invalid("body", "it must be a list of operations");
  const { id } = await requireVersion(opened);
  return turns(id, async () => {
    const version = await requireVersion(opened);
    const { isArchived, stage, tags, description: before } = version.body.properties;
    const patched: Patched = { tags: new Map(Object.entries(tags ?? {})), description: before };
    for (const operation of operations) applyPatch(patched, operation);
    const { description } = patched;
    await throughResourceManager(opened, {
      method: "PUT",
      name: modelNameOf(version),
      number: version.body.name,
      body: {
        properties: {
          isArchived,
          tags: Object.fromEntries(patched.tags),
          ...(stage === undefined ? {} : { stage }),
          ...(description === undefined ? {} : { description }),
        },
      },
    });
    const changed = await opened.services.store.read.document<Version["body"]>(version.id);
    return { status: 200, body: presentModel(opened, changed ?? version) };
  });
}

async function removeModel(opened: RegionalCall): Promise<Answer> {
  try {
    const version = await requireVersion(opened);
    const [name, number] = [modelNameOf(version), version.body.name];
    await throughResourceManager(opened, { method: "DELETE", name, number });
    return { status: 200 };
  } catch (error) {
    if (error instanceof ServiceError && error.code === "ModelNotFound") return { status: 204 };
    throw error;
  }
}
