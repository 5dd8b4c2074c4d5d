// The storage endpoints: Blob and ADLS Gen2 over one store. One way for every request: the account, its
// networks, the caller, the operation, the right, then the work.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Answer, Call, Method, Plane } from "../http/route.ts";
import { identify, requireNetwork, requireRight } from "./authorize/caller.ts";
import { tagsNeed } from "./authorize/need.ts";
import { batchOperations } from "./blob/batch.ts";
import { blobOperations } from "./blob/operations.ts";
import { dfsOperations } from "./dfs/operations.ts";
import { createStorageDialect } from "./dialect.ts";
import { refuse } from "./error-catalogue.ts";
import { findAccount, type Service } from "./lake/container.ts";
import { ContentGone } from "./lake/content.ts";
import type { LakeHost } from "./lake/host.ts";
import { checkName } from "./lake/tree.ts";
import { findOperation, type LakeRequest, type Operation } from "./operation.ts";

export const operations: readonly Operation[] = [
  ...blobOperations,
  ...batchOperations(answerCall),
  ...dfsOperations,
];

/** Answers of a request that names no version say this one. */
const versionDefault = "2021-12-02";
/**
 * On our own origin a blob that is a page must not run as one of the studio's: its scripts don't, and
 * it is of no origin. Azure's host names are origins of their own and answer as Azure does.
 */
const ownOriginHeaders = { "content-security-policy": "sandbox; default-src 'none'" };
/** A blob that is replaced just as it is read is read again. */
const readAttemptsMax = 5;

/** Composes the plane over an opened lake (lake/open.ts). */
export function createStoragePlane(host: LakeHost): Plane {
  const methods: readonly Method[] = ["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"];
  const routes = ["/:account/:service", "/:account/:service/*"].map((path) => ({
    plane: "storage" as const,
    method: methods,
    path,
    source: "learn.microsoft.com: Blob service and Data Lake Storage REST API",
    summary: "Every operation of the blob and Data Lake endpoints",
    access: "public" as const,
    body: "stream" as const,
    handle: (call: Call) => serve(host, call),
  }));
  return {
    name: "storage",
    audiences: ({ account = "" }) => [
      "https://storage.azure.com",
      `https://${account}.blob.core.windows.net`,
      `https://${account}.dfs.core.windows.net`,
    ],
    renderError: createStorageDialect({ clock: host.clock, tenantId: host.tenantId }),
    routes,
  };
}

async function serve(host: LakeHost, call: Call): Promise<Answer> {
  const answer = await answerCall(host, call);
  const version = call.headers["x-ms-version"];
  return {
    ...answer,
    headers: {
      "x-ms-version": typeof version === "string" ? version : versionDefault,
      ...answer.headers,
      ...(call.origin.form === "path" ? ownOriginHeaders : {}),
    },
  };
}

/** One request, or one part of a batch. */
export async function answerCall(
  host: LakeHost,
  call: Call,
  version: string = String(call.headers["x-ms-version"] ?? ""),
): Promise<Answer> {
  const service = serviceOf(call);
  const account = await findAccount(host, (call.params.account ?? "").toLowerCase());
  const { container, path } = splitPath(call.path, account.isHierarchical);
  const target = { service, container, path };
  requireNetwork(account, call.remoteAddress);
  const signed = signedTarget(target, call);
  const caller = await identify(host, { account, call, target: signed, version });
  requireVersion(call);
  refuseFeatures(call);
  const asked = { host, call, service, account, container, path, caller };
  const operation = requireOperation(asked);
  const request: LakeRequest = { ...asked, service: operation.service };
  if (path !== "") checkName(path, account.isHierarchical);
  await authorize(operation, request);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await operation.run(request);
    } catch (error) {
      if (!(error instanceof ContentGone) || attempt === readAttemptsMax) throw error;
    }
  }
}

async function authorize(operation: Operation, request: LakeRequest): Promise<void> {
  const { host, account, caller, service, container, path } = request;
  const need = typeof operation.needs === "function" ? operation.needs(request) : operation.needs;
  if (need === "none") return;
  const acl = operation.acl?.(request);
  const target = { service, container, path };
  await requireRight(host, { account, caller, target, need, ...(acl ? { acl } : {}) });
  if (request.call.headers["x-ms-if-tags"] !== undefined)
    await requireRight(host, { account, caller, target, need: tagsNeed });
}

