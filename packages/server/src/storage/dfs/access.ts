// Access control lists at the Data Lake endpoint: get, set, and set for a whole tree.

import type { Principal } from "@callosum/contract/principal.ts";
import type { Answer } from "../../http/route.ts";
import { principalOf, scopeOf } from "../authorize/caller.ts";
import { actions, type Need } from "../authorize/need.ts";
import { refuse } from "../error-catalogue.ts";
import {
  type Acl,
  changeAcl,
  completeAcl,
  formatAcl,
  formatPermissions,
  parseAcl,
  parseAclKeys,
  parsePermissions,
  withPermissions,
} from "../lake/acl.ts";
import { requireConditions, versionOf } from "../lake/condition.ts";
import type { Container } from "../lake/container.ts";
import type { StoredNode } from "../lake/find-node.ts";
import { toStoredNode } from "../lake/find-node.ts";
import { type Change, change } from "../lake/host.ts";
import { type Node, nodeKey, nodesRoot, nodeType } from "../lake/node.ts";
import { putNode, recordWrite } from "../lake/tree.ts";
import { type LakeRequest, type Operation, restSource as source } from "../operation.ts";
import { limitQuery, nowMs, requireBlobLease, theContainer, versionAnswer } from "../request.ts";
import { header, requireHeader } from "../wire/header.ts";
import { pathOrRoot } from "./path.ts";

const levels = ["path", "container"] as const;

export const accessOperations: readonly Operation[] = levels.flatMap((level): Operation[] => [
  {
    name: `Path - Get Access Control (${level})`,
    service: "dfs",
    level,
    method: "HEAD",
    query: { action: "getaccesscontrol" },
    source,
    needs: { action: actions.read, sas: "re" },
    acl: ({ path }) => [{ path, right: "traverse" }],
    run: getAccessControl,
  },
  {
    name: `Path - Set Access Control (${level})`,
    service: "dfs",
    level,
    method: "PATCH",
    query: { action: "setaccesscontrol" },
    source,
    needs: setNeed,
    acl: ({ path }) => [{ path, right: "own" }],
    run: setAccessControl,
  },
  {
    name: `Path - Set Access Control Recursive (${level})`,
    service: "dfs",
    level,
    method: "PATCH",
    query: { action: "setaccesscontrolrecursive" },
    source,
    needs: { action: actions.permissions, sas: "p" },
    acl: ({ path }) => [{ path, right: "own" }],
    run: setAccessControlRecursive,
  },
]);

/** Giving a path away is a right of its own, and owners don't have it. */
function setNeed({ call }: LakeRequest): Need {
  return header(call.headers, "x-ms-owner") === undefined
    ? { action: actions.permissions, sas: "p" }
    : { action: actions.ownership, sas: "o" };
}

function requireHierarchy({ account }: LakeRequest): void {
  if (!account.isHierarchical) throw refuse.HierarchicalNamespaceNotEnabled({});
}

async function getAccessControl(request: LakeRequest): Promise<Answer> {
  requireHierarchy(request);
  const container = await theContainer(request, request.host.store.read);
  const stored = await pathOrRoot(request, container);
  requireBlobLease(request, stored, true);
  const { node } = stored;
  return {
    status: 200,
    headers: {
      ...versionAnswer(stored.etag, node.modifiedMs),
      "x-ms-owner": node.owner ?? "",
      "x-ms-group": node.group ?? "",
      "x-ms-permissions": formatPermissions(parseAcl(node.acl ?? "")),
      "x-ms-acl": node.acl ?? "",
    },
  };
}

async function setAccessControl(request: LakeRequest): Promise<Answer> {
  requireHierarchy(request);
  const { headers } = request.call;
  const permissions = header(headers, "x-ms-permissions");
  const aclText = header(headers, "x-ms-acl");
  const owner = header(headers, "x-ms-owner");
  const group = header(headers, "x-ms-group");
  if (permissions !== undefined && aclText !== undefined)
    throw refuse.InvalidInput({
      why: "Permissions and an access control list exclude each other.",
    });
  await requireNewOwner(request, { owner, group });
  const stored = await change(request.host, async (tx) => {
    const container = await theContainer(request, tx.writer);
    const before = await pathOrRoot(request, container, tx.writer);
    requireConditions(headers, versionOf(before));
    requireBlobLease(request, before);
    const current = parseAcl(before.node.acl ?? "");
    const acl =
      aclText !== undefined
        ? forKind(completeAcl(parseAcl(aclText)), before.node)
        : permissions !== undefined
          ? withPermissions(current, parsePermissions(permissions))
          : current;
    return putNode(tx, request, {
      container,
      name: before.name,
      action: actions.permissions,
      node: {
        ...before.node,
        acl: formatAcl(acl),
        ...(owner === undefined ? {} : { owner }),
        ...(group === undefined ? {} : { group }),
        modifiedMs: nowMs(request),
      },
    });
  });
  return { status: 200, headers: versionAnswer(stored.etag, stored.node.modifiedMs) };
}

/** Who may not manage ownership can give a path to none but a group of theirs. */
async function requireNewOwner(
  request: LakeRequest,
  given: { owner: string | undefined; group: string | undefined },
): Promise<void> {
  const principal = principalOf(request.caller);
  if (!principal || (given.owner === undefined && given.group === undefined)) return;
  const { account, host } = request;
  const scope = scopeOf(account, request);
  if (await host.authorizer.allows(principal, { action: actions.ownership, scope, data: true }))
    return;
  const isOwnGroup =
    given.owner === undefined && principal.groupIds.some((id) => id === given.group?.toLowerCase());
  if (!isOwnGroup) throw refuse.AuthorizationPermissionMismatch({});
}

