// Paths at the Data Lake endpoint: reading, properties, status, deletion, leases.

import type { StoredDocument } from "@callosum/contract/ports.ts";
import type { Answer } from "../../http/route.ts";
import { principalOf, scopeOf } from "../authorize/caller.ts";
import { actions } from "../authorize/need.ts";
import { blobAnswer } from "../blob/answer.ts";
import { leaseBlob } from "../blob/lease.ts";
import { contentAnswerOf } from "../blob/read.ts";
import { refuse } from "../error-catalogue.ts";
import { aclAllows, formatPermissions, parseAcl } from "../lake/acl.ts";
import { dropStaged } from "../lake/commit.ts";
import { isNotModified, requireConditions, versionOf } from "../lake/condition.ts";
import type { Container } from "../lake/container.ts";
import {
  findNode,
  hasChildren,
  rootNode,
  type StoredNode,
  toStoredNode,
} from "../lake/find-node.ts";
import { type Change, change } from "../lake/host.ts";
import { type Node, nodeKey, withoutFolderMark } from "../lake/node.ts";
import { putNode, recordWrite } from "../lake/tree.ts";
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
    name: "Path - Delete",
    service: "dfs",
    level: "path",
    method: "DELETE",
    source,
    needs: { action: actions.remove, sas: "d" },
    acl: ({ path }) => [{ path, right: "remove" }],
    run: deletePath,
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

/** Files and trees go in one transaction, so there is never a continuation to come back with. */
export async function deletePath(request: LakeRequest): Promise<Answer> {
  const { host, call } = request;
  const isRecursive = call.query.get("recursive")?.toLowerCase() === "true";
  await change(host, async (tx) => {
    const container = await theContainer(request, tx.writer);
    const stored = await findNode(tx.writer, container, request.path);
    const isTree = await hasChildren(tx.writer, container, request.path);
    const isVirtual = !stored && isTree && !request.account.isHierarchical;
    if (!stored && !isVirtual) throw refuse.PathNotFound({});
    requireConditions(call.headers, stored && versionOf(stored), "PathAlreadyExists");
    if (stored) requireBlobLease(request, stored);
    const isDirectory = !stored || stored.node.kind === "directory";
    if (isDirectory && isTree && !isRecursive) throw refuse.DirectoryNotEmpty({});
    await removeTree(tx, request, container, isDirectory);
  });
  return { status: 200 };
}

async function removeTree(
  tx: Change,
  request: LakeRequest,
  container: Container,
  isDirectory: boolean,
): Promise<void> {
  const key = nodeKey(container.key, request.path);
  const own = await tx.writer.document<Node>(key);
  const below = isDirectory ? await tx.writer.documents<Node>({ under: key }) : [];
  const all = own ? [own, ...below] : below;
  await requireTreeRights(request, all);
  if (isDirectory) await tx.writer.removeTree(key);
  else await tx.writer.remove(key);
  for (const document of all) {
    const { name, node } = toStoredNode(container, document);
    await tx.drop(container, node.content);
    if (node.kind === "block") await dropStaged(tx, container, name);
  }
  await recordWrite(tx, request, actions.remove);
}

/** Who has no role for it needs read, write and execute on every directory of the tree. */
async function requireTreeRights(
  request: LakeRequest,
  documents: readonly StoredDocument<Node>[],
): Promise<void> {
  const { host, account, caller } = request;
  const principal = principalOf(caller);
  if (!principal || !account.isHierarchical) return;
  const scope = scopeOf(account, request);
  if (await host.authorizer.allows(principal, { action: actions.remove, scope, data: true }))
    return;
  for (const { body } of documents) {
    if (body.kind !== "directory") continue;
    const { owner = "", group = "", acl = "" } = body;
    if (!aclAllows({ acl: parseAcl(acl), owner, group, principal, bits: 7 }))
      throw refuse.AuthorizationPermissionMismatch({});
  }
}
