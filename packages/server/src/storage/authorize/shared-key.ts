// Shared Key and Shared Key Lite: the texts that clients sign, computed as the service does
// (learn.microsoft.com: Authorize with Shared Key).

import { type BinaryLike, createHmac, type KeyObject, timingSafeEqual } from "node:crypto";
import { storageKeyNames } from "@callosum/contract/lake.ts";
import type { Call } from "../../http/route.ts";
import { refuse } from "../error-catalogue.ts";
import type { Account } from "../lake/container.ts";
import type { LakeHost } from "../lake/host.ts";

const clockSkewMsMax = 15 * 60 * 1000;

/** Both keys of an account. */
export async function accountKeys(
  host: LakeHost,
  account: Account,
): Promise<{ name: string; key: KeyObject }[]> {
  const keys: { name: string; key: KeyObject }[] = [];
  for (const name of storageKeyNames) {
    const key = await host.openSecret(account.key, name);
    if (key) keys.push({ name, key });
  }
  return keys;
}

/** Compares without telling how much is right. */
export function isSignature(text: string, key: BinaryLike | KeyObject, given: Buffer): boolean {
  const expected = createHmac("sha256", key).update(text, "utf8").digest();
  return given.length === expected.length && timingSafeEqual(expected, given);
}

/** Checks `SharedKey {account}:{signature}`; gives the name of the key. */
export async function verifySharedKey(
  host: LakeHost,
  options: { account: Account; call: Call; authorization: string },
): Promise<string> {
  const { account, call, authorization } = options;
  const match = /^SharedKey(Lite)? ([^:]+):([A-Za-z0-9+/]+=*)$/.exec(authorization);
  if (!match) throw failed("The Authorization header is not of a known form.");
  const [, lite, name = "", signature = ""] = match;
  if (name !== account.name) throw failed(`The account name '${name}' is not this endpoint's.`);
  requireDate(host, call);
  const given = Buffer.from(signature, "base64");
  const keys = await accountKeys(host, account);
  const texts = lite === undefined ? fullTexts(account, call) : liteTexts(account, call);
  for (const text of texts) {
    const found = keys.find(({ key }) => isSignature(text, key, given));
    if (found) return found.name;
  }
  throw failed(
    `The MAC signature found in the HTTP request '${signature}' is not the same as any computed signature. Server used following string to sign: '${texts[0]}'.`,
  );
}

function requireDate(host: LakeHost, call: Call): void {
  const text = single(call, "x-ms-date") || single(call, "date");
  const timeMs = Date.parse(text);
  if (text === "" || Number.isNaN(timeMs))
    throw failed("The x-ms-date and Date headers are missing or no date.");
  if (Math.abs(timeMs - host.clock.now().getTime()) > clockSkewMsMax)
    throw failed(`Request date header too old: '${text}'`);
}

function fullTexts(account: Account, call: Call): string[] {
  const { method } = call;
  const length = single(call, "content-length");
  const version = single(call, "x-ms-version");
  // Parts of batches say no version; theirs is the batch's, and batches are younger.
  const isOld = version !== "" && version < "2015-02-21";
  const head = [
    method,
    single(call, "content-encoding"),
    single(call, "content-language"),
    length === "0" && !isOld ? "" : length,
    single(call, "content-md5"),
    single(call, "content-type"),
    single(call, "x-ms-date") === "" ? single(call, "date") : "",
    single(call, "if-modified-since"),
    single(call, "if-match"),
    single(call, "if-none-match"),
    single(call, "if-unmodified-since"),
    single(call, "range"),
  ].join("\n");
  const resource = fullResource(account, call);
  return canonicalHeaders(call).map((headers) => `${head}\n${headers}${resource}`);
}

function liteTexts(account: Account, call: Call): string[] {
  const head = [
    call.method,
    single(call, "content-md5"),
    single(call, "content-type"),
    single(call, "x-ms-date") === "" ? single(call, "date") : "",
  ].join("\n");
  const comp = call.query.get("comp");
  const resource = `/${account.name}${sentPath(call)}${comp === null ? "" : `?comp=${comp}`}`;
  return canonicalHeaders(call).map((headers) => `${head}\n${headers}${resource}`);
}

/** The path as the client sent it: the path form of our own origin has a prefix. */
function sentPath(call: Call): string {
  const { path, origin } = call;
  if (origin.form === "path") return `/storage${path}`;
  return path.replace(/^\/[^/]+\/[^/]+/, "") || "/";
}

function fullResource(account: Account, call: Call): string {
  const values = new Map<string, string[]>();
  for (const [name, value] of call.query) {
    const list = values.get(name) ?? [];
    list.push(value);
    values.set(name, list);
  }
  const lines = [...values.keys()]
    .sort()
    .map((name) => `\n${name}:${(values.get(name) ?? []).sort().join(",")}`);
  return `/${account.name}${sentPath(call)}${lines.join("")}`;
}

/**
 * The service sorts names by culture, where a dash weighs next to nothing; most clients sort by code.
 * Where the two differ both are tried.
 */
function canonicalHeaders(call: Call): string[] {
  const names = Object.keys(call.headers).filter((name) => name.startsWith("x-ms-"));
  const line = (name: string) =>
    `${name}:${single(call, name)
      .trim()
      .replace(/\s*\n\s*/g, " ")}\n`;
  const text = (sorted: readonly string[]) => sorted.map(line).join("");
  const byCulture = text([...names].sort(compareByCulture));
  const byCode = text([...names].sort());
  return byCulture === byCode ? [byCode] : [byCulture, byCode];
}

function compareByCulture(a: string, b: string): number {
  const [bareA, bareB] = [cultureKey(a), cultureKey(b)];
  if (bareA !== bareB) return bareA < bareB ? -1 : 1;
  // Equal but for dashes: the one whose dash comes later is first.
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    if (a[index] !== b[index]) return a[index] === "-" ? 1 : -1;
  }
  return a.length - b.length;
}

/** Dashes drop out; `_` and other marks come before digits and letters. */
function cultureKey(name: string): string {
  return name.replaceAll("-", "").replaceAll("_", "!");
}

function single(call: Call, name: string): string {
  const value = call.headers[name];
  return (Array.isArray(value) ? value.join(",") : value) ?? "";
}

function failed(why: string) {
  return refuse.AuthenticationFailed({ why });
}
