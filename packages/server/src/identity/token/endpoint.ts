// The token endpoints, v1 and v2: each grant is one file in grant/, listed here.

import type { Call, Route } from "../../http/route.ts";
import { aadsts } from "../error-catalogue.ts";
import type { IdentityServices } from "../services.ts";
import { readTenant } from "../tenant.ts";
import { clientCredentials } from "./grant/client-credentials.ts";
import { required, type TokenRequest } from "./request.ts";

type Grant = (request: TokenRequest) => Promise<Record<string, unknown>>;

const grants: Readonly<Record<string, Grant>> = {
  client_credentials: clientCredentials,
};

const refusedGrants: Readonly<Record<string, string>> = {
  "urn:ietf:params:oauth:grant-type:jwt-bearer":
    "The on-behalf-of flow is not supported by Callosum: sign the user in to the calling application.",
};

export function tokenRoutes(services: IdentityServices): Route[] {
  return [
    tokenRoute(services, { endpointVersion: "v2", path: "/:tenant/oauth2/v2.0/token" }),
    tokenRoute(services, { endpointVersion: "v1", path: "/:tenant/oauth2/token" }),
  ];
}

function tokenRoute(
  services: IdentityServices,
  { endpointVersion, path }: Pick<TokenRequest, "endpointVersion"> & { path: string },
): Route {
  return {
    plane: "login",
    method: ["POST", "GET"],
    path,
    source: "protocols.md 5.4",
    summary: `Token endpoint ${endpointVersion}`,
    access: "public",
    body: "form",
    bodyBytesMax: 256 * 1024,
    async handle(call) {
      if (call.method === "GET") throw aadsts.AADSTS900561({});
      const tenant = readTenant(services, call.params.tenant ?? "");
      const form = (call.body as URLSearchParams | undefined) ?? new URLSearchParams();
      const body = await grantOf(form)({ services, tenant, endpointVersion, form, call });
      return { status: 200, headers: tokenHeaders(call), body };
    },
  };
}

function grantOf(form: URLSearchParams): Grant {
  const grantType = required(form, "grant_type");
  const grant = Object.hasOwn(grants, grantType) ? grants[grantType] : undefined;
  if (grant) return grant;
  const why = refusedGrants[grantType];
  throw aadsts.AADSTS70003({ grantType, ...(why ? { why } : {}) });
}

/** Tokens are never cached. */
function tokenHeaders(_call: Call): Record<string, string> {
  return { "cache-control": "no-store, no-cache", pragma: "no-cache" };
}
