// POSIX access control lists of the hierarchical namespace
// (learn.microsoft.com: Access control lists in Azure Data Lake Storage).

import type { Principal } from "@callosum/contract/principal.ts";
import { refuse } from "../error-catalogue.ts";

export interface AclEntry {
  /** Part of the default list, which new children of a directory get. */
  readonly isDefault: boolean;
  readonly type: "user" | "group" | "mask" | "other";
  /** Object id; "" = the owner or owning group. */
  readonly id: string;
  /** Bits: 4 read, 2 write, 1 execute. */
  readonly bits: number;
}

export type Acl = readonly AclEntry[];

export const superUser = "$superuser";
const entryCountMax = 64;
const entryPattern = /^(default:)?(user|group|mask|other):([^:]*):([r-][w-][x-])$/;
const keyPattern = /^(default:)?(user|group|mask|other)(?::([^:]*))?:?$/;

/** Reads the short form, `user::rwx,group::r-x,…`; rejects with InvalidInput. */
export function parseAcl(text: string): Acl {
  const entries = text.split(",").map((part) => {
    const match = entryPattern.exec(part.trim());
    if (!match) throw invalid(`'${part.slice(0, 80)}' is no entry of an access control list.`);
    const [, isDefault, type, id = "", bits = "---"] = match;
    return entry({ isDefault: isDefault !== undefined, type, id, bits: bitsOf(bits) });
  });
  requireDistinct(entries);
  return entries;
}

/** Reads what is to be removed: entries without permissions, `user:{id}` or `default:group`. */
export function parseAclKeys(text: string): Acl {
  return text.split(",").map((part) => {
    const match = keyPattern.exec(part.trim());
    if (!match) throw invalid(`'${part.slice(0, 80)}' names no entry of an access control list.`);
    const [, isDefault, type, id = ""] = match;
    return entry({ isDefault: isDefault !== undefined, type, id, bits: 0 });
  });
}

function entry(options: {
  isDefault: boolean;
  type: string | undefined;
  id: string;
  bits: number;
}): AclEntry {
  const type = options.type as AclEntry["type"];
  if ((type === "mask" || type === "other") && options.id !== "")
    throw invalid(`An entry for '${type}' has no id.`);
  return { ...options, type, id: options.id.toLowerCase() };
}

function requireDistinct(acl: Acl): void {
  const seen = new Set(acl.map(keyOf));
  if (seen.size !== acl.length) throw invalid("An entry occurs twice.");
  for (const isDefault of [false, true]) {
    if (acl.filter((item) => item.isDefault === isDefault).length > entryCountMax / 2)
      throw invalid(`A list has at most ${entryCountMax / 2} entries.`);
  }
}

const keyOf = (item: AclEntry) => `${item.isDefault}:${item.type}:${item.id}`;

function bitsOf(text: string): number {
  return (text[0] === "r" ? 4 : 0) + (text[1] === "w" ? 2 : 0) + (text[2] === "x" ? 1 : 0);
}

function textOf(bits: number): string {
  return `${bits & 4 ? "r" : "-"}${bits & 2 ? "w" : "-"}${bits & 1 ? "x" : "-"}`;
}

export function formatAcl(acl: Acl): string {
  return acl
    .map(({ isDefault, type, id, bits }) => {
      return `${isDefault ? "default:" : ""}${type}:${id}:${textOf(bits)}`;
    })
    .join(",");
}

/** A whole list to replace another: owner, group and other are there, the mask where it is needed. */
export function completeAcl(acl: Acl): Acl {
  const parts = [false, true].map((isDefault) => {
    const own = acl.filter((item) => item.isDefault === isDefault);
    if (own.length === 0 && isDefault) return [];
    for (const type of ["user", "group", "other"] as const) {
      if (!own.some((item) => item.type === type && item.id === ""))
        throw invalid(`The list has no entry '${type}::'.`);
    }
    return withMask(own, isDefault);
  });
  return parts.flat();
}

/** Named entries need a mask; unless one is given it lets through what they grant. */
function withMask(own: Acl, isDefault: boolean): Acl {
  const named = own.filter((item) => item.id !== "");
  if (named.length === 0 || own.some((item) => item.type === "mask")) return sorted(own);
  const owningGroup = own.find((item) => item.type === "group" && item.id === "")?.bits ?? 0;
  const bits = named.reduce((sum, item) => sum | item.bits, owningGroup);
  return sorted([...own, { isDefault, type: "mask", id: "", bits }]);
}

const order = ["user", "group", "mask", "other"];

function sorted(acl: Acl): Acl {
  return [...acl].sort((a, b) => order.indexOf(a.type) - order.indexOf(b.type));
}

/** Lays entries over a list (`modify`), or takes them out (`remove`). */
export function changeAcl(acl: Acl, change: Acl, mode: "modify" | "remove"): Acl {
  const keys = new Set(change.map(keyOf));
  const kept = acl.filter((item) => !keys.has(keyOf(item)));
  const hasMask = change.some((item) => item.type === "mask");
  // A mask that nobody asked for is worked out anew from what is then there.
  const base = hasMask ? kept : kept.filter((item) => item.type !== "mask" || mode === "remove");
  return completeAcl(mode === "modify" ? [...base, ...change] : base);
}

