// The secret of IDENTITY_HEADER: bound to the identities that a launched process may be, sealed with
// a key derived from the instance's, so that it needs no registry and outlives a restart. Whoever
// launches mints it; managed-identity.ts checks it.

import { createHmac, timingSafeEqual } from "node:crypto";

export interface IdentityGrant {
  /** The identity without a selector: system-assigned, or what `exec --as` names. */
  readonly principalId: string | undefined;
  /** Identities that the process selects by client, resource or principal id. */
  readonly userAssigned: readonly string[];
  /** ms since 1970. */
  readonly expiresMs: number;
}

/** `key` is the instance's. The text is safe in a header and an environment variable. */
export function mintIdentityHeader({
  key,
  grant,
}: {
  key: Uint8Array;
  grant: IdentityGrant;
}): string {
  const payload = Buffer.from(JSON.stringify(grant)).toString("base64url");
  return `${payload}.${seal(key, payload).toString("base64url")}`;
}

/** What `mintIdentityHeader` sealed with this key, unless expired; undefined for anything else. */
export function verifyIdentityHeader({
  key,
  header,
  now,
}: {
  key: Uint8Array;
  header: string;
  now: Date;
}): IdentityGrant | undefined {
  const [payload = "", mac = ""] = header.split(".");
  const given = Buffer.from(mac, "base64url");
  const expected = seal(key, payload);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const grant = JSON.parse(Buffer.from(payload, "base64url").toString()) as IdentityGrant;
  return grant.expiresMs > now.getTime() ? grant : undefined;
}

function seal(key: Uint8Array, payload: string): Buffer {
  return createHmac("sha256", key).update("callosum identity header\n").update(payload).digest();
}
