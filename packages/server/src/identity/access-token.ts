// Access tokens with the claims that clients read (protocols.md 5.4): Azure's fixed issuers, `oid`,
// `tid`, `appid` or `upn`. All planes take them from here.

import type { Clock, Random } from "@callosum/contract/ports.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import type { SigningKeys } from "./signing-key.ts";

/** Seconds that an access token lives. */
export const accessTokenLifetime = 3599;

/** Azure's fixed issuers: of v1 tokens, of v2 tokens. Verification accepts both. */
export function issuersOf(tenantId: string): readonly [string, string] {
  return [
    `https://sts.windows.net/${tenantId}/`,
    `https://login.microsoftonline.com/${tenantId}/v2.0`,
  ];
}

export interface AccessTokenOptions {
  readonly principal: Principal;
  /** A resource URI as requested, or the application id of a resource that wants v2 tokens. */
  readonly audience: string;
  /** The client that asked; the principal's own application unless given. */
  readonly clientId?: string;
  /** Delegated permissions (`scp`) of a user's token. */
  readonly scope?: string;
  /** Application permissions that the principal was granted on the resource. */
  readonly roles?: readonly string[];
  /** How the client proved itself: 0 not at all, 1 by secret, 2 by certificate. */
  readonly clientProof?: "0" | "1" | "2";
  /** For managed identities: the resource that the identity belongs to. */
  readonly resourceId?: string | undefined;
  readonly version?: "1.0" | "2.0";
  /** Seconds. */
  readonly lifetime?: number;
}

/** Mints an access token; `expiresOn` is in seconds since 1970. */
export async function mintAccessToken(
  services: { keys: SigningKeys; clock: Clock; random: Random; tenantId: string },
  options: AccessTokenOptions,
): Promise<{ token: string; expiresOn: number; expiresIn: number }> {
  const { keys, clock, random, tenantId } = services;
  const { principal, audience, lifetime = accessTokenLifetime, version = "1.0" } = options;
  const issuedAt = Math.floor(clock.now().getTime() / 1000);
  const expiresOn = issuedAt + lifetime;
  const [issuerV1, issuerV2] = issuersOf(tenantId);
  const token = await keys.sign({
    aud: audience,
    iss: version === "1.0" ? issuerV1 : issuerV2,
    iat: issuedAt,
    nbf: issuedAt,
    exp: expiresOn,
    oid: principal.objectId,
    sub: principal.objectId,
    tid: tenantId,
    uti: random.token(128),
    ver: version,
    ...clientClaims(options, version),
    ...(principal.kind === "User" ? userClaims(options, version) : applicationClaims(options)),
  });
  return { token, expiresOn, expiresIn: lifetime };
}

function clientClaims(options: AccessTokenOptions, version: string): Record<string, unknown> {
  const { principal } = options;
  const clientId = options.clientId ?? principal.appId;
  const proof = options.clientProof ?? (principal.kind === "User" ? "0" : "1");
  return version === "1.0"
    ? { appid: clientId, appidacr: proof }
    : { azp: clientId, azpacr: proof };
}

function userClaims(options: AccessTokenOptions, version: string): Record<string, unknown> {
  const { userPrincipalName, displayName } = options.principal;
  return {
    idtyp: "user",
    name: displayName,
    scp: options.scope ?? "user_impersonation",
    ...(version === "1.0"
      ? { upn: userPrincipalName, unique_name: userPrincipalName, amr: ["pwd"] }
      : { preferred_username: userPrincipalName }),
  };
}

function applicationClaims(options: AccessTokenOptions): Record<string, unknown> {
  const { roles = [], resourceId } = options;
  return {
    idtyp: "app",
    ...(roles.length > 0 ? { roles } : {}),
    ...(resourceId === undefined ? {} : { xms_mirid: resourceId }),
  };
}
