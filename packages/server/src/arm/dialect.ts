// The resource manager's errors on the wire (protocols.md general rules).

import type { ServiceError } from "@callosum/contract/error.ts";
import type { Origin } from "../http/plane.ts";
import type { Answer } from "../http/route.ts";
import { statusNumber } from "../http/status.ts";

export function renderArmError(
  error: ServiceError,
  options: { origin: Origin; tenantId: string },
): Answer {
  const { code, message, target, details, status } = error;
  const body = {
    error: {
      code,
      message,
      ...(target ? { target } : {}),
      ...(details.length > 0 ? { details } : {}),
    },
  };
  if (status !== "unauthenticated") return { status: statusNumber(status), body };
  const authority = `${options.origin.base("login")}/${options.tenantId}`;
  const challenge = `Bearer authorization_uri="${authority}", error="invalid_token", error_description="${message.replaceAll('"', "'")}"`;
  return { status: 401, headers: { "WWW-Authenticate": challenge }, body };
}