/** Headers that ask for what is not kept: refused by name rather than ignored. */
const refusedHeaders: Readonly<Record<string, string>> = {
  "x-ms-encryption-key": "keys of the caller's own are not kept.",
  "x-ms-encryption-scope": "an account has one encryption scope.",
  "x-ms-immutability-policy-until-date": "blobs are not immutable.",
  "x-ms-legal-hold": "blobs are not immutable.",
  "x-ms-structured-body": "bodies are taken as they are.",
  "x-ms-expiry-option": "paths do not expire.",
  "x-ms-encryption-context": "nothing is kept of how a client encrypts.",
};

/** Parameters of listings and descriptions that would change them. */
const refusedQueries: Readonly<Record<string, string>> = {
  upn: "owners, groups and lists name object ids.",
  showonly: "files and directories are listed together.",
};

function refuseFeatures(call: Call): void {
  const isLease = call.query.get("comp") === "lease" || call.method === "POST";
  if (call.headers["x-ms-lease-action"] !== undefined && !isLease) {
    throw fail.NotSupportedHere({
      what: "The header 'x-ms-lease-action' on a write",
      reason: "leases are taken and given back by requests of their own.",
    });
  }
  for (const [name, reason] of Object.entries(refusedQueries)) {
    const value = call.query.get(name);
    if (value === null || value.toLowerCase() === "false") continue;
    throw fail.NotSupportedHere({ what: `The query parameter '${name}'`, reason });
  }
  for (const [name, reason] of Object.entries(refusedHeaders)) {
    if (call.headers[name] === undefined) continue;
    throw fail.NotSupportedHere({ what: `The header '${name}'`, reason });
  }
}

function serviceOf(call: Call): Service {
  const service = (call.params.service ?? "").toLowerCase();
  if (service === "blob" || service === "dfs") return service;
  if (["queue", "table", "file", "web"].includes(service)) {
    throw fail.NotSupportedHere({
      what: `The ${service} endpoint of a storage account`,
      reason: "only blobs and the Data Lake file system are served.",
    });
  }
  throw refuse.InvalidUri({});
}

/**
 * `/{account}/{service}/{container}/{path}`, the last two decoded. A directory may be written with a
 * slash at its end; in a flat namespace that is part of the name.
 */
function splitPath(path: string, isHierarchical: boolean): { container: string; path: string } {
  const rest = path.split("/").slice(3);
  try {
    const [container = "", ...segments] = rest.map(decodeURIComponent);
    const name = segments.join("/");
    return { container, path: isHierarchical ? name.replace(/\/+$/, "") : name };
  } catch {
    throw refuse.InvalidUri({});
  }
}

/** A list of a directory is signed for as that directory (learn.microsoft.com: directory-scoped SAS). */
function signedTarget(target: { service: Service; container: string; path: string }, call: Call) {
  const directory = call.query.get("directory");
  return target.service === "dfs" && target.path === "" && directory !== null
    ? { ...target, path: directory.replace(/^\/+|\/+$/g, "") }
    : target;
}

function requireVersion(call: Call): void {
  const value = call.headers["x-ms-version"];
  if (value === undefined || (typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value))) return;
  throw refuse.InvalidHeaderValue({ name: "x-ms-version", value: String(value) });
}

function requireOperation(request: LakeRequest): Operation {
  const { service, call, container, path } = request;
  for (const name of ["snapshot", "versionid"]) {
    if (!call.query.has(name)) continue;
    throw fail.NotSupportedHere({
      what: `The query parameter '${name}'`,
      reason: "blobs are kept without snapshots and versions.",
    });
  }
  const level = container === "" ? "account" : path === "" ? "container" : "path";
  // Data Lake clients work on leases, metadata and containers through the blob endpoint, whose name they
  // can't make of a path-form URL: what only the blob endpoint knows is answered here as there.
  const services: readonly Service[] = service === "dfs" ? ["dfs", "blob"] : ["blob"];
  const find = (method: Method) =>
    services
      .map((candidate) => findOperation(operations, { service: candidate, level, call, method }))
      .find((operation) => operation !== undefined);
  const found = find(call.method);
  if (found) return found;
  const others: readonly Method[] = ["GET", "PUT", "DELETE", "POST", "PATCH"];
  if (others.some((method) => find(method) !== undefined)) throw refuse.UnsupportedHttpVerb({});
  const comp = call.query.get("comp");
  throw refuse.InvalidQueryParameterValue({
    name: comp === null ? "restype" : "comp",
    value: comp ?? call.query.get("restype") ?? "",
  });
}
