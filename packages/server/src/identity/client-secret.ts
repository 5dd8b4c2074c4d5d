// Client secrets of applications: made once, kept as a hash, compared in constant time, refused in the
// token service's own words when wrong, unknown or expired.

import { createHash, timingSafeEqual } from "node:crypto";
import type { Clock, Random } from "@callosum/contract/ports.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import { aadsts } from "./error-catalogue.ts";
import {
  type Application,
  aliasKind,
  type PasswordCredential,
  type ServicePrincipal,
} from "./object.ts";
import type { DirectoryServices } from "./services.ts";

const validYearsDefault = 2;
const hintLength = 3;

/** A new secret: the credential to store and the text to show once. */
export function createClientSecret(options: {
  random: Random;
  clock: Clock;
  displayName: string | null;
  startDateTime?: string;
  endDateTime?: string;
}): { credential: PasswordCredential; secretText: string } {
  const { random, clock, displayName } = options;
  const secretText = `${random.token(24).slice(0, 3)}8Q~${random.token(192)}`;
  const start = options.startDateTime ? new Date(options.startDateTime) : clock.now();
  const end = new Date(start);
  end.setUTCFullYear(end.getUTCFullYear() + validYearsDefault);
  return {
    secretText,
    credential: {
      keyId: random.guid(),
      displayName,
      startDateTime: start.toISOString(),
      endDateTime: options.endDateTime
        ? new Date(options.endDateTime).toISOString()
        : end.toISOString(),
      hint: secretText.slice(0, hintLength),
      hash: hashSecret(secretText),
    },
  };
}

function hashSecret(secretText: string): string {
  return createHash("sha256").update(secretText).digest("hex");
}

/** The credential that the secret is, expired or not. Compares with all, in constant time each. */
export function findCredential(
  credentials: readonly PasswordCredential[],
  secretText: string,
): PasswordCredential | undefined {
  const hash = Buffer.from(hashSecret(secretText), "hex");
  let found: PasswordCredential | undefined;
  for (const credential of credentials) {
    if (timingSafeEqual(hash, Buffer.from(credential.hash, "hex"))) found = credential;
  }
  return found;
}

/** The service principal of the application whose secret this is; an AADSTS error otherwise. */
export async function checkClientSecret(
  services: DirectoryServices,
  credential: { tenant: string; clientId: string; clientSecret: string },
): Promise<Principal> {
  const { store, clock, tenantId, domain } = services;
  const { tenant, clientId, clientSecret } = credential;
  if (![tenantId, domain].includes(tenant.toLowerCase())) throw aadsts.AADSTS90002({ tenant });
  const { read } = store;
  const servicePrincipalKey = await read.alias(aliasKind.servicePrincipalByAppId, clientId);
  const applicationKey = await read.alias(aliasKind.applicationByAppId, clientId);
  const servicePrincipal =
    servicePrincipalKey && (await read.document<ServicePrincipal>(servicePrincipalKey))?.body;
  const application = applicationKey && (await read.document<Application>(applicationKey))?.body;
  if (!servicePrincipal || servicePrincipal.servicePrincipalType === "ManagedIdentity") {
    throw aadsts.AADSTS700016({ clientId, tenant });
  }
  if (!servicePrincipal.accountEnabled) throw aadsts.AADSTS7000112({ clientId });
  const credentials = [
    ...(application ? application.passwordCredentials : []),
    ...servicePrincipal.passwordCredentials,
  ];
  const found = findCredential(credentials, clientSecret);
  if (!found) throw aadsts.AADSTS7000215({ clientId });
  const now = clock.now().toISOString();
  if (found.endDateTime <= now) throw aadsts.AADSTS7000222({ clientId });
  if (found.startDateTime > now) throw aadsts.AADSTS7000215({ clientId });
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
