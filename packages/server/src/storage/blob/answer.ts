// What answers about blobs have in common.

import { refuse } from "../error-catalogue.ts";
import type { Account } from "../lake/container.ts";
import type { StoredNode } from "../lake/find-node.ts";
import type { Node } from "../lake/node.ts";
import type { LakeRequest } from "../operation.ts";
import { stateAnswer } from "../request.ts";
import { contentAnswer, header, httpDate } from "../wire/header.ts";

export const blobTypes = {
  block: "BlockBlob",
  directory: "BlockBlob",
  append: "AppendBlob",
} as const;

/** The tier of a block blob: its own, or the account's. */
export function tierOf(
  account: Account,
  node: Node,
): { name: string; isInferred: boolean } | undefined {
  if (node.kind === "append") return undefined;
  return node.tier === undefined
    ? { name: account.properties.accessTier ?? "Hot", isInferred: true }
    : { name: node.tier, isInferred: false };
}

/** Headers of Get Blob and Get Blob Properties, but for length and range. */
export function blobAnswer(request: LakeRequest, stored: StoredNode): Record<string, string> {
  const { account } = request;
  const { node } = stored;
  const tier = tierOf(account, node);
  const tagCount = Object.keys(node.tags ?? {}).length;
  return {
    ...stateAnswer(request, stored),
    "content-type": "application/octet-stream",
    ...contentAnswer(node),
    ...signedHeaders(request),
    "accept-ranges": "bytes",
    "x-ms-creation-time": httpDate(node.createdMs),
    "x-ms-blob-type": blobTypes[node.kind],
    ...(tier ? { "x-ms-access-tier": tier.name } : {}),
    ...(tier?.isInferred ? { "x-ms-access-tier-inferred": "true" } : {}),
    ...(node.tierChangedMs === undefined
      ? {}
      : { "x-ms-access-tier-change-time": httpDate(node.tierChangedMs) }),
    ...(node.kind === "append"
      ? { "x-ms-blob-committed-block-count": String(node.appended ?? 0) }
      : {}),
    ...(tagCount > 0 ? { "x-ms-tag-count": String(tagCount) } : {}),
    ...(node.copy
      ? {
          "x-ms-copy-id": node.copy.id,
          "x-ms-copy-status": "success",
          "x-ms-copy-source": node.copy.source,
          "x-ms-copy-progress": `${node.length}/${node.length}`,
          "x-ms-copy-completion-time": httpDate(node.copy.completedMs),
        }
      : {}),
    ...hierarchyAnswer(node),
  };
}

/** Owner, group and permissions, where there are any. */
export function hierarchyAnswer(node: Node): Record<string, string> {
  if (node.acl === undefined) return {};
  return {
    "x-ms-owner": node.owner ?? "",
    "x-ms-group": node.group ?? "",
    "x-ms-resource-type": node.kind === "directory" ? "directory" : "file",
  };
}

/** A signature can say how what is read presents itself (`rscc` and its kin). */
function signedHeaders({ caller }: LakeRequest): Record<string, string> {
  if (caller.kind !== "sas") return {};
  const { rscc, rscd, rsce, rscl, rsct } = caller.claims.fields;
  const answer = {
    "cache-control": rscc,
    "content-disposition": rscd,
    "content-encoding": rsce,
    "content-language": rscl,
    "content-type": rsct,
  };
  return Object.fromEntries(
    Object.entries(answer).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );
}

const tagCountMax = 10;
const tagPattern = /^[A-Za-z0-9 +\-./:=_]*$/;

/** `x-ms-tags`, `a=b&c=d`. */
export function tagsHeader({ call }: LakeRequest): Record<string, string> | undefined {
  const value = header(call.headers, "x-ms-tags");
  return value === undefined ? undefined : checkTags([...new URLSearchParams(value)]);
}

export function checkTags(tags: readonly (readonly [string, string])[]): Record<string, string> {
  const isSound =
    tags.length <= tagCountMax &&
    new Set(tags.map(([name]) => name)).size === tags.length &&
    tags.every(
      ([name, value]) =>
        name.length >= 1 &&
        name.length <= 128 &&
        value.length <= 256 &&
        tagPattern.test(name) &&
        tagPattern.test(value),
    );
  if (!isSound) throw refuse.InvalidTag({});
  return Object.fromEntries(tags);
}
