// Path - List: what lies in a directory, or below it.

import type { Answer } from "../../http/route.ts";
import { actions } from "../authorize/need.ts";
import { refuse } from "../error-catalogue.ts";
import { formatPermissions, parseAcl } from "../lake/acl.ts";
import { findNode, hasChildren, type StoredNode } from "../lake/find-node.ts";
import { listNodes } from "../lake/list.ts";
import { type LakeRequest, type Operation, restSource as source } from "../operation.ts";
import { limitQuery, theContainer } from "../request.ts";
import { httpDate } from "../wire/header.ts";

const pageSize = 5000;

export const listOperations: readonly Operation[] = [
  {
    name: "Path - List",
    service: "dfs",
    level: "container",
    method: "GET",
    query: { resource: "filesystem" },
    source,
    needs: { action: actions.read, sas: "l" },
    acl: (request) => [{ path: directoryOf(request), right: "list" }],
    run: listPaths,
  },
];

function directoryOf({ call }: LakeRequest): string {
  return (call.query.get("directory") ?? "").replace(/^\/+|\/+$/g, "");
}

async function listPaths(request: LakeRequest): Promise<Answer> {
  const { host, call } = request;
  const container = await theContainer(request, host.store.read);
  const directory = directoryOf(request);
  const recursive = call.query.get("recursive");
  if (recursive === null) throw refuse.MissingRequiredQueryParameter({ name: "recursive" });
  if (directory !== "") await requireDirectory(request, directory);
  const page = await listNodes(host.store.read, {
    container,
    prefix: directory === "" ? "" : `${directory}/`,
    delimiter: recursive.toLowerCase() === "true" ? undefined : "/",
    after: call.query.get("continuation") || undefined,
    limit: limitQuery(request, "maxresults", { most: pageSize, refuseMore: false }),
  });
  const paths = page.items.map((item) =>
    item.kind === "node"
      ? describePath(item.stored)
      : item.directory
        ? describePath(item.directory)
        : { name: item.prefix.replace(/\/$/, ""), isDirectory: "true", contentLength: "0" },
  );
  return {
    status: 200,
    headers: page.next === undefined ? {} : { "x-ms-continuation": page.next },
    body: { paths },
  };
}

async function requireDirectory(request: LakeRequest, directory: string): Promise<void> {
  const { host } = request;
  const container = await theContainer(request, host.store.read);
  const stored = await findNode(host.store.read, container, directory);
  if (stored?.node.kind === "directory") return;
  if (!request.account.isHierarchical && (await hasChildren(host.store.read, container, directory)))
    return;
  throw refuse.PathNotFound({});
}

/** Windows file time: 100 ns since 1601. */
function fileTime(timeMs: number): string {
  return String(BigInt(timeMs) * 10_000n + 116_444_736_000_000_000n);
}

function describePath({ name, etag, node }: StoredNode) {
  const isDirectory = node.kind === "directory";
  return {
    name,
    ...(isDirectory ? { isDirectory: "true" } : {}),
    contentLength: String(node.length),
    lastModified: httpDate(node.modifiedMs),
    creationTime: fileTime(node.createdMs),
    etag,
    ...(node.acl === undefined
      ? {}
      : {
          owner: node.owner,
          group: node.group,
          permissions: formatPermissions(parseAcl(node.acl)),
        }),
  };
}
