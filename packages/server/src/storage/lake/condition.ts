// Conditional headers (learn.microsoft.com: Specifying conditional headers for Blob service operations).

import type { IncomingHttpHeaders } from "node:http";
import { fail } from "@callosum/contract/error-catalogue.ts";
import { refuse } from "../error-catalogue.ts";
import { header } from "../wire/header.ts";

interface Versioned {
  readonly etag: string;
  readonly modifiedMs: number;
}

/** `isMet` of each header against what is there; undefined = nothing is. */
function unmet(
  headers: IncomingHttpHeaders,
  existing: Versioned | undefined,
  prefix: string,
): "match" | "noneMatch" | "modified" | "unmodified" | undefined {
  const match = header(headers, `${prefix}if-match`);
  const noneMatch = header(headers, `${prefix}if-none-match`);
  const modified = dateHeader(headers, `${prefix}if-modified-since`);
  const unmodified = dateHeader(headers, `${prefix}if-unmodified-since`);
  if (match !== undefined && !(existing && names(match, existing.etag))) return "match";
  if (noneMatch !== undefined && existing && names(noneMatch, existing.etag)) return "noneMatch";
  const modifiedMs = existing && Math.floor(existing.modifiedMs / 1000) * 1000;
  if (modified !== undefined && noneMatch === undefined && modifiedMs !== undefined) {
    if (modifiedMs <= modified) return "modified";
  }
  if (unmodified !== undefined && modifiedMs !== undefined && modifiedMs > unmodified)
    return "unmodified";
  return undefined;
}

function names(list: string, etag: string): boolean {
  return list
    .split(",")
    .map((item) => item.trim().replace(/^W\//, "").replaceAll('"', ""))
    .some((item) => item === "*" || item === etag);
}

function dateHeader(headers: IncomingHttpHeaders, name: string): number | undefined {
  const value = header(headers, name);
  if (value === undefined) return undefined;
  const timeMs = Date.parse(value);
  if (Number.isNaN(timeMs)) throw refuse.InvalidHeaderValue({ name, value });
  return timeMs;
}

/** For writes: rejects with ConditionNotMet, or BlobAlreadyExists where `*` must not be there. */
export function requireConditions(
  headers: IncomingHttpHeaders,
  existing: Versioned | undefined,
  exists: "BlobAlreadyExists" | "PathAlreadyExists" = "BlobAlreadyExists",
): void {
  refuseTagConditions(headers);
  const condition = unmet(headers, existing, "");
  if (condition === undefined) return;
  if (condition === "noneMatch" && header(headers, "if-none-match") === "*")
    throw refuse[exists]({});
  throw refuse.ConditionNotMet({});
}

/** For reads: whether the answer is 304; rejects with ConditionNotMet. */
export function isNotModified(headers: IncomingHttpHeaders, existing: Versioned): boolean {
  refuseTagConditions(headers);
  const condition = unmet(headers, existing, "");
  if (condition === "match" || condition === "unmodified") throw refuse.ConditionNotMet({});
  return condition !== undefined;
}

/** `x-ms-source-if-…` of copies and renames. */
export function requireSourceConditions(headers: IncomingHttpHeaders, source: Versioned): void {
  if (unmet(headers, source, "x-ms-source-") !== undefined) throw refuse.SourceConditionNotMet({});
}

function refuseTagConditions(headers: IncomingHttpHeaders): void {
  if (header(headers, "x-ms-if-tags") === undefined) return;
  throw fail.NotSupportedHere({
    what: "The header x-ms-if-tags",
    reason: "conditions on tags are not evaluated.",
  });
}
