// Which resource a token request is for, and which of OpenID Connect's scopes it asks: `scope` of v2,
// `resource` of v1.

import { aadsts } from "../error-catalogue.ts";
import { findResource, graphAppId, type TokenResource } from "../resource.ts";
import { required, type TokenRequest } from "./request.ts";

export interface GrantedScope {
  readonly resource: TokenResource;
  /** Delegated permissions, as in `scp`. */
  readonly permissions: string;
  /** As answered in `scope`: MSAL finds cached tokens by it. */
  readonly text: string;
  readonly wantsIdToken: boolean;
  readonly wantsRefreshToken: boolean;
}

const openIdScopes = ["openid", "profile", "offline_access", "email"];

/** The resource of an application's own token: exactly one `{resource}/.default` or `resource=`. */
export async function readApplicationScope(request: TokenRequest): Promise<TokenResource> {
  const { services, form, call } = request;
  const { own } = call.origin;
  if (request.endpointVersion === "v1") {
    return findResource(services, { requested: required(form, "resource"), own });
  }
  const scope = required(form, "scope").trim();
  const [resource, ...more] = scope.split(/\s+/).filter((item) => !openIdScopes.includes(item));
  if (!resource?.endsWith("/.default")) throw aadsts.AADSTS1002012({ scope });
  if (more.length > 0) throw aadsts.AADSTS28000({ scope });
  return findResource(services, { requested: resource.slice(0, -"/.default".length), own });
}

/** What a person's token is for, as `scope` of v2 or `resource` of v1 say. */
export async function readDelegatedScope(
  request: Pick<TokenRequest, "services" | "call" | "endpointVersion">,
  asked: { scope: string; resource: string | null },
): Promise<GrantedScope> {
  const { services, call, endpointVersion } = request;
  if (endpointVersion === "v2") return readScope(request, asked.scope);
  if (!asked.resource) throw aadsts.AADSTS900144({ parameter: "resource" });
  const { own } = call.origin;
  return {
    resource: await findResource(services, { requested: asked.resource, own }),
    permissions: "user_impersonation",
    text: "user_impersonation",
    // v1 answered both whether asked for or not.
    wantsIdToken: true,
    wantsRefreshToken: true,
  };
}

/**
 * Reads a v2 `scope`; AADSTS70011 when malformed, AADSTS28000 when of several resources. Bare names
 * (`User.Read`) and OpenID's alone are Graph's, as in Entra.
 */
export async function readScope(
  request: Pick<TokenRequest, "services" | "call">,
  scope: string,
): Promise<GrantedScope> {
  const { services, call } = request;
  const items = scope.trim().split(/\s+/).filter(Boolean);
  if (items.length === 0) throw aadsts.AADSTS900144({ parameter: "scope" });
  const wanted = items.filter((item) => !openIdScopes.includes(item));
  const permissions = wanted.map(splitPermission);
  const requested = permissions[0]?.resource ?? graphAppId;
  if (permissions.some(({ name }) => name === "")) throw aadsts.AADSTS70011({ scope });
  if (permissions.some(({ resource }) => sameResource(resource) !== sameResource(requested)))
    throw aadsts.AADSTS28000({ scope });
  const names = permissions.map(({ name }) => (name === ".default" ? "user_impersonation" : name));
  return {
    resource: await findResource(services, { requested, own: call.origin.own }),
    permissions: names.length === 0 ? "openid profile" : [...new Set(names)].join(" "),
    text: items.filter((item) => item !== "offline_access").join(" "),
    wantsIdToken: items.includes("openid") || items.includes("profile"),
    wantsRefreshToken: items.includes("offline_access"),
  };
}

function splitPermission(item: string): { resource: string; name: string } {
  const slash = item.lastIndexOf("/");
  return slash === -1
    ? { resource: graphAppId, name: item }
    : { resource: item.slice(0, slash), name: item.slice(slash + 1) };
}

function sameResource(resource: string): string {
  return resource.toLowerCase().replace(/\/$/, "");
}