/** `rwxr-x---` or `0750` as nine bits. Rejects with InvalidInput. */
export function parsePermissions(text: string): number {
  if (/^[0-7]{3,4}$/.test(text)) return Number.parseInt(text, 8) & 0o777;
  const match = /^([r-][w-][x-])([r-][w-][x-])([r-][w-][xt-])\+?$/.exec(text);
  if (!match) throw invalid(`'${text.slice(0, 40)}' are no permissions.`);
  const [, user = "", group = "", other = ""] = match;
  return (bitsOf(user) << 6) | (bitsOf(group) << 3) | bitsOf(other.replace("t", "x"));
}

/** `rwxr-x---`, with `+` when there is more to the list. */
export function formatPermissions(acl: Acl): string {
  const access = acl.filter((item) => !item.isDefault);
  const mask = access.find((item) => item.type === "mask");
  const of = (type: AclEntry["type"]) =>
    access.find((item) => item.type === type && item.id === "")?.bits ?? 0;
  const isLonger = access.some((item) => item.id !== "") || mask !== undefined;
  return `${textOf(of("user"))}${textOf(mask?.bits ?? of("group"))}${textOf(of("other"))}${isLonger ? "+" : ""}`;
}

/** chmod: the group's place is the mask's where there is one. */
export function withPermissions(acl: Acl, mode: number): Acl {
  const hasMask = acl.some((item) => !item.isDefault && item.type === "mask");
  return acl.map((item) => {
    if (item.isDefault || item.id !== "") return item;
    if (item.type === "user") return { ...item, bits: (mode >> 6) & 7 };
    if (item.type === "other") return { ...item, bits: mode & 7 };
    return (item.type === "mask") === hasMask ? { ...item, bits: (mode >> 3) & 7 } : item;
  });
}

export function aclOfMode(mode: number): Acl {
  return [
    { isDefault: false, type: "user", id: "", bits: (mode >> 6) & 7 },
    { isDefault: false, type: "group", id: "", bits: (mode >> 3) & 7 },
    { isDefault: false, type: "other", id: "", bits: mode & 7 },
  ];
}

const umaskDefault = 0o027;

/** The list of a new file or directory below a parent. */
export function inheritedAcl(options: {
  parent: Acl;
  isDirectory: boolean;
  /** Permissions asked for; all of them unless given. */
  mode: number | undefined;
  umask: number | undefined;
}): Acl {
  const { parent, isDirectory, mode, umask = umaskDefault } = options;
  const defaults = parent.filter((item) => item.isDefault);
  const wanted = mode ?? (isDirectory ? 0o777 : 0o666);
  if (defaults.length === 0) return aclOfMode(wanted & ~umask);
  // With a default list the umask does not count; what the creator asks for still limits.
  const access = withPermissionLimit(
    defaults.map((item) => ({ ...item, isDefault: false })),
    wanted,
  );
  return isDirectory ? [...access, ...defaults] : access;
}

function withPermissionLimit(acl: Acl, mode: number): Acl {
  const hasMask = acl.some((item) => item.type === "mask");
  return acl.map((item) => {
    if (item.id !== "") return item;
    if (item.type === "user") return { ...item, bits: item.bits & (mode >> 6) & 7 };
    if (item.type === "other") return { ...item, bits: item.bits & mode & 7 };
    return (item.type === "mask") === hasMask
      ? { ...item, bits: item.bits & (mode >> 3) & 7 }
      : item;
  });
}

/** Whether a principal has all the bits, by owner, named user, groups, others in this order. */
export function aclAllows(options: {
  acl: Acl;
  owner: string;
  group: string;
  principal: Pick<Principal, "objectId" | "groupIds">;
  bits: number;
}): boolean {
  const { owner, group, principal, bits } = options;
  const acl = options.acl.filter((item) => !item.isDefault);
  const has = (granted: number) => (granted & bits) === bits;
  const mask = acl.find((item) => item.type === "mask")?.bits ?? 7;
  const own = (type: AclEntry["type"]) => acl.find((item) => item.type === type && item.id === "");
  const me = principal.objectId.toLowerCase();
  if (owner.toLowerCase() === me) return has(own("user")?.bits ?? 0);
  const named = acl.find((item) => item.type === "user" && item.id === me);
  if (named) return has(named.bits & mask);
  const groups = new Set(principal.groupIds.map((id) => id.toLowerCase()));
  const matching = acl.filter(
    (item) =>
      item.type === "group" &&
      (item.id === ""
        ? groups.has(group.toLowerCase()) || group.toLowerCase() === me
        : groups.has(item.id)),
  );
  if (matching.length > 0) return matching.some((item) => has(item.bits & mask));
  return has(own("other")?.bits ?? 0);
}

function invalid(why: string) {
  return refuse.InvalidInput({ why });
}
