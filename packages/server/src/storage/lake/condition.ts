// Conditional headers (learn.microsoft.com: Specifying conditional headers for Blob service operations).

import type { IncomingHttpHeaders } from "node:http";
import { fail } from "@callosum/contract/error-catalogue.ts";
import { refuse } from "../error-catalogue.ts";
import { header } from "../wire/header.ts";
import type { StoredNode } from "./find-node.ts";
import { parseTagQuery, TagQueryInvalid } from "./tag-query.ts";

interface Versioned {
  readonly etag: string;
  readonly modifiedMs: number;
  /** Undefined = nothing that has tags. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A blob or path as conditions see it. */
export function versionOf({ etag, node }: StoredNode): Versioned {
  return { etag, modifiedMs: node.modifiedMs, tags: node.tags ?? {} };
}

/** `isMet` of each header against what is there; undefined = nothing is. */
function unmet(
  headers: IncomingHttpHeaders,
  existing: Versioned | undefined,
  prefix: string,
): "match" | "noneMatch" | "modified" | "unmodified" | "tags" | undefined {
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
  const tagsName = `${prefix || "x-ms-"}if-tags`;
  const tags = header(headers, tagsName);
  if (tags !== undefined && !tagsMeet(existing, { name: tagsName, value: tags })) return "tags";
  return undefined;
}

function tagsMeet(
  existing: Versioned | undefined,
  { name, value }: { name: string; value: string },
): boolean {
  if (existing && !existing.tags) {
    throw fail.NotSupportedHere({
      what: `The header ${name} here`,
      reason: "only blobs have tags.",
    });
  }
  try {
    const query = parseTagQuery(value, "condition");
    return query.matches({ container: "", tags: existing?.tags ?? {} });
  } catch (error) {
    if (!(error instanceof TagQueryInvalid)) throw error;
    throw refuse.InvalidHeaderValue({ name, value });
  }
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
  const condition = unmet(headers, existing, "");
  if (condition === undefined) return;
  if (condition === "noneMatch" && header(headers, "if-none-match") === "*")
    throw refuse[exists]({});
  throw refuse.ConditionNotMet({});
}

/** For reads: whether the answer is 304; rejects with ConditionNotMet. */
export function isNotModified(headers: IncomingHttpHeaders, existing: Versioned): boolean {
  const condition = unmet(headers, existing, "");
  if (condition === "match" || condition === "unmodified" || condition === "tags")
    throw refuse.ConditionNotMet({});
  return condition !== undefined;
}

/** `x-ms-source-if-…` of copies and renames. */
export function requireSourceConditions(headers: IncomingHttpHeaders, source: Versioned): void {
  if (unmet(headers, source, "x-ms-source-") !== undefined) throw refuse.SourceConditionNotMet({});
}
