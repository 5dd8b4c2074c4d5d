// The token endpoints, v1 and v2: each grant is one file in grant/, listed here.

import type { Route } from "../../http/route.ts";
import { findClient } from "../client.ts";
import { aadsts } from "../error-catalogue.ts";
import { registered } from "../redirect.ts";
import type { SignInServices } from "../sign-in/services.ts";
import { readTenant } from "../tenant.ts";
import { authorizationCode } from "./grant/authorization-code.ts";
import { clientCredentials } from "./grant/client-credentials.ts";
import { deviceCode } from "./grant/device-code.ts";
import { password } from "./grant/password.ts";
import { refreshToken } from "./grant/refresh-token.ts";
import { required, type TokenRequest } from "./request.ts";

type Grant = (request: TokenRequest) => Promise<Record<string, unknown>>;

const grants: Readonly<Record<string, Grant>> = {
  authorization_code: authorizationCode,
  client_credentials: clientCredentials,
  device_code: deviceCode,
  password,
  refresh_token: refreshToken,
  "urn:ietf:params:oauth:grant-type:device_code": deviceCode,
};

const refusedGrants: Readonly<Record<string, string>> = {
  "urn:ietf:params:oauth:grant-type:jwt-bearer":
    "The on-behalf-of flow is not supported by Callosum: sign the user in to the calling application.",
};

export function tokenRoutes(services: SignInServices): Route[] {
  return [
    tokenRoute(services, { endpointVersion: "v2", path: "/:tenant/oauth2/v2.0/token" }),
    tokenRoute(services, { endpointVersion: "v1", path: "/:tenant/oauth2/token" }),
  ];
}

function tokenRoute(
  services: SignInServices,
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
      const request = { services, tenant, endpointVersion, form, call };
      const cors = await scriptHeaders(request);
      const body = await grantOf(form)(request);
      return { status: 200, headers: { ...uncached, ...cors }, body };
    },
  };
}

const uncached = { "cache-control": "no-store, no-cache", pragma: "no-cache" };

/**
 * Scripts of other origins are heard only where the client registered them as a single-page
 * application: no web page may try passwords or secrets through a visitor's browser.
 */
async function scriptHeaders({
  services,
  form,
  call,
}: TokenRequest): Promise<Record<string, string>> {
  const { origin, host } = call.headers;
  if (origin === undefined || URL.parse(origin)?.host === host) return {};
  const client = await findClient(services, required(form, "client_id"));
  const isScripts = registered(client, "spa").some((uri) => URL.parse(uri)?.origin === origin);
  if (!isScripts) throw aadsts.AADSTS9002326({ origin });
  return { "access-control-allow-origin": origin, vary: "origin" };
}

function grantOf(form: URLSearchParams): Grant {
  const grantType = required(form, "grant_type");
  const grant = Object.hasOwn(grants, grantType) ? grants[grantType] : undefined;
  if (grant) return grant;
  const why = Object.hasOwn(refusedGrants, grantType) ? refusedGrants[grantType] : undefined;
  throw aadsts.AADSTS70003({ grantType, ...(why ? { why } : {}) });
}
