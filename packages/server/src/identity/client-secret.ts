// Client secrets of applications: made once, kept as a hash, compared in constant time, refused in the
// token service's own words when wrong, unknown or expired.

import { createHash, timingSafeEqual } from "node:crypto";
import type { Clock, Random } from "@callosum/contract/ports.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import { type Client, clientPrincipal, findClient } from "./client.ts";
import type { DirectoryServices } from "./directory-services.ts";
import { aadsts } from "./error-catalogue.ts";
import type { PasswordCredential } from "./object.ts";
import { readTenant } from "./tenant.ts";

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

/** Checks the secret; AADSTS7000215 when wrong or not yet valid, AADSTS7000222 when expired. */
export function checkClientSecret(
  client: Client,
  { clientSecret, now }: { clientSecret: string; now: Date },
): void {
  const clientId = client.appId;
  const found = findCredential(client.passwordCredentials, clientSecret);
  const nowText = now.toISOString();
  if (!found || found.startDateTime > nowText) throw aadsts.AADSTS7000215({ clientId });
  if (found.endDateTime <= nowText) throw aadsts.AADSTS7000222({ clientId });
}

/** The service principal of the application whose secret this is; an AADSTS error otherwise. */
export async function verifyClientSecret(
  services: DirectoryServices,
  credential: { tenant: string; clientId: string; clientSecret: string },
): Promise<Principal> {
  const { tenant, clientId, clientSecret } = credential;
  if (readTenant(services, tenant) !== "own") throw aadsts.AADSTS90002({ tenant });
  const client = await findClient(services, clientId);
  checkClientSecret(client, { clientSecret, now: services.clock.now() });
  return clientPrincipal(client, services.tenantId);
}
