// What a person's client gets: access token, id token, refresh token, and the `client_info` by which
// MSAL keys its cache (protocols.md 5.4).

import { createHash } from "node:crypto";
import type { Origin } from "../../http/plane.ts";
import { issuersOf, mintAccessToken } from "../access-token.ts";
import type { User } from "../object.ts";
import { passwordStamp, ticketId, ticketKind } from "../ticket.ts";
import type { AuthenticatedClient } from "./client-authentication.ts";
import type { TokenRequest } from "./request.ts";
import type { GrantedScope } from "./scope.ts";
import { tokenAnswer } from "./token-answer.ts";

export interface RefreshBody {
  readonly clientId: string;
  readonly objectId: string;
  readonly stamp: string;
  /** What one sign-in led to; ends as a whole when its code is used twice. */
  readonly family: string;
  readonly scope: string;
  readonly resource: string | null;
  readonly signedInMs: number;
  /** Whether the client proved itself: then it must again. */
  readonly isProved: boolean;
  /** When a browser script's tokens end whatever happens: a day after sign-in, as in Entra. */
  readonly endsMs: number | null;
}

export interface UserGrant {
  readonly client: AuthenticatedClient;
  readonly user: User;
  readonly granted: GrantedScope;
  readonly scope: string;
  readonly resource: string | null;
  readonly nonce: string | null;
  readonly signedInMs: number;
  readonly family: string;
  /** For browser scripts: when refreshing ends, ms since 1970. */
  readonly endsMs: number | null;
}

const refreshLifetimeMs = 90 * 24 * 3600 * 1000;
export const scriptRefreshLifetimeMs = 24 * 3600 * 1000;

/** Issues everything that the grant entitles to. */
export async function issueUserTokens(
  request: TokenRequest,
  grant: UserGrant,
): Promise<Record<string, unknown>> {
  const { services, call, endpointVersion } = request;
  const { client, user, granted } = grant;
  const { resource } = granted;
  const minted = await mintAccessToken(services, {
    principal: {
      objectId: user.id,
      tenantId: services.tenantId,
      kind: "User",
      appId: undefined,
      userPrincipalName: user.userPrincipalName,
      displayName: user.displayName,
      groupIds: [],
    },
    audience: resource.audience,
    version: resource.version,
    clientId: client.appId,
    clientProof: client.proof,
    scope: granted.permissions,
  });
  const info = { uid: user.id, utid: services.tenantId };
  return {
    ...tokenAnswer(request, { minted, audience: resource.audience }),
    scope: granted.text,
    ...(granted.wantsRefreshToken
      ? { refresh_token: await issueRefreshToken(request, grant) }
      : {}),
    ...(granted.wantsIdToken ? { id_token: await mintIdToken(request, grant, call.origin) } : {}),
    ...(endpointVersion === "v2"
      ? { client_info: Buffer.from(JSON.stringify(info)).toString("base64url") }
      : {}),
  };
}

/** Of id tokens and in metadata: follows the request's host. */
export function idTokenIssuer(
  { origin, tenant }: { origin: Origin; tenant: string },
  version: "v1" | "v2",
): string {
  if (version === "v2") return `${origin.base("login")}/${tenant}/v2.0`;
  return origin.form === "host" ? issuersOf(tenant)[0] : `${origin.base("login")}/${tenant}/`;
}

async function mintIdToken(
  { services, endpointVersion }: TokenRequest,
  { client, user, nonce, signedInMs }: UserGrant,
  origin: Origin,
): Promise<string> {
  const { keys, clock, random, tenantId } = services;
  const issuedAt = Math.floor(clock.now().getTime() / 1000);
  const { id, displayName, userPrincipalName, mail } = user;
  return keys.sign({
    aud: client.appId,
    iss: idTokenIssuer({ origin, tenant: tenantId }, endpointVersion),
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + 3600,
    auth_time: Math.floor(signedInMs / 1000),
    name: displayName,
    oid: id,
    sub: createHash("sha256").update(`${id}\n${client.appId}`).digest("base64url"),
    tid: tenantId,
    uti: random.token(128),
    ...(mail === null ? {} : { email: mail }),
    ...(nonce === null ? {} : { nonce }),
    ...(endpointVersion === "v2"
      ? { ver: "2.0", preferred_username: userPrincipalName }
      : { ver: "1.0", upn: userPrincipalName, unique_name: userPrincipalName, amr: ["pwd"] }),
  });
}

async function issueRefreshToken({ services }: TokenRequest, grant: UserGrant): Promise<string> {
  const { store, clock, random } = services;
  const { client, user, scope, resource, signedInMs, family, endsMs } = grant;
  const secret = random.token(512);
  const body: RefreshBody = {
    clientId: client.appId,
    objectId: user.id,
    stamp: passwordStamp(user),
    family,
    scope,
    resource,
    signedInMs,
    isProved: client.proof !== "0",
    endsMs,
  };
  const expiresMs = endsMs ?? clock.now().getTime() + refreshLifetimeMs;
  await store.transaction(async (writer) => {
    await writer.putTicket({
      kind: ticketKind.refreshToken,
      id: ticketId(secret),
      expiresMs,
      body,
    });
    await writer.putTicket({ kind: ticketKind.refreshFamily, id: family, expiresMs, body: {} });
  });
  return secret;
}
