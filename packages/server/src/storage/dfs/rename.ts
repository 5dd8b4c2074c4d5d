// Renaming files and directories: the whole tree in one transaction, so nobody sees half of it. Bytes
// stay where they are.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { StoredDocument } from "@callosum/contract/ports.ts";
import type { Answer } from "../../http/route.ts";
import { type Caller, requireRight } from "../authorize/caller.ts";
import { actions } from "../authorize/need.ts";
import { hasSignature, verifySas } from "../authorize/sas.ts";
import { refuse } from "../error-catalogue.ts";
import { dropStaged } from "../lake/commit.ts";
import { requireConditions, requireSourceConditions, versionOf } from "../lake/condition.ts";
import type { Container } from "../lake/container.ts";
import { findNode, hasChildren, rootNode, type StoredNode } from "../lake/find-node.ts";
import { type Change, change } from "../lake/host.ts";
import { requireLease } from "../lake/lease.ts";
import {
  type Node,
  nodeKey,
  nodesRoot,
  nodeType,
  parentName,
  type Staged,
  stagedRoot,
  stagedType,
  withoutFolderMark,
} from "../lake/node.ts";
import { checkName, putNode } from "../lake/tree.ts";
import { type LakeRequest, type Operation, restSource as source } from "../operation.ts";
import { nowMs, requireBlobLease, theContainer, versionAnswer } from "../request.ts";
import { contentHeaders, header, requireHeader } from "../wire/header.ts";
import { lowerCaseNames } from "../wire/query.ts";
import { propertiesHeader } from "./property.ts";

const renameSource = "x-ms-rename-source";

export const renameOperations: readonly Operation[] = [
  {
    name: "Path - Rename",
    service: "dfs",
    level: "path",
    method: "PUT",
    header: renameSource,
    source,
    needs: { action: actions.write, sas: "wm" },
    acl: ({ path }) => [{ path, right: "create" }],
    run: rename,
  },
];

interface RenameSource {
  readonly container: string;
  readonly path: string;
}

async function rename(request: LakeRequest): Promise<Answer> {
  const { host, account } = request;
  if (!account.isHierarchical) throw refuse.HierarchicalNamespaceNotEnabled({});
  const from = await authorizeSource(request);
  if (from.container !== request.container) {
    throw fail.NotSupportedHere({
      what: `A rename from the file system '${from.container}' to '${request.container}'`,
      reason: "paths are renamed within their file system.",
    });
  }
  const to = request.path;
  if (to === from.path || to.startsWith(`${from.path}/`)) throw refuse.InvalidRenameSourcePath({});
  const stored = await change(host, async (tx) => {
    const container = await theContainer(request, tx.writer);
    const moving = await findNode(tx.writer, container, from.path);
    if (!moving) throw refuse.SourcePathNotFound({});
    requireSource(request, moving);
    await requireDestination(tx, request, { container, moving });
    await moveStaged(tx, container, { from: from.path, to });
    return moveTree(tx, request, { container, moving, to });
  });
  return {
    status: 201,
    headers: { ...versionAnswer(stored.etag, stored.node.modifiedMs), "content-length": "0" },
  };
}

