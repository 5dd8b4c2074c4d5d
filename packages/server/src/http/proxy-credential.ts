// The credential that `callosum exec` puts into HTTPS_PROXY, one per run. It carries what the run may
// reach and is sealed with the proxy's key, so that it needs no registry and outlives a restart.

import { createHmac, timingSafeEqual } from "node:crypto";

export interface ProxyCredential {
  /** Names the run in refusals and logs. */
  readonly id: string;
  /** Hosts of `--allow`: `name`, `name:port`, `*.domain` or `*.domain:port`, lower case. */
  readonly allow: readonly string[];
}

/** User and password for Basic authentication; both are safe in a URL as they are. */
export function mintProxyCredential({
  key,
  credential,
}: {
  key: Uint8Array;
  credential: ProxyCredential;
}): { user: string; password: string } {
  const { id, allow } = credential;
  const user = Buffer.from(JSON.stringify({ id, allow })).toString("base64url");
  return { user, password: seal(key, user).toString("base64url") };
}

/** What `mintProxyCredential` sealed with this key; undefined for anything else. */
export function verifyProxyCredential({
  key,
  user,
  password,
}: {
  key: Uint8Array;
  user: string;
  password: string;
}): ProxyCredential | undefined {
  const given = Buffer.from(password, "base64url");
  const expected = seal(key, user);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return JSON.parse(Buffer.from(user, "base64url").toString()) as ProxyCredential;
}

function seal(key: Uint8Array, user: string): Buffer {
  return createHmac("sha256", key).update("callosum proxy credential\n").update(user).digest();
}
