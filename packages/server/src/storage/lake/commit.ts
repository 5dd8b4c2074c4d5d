// Making a blob what a request says: the checks that decide it and its writing, in one transaction.

import type { Reader, StoredDocument } from "@callosum/contract/ports.ts";
import { refuse } from "../error-catalogue.ts";
import type { LakeRequest } from "../operation.ts";
import { requireBlobLease } from "../request.ts";
import { requireConditions, versionOf } from "./condition.ts";
import type { Container } from "./container.ts";
import { findNode, type StoredNode } from "./find-node.ts";
import type { Change } from "./host.ts";
import { isLocked } from "./lease.ts";
import { type Node, type Staged, stagedRoot } from "./node.ts";
import { type Inheritance, prepareParents, putNode } from "./tree.ts";

/** What is there now, checked against conditions and lease; a directory is refused. */
export async function requireReplaceable(
  change: Change,
  request: LakeRequest,
  container: Container,
): Promise<StoredNode | undefined> {
  const existing = await findNode(change.writer, container, request.path);
  requireConditions(
    request.call.headers,
    existing && versionOf(existing),
    request.service === "dfs" ? "PathAlreadyExists" : "BlobAlreadyExists",
  );
  if (existing || request.service === "blob") requireBlobLease(request, existing);
  if (existing?.node.kind === "directory" && existing.node.acl !== undefined)
    throw refuse.PathConflict({});
  return existing;
}

/** Puts a node where another one or none was: old content and staged blocks go. */
export async function replaceNode(
  change: Change,
  request: LakeRequest,
  options: {
    container: Container;
    existing: StoredNode | undefined;
    node: Omit<Node, "createdMs" | "modifiedMs" | "owner" | "group" | "acl">;
    action: string;
    inheritance?: Partial<Inheritance>;
  },
): Promise<StoredNode> {
  const { container, existing, node, action, inheritance = {} } = options;
  const atMs = request.host.clock.now().getTime();
  await change.drop(container, existing?.node.content);
  await dropStaged(change, container, request.path);
  const hierarchy = existing?.node.acl
    ? { owner: existing.node.owner, group: existing.node.group, acl: existing.node.acl }
    : await prepareParents(change, request, {
        container,
        name: request.path,
        isDirectory: node.kind === "directory",
        ...inheritance,
      });
  const lease = existing?.node.lease;
  return putNode(change, request, {
    container,
    name: request.path,
    action,
    node: {
      ...node,
      ...hierarchy,
      createdMs: existing?.node.createdMs ?? atMs,
      modifiedMs: atMs,
      ...(lease && isLocked(lease, atMs) ? { lease } : {}),
    } as Node,
  });
}

/** Removes blocks and appended data that were not committed. */
export async function dropStaged(
  change: Change,
  container: Container,
  name: string,
  keep: ReadonlySet<string> = new Set(),
): Promise<void> {
  const staged = await stagedOf(change.writer, container, name);
  for (const { id, body } of staged) {
    await change.writer.remove(id);
    if (!keep.has(body.piece.id)) await change.drop(container, { piece: body.piece });
  }
}

export function stagedOf(
  reader: Reader,
  container: Container,
  name: string,
): Promise<StoredDocument<Staged>[]> {
  return reader.documents<Staged>({ under: stagedRoot(container.key, name) });
}
