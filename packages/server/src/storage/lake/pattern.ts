// Patterns in addresses: `*` stands for any text within one name.

import { pathOf } from "./address.ts";

/** The directory above the first name with a `*`; the URL itself when there is none. */
export function patternRoot(url: string): string {
  const at = url.indexOf("*");
  return at === -1 ? url : url.slice(0, url.lastIndexOf("/", at));
}

/** Whether a path is what the pattern's path says; a pattern for a directory takes in all below. */
export function matchesPattern(url: string, path: string): boolean {
  const pattern = pathOf(url)?.path ?? "";
  const expression = pattern
    .split("*")
    .map((text) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join("[^/]*");
  return new RegExp(`^${expression}(?:/.*)?$`, "u").test(path);
}
