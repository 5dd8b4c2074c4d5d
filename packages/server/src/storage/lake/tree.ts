// Writing into a container: nodes under a new etag and, in a hierarchical namespace, the directories
// above them, which always exist.

import { appendActivity } from "@callosum/contract/activity.ts";
import { describeCaller, ownerOf } from "../authorize/caller.ts";
import { refuse } from "../error-catalogue.ts";
import type { LakeRequest } from "../operation.ts";
import { type Acl, formatAcl, inheritedAcl, parseAcl, superUser } from "./acl.ts";
import type { Container } from "./container.ts";
import { findNode, rootNode, type StoredNode } from "./find-node.ts";
import type { Change } from "./host.ts";
import { type Node, nodeKey, nodesRoot, nodeType, parentName } from "./node.ts";

const nameLengthMax = 1024;
const depthMax = 254;

/** Rejects names that the service does not take. */
export function checkName(name: string, isHierarchical: boolean): void {
  const segments = name.split("/");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be there
  if (name.length > nameLengthMax || /[\u0000-\u001f\u007f\ufffe\uffff]/.test(name))
    throw refuse.InvalidResourceName({});
  if (!name.isWellFormed() || segments.length > depthMax) throw refuse.InvalidUri({});
  if (isHierarchical && segments.some((part) => part === "" || part === "." || part === ".."))
    throw refuse.InvalidUri({});
}

/** Writes a node under a new etag and into the activity log. */
export async function putNode(
  change: Change,
  request: LakeRequest,
  options: { container: Container; name: string; node: Node; action: string },
): Promise<StoredNode> {
  const { container, name, node, action } = options;
  const etag = request.host.nextEtag();
  await change.writer.put({
    id: nodeKey(container.key, name),
    type: nodeType,
    parent: nodesRoot(container.key),
    etag,
    body: node,
  });
  await recordWrite(change, request, action);
  return { name, etag, node };
}

/** One event of the activity log. */
export async function recordWrite(
  change: Change,
  request: LakeRequest,
  action: string,
): Promise<void> {
  const { host, call, account, container, path, caller } = request;
  const { name, objectId } = describeCaller(caller);
  const resourceId =
    container === ""
      ? account.id
      : `${account.id}/blobServices/default/containers/${container}${path === "" ? "" : `/blobs/${path}`}`;
  await appendActivity(change.writer, {
    random: host.random,
    now: host.clock.now(),
    action,
    resourceId,
    httpStatus: "",
    correlationId: call.correlationId,
    remoteAddress: call.remoteAddress,
    caller: name,
    callerObjectId: objectId,
  });
}

export interface Inheritance {
  readonly isDirectory: boolean;
  readonly mode?: number | undefined;
  readonly umask?: number | undefined;
  /** Given instead of what would be inherited. */
  readonly acl?: Acl | undefined;
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
}

/**
 * In a hierarchical namespace: makes the missing directories above a name, and gives owner, group and
 * list of what is about to be there. Rejects when a file is in the way.
 */
export async function prepareParents(
  change: Change,
  request: LakeRequest,
  options: { container: Container; name: string } & Inheritance,
): Promise<Pick<Node, "owner" | "group" | "acl">> {
  const { container, name } = options;
  if (!request.account.isHierarchical) return {};
  const parent = await ensureDirectory(change, request, { container, name: parentName(name) });
  const parentAcl = parseAcl(parent.node.acl ?? "");
  const acl =
    options.acl ??
    inheritedAcl({ ...options, parent: parentAcl, mode: options.mode, umask: options.umask });
  return {
    owner: options.owner ?? ownerOf(request.caller),
    group: options.group ?? parent.node.group ?? superUser,
    acl: formatAcl(acl),
  };
}

async function ensureDirectory(
  change: Change,
  request: LakeRequest,
  options: { container: Container; name: string },
): Promise<StoredNode> {
  const { container, name } = options;
  if (name === "") return rootNode(change.writer, container);
  const existing = await findNode(change.writer, container, name);
  if (existing) {
    if (existing.node.kind !== "directory") throw refuse.PathConflict({});
    return existing;
  }
  const inherited = await prepareParents(change, request, { container, name, isDirectory: true });
  const nowMs = request.host.clock.now().getTime();
  const node: Node = {
    kind: "directory",
    length: 0,
    createdMs: nowMs,
    modifiedMs: nowMs,
    ...inherited,
  };
  const etag = request.host.nextEtag();
  await change.writer.put({
    id: nodeKey(container.key, name),
    type: nodeType,
    parent: nodesRoot(container.key),
    etag,
    body: node,
  });
  return { name, etag, node };
}
