// The vault's errors on the wire. Its clients send a request without a token first and read the tenant
// and the resource from the challenge, whose domain they check against the vault's host.

import type { ServiceError } from "@callosum/contract/error.ts";
import type { Origin } from "../http/plane.ts";
import type { Answer } from "../http/route.ts";
import { statusNumber } from "../http/status.ts";

export function renderVaultError(
  error: ServiceError,
  options: { origin: Origin; tenantId: string },
): Answer {
  const { code, message, status, facts } = error;
  const inner =
    typeof facts.innerCode === "string" ? { innererror: { code: facts.innerCode } } : {};
  const body = { error: { code, message, ...inner } };
  if (status !== "unauthenticated") return { status: statusNumber(status), body };
  const authority = `${options.origin.base("login")}/${options.tenantId}`;
  const challenge = `Bearer authorization="${authority}", resource="https://vault.azure.net"`;
  return {
    status: 401,
    headers: { "WWW-Authenticate": challenge },
    body: { error: { code: "Unauthorized", message, ...inner } },
  };
}
