// What clients read before they ask for a token: OpenID metadata, keys, instance discovery, user
// realm. URLs have the form of the request; `issuer` follows the request's host, as MSAL validates.

import type { Call, Route } from "../http/route.ts";
import type { IdentityServices } from "./services.ts";
import { readTenant } from "./tenant.ts";
import { idTokenIssuer } from "./token/user-tokens.ts";

const source = "protocols.md 5.4";
/** Browsers' clients read these from other origins. */
const headers = { "access-control-allow-origin": "*", "cache-control": "max-age=86400, private" };

export function metadataRoutes(services: IdentityServices): Route[] {
  return [
    get("/:tenant/v2.0/.well-known/openid-configuration", "OpenID metadata v2", (call) =>
      openIdConfiguration(services, call, "v2.0"),
    ),
    get("/:tenant/.well-known/openid-configuration", "OpenID metadata v1", (call) =>
      openIdConfiguration(services, call, undefined),
    ),
    get("/:tenant/discovery/v2.0/keys", "Public signing keys", () => keys(services)),
    get("/:tenant/discovery/keys", "Public signing keys", () => keys(services)),
    get("/:tenant/discovery/instance", "Authorities that are one", async (call) =>
      instanceDiscovery(services, call),
    ),
    get("/:tenant/userrealm/:user", "How a user signs in", async (call) =>
      userRealm(services, call),
    ),
  ];
}

function get(path: string, summary: string, answer: (call: Call) => Promise<unknown>): Route {
  return {
    plane: "login",
    method: "GET",
    path,
    source,
    summary,
    access: "public",
    handle: async (call) => ({ status: 200, headers, body: await answer(call) }),
  };
}

async function keys({ keys: signingKeys }: IdentityServices): Promise<unknown> {
  return { keys: await signingKeys.publicKeys() };
}

async function openIdConfiguration(
  services: IdentityServices,
  call: Call,
  version: "v2.0" | undefined,
): Promise<unknown> {
  const segment = call.params.tenant ?? "";
  const isOwn = readTenant(services, segment) === "own";
  const base = call.origin.base("login");
  // As in Entra, addresses name the tenant that was asked for, by id where it is one.
  const tenant = isOwn ? services.tenantId : segment.toLowerCase();
  const issuerTenant = isOwn ? services.tenantId : "{tenantid}";
  const oauth = `${base}/${tenant}/oauth2${version ? `/${version}` : ""}`;
  return {
    token_endpoint: `${oauth}/token`,
    token_endpoint_auth_methods_supported: [
      "client_secret_post",
      "private_key_jwt",
      "client_secret_basic",
    ],
    jwks_uri: `${base}/${tenant}/discovery${version ? `/${version}` : ""}/keys`,
    response_modes_supported: ["query", "fragment", "form_post"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    code_challenge_methods_supported: ["S256"],
    issuer: idTokenIssuer({ origin: call.origin, tenant: issuerTenant }, version ? "v2" : "v1"),
    request_uri_parameter_supported: false,
    authorization_endpoint: `${oauth}/authorize`,
    device_authorization_endpoint: `${oauth}/devicecode`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${oauth}/logout`,
    claims_supported: [
      ...["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "preferred_username"],
      ...["name", "tid", "ver", "oid", "upn"],
    ],
    tenant_region_scope: "EU",
    cloud_instance_name: "microsoftonline.com",
    msgraph_host: "graph.microsoft.com",
    rbac_url: "https://pas.windows.net",
  };
}

function instanceDiscovery(services: IdentityServices, call: Call): unknown {
  const base = call.origin.base("login");
  const requested = URL.parse(call.query.get("authorization_endpoint") ?? "");
  const tenant = requested?.pathname.split("/")[1] ?? "common";
  const own = new URL(call.origin.own).host;
  const azure = ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com"];
  return {
    tenant_discovery_endpoint: `${base}/${tenant || services.tenantId}/v2.0/.well-known/openid-configuration`,
    "api-version": "1.1",
    metadata: [
      {
        preferred_network: "login.microsoftonline.com",
        preferred_cache: "login.windows.net",
        aliases: [...azure, "sts.windows.net"],
      },
      { preferred_network: own, preferred_cache: own, aliases: [own] },
    ],
  };
}

/** Every user of the directory is managed here; v1 and v2 spell it differently. */
function userRealm(services: IdentityServices, call: Call): unknown {
  const login = call.params.user ?? "";
  const domain = login.split("@")[1]?.toLowerCase() ?? "";
  const isManaged = domain === services.domain;
  const cloud = {
    cloud_instance_name: "microsoftonline.com",
    cloud_audience_urn: "urn:federation:MicrosoftOnline",
  };
  if (call.query.get("api-version") === "2.0") {
    return {
      NameSpaceType: isManaged ? "Managed" : "Unknown",
      Login: login,
      ...(isManaged ? { DomainName: domain, FederationBrandName: "Callosum" } : {}),
      CloudInstanceName: cloud.cloud_instance_name,
      cloud_audience_urn: cloud.cloud_audience_urn,
    };
  }
  return {
    ver: "1.0",
    account_type: isManaged ? "Managed" : "Unknown",
    ...(isManaged ? { domain_name: domain } : {}),
    ...cloud,
  };
}
