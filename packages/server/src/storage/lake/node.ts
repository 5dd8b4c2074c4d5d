// What lies in a container: blobs, which are files, and directories. One document each; its key is the
// container's with `/blobs/` and the exact name, so that a container's removal removes them and keys are
// in the order of names. Bytes lie elsewhere: few of them in a document of their own, more in files.

import type { LeaseState } from "@callosum/contract/lake.ts";
import type { ContentHeaders } from "../wire/header.ts";

export const nodeType = "Lake/nodes";
export const stagedType = "Lake/staged";
export const bytesType = "Lake/bytes";

export type NodeKind = "block" | "append" | "directory";

/** A piece of content: in a file or, when its id starts with `s`, in the store. */
export interface Piece {
  readonly id: string;
  readonly length: number;
  /** The block's id when the piece is a block. */
  readonly block?: string;
  /** What the bytes sum to, base64; a blob that came whole has its MD5 instead. */
  readonly crc64?: string;
}

/** One piece, or a list of them; a long list is a piece itself (`list`), its bytes JSON. */
export type Content =
  | { readonly piece: Piece }
  | { readonly pieces: readonly Piece[] }
  | { readonly list: Piece; readonly count: number };

export interface Node extends ContentHeaders {
  readonly kind: NodeKind;
  readonly length: number;
  /** Undefined = empty. */
  readonly content?: Content;
  /** Base64. */
  readonly md5?: string;
  readonly createdMs: number;
  readonly modifiedMs: number;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly lease?: LeaseState;
  readonly tier?: string;
  readonly tierChangedMs?: number;
  /** Blocks that were appended, of an append blob. */
  readonly appended?: number;
  readonly copy?: {
    readonly id: string;
    readonly source: string;
    readonly completedMs: number;
  };
  readonly owner?: string;
  readonly group?: string;
  /** Access control list in short form, defaults included; only in a hierarchical namespace. */
  readonly acl?: string;
}

/** Bytes that wait for Put Block List (`block`) or flush (`position`). */
export interface Staged {
  readonly piece: Piece;
  readonly block?: string;
  readonly position?: number;
  readonly stagedMs: number;
}

export function nodeKey(containerKey: string, name: string): string {
  return `${containerKey}/blobs/${name}`;
}

export function nodesRoot(containerKey: string): string {
  return `${containerKey}/blobs`;
}

export function nameOf(containerKey: string, key: string): string {
  return key.slice(containerKey.length + "/blobs/".length);
}

/** Staged bytes of one blob are below this key; names can't reach out of it. */
export function stagedRoot(containerKey: string, name: string): string {
  return `${containerKey}/staged/${encodeURIComponent(name)}`;
}

export function bytesKey(containerKey: string, pieceId: string): string {
  return `${containerKey}/bytes/${pieceId}`;
}

export function isInline(piece: Piece): boolean {
  return piece.id.startsWith("s");
}

const folderMark = "hdi_isfolder";

/** Metadata as answered: directories carry the mark that older clients know them by. */
export function metadataOf(node: Node): Readonly<Record<string, string>> {
  return node.kind === "directory"
    ? { ...node.metadata, [folderMark]: "true" }
    : (node.metadata ?? {});
}

/** Whether what was sent makes a directory, and the metadata without the mark. */
export function withoutFolderMark(metadata: Record<string, string>): {
  isFolder: boolean;
  metadata: Record<string, string>;
} {
  const { [folderMark]: mark, ...rest } = metadata;
  return { isFolder: mark?.toLowerCase() === "true", metadata: rest };
}

export function parentName(name: string): string {
  const at = name.lastIndexOf("/");
  return at === -1 ? "" : name.slice(0, at);
}
