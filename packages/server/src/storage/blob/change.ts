// Changing what a blob says of itself, and removing it.

import type { Answer } from "../../http/route.ts";
import { actions } from "../authorize/need.ts";
import { refuse } from "../error-catalogue.ts";
import { dropStaged } from "../lake/commit.ts";
import { requireConditions, versionOf } from "../lake/condition.ts";
import type { Container } from "../lake/container.ts";
import { hasChildren, type StoredNode } from "../lake/find-node.ts";
import { type Change, change } from "../lake/host.ts";
import { type Node, nodeKey, nodesRoot, nodeType, withoutFolderMark } from "../lake/node.ts";
import { putNode, recordWrite } from "../lake/tree.ts";
import { type LakeRequest, type Operation, restSource as source } from "../operation.ts";
import {
  nowMs,
  readSmall,
  requireBlobLease,
  theContainer,
  theNode,
  versionAnswer,
} from "../request.ts";
import { contentHeaders, header, metadataHeaders } from "../wire/header.ts";
import { childText, parseXml } from "../wire/xml.ts";
import { checkTags } from "./answer.ts";
import { tierHeader } from "./write.ts";

const writeNeed = { action: actions.write, sas: "w" };
const writeAcl = ({ path }: LakeRequest) => [{ path, right: "write" as const }];

export const changeOperations: readonly Operation[] = [
  {
    name: "Set Blob Properties",
    service: "blob",
    level: "path",
    method: "PUT",
    query: { comp: "properties" },
    source,
    needs: writeNeed,
    acl: writeAcl,
    run: setProperties,
  },
  {
    name: "Set Blob Metadata",
    service: "blob",
    level: "path",
    method: "PUT",
    query: { comp: "metadata" },
    source,
    needs: writeNeed,
    acl: writeAcl,
    run: setMetadata,
  },
  {
    name: "Set Blob Tags",
    service: "blob",
    level: "path",
    method: "PUT",
    query: { comp: "tags" },
    source,
    needs: { action: actions.tagsWrite, sas: "t" },
    run: setTags,
  },
  {
    name: "Set Blob Tier",
    service: "blob",
    level: "path",
    method: "PUT",
    query: { comp: "tier" },
    source,
    needs: writeNeed,
    acl: writeAcl,
    run: setTier,
  },
  {
    name: "Delete Blob",
    service: "blob",
    level: "path",
    method: "DELETE",
    source,
    needs: { action: actions.remove, sas: "d" },
    acl: ({ path }) => [{ path, right: "remove" }],
    run: deleteBlob,
  },
];

/** Replaces what is stored of a blob, checked against conditions and lease. */
async function update(
  request: LakeRequest,
  options: { touch: boolean; action: string },
  edit: (node: Node) => Node,
): Promise<StoredNode> {
  const { call, host } = request;
  return change(host, async (tx) => {
    const container = await theContainer(request, tx.writer);
    const stored = await theNode(request, tx.writer, container);
    requireConditions(call.headers, versionOf(stored));
    requireBlobLease(request, stored);
    const node = edit(stored.node);
    if (options.touch) {
      return putNode(tx, request, {
        container,
        name: stored.name,
        node: { ...node, modifiedMs: nowMs(request) },
        action: options.action,
      });
    }
    await putQuietly(tx, container, stored, node);
    await recordWrite(tx, request, options.action);
    return { ...stored, node };
  });
}

/** Tags and tiers change neither etag nor time. */
async function putQuietly(
  tx: Change,
  container: Container,
  stored: StoredNode,
  node: Node,
): Promise<void> {
  await tx.writer.put({
    id: nodeKey(container.key, stored.name),
    type: nodeType,
    parent: nodesRoot(container.key),
    etag: stored.etag,
    body: node,
  });
}

async function setProperties(request: LakeRequest): Promise<Answer> {
  const { headers } = request.call;
  const content = contentHeaders(headers, "x-ms-blob-");
  const md5 = header(headers, "x-ms-blob-content-md5");
  const stored = await update(request, { touch: true, action: actions.write }, (node) => {
    // All or nothing: what is not sent is cleared (Set Blob Properties, Remarks).
    const {
      contentType: _type,
      contentEncoding: _encoding,
      contentLanguage: _language,
      contentDisposition: _disposition,
      cacheControl: _cache,
      md5: _md5,
      ...rest
    } = node;
    return { ...rest, ...content, ...(md5 === undefined ? {} : { md5 }) };
  });
  return { status: 200, headers: versionAnswer(stored.etag, stored.node.modifiedMs) };
}

async function setMetadata(request: LakeRequest): Promise<Answer> {
  const { metadata } = withoutFolderMark(metadataHeaders(request.call.headers));
  const stored = await update(request, { touch: true, action: actions.write }, (node) => ({
    ...node,
    metadata,
  }));
  return { status: 200, headers: versionAnswer(stored.etag, stored.node.modifiedMs) };
}

async function setTags(request: LakeRequest): Promise<Answer> {
  const document = parseXml((await readSmall(request.call.stream)).toString("utf8"));
  const set = document.children.find(({ name }) => name === "TagSet");
  if (document.name !== "Tags" || !set) throw refuse.InvalidXmlDocument({});
  const tags = checkTags(
    set.children.map((tag) => [childText(tag, "Key") ?? "", childText(tag, "Value") ?? ""]),
  );
  await update(request, { touch: false, action: actions.tagsWrite }, (node) => ({ ...node, tags }));
  return { status: 204 };
}

async function setTier(request: LakeRequest): Promise<Answer> {
  const tier = tierHeader(request);
  if (tier === undefined) throw refuse.MissingRequiredHeader({ name: "x-ms-access-tier" });
  await update(request, { touch: false, action: actions.write }, (node) => {
    if (node.kind !== "block") throw refuse.InvalidBlobType({});
    return { ...node, tier, tierChangedMs: nowMs(request) };
  });
  return { status: 200 };
}

async function deleteBlob(request: LakeRequest): Promise<Answer> {
  const { call, host } = request;
  await change(host, async (tx) => {
    const container = await theContainer(request, tx.writer);
    const stored = await theNode(request, tx.writer, container);
    requireConditions(call.headers, versionOf(stored));
    requireBlobLease(request, stored);
    const isTree = stored.node.kind === "directory" && request.account.isHierarchical;
    if (isTree && (await hasChildren(tx.writer, container, stored.name)))
      throw refuse.DirectoryIsNotEmpty({});
    await removeNode(tx, request, container, stored);
  });
  return { status: 202, headers: { "x-ms-delete-type-permanent": "true" } };
}

/** Removes one node with its content and what was staged for it. */
export async function removeNode(
  tx: Change,
  request: LakeRequest,
  container: Container,
  stored: StoredNode,
): Promise<void> {
  await tx.writer.remove(nodeKey(container.key, stored.name));
  await tx.drop(container, stored.node.content);
  await dropStaged(tx, container, stored.name);
  await recordWrite(tx, request, actions.remove);
}