/** `/{filesystem}/{path}[?signature]`, percent-encoded; the caller must be allowed to take it away. */
async function authorizeSource(request: LakeRequest): Promise<RenameSource> {
  const { host, account, call } = request;
  const text = requireHeader(call.headers, renameSource);
  const [pathText = "", queryText = ""] = text.split("?");
  let segments: string[];
  try {
    segments = pathText.replace(/^\//, "").split("/").map(decodeURIComponent);
  } catch {
    throw refuse.InvalidSourceUri({});
  }
  const [container = "", ...rest] = segments;
  const path = rest.join("/").replace(/\/+$/, "");
  if (container === "" || path === "") throw refuse.InvalidSourceUri({});
  checkName(path, true);
  const target = { service: "dfs" as const, container, path };
  const query = lowerCaseNames(new URLSearchParams(queryText));
  const caller: Caller = hasSignature(query)
    ? { kind: "sas", claims: await verifySas(host, { account, call, query, target }) }
    : request.caller;
  await requireRight(host, {
    account,
    caller,
    target,
    need: { action: actions.remove, sas: "dm" },
    acl: [{ path, right: "remove" }],
  });
  return { container, path };
}

function requireSource(request: LakeRequest, moving: StoredNode): void {
  const { headers } = request.call;
  requireSourceConditions(headers, versionOf(moving));
  requireLease({
    given: header(headers, "x-ms-source-lease-id"),
    lease: moving.node.lease,
    nowMs: nowMs(request),
    of: "Blob",
  });
}

/** Its parent is there; what it replaces is a file, or an empty directory for a directory. */
async function requireDestination(
  tx: Change,
  request: LakeRequest,
  options: { container: Container; moving: StoredNode },
): Promise<void> {
  const { container, moving } = options;
  const parent = parentName(request.path);
  const above =
    parent === ""
      ? await rootNode(tx.writer, container)
      : await findNode(tx.writer, container, parent);
  if (!above) throw refuse.RenameDestinationParentPathNotFound({});
  if (above.node.kind !== "directory") throw refuse.InvalidDestinationPath({});
  const existing = await findNode(tx.writer, container, request.path);
  requireConditions(request.call.headers, existing && versionOf(existing), "PathAlreadyExists");
  requireBlobLease(request, existing, existing === undefined);
  if (!existing) return;
  const isDirectory = existing.node.kind === "directory";
  if (isDirectory !== (moving.node.kind === "directory")) throw refuse.InvalidDestinationPath({});
  if (isDirectory && (await hasChildren(tx.writer, container, existing.name)))
    throw refuse.DirectoryNotEmpty({});
  await tx.drop(container, existing.node.content);
  await dropStaged(tx, container, existing.name);
}

async function moveTree(
  tx: Change,
  request: LakeRequest,
  options: { container: Container; moving: StoredNode; to: string },
): Promise<StoredNode> {
  const { container, moving, to } = options;
  const oldKey = nodeKey(container.key, moving.name);
  const newKey = nodeKey(container.key, to);
  const moved = (await tx.writer.removeTree(oldKey)) as StoredDocument<Node>[];
  for (const { id, etag, body } of moved) {
    if (id === oldKey) continue;
    await tx.writer.put({
      id: newKey + id.slice(oldKey.length),
      type: nodeType,
      parent: nodesRoot(container.key),
      etag,
      body,
    });
  }
  const metadata = propertiesHeader(request);
  const { lease: _lease, ...node } = moving.node;
  return putNode(tx, request, {
    container,
    name: to,
    action: actions.move,
    node: {
      ...node,
      ...contentHeaders(request.call.headers, "x-ms-"),
      ...(metadata ? { metadata: withoutFolderMark(metadata).metadata } : {}),
      modifiedMs: nowMs(request),
    },
  });
}

/** What was appended and not flushed moves along. */
async function moveStaged(
  tx: Change,
  container: Container,
  options: { from: string; to: string },
): Promise<void> {
  const { from, to } = options;
  const oldRoot = stagedRoot(container.key, from);
  const newRoot = stagedRoot(container.key, to);
  const staged = await tx.writer.documents<Staged>({
    type: stagedType,
    under: `${container.key}/staged`,
    after: oldRoot,
  });
  for (const document of staged) {
    if (!document.id.startsWith(oldRoot)) break;
    const rest = document.id.slice(oldRoot.length);
    if (!rest.startsWith("/") && !rest.startsWith("%2F")) continue;
    const name = decodeURIComponent(rest.startsWith("/") ? "" : (rest.split("/")[0] ?? ""));
    await tx.writer.remove(document.id);
    await tx.writer.put({
      id: newRoot + rest,
      type: stagedType,
      parent: nodeKey(container.key, to + name),
      etag: "",
      body: document.body,
    });
  }
}
