// Access tokens with the claims that clients read (protocols.md 5.4): Azure's fixed issuer, `oid`,
// `tid`, `appid` or `upn`. All planes take them from here.

import type { Clock, Random } from "@callosum/contract/ports.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import type { SigningKeys } from "./signing-key.ts";

/** Seconds that an access token lives. */
export const accessTokenLifetime = 3599;

/** Azure's fixed issuers; tokens carry the first, verification accepts both. */
export function issuersOf(tenantId: string): readonly [string, string] {
  return [
    `https://sts.windows.net/${tenantId}/`,
    `https://login.microsoftonline.com/${tenantId}/v2.0`,
  ];
}

/** Mints an access token for an audience (a resource URI, no slash at the end unless asked so). */
export async function mintAccessToken(
  services: { keys: SigningKeys; clock: Clock; random: Random; tenantId: string },
  options: {
    principal: Principal;
    audience: string;
    clientId?: string;
    scope?: string;
    lifetime?: number;
  },
): Promise<{ token: string; expiresOn: number; expiresIn: number }> {
  const { keys, clock, random, tenantId } = services;
  const { principal, audience, clientId, scope, lifetime = accessTokenLifetime } = options;
  const issuedAt = Math.floor(clock.now().getTime() / 1000);
  const expiresOn = issuedAt + lifetime;
  const isUser = principal.kind === "User";
  const token = await keys.sign({
    aud: audience,
    iss: issuersOf(tenantId)[0],
    iat: issuedAt,
    nbf: issuedAt,
    exp: expiresOn,
    oid: principal.objectId,
    sub: principal.objectId,
    tid: tenantId,
    uti: random.token(128),
    ver: "1.0",
    idtyp: isUser ? "user" : "app",
    appid: clientId ?? principal.appId,
    appidacr: isUser ? "0" : "1",
    ...(isUser
      ? {
          upn: principal.userPrincipalName,
          unique_name: principal.userPrincipalName,
          name: principal.displayName,
          scp: scope ?? "user_impersonation",
        }
      : {}),
  });
  return { token, expiresOn, expiresIn: lifetime };
}
