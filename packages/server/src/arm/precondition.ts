// If-Match and If-None-Match on writes: checked inside the transaction, so that they mean something.

import type { IncomingHttpHeaders } from "node:http";
import { fail } from "@callosum/contract/error-catalogue.ts";

/** Rejects with PreconditionFailed. `existing` has the current etag. */
export function requirePrecondition(
  headers: IncomingHttpHeaders,
  existing: { etag?: string } | undefined,
): void {
  const match = headers["if-match"];
  if (match !== undefined && !holds(match, existing)) {
    throw fail.PreconditionFailed({ condition: `If-Match: ${match}` });
  }
  const noneMatch = headers["if-none-match"];
  if (noneMatch !== undefined && holds(noneMatch, existing)) {
    throw fail.PreconditionFailed({ condition: `If-None-Match: ${noneMatch}` });
  }
}

/** Whether a list of entity tags names the current one; `*` names any. */
export function holds(condition: string, existing: { etag?: string } | undefined): boolean {
  if (!existing) return false;
  if (condition.trim() === "*") return true;
  return condition
    .split(",")
    .some((tag) => tag.trim().replace(/^W\//, "").replaceAll('"', "") === existing.etag);
}
