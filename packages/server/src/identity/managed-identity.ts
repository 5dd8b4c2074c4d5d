// The managed-identity endpoint in App Service's shape, on our own origin, for processes that Callosum
// launched or `exec --as <identity>` started: a per-launch secret is bound to its identities.

import { ServiceError } from "@callosum/contract/error.ts";
import type { DirectoryPrincipal } from "@callosum/contract/ports.ts";
import type { Answer, Call, Route } from "../http/route.ts";
import { mintAccessToken } from "./access-token.ts";
import { grantedRoles } from "./granted-role.ts";
import { type IdentityGrant, verifyIdentityHeader } from "./identity-header.ts";
import { isLoopback } from "./loopback.ts";
import { findResource } from "./resource.ts";
import type { IdentityServices } from "./services.ts";

/** Azure's managed identities get tokens for a day. */
const tokenLifetimeSeconds = 86_399;

/** App Service's versions: where each has its secret and how it names a client id. */
const versions: Readonly<Record<string, { secretHeader: string; clientId: string }>> = {
  "2019-08-01": { secretHeader: "x-identity-header", clientId: "client_id" },
  "2017-09-01": { secretHeader: "secret", clientId: "clientid" },
};

/** `key` is the instance's; the launchers mint headers with it. */
export function managedIdentityRoutes(services: IdentityServices, key: Uint8Array): Route[] {
  return [
    {
      plane: "own",
      method: "GET",
      path: "/msi/token",
      source: "protocols.md 5.5",
      summary: "Tokens of managed identities, for launched processes",
      access: "public",
      async handle(call) {
        try {
          return await giveToken(services, key, call);
        } catch (error) {
          if (error instanceof ServiceError) return refusal(400, error.message);
          throw error;
        }
      },
    },
  ];
}

async function giveToken(services: IdentityServices, key: Uint8Array, call: Call): Promise<Answer> {
  const { query, headers } = call;
  const version = versions[query.get("api-version") ?? ""];
  if (!version) {
    const known = Object.keys(versions).join(", ");
    return refusal(400, `The api-version is missing or not one of ${known}.`);
  }
  const secret = headers[version.secretHeader];
  const now = services.clock.now();
  // Nobody else's requests may bear the header, should it leak.
  const grant =
    isLoopback(call.remoteAddress) && typeof secret === "string"
      ? verifyIdentityHeader({ key, header: secret, now })
      : undefined;
  if (!grant) return refusal(401, `The ${version.secretHeader} header is missing or not valid.`);
  const requested = query.get("resource");
  if (!requested) return refusal(400, "The resource parameter is missing.");
  const identity = await selectIdentity(services, { grant, query, clientId: version.clientId });
  const principal = identity && (await services.directory.asPrincipal(identity.objectId));
  if (!identity || !principal) return refusal(400, "Identity not found");
  const resource = await findResource(services, { requested, own: call.origin.own });
  const { objectId } = principal;
  const minted = await mintAccessToken(services, {
    principal,
    roles: await grantedRoles(services, { objectId, resourceAppId: resource.appId }),
    audience: resource.audience,
    version: resource.version,
    // As of a certificate: the platform vouches for the identity.
    clientProof: "2",
    resourceId: identity.resourceId,
    lifetime: tokenLifetimeSeconds,
  });
  return {
    status: 200,
    headers: { "cache-control": "no-store" },
    body: {
      access_token: minted.token,
      client_id: identity.appId,
      expires_on: String(minted.expiresOn),
      resource: requested,
      token_type: "Bearer",
    },
  };
}

/** By client, resource or principal id among those granted; without a selector the first. */
async function selectIdentity(
  { directory }: IdentityServices,
  options: { grant: IdentityGrant; query: URLSearchParams; clientId: string },
): Promise<DirectoryPrincipal | undefined> {
  const { grant, query, clientId } = options;
  const wanted = {
    appId: query.get(clientId),
    resourceId: query.get("mi_res_id") ?? query.get("msi_res_id"),
    objectId: query.get("principal_id") ?? query.get("object_id"),
  };
  const hasSelector = Object.values(wanted).some((value) => value !== null);
  if (!hasSelector) {
    return grant.principalId === undefined ? undefined : directory.principal(grant.principalId);
  }
  for (const id of [grant.principalId ?? [], grant.userAssigned].flat()) {
    const candidate = await directory.principal(id);
    const matches = Object.entries(wanted).every(
      ([property, value]) =>
        value === null ||
        candidate?.[property as keyof typeof wanted]?.toLowerCase() === value.toLowerCase(),
    );
    if (candidate && matches) return candidate;
  }
  return undefined;
}

function refusal(status: number, description: string): Answer {
  const error = status === 401 ? "unauthorized_client" : "invalid_request";
  return { status, body: { error, error_description: description } };
}
