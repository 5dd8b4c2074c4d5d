// Path - Create: files and directories. With a rename source it is a rename (rename.ts).

import type { Answer } from "../../http/route.ts";
import { actions } from "../authorize/need.ts";
import { writeAcl, writeNeed } from "../blob/write.ts";
import { refuse } from "../error-catalogue.ts";
import { completeAcl, parseAcl, parsePermissions } from "../lake/acl.ts";
import { replaceNode, requireReplaceable } from "../lake/commit.ts";
import { requireConditions, versionOf } from "../lake/condition.ts";
import type { Container } from "../lake/container.ts";
import { findNode, type StoredNode } from "../lake/find-node.ts";
import { type Change, change } from "../lake/host.ts";
import { withoutFolderMark } from "../lake/node.ts";
import { type Inheritance, prepareParents, putNode } from "../lake/tree.ts";
import { type LakeRequest, type Operation, restSource as source } from "../operation.ts";
import { nowMs, requireBlobLease, theContainer, versionAnswer } from "../request.ts";
import { contentHeaders, header } from "../wire/header.ts";
import { propertiesHeader } from "./property.ts";

export const createOperations: readonly Operation[] = [
  {
    name: "Path - Create File",
    service: "dfs",
    level: "path",
    method: "PUT",
    query: { resource: "file" },
    source,
    needs: writeNeed,
    acl: writeAcl,
    run: createFile,
  },
  {
    name: "Path - Create Directory",
    service: "dfs",
    level: "path",
    method: "PUT",
    query: { resource: "directory" },
    source,
    needs: writeNeed,
    acl: ({ path }) => [{ path, right: "create" }],
    run: createDirectory,
  },
];

/** Permissions, list, owner and group as sent with a new path. */
export function accessHeaders(request: LakeRequest): Partial<Inheritance> {
  const { headers } = request.call;
  const permissions = header(headers, "x-ms-permissions");
  const umask = header(headers, "x-ms-umask");
  const acl = header(headers, "x-ms-acl");
  const owner = header(headers, "x-ms-owner");
  const group = header(headers, "x-ms-group");
  const isSaid = [permissions, umask, acl, owner, group].some((value) => value !== undefined);
  if (isSaid && !request.account.isHierarchical) throw refuse.HierarchicalNamespaceNotEnabled({});
  if (permissions !== undefined && acl !== undefined)
    throw refuse.InvalidInput({
      why: "Permissions and an access control list exclude each other.",
    });
  return {
    ...(permissions === undefined ? {} : { mode: parsePermissions(permissions) }),
    ...(umask === undefined ? {} : { umask: parsePermissions(umask) }),
    ...(acl === undefined ? {} : { acl: completeAcl(parseAcl(acl)) }),
    ...(owner === undefined ? {} : { owner }),
    ...(group === undefined ? {} : { group }),
  };
}

function describe(request: LakeRequest) {
  const { metadata } = withoutFolderMark(propertiesHeader(request) ?? {});
  return {
    ...contentHeaders(request.call.headers, "x-ms-"),
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
  };
}

async function createFile(request: LakeRequest): Promise<Answer> {
  const described = describe(request);
  const access = accessHeaders(request);
  const stored = await change(request.host, async (tx) => {
    const container = await theContainer(request, tx.writer);
    const existing = await requireReplaceable(tx, request, container);
    return replaceNode(tx, request, {
      container,
      existing,
      node: { ...described, kind: "block", length: 0 },
      action: actions.write,
      inheritance: access,
    });
  });
  return created(stored);
}

function created(stored: StoredNode): Answer {
  return {
    status: 201,
    headers: { ...versionAnswer(stored.etag, stored.node.modifiedMs), "content-length": "0" },
  };
}

async function createDirectory(request: LakeRequest): Promise<Answer> {
  const described = describe(request);
  const access = accessHeaders(request);
  const stored = await change(request.host, async (tx) => {
    const container = await theContainer(request, tx.writer);
    const existing = await findNode(tx.writer, container, request.path);
    requireConditions(request.call.headers, existing && versionOf(existing), "PathAlreadyExists");
    requireBlobLease(request, existing, existing === undefined);
    if (existing && existing.node.kind !== "directory") throw refuse.PathConflict({});
    return putDirectory(tx, request, { container, existing, described, access });
  });
  return created(stored);
}

async function putDirectory(
  tx: Change,
  request: LakeRequest,
  options: {
    container: Container;
    existing: StoredNode | undefined;
    described: ReturnType<typeof describe>;
    access: Partial<Inheritance>;
  },
): Promise<StoredNode> {
  const { container, existing, described, access } = options;
  const atMs = nowMs(request);
  const inherited = await prepareParents(tx, request, {
    container,
    name: request.path,
    isDirectory: true,
    ...access,
  });
  const isSaid = Object.keys(access).length > 0;
  const kept = existing && !isSaid ? hierarchyOf(existing) : inherited;
  return putNode(tx, request, {
    container,
    name: request.path,
    action: actions.write,
    node: {
      ...described,
      ...kept,
      kind: "directory",
      length: 0,
      createdMs: existing?.node.createdMs ?? atMs,
      modifiedMs: atMs,
      ...(existing?.node.lease ? { lease: existing.node.lease } : {}),
    },
  });
}

function hierarchyOf({ node: { owner, group, acl } }: StoredNode) {
  return {
    ...(owner === undefined ? {} : { owner }),
    ...(group === undefined ? {} : { group }),
    ...(acl === undefined ? {} : { acl }),
  };
}
