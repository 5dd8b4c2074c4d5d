// Which resource a token request is for, and which of OpenID Connect's scopes it asks: `scope` of v2,
// `resource` of v1.

import { aadsts } from "../error-catalogue.ts";
import { findResource, graphAppId, type TokenResource } from "../resource.ts";
import { required, type TokenRequest } from "./request.ts";

export interface GrantedScope {
  /** Undefined when only an id token is asked for. */
  readonly resource: TokenResource | undefined;
  /** Delegated permissions, as in `scp`. */
  readonly permissions: string;
  /** As answered in `scope`. */
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

/** What a person's sign-in is for. Bare names (`User.Read`) are Graph's, as in Entra. */
export async function readDelegatedScope(request: TokenRequest): Promise<GrantedScope> {
  const { form, endpointVersion, services, call } = request;
  if (endpointVersion === "v2") return readScope(request, form.get("scope") ?? "");
  const requested = form.get("resource");
  const resource = requested
    ? await findResource(services, { requested, own: call.origin.own })
    : undefined;
  const scope = (form.get("scope") ?? "").split(/\s+/);
  return {
    resource,
    permissions: "user_impersonation",
    text: "user_impersonation",
    wantsIdToken: scope.includes("openid"),
    // v1 always answered one.
    wantsRefreshToken: true,
  };
}

/** Reads a v2 `scope`; AADSTS70011 when malformed, AADSTS28000 when of several resources. */
export async function readScope(
  request: Pick<TokenRequest, "services" | "call">,
  scope: string,
): Promise<GrantedScope> {
  const { services, call } = request;
  const items = scope.trim().split(/\s+/).filter(Boolean);
  if (items.length === 0) throw aadsts.AADSTS900144({ parameter: "scope" });
  const permissions = items.filter((item) => !openIdScopes.includes(item)).map(splitPermission);
  const [first] = permissions;
  if (permissions.some(({ name }) => name === "")) throw aadsts.AADSTS70011({ scope });
  if (permissions.some(({ resource }) => sameResource(resource) !== sameResource(first?.resource)))
    throw aadsts.AADSTS28000({ scope });
  const names = permissions.map(({ name }) => (name === ".default" ? "user_impersonation" : name));
  return {
    resource: first
      ? await findResource(services, { requested: first.resource, own: call.origin.own })
      : undefined,
    permissions: [...new Set(names)].join(" "),
    text: items.join(" "),
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

function sameResource(resource: string | undefined): string | undefined {
  return resource?.toLowerCase().replace(/\/$/, "");
}
