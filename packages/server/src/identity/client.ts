// The application that a token request names: its registration, its service principal in the tenant,
// and how it may prove itself.

import type { Principal } from "@callosum/contract/principal.ts";
import type { DirectoryServices } from "./directory-services.ts";
import { aadsts } from "./error-catalogue.ts";
import { firstPartyClients } from "./first-party-client.ts";
import {
  type Application,
  aliasKind,
  type KeyCredential,
  type PasswordCredential,
  type ServicePrincipal,
} from "./object.ts";

export interface Client {
  readonly appId: string;
  readonly servicePrincipal: ServicePrincipal;
  /** Undefined for first-party clients: their registration is Microsoft's. */
  readonly application: Application | undefined;
  /** Whether the device code and password grants work without a secret. */
  readonly isPublic: boolean;
  readonly passwordCredentials: readonly PasswordCredential[];
  readonly keyCredentials: readonly KeyCredential[];
}

/**
 * The client by application id. AADSTS700016 when unknown, AADSTS7000229 when registered without a
 * service principal, AADSTS7000112 when disabled. Managed identities are no clients.
 */
export async function findClient(services: DirectoryServices, clientId: string): Promise<Client> {
  const { read } = services.store;
  const tenant = services.tenantId;
  const servicePrincipalKey = await read.alias(aliasKind.servicePrincipalByAppId, clientId);
  const applicationKey = await read.alias(aliasKind.applicationByAppId, clientId);
  const servicePrincipal =
    servicePrincipalKey === undefined
      ? undefined
      : (await read.document<ServicePrincipal>(servicePrincipalKey))?.body;
  const application =
    applicationKey === undefined
      ? undefined
      : (await read.document<Application>(applicationKey))?.body;
  if (!servicePrincipal) {
    throw application
      ? aadsts.AADSTS7000229({ clientId, tenant })
      : aadsts.AADSTS700016({ clientId, tenant });
  }
  const firstParty = firstPartyClients.find(({ appId }) => appId === servicePrincipal.appId);
  const isService = firstParty !== undefined && !firstParty.isPublicClient;
  if (isService || servicePrincipal.servicePrincipalType === "ManagedIdentity") {
    throw aadsts.AADSTS700016({ clientId, tenant });
  }
  if (!servicePrincipal.accountEnabled) throw aadsts.AADSTS7000112({ clientId });
  const passwordCredentials = [
    ...(application?.passwordCredentials ?? []),
    ...servicePrincipal.passwordCredentials,
  ];
  const keyCredentials = application?.keyCredentials ?? [];
  return {
    appId: servicePrincipal.appId,
    servicePrincipal,
    application,
    isPublic: firstParty !== undefined || application?.settings.isFallbackPublicClient === true,
    passwordCredentials,
    keyCredentials,
  };
}

/** The client itself as a principal; its groups are resolved where tokens are verified. */
export function clientPrincipal(client: Client, tenantId: string): Principal {
  const { servicePrincipal } = client;
  return {
    objectId: servicePrincipal.id,
    tenantId,
    kind: "ServicePrincipal",
    appId: servicePrincipal.appId,
    userPrincipalName: undefined,
    displayName: servicePrincipal.displayName,
    groupIds: [],
  };
}
