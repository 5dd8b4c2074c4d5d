// Which addresses an application may register: where sign-in sends codes to, and what its tokens are
// for. Entra's rules, because a loose one here would hand codes to strangers.

import { bad, isObject } from "./body.ts";

const loopbackHosts = ["localhost", "127.0.0.1", "[::1]"];
const urisMax = 256;
const uriLengthMax = 256;

/**
 * Checks `{redirectUris: […]}` of a platform: https, or http on loopback; custom schemes for public
 * clients only. No fragments, no wildcards.
 */
export function requireRedirectUris(platform: string, value: unknown): void {
  if (value === undefined || value === null) return;
  const uris = isObject(value) ? (value.redirectUris ?? []) : undefined;
  if (!Array.isArray(uris) || uris.length > urisMax) {
    throw bad(`Invalid value specified for property 'redirectUris' of '${platform}'.`);
  }
  for (const uri of uris) {
    if (typeof uri !== "string" || !isAllowed(platform, uri)) {
      throw bad(`Reply URL '${String(uri).slice(0, uriLengthMax)}' of '${platform}' is not valid.`);
    }
  }
}

function isAllowed(platform: string, uri: string): boolean {
  const url = uri.length <= uriLengthMax ? URL.parse(uri) : null;
  if (!url || uri.includes("#") || uri.includes("*")) return false;
  if (url.username !== "" || url.password !== "") return false;
  if (url.protocol === "https:") return true;
  if (url.protocol === "http:") return loopbackHosts.includes(url.hostname);
  const isScript = ["javascript:", "data:", "vbscript:", "file:", "blob:", "about:"].includes(
    url.protocol,
  );
  return platform === "publicClient" && !isScript;
}

/** `api://` with the application's or tenant's id, or an address in the tenant's verified domain. */
export function requireIdentifierUris(
  uris: readonly string[],
  owner: { appId: string; domain: string; tenantId: string },
): void {
  for (const uri of uris) {
    const url = URL.parse(uri);
    const host = url?.host.toLowerCase() ?? "";
    const isOwnApi =
      url?.protocol === "api:" &&
      [owner.appId, owner.tenantId, owner.domain].some(
        (name) => host === name || host.endsWith(`.${name}`) || uri.toLowerCase().includes(name),
      );
    const isVerified =
      url?.protocol === "https:" && (host === owner.domain || host.endsWith(`.${owner.domain}`));
    if (isOwnApi || isVerified) continue;
    throw bad(
      "Values of identifierUris property must use a verified domain of the organization or its subdomain, or api:// with the application id.",
    );
  }
}
