// Listing: names in order, with a prefix, cut at a delimiter, page by page. What lies below a prefix
// that was answered is skipped, not read.

import type { Reader } from "@callosum/contract/ports.ts";
import type { Container } from "./container.ts";
import { type StoredNode, toStoredNode } from "./find-node.ts";
import { type Node, nodeKey, nodesRoot, nodeType } from "./node.ts";

export type ListItem =
  | { readonly kind: "node"; readonly stored: StoredNode }
  | { readonly kind: "prefix"; readonly prefix: string; readonly directory?: StoredNode };

export interface ListPage {
  readonly items: readonly ListItem[];
  /** Opaque; undefined at the end. */
  readonly next: string | undefined;
}

/** Behind every name that starts with the text before it. */
const last = "\u{10ffff}";
const readCountMax = 1000;
/** With a delimiter most of what is read may be skipped, so reading starts small. */
const readCountMin = 32;

/**
 * `after` is a former page's `next`. In a hierarchical namespace a directory stands for what is below
 * it, so with a delimiter it is answered once and as a prefix.
 */
export async function listNodes(
  reader: Reader,
  options: {
    container: Container;
    prefix: string;
    delimiter: string | undefined;
    after: string | undefined;
    limit: number;
  },
): Promise<ListPage> {
  const { container, prefix, delimiter, limit } = options;
  const { isHierarchical } = container.account;
  const items: ListItem[] = [];
  let after = options.after === undefined ? undefined : decodeMarker(options.after);
  let isFirst = after === undefined;
  let size = delimiter === undefined ? readCountMax : readCountMin;
  for (;;) {
    const wanted = Math.min(size, limit - items.length + 1);
    const batch = await readFrom(reader, { container, prefix, after, isFirst, limit: wanted });
    isFirst = false;
    let jump: string | undefined;
    for (const stored of batch) {
      const cut = cutAt(stored, { prefix, delimiter });
      const isHidden = cut !== undefined && isHierarchical && cut !== `${stored.name}/`;
      if (!isHidden) {
        if (items.length === limit) return { items, next: encodeMarker(after ?? "") };
        items.push(itemOf(stored, cut, isHierarchical));
      }
      after = stored.name;
      if (cut !== undefined && !(isHierarchical && cut === `${stored.name}/`)) {
        after = cut + last;
        jump = after;
        break;
      }
    }
    if (jump === undefined && batch.length < wanted) return { items, next: undefined };
    size = jump === undefined ? Math.min(readCountMax, size * 4) : readCountMin;
  }
}

function itemOf(stored: StoredNode, cut: string | undefined, isHierarchical: boolean): ListItem {
  if (cut === undefined) return { kind: "node", stored };
  return isHierarchical
    ? { kind: "prefix", prefix: cut, directory: stored }
    : { kind: "prefix", prefix: cut };
}

/** The common prefix that a name falls under, if it does. */
function cutAt(
  stored: StoredNode,
  options: { prefix: string; delimiter: string | undefined },
): string | undefined {
  const { prefix, delimiter } = options;
  if (delimiter === undefined) return undefined;
  const at = stored.name.indexOf(delimiter, prefix.length);
  if (at !== -1) return stored.name.slice(0, at + delimiter.length);
  return stored.node.kind === "directory" && delimiter === "/" && stored.node.acl !== undefined
    ? `${stored.name}/`
    : undefined;
}

async function readFrom(
  reader: Reader,
  options: {
    container: Container;
    prefix: string;
    after: string | undefined;
    isFirst: boolean;
    limit: number;
  },
): Promise<StoredNode[]> {
  const { container, prefix, after, isFirst, limit } = options;
  const exact =
    isFirst && prefix !== ""
      ? await reader.document<Node>(nodeKey(container.key, prefix))
      : undefined;
  const documents = await reader.documents<Node>({
    type: nodeType,
    under: nodesRoot(container.key),
    after: nodeKey(container.key, after === undefined || after < prefix ? prefix : after),
    limit,
  });
  const all = exact ? [exact, ...documents] : documents;
  const found: StoredNode[] = [];
  for (const document of all.slice(0, limit)) {
    const stored = toStoredNode(container, document);
    if (!stored.name.startsWith(prefix)) break;
    found.push(stored);
  }
  return found;
}

function encodeMarker(name: string): string {
  return Buffer.from(name, "utf8").toString("base64url");
}

function decodeMarker(marker: string): string {
  return Buffer.from(marker, "base64url").toString("utf8");
}