/** Only directories have a default list. */
function forKind(acl: Acl, node: Node): Acl {
  if (node.kind === "directory") return acl;
  if (acl.some((item) => item.isDefault))
    throw refuse.InvalidInput({ why: "A file has no default access control list." });
  return acl;
}

const recordCountMax = 2000;

interface Outcome {
  directoriesSuccessful: number;
  filesSuccessful: number;
  failureCount: number;
  failedEntries: { name: string; type: string; errorMessage: string }[];
}

async function setAccessControlRecursive(request: LakeRequest): Promise<Answer> {
  requireHierarchy(request);
  const { call, host } = request;
  const mode = call.query.get("mode")?.toLowerCase() ?? "";
  if (mode !== "set" && mode !== "modify" && mode !== "remove")
    throw refuse.InvalidQueryParameterValue({ name: "mode", value: mode });
  const text = requireHeader(call.headers, "x-ms-acl");
  const given = mode === "remove" ? parseAclKeys(text) : parseAcl(text);
  const limit = limitQuery(request, "maxrecords", { most: recordCountMax, refuseMore: false });
  const continuation = call.query.get("continuation") ?? "";
  const isForced = call.query.get("forceflag")?.toLowerCase() === "true";
  const superior = await isSuperior(request);
  const result = await change(host, async (tx) => {
    const container = await theContainer(request, tx.writer);
    const page = await treePage(tx, request, { container, continuation, limit });
    const outcome: Outcome = {
      directoriesSuccessful: 0,
      filesSuccessful: 0,
      failureCount: 0,
      failedEntries: [],
    };
    for (const stored of page.items) {
      if (!superior(stored.node)) {
        outcome.failureCount += 1;
        outcome.failedEntries.push(failedEntry(stored));
        if (!isForced) break;
        continue;
      }
      await applyTo(tx, request, { container, stored, given, mode });
      if (stored.node.kind === "directory") outcome.directoriesSuccessful += 1;
      else outcome.filesSuccessful += 1;
    }
    await recordWrite(tx, request, actions.permissions);
    const isStopped = outcome.failureCount > 0 && !isForced;
    return { outcome, next: isStopped ? undefined : page.next };
  });
  return {
    status: 200,
    headers: result.next === undefined ? {} : { "x-ms-continuation": result.next },
    body: result.outcome,
  };
}

function failedEntry({ name, node }: StoredNode) {
  return {
    name,
    type: node.kind === "directory" ? "DIRECTORY" : "FILE",
    errorMessage: "This request is not authorized to perform this operation using this permission.",
  };
}

/** Which nodes the caller may set lists of: all, or those it owns. */
async function isSuperior(request: LakeRequest): Promise<(node: Node) => boolean> {
  const principal: Principal | undefined = principalOf(request.caller);
  if (!principal) return () => true;
  const scope = scopeOf(request.account, request);
  const question = { action: actions.permissions, scope, data: true };
  if (await request.host.authorizer.allows(principal, question)) return () => true;
  return (node) => node.owner?.toLowerCase() === principal.objectId.toLowerCase();
}

/** The path itself and what is below it, in order, from where the last page ended. */
async function treePage(
  tx: Change,
  request: LakeRequest,
  options: { container: Container; continuation: string; limit: number },
): Promise<{ items: StoredNode[]; next: string | undefined }> {
  const { container, continuation, limit } = options;
  const top = await pathOrRoot(request, container, tx.writer);
  const key = nodeKey(container.key, request.path);
  const under = request.path === "" ? nodesRoot(container.key) : key;
  const after = continuation === "" ? "" : Buffer.from(continuation, "base64url").toString("utf8");
  const items = after === "" ? [top] : [];
  const wanted = limit - items.length;
  const documents = await tx.writer.documents<Node>({
    type: nodeType,
    under,
    ...(after === "" ? {} : { after: nodeKey(container.key, after) }),
    limit: wanted + 1,
  });
  const found = documents
    .map((document) => toStoredNode(container, document))
    .filter(({ name }) => name !== request.path);
  items.push(...found.slice(0, wanted));
  const last = items.at(-1);
  const isMore = found.length > wanted && last !== undefined;
  const next = isMore
    ? Buffer.from(last.name || "\u0001", "utf8").toString("base64url")
    : undefined;
  return { items, next };
}

async function applyTo(
  tx: Change,
  request: LakeRequest,
  options: {
    container: Container;
    stored: StoredNode;
    given: Acl;
    mode: "set" | "modify" | "remove";
  },
): Promise<void> {
  const { container, stored, given, mode } = options;
  const own = stored.node.kind === "directory" ? given : given.filter((item) => !item.isDefault);
  const current = parseAcl(stored.node.acl ?? "");
  const acl = mode === "set" ? completeAcl(own) : changeAcl(current, own, mode);
  await tx.writer.put({
    id: nodeKey(container.key, stored.name),
    type: nodeType,
    parent: nodesRoot(container.key),
    etag: request.host.nextEtag(),
    body: { ...stored.node, acl: formatAcl(acl) },
  });
}
