// The token service's errors. The code is the AADSTS number; `oauth` is what the `error` field says.

import { defineErrors, type ErrorStatus } from "@callosum/contract/error.ts";

const source = "protocols.md 5.4";

function row<Facts>(status: ErrorStatus, text: (facts: Facts) => string) {
  return { status, source, text };
}

export const aadsts = defineErrors({
  AADSTS700016: row(
    "badRequest",
    (facts: { clientId: string; tenant: string }) =>
      `Application with identifier '${facts.clientId}' was not found in the directory '${facts.tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
  ),
  AADSTS7000215: row(
    "unauthenticated",
    (facts: { clientId: string }) =>
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${facts.clientId}'.`,
  ),
  AADSTS7000222: row(
    "unauthenticated",
    (facts: { clientId: string }) =>
      `The provided client secret keys for app '${facts.clientId}' are expired. Create new keys for the app, or consider using certificate credentials for added security.`,
  ),
  AADSTS7000112: row(
    "unauthenticated",
    (facts: { clientId: string }) => `Application '${facts.clientId}' is disabled.`,
  ),
  AADSTS90002: row(
    "badRequest",
    (facts: { tenant: string }) =>
      `Tenant '${facts.tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`,
  ),
});
