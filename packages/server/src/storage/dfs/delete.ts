// Path - Delete. In a hierarchical namespace a tree goes at once, unless the client asks for pages, as clients
// with tokens do. Then, and in a flat one, each request removes a page of files, and the last one what is left.

import type { StoredDocument } from "@callosum/contract/ports.ts";
import type { Answer } from "../../http/route.ts";
import { principalOf, scopeOf } from "../authorize/caller.ts";
import { actions } from "../authorize/need.ts";
import { refuse } from "../error-catalogue.ts";
import { aclAllows, parseAcl } from "../lake/acl.ts";
import { dropStaged } from "../lake/commit.ts";
import { requireConditions, versionOf } from "../lake/condition.ts";
import type { Container } from "../lake/container.ts";
import { findNode, hasChildren, toStoredNode } from "../lake/find-node.ts";
import { type Change, change } from "../lake/host.ts";
import { type Node, nodeKey } from "../lake/node.ts";
import { recordWrite } from "../lake/tree.ts";
import { type LakeRequest, type Operation, restSource as source } from "../operation.ts";
import { requireBlobLease, theContainer } from "../request.ts";

/** The service has a limit, and does not say which (Path - Delete). */
const pageSize = 5000;

export const deleteOperations: readonly Operation[] = [
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
];

export async function deletePath(request: LakeRequest): Promise<Answer> {
  const { host, call } = request;
  const isRecursive = call.query.get("recursive")?.toLowerCase() === "true";
  const next = await change(host, async (tx) => {
    const container = await theContainer(request, tx.writer);
    const stored = await findNode(tx.writer, container, request.path);
    const isTree = await hasChildren(tx.writer, container, request.path);
    const isVirtual = !stored && isTree && !request.account.isHierarchical;
    const continuation = call.query.get("continuation") ?? "";
    if (!stored && !isVirtual) {
      // Somebody else removed what the pages before had left.
      if (continuation !== "") return undefined;
      throw refuse.PathNotFound({});
    }
    requireConditions(call.headers, stored && versionOf(stored), "PathAlreadyExists");
    if (stored) requireBlobLease(request, stored);
    const isDirectory = !stored || stored.node.kind === "directory";
    if (isDirectory && isTree && !isRecursive) throw refuse.DirectoryNotEmpty({});
    const isPaged =
      isDirectory &&
      (!request.account.isHierarchical || call.query.get("paginated")?.toLowerCase() === "true");
    const last = isPaged ? await removePage(tx, request, { container, continuation }) : undefined;
    if (last === undefined) await removeRest(tx, request, container, isDirectory);
    await recordWrite(tx, request, actions.remove);
    return last;
  });
  if (next === undefined) return { status: 200 };
  const continuation = Buffer.from(next, "utf8").toString("base64url");
  return { status: 200, headers: { "x-ms-continuation": continuation } };
}

/**
 * Removes the files of a page and gives the last name of it; undefined when no more than a page is left.
 * Directories stay until what is in them is gone.
 */
async function removePage(
  tx: Change,
  request: LakeRequest,
  options: { container: Container; continuation: string },
): Promise<string | undefined> {
  const { container, continuation } = options;
  const key = nodeKey(container.key, request.path);
  const after = Buffer.from(continuation, "base64url").toString("utf8");
  const found = await tx.writer.documents<Node>({
    under: key,
    ...(after === "" ? {} : { after: nodeKey(container.key, after) }),
    limit: pageSize + 1,
  });
  if (found.length <= pageSize) return undefined;
  const page = found.slice(0, pageSize);
  await requireTreeRights(request, page);
  for (const document of page) {
    if (document.body.kind === "directory") continue;
    await tx.writer.remove(document.id);
    await dropNode(tx, container, document);
  }
  const last = page.at(-1);
  return last && toStoredNode(container, last).name;
}

async function removeRest(
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
  for (const document of all) await dropNode(tx, container, document);
}

async function dropNode(
  tx: Change,
  container: Container,
  document: StoredDocument<Node>,
): Promise<void> {
  const { name, node } = toStoredNode(container, document);
  await tx.drop(container, node.content);
  if (node.kind === "block") await dropStaged(tx, container, name);
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
