// A file that a model URI names, before it is copied; and those that lie in the lake.

import { ServiceError } from "@callosum/contract/error.ts";
import type { LakeAccess, LakePort } from "@callosum/contract/lake.ts";

export interface SourceFile {
  /** Below what was asked for; the last segment of the name when that is the file itself. */
  readonly path: string;
  readonly length: number;
  open(): Promise<AsyncIterable<Uint8Array>>;
}

/**
 * The file of that name, else all below it as a folder; empty when there is nothing. Rejects with the
 * storage endpoint's 401 and 403.
 */
export async function lakeSources(
  lake: LakePort,
  place: { account: string; container: string; path: string; access: LakeAccess },
): Promise<SourceFile[]> {
  const { account, container, path, access } = place;
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  const url = `https://${account}.blob.core.windows.net/${container}/${encoded}`;
  try {
    const entry = path === "" ? undefined : await lake.stat(url, access);
    if (entry && !entry.isDirectory)
      return [sourceOf(lake, { ...entry, access, cut: lastName(path) })];
    const found: SourceFile[] = [];
    for await (const below of lake.list(url, access, { recursive: true })) {
      if (!below.isDirectory) found.push(sourceOf(lake, { ...below, access, cut: cutOf(path) }));
    }
    return found;
  } catch (error) {
    // What is missing at the endpoint is "nothing there" to a model that is being registered.
    if (error instanceof ServiceError && error.status === "notFound") return [];
    throw error;
  }
}

function cutOf(path: string): number {
  return path === "" ? 0 : path.length + 1;
}

function lastName(path: string): number {
  return path.lastIndexOf("/") + 1;
}

function sourceOf(
  lake: LakePort,
  entry: { url: string; path: string; length: number; access: LakeAccess; cut: number },
): SourceFile {
  const { url, path, length, access, cut } = entry;
  return { path: path.slice(cut), length, open: () => lake.read(url, access) };
}
