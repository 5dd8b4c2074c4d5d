// Who calls: what a verified access token, a session or a managed identity amounts to.

export type PrincipalKind = "User" | "ServicePrincipal" | "ManagedIdentity";

export interface Principal {
  readonly objectId: string;
  readonly tenantId: string;
  readonly kind: PrincipalKind;
  /** Application (client) id for applications and managed identities. */
  readonly appId: string | undefined;
  readonly userPrincipalName: string | undefined;
  readonly displayName: string;
  /** Object ids of the groups that the principal is in, transitively. */
  readonly groupIds: readonly string[];
}

/** How messages name a caller: user principal name, else client id. */
export function clientName(principal: Principal): string {
  return principal.userPrincipalName ?? principal.appId ?? principal.objectId;
}
