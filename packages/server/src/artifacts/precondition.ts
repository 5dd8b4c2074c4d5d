// Entity tags of artifacts: If-Match on writes, If-None-Match on reads (protocols.md 4.1).

import type { IncomingHttpHeaders } from "node:http";
import { fail } from "@callosum/contract/error-catalogue.ts";

/** Rejects with PreconditionFailed. Call it inside the transaction that writes. */
export function requirePrecondition(headers: IncomingHttpHeaders, etag: string | undefined): void {
  const match = headers["if-match"];
  if (match !== undefined && !namesTag(match, etag)) {
    throw fail.PreconditionFailed({ condition: `If-Match: ${match}` });
  }
  const noneMatch = headers["if-none-match"];
  if (noneMatch !== undefined && namesTag(noneMatch, etag)) {
    throw fail.PreconditionFailed({ condition: `If-None-Match: ${noneMatch}` });
  }
}

/** Whether a list of entity tags names the current one; `*` names any that exists. */
export function namesTag(condition: string, etag: string | undefined): boolean {
  if (etag === undefined) return false;
  return condition
    .split(",")
    .map((tag) => tag.trim().replace(/^W\//, "").replaceAll('"', ""))
    .some((tag) => tag === "*" || tag === etag);
}
