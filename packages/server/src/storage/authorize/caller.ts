// Who calls and whether they may: a token with roles or access control lists, an account key, or a
// signature. Anonymous access is off.

import type { Principal } from "@callosum/contract/principal.ts";
import type { Call } from "../../http/route.ts";
import { refuse } from "../error-catalogue.ts";
import { superUser } from "../lake/acl.ts";
import { type Account, containerId, findContainer, type Service } from "../lake/container.ts";
import { findNode } from "../lake/find-node.ts";
import type { LakeHost } from "../lake/host.ts";

import { type AclQuestion, isAllowedByAcl } from "./acl-question.ts";
import { includesAddress } from "./address.ts";
import { actions, isDataAction, type Need } from "./need.ts";
import { hasSignature, type SasClaims, verifySas } from "./sas.ts";
import { verifySharedKey } from "./shared-key.ts";

export type Caller =
  | { readonly kind: "key"; readonly keyName: string }
  | { readonly kind: "sas"; readonly claims: SasClaims }
  | { readonly kind: "token"; readonly principal: Principal };

export interface Target {
  readonly service: Service;
  readonly container: string;
  readonly path: string;
}

/** Tokens are taken from this version on; without a version the service takes none. */
const tokenVersionFirst = "2017-11-09";

/** Identifies the caller or rejects with 401 or 403 as the service does. */
export async function identify(
  host: LakeHost,
  options: { account: Account; call: Call; target: Target; version: string },
): Promise<Caller> {
  const { account, call, target, version } = options;
  const { authorization } = call.headers;
  if (authorization === undefined) {
    if (!hasSignature(call.query)) throw refuse.NoAuthenticationInformation({});
    const claims = await verifySas(host, { account, call, query: call.query, target });
    return { kind: "sas", claims };
  }
  if (/^SharedKey/i.test(authorization)) {
    if (account.properties.allowSharedKeyAccess === false)
      throw refuse.KeyBasedAuthenticationNotPermitted({});
    return { kind: "key", keyName: await verifySharedKey(host, { account, call, authorization }) };
  }
  if (!/^Bearer /i.test(authorization))
    throw refuse.AuthenticationFailed({ why: "The Authorization scheme is not known." });
  if (version < tokenVersionFirst) {
    throw refuse.AuthenticationFailed({
      why: "Authentication scheme Bearer is not supported in this version.",
    });
  }
  return { kind: "token", principal: await call.principal() };
}

/** The account's own rules about networks (OpenAPI storage 2023-05-01, networkAcls). */
export function requireNetwork(account: Account, address: string): void {
  const { publicNetworkAccess, networkAcls } = account.properties;
  const isOpen = (networkAcls?.defaultAction ?? "Allow").toLowerCase() === "allow";
  const isListed = (networkAcls?.ipRules ?? []).some(({ value }) =>
    includesAddress(value, address),
  );
  if (publicNetworkAccess === "Disabled" || !(isOpen || isListed))
    throw refuse.AuthorizationFailure({});
}

/** Rejects unless the caller may; whatever is there or not, the answer is the same. */
export async function requireRight(
  host: LakeHost,
  options: {
    account: Account;
    caller: Caller;
    target: Target;
    need: Need;
    acl?: readonly AclQuestion[];
  },
): Promise<void> {
  const { account, caller, target, need, acl } = options;
  if (caller.kind === "key") return;
  if (caller.kind === "sas")
    await requireLetters(host, { account, claims: caller.claims, target, need });
  const principal = principalOf(caller);
  if (!principal) return;
  const scope = scopeOf(account, target);
  const may = (action: string) =>
    host.authorizer.allows(principal, { action, scope, data: isDataAction(action) });
  if (await may(need.action)) return;
  if (need.whenNew && (await may(need.whenNew.action)) && !(await isThere(host, account, target)))
    return;
  const reads = await may(actions.read);
  if (acl && (await allAllow(host, { account, principal, target, acl, reads }))) return;
  throw refuse.AuthorizationPermissionMismatch({});
}

async function allAllow(
  host: LakeHost,
  options: {
    account: Account;
    principal: Principal;
    target: Target;
    acl: readonly AclQuestion[];
    reads: boolean;
  },
): Promise<boolean> {
  const { account, principal, target, acl, reads } = options;
  if (!account.isHierarchical || acl.length === 0) return false;
  const { read } = host.store;
  const container = await findContainer(read, account, target.container);
  if (!container) return false;
  for (const question of acl) {
    if (!(await isAllowedByAcl(read, { container, principal, question, reads }))) return false;
  }
  return true;
}

async function requireLetters(
  host: LakeHost,
  options: { account: Account; claims: SasClaims; target: Target; need: Need },
): Promise<void> {
  const { account, claims, target, need } = options;
  if (claims.kind === "account") {
    const type = target.container === "" ? "s" : target.path === "" ? "c" : "o";
    if (!claims.resourceTypes.includes(type)) throw refuse.AuthorizationResourceTypeMismatch({});
  } else if (need.accountSasOnly) {
    throw refuse.AuthorizationPermissionMismatch({});
  }
  const has = (letters: string) =>
    [...letters].some((letter) => claims.permissions.includes(letter));
  if (has(need.sas)) return;
  if (need.whenNew && has(need.whenNew.sas) && !(await isThere(host, account, target))) return;
  throw refuse.AuthorizationPermissionMismatch({});
}

async function isThere(host: LakeHost, account: Account, target: Target): Promise<boolean> {
  const container = await findContainer(host.store.read, account, target.container);
  if (!container) return false;
  return (await findNode(host.store.read, container, target.path)) !== undefined;
}

/** Where roles are asked for: the account, the container, the blob. */
export function scopeOf(account: Account, { container, path }: Target): string {
  if (container === "") return account.id;
  const id = containerId(account, container);
  return path === "" ? id : `${id}/blobs/${path}`;
}

/** The principal whose roles count; keys and signatures made with them stand above roles. */
export function principalOf(caller: Caller): Principal | undefined {
  if (caller.kind === "token") return caller.principal;
  return caller.kind === "sas" ? caller.claims.principal : undefined;
}

/** Who owns what the caller makes. */
export function ownerOf(caller: Caller): string {
  return principalOf(caller)?.objectId ?? superUser;
}

/** How the activity log names the caller. */
export function describeCaller(caller: Caller): { name: string; objectId: string; kind: string } {
  const principal = principalOf(caller);
  if (principal) {
    const name = principal.userPrincipalName ?? principal.appId ?? principal.objectId;
    return { name, objectId: principal.objectId, kind: principal.kind };
  }
  const name = caller.kind === "key" ? `account key ${caller.keyName}` : "shared access signature";
  return { name, objectId: "", kind: "Key" };
}
