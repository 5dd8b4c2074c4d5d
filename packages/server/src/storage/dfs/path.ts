// Paths at the Data Lake endpoint: reading, properties, status, leases.

import type { Answer } from "../../http/route.ts";
import { actions } from "../authorize/need.ts";
import { blobAnswer } from "../blob/answer.ts";
import { leaseBlob } from "../blob/lease.ts";
import { contentAnswerOf } from "../blob/read.ts";
import { refuse } from "../error-catalogue.ts";
import { formatPermissions, parseAcl } from "../lake/acl.ts";
import { isNotModified, requireConditions, versionOf } from "../lake/condition.ts";
import type { Container } from "../lake/container.ts";
import { type findNode, rootNode, type StoredNode } from "../lake/find-node.ts";
import { change } from "../lake/host.ts";
import { withoutFolderMark } from "../lake/node.ts";
import { putNode } from "../lake/tree.ts";
import { type LakeRequest, type Operation, restSource as source } from "../operation.ts";
import { nowMs, requireBlobLease, theContainer, theNode, versionAnswer } from "../request.ts";
import { nodePropertiesAnswer, propertiesHeader } from "./property.ts";

export const pathOperations: readonly Operation[] = [
  {
    name: "Path - Read",
    service: "dfs",
    level: "path",
    method: "GET",
    source,
    needs: { action: actions.read, sas: "r" },
    acl: ({ path }) => [{ path, right: "read" }],
    run: readPath,
  },
  ...(["path", "container"] as const).map(
    (level): Operation => ({
      name: `Path - Get Properties (${level})`,
      service: "dfs",
      level,
      method: "HEAD",
      source,
      needs: { action: actions.read, sas: "re" },
      acl: ({ path }) => [{ path, right: "traverse" }],
      run: pathProperties,
    }),
  ),
  ...(["path", "container"] as const).map(
    (level): Operation => ({
      name: `Path - Get Status (${level})`,
      service: "dfs",
      level,
      method: "HEAD",
      query: { action: "getstatus" },
      source,
      needs: { action: actions.read, sas: "re" },
      acl: ({ path }) => [{ path, right: "traverse" }],
      run: pathProperties,
    }),
  ),
  {
    name: "Path - Set Properties",
    service: "dfs",
    level: "path",
    method: "PATCH",
    query: { action: "setproperties" },
    source,
    needs: { action: actions.write, sas: "w" },
    acl: ({ path }) => [{ path, right: "write" }],
    run: setPathProperties,
  },
  {
    name: "Path - Lease",
    service: "dfs",
    level: "path",
    method: "POST",
    source,
    needs: { action: actions.write, sas: "w" },
    acl: ({ path }) => [{ path, right: "write" }],
    run: leaseBlob,
  },
];

/** A path of the request, the root directory included. */
export async function pathOrRoot(
  request: LakeRequest,
  container: Container,
  reader: Parameters<typeof findNode>[0] = request.host.store.read,
): Promise<StoredNode> {
  return request.path === "" ? rootNode(reader, container) : theNode(request, reader, container);
}

function pathAnswer(request: LakeRequest, stored: StoredNode): Record<string, string> {
  const { node } = stored;
  return {
    ...blobAnswer(request, stored),
    ...nodePropertiesAnswer(node),
    "x-ms-resource-type": node.kind === "directory" ? "directory" : "file",
    ...(node.acl === undefined
      ? {}
      : { "x-ms-permissions": formatPermissions(parseAcl(node.acl)), "x-ms-acl": node.acl }),
  };
}

async function readPath(request: LakeRequest): Promise<Answer> {
  const { host, call } = request;
  const container = await theContainer(request, host.store.read);
  const stored = await theNode(request, host.store.read, container);
  requireBlobLease(request, stored, true);
  const { etag, node } = stored;
  if (isNotModified(call.headers, versionOf(stored)))
    return { status: 304, headers: versionAnswer(etag, node.modifiedMs) };
  if (node.kind === "directory") throw refuse.PathConflict({});
  return contentAnswerOf(request, { container, stored, headers: pathAnswer(request, stored) });
}

async function pathProperties(request: LakeRequest): Promise<Answer> {
  const { host, call } = request;
  const container = await theContainer(request, host.store.read);
  const stored = await pathOrRoot(request, container);
  requireBlobLease(request, stored, true);
  const { etag, node } = stored;
  if (isNotModified(call.headers, versionOf(stored)))
    return { status: 304, headers: versionAnswer(etag, node.modifiedMs) };
  return {
    status: 200,
    headers: {
      ...pathAnswer(request, stored),
      "content-length": String(node.length),
      ...(node.md5 === undefined ? {} : { "content-md5": node.md5 }),
    },
  };
}

async function setPathProperties(request: LakeRequest): Promise<Answer> {
  const { metadata } = withoutFolderMark(propertiesHeader(request) ?? {});
  const stored = await change(request.host, async (tx) => {
    const container = await theContainer(request, tx.writer);
    const before = await theNode(request, tx.writer, container);
    requireConditions(request.call.headers, versionOf(before));
    requireBlobLease(request, before);
    return putNode(tx, request, {
      container,
      name: before.name,
      node: { ...before.node, metadata, modifiedMs: nowMs(request) },
      action: actions.write,
    });
  });
  return { status: 200, headers: versionAnswer(stored.etag, stored.node.modifiedMs) };
}
