// The plane's errors on the wire: MachineLearningServiceError (protocols.md 1.2).

import type { ServiceError } from "@callosum/contract/error.ts";
import type { Answer } from "../http/route.ts";
import { statusNumber } from "../http/status.ts";

export function renderMachineLearningError(error: ServiceError): Answer {
  const { code, message, target, details } = error;
  const body = {
    error: { code, message, ...(target ? { target } : {}), details },
  };
  const headers = error.status === "unauthenticated" ? { "WWW-Authenticate": "Bearer" } : undefined;
  return { status: statusNumber(error.status), ...(headers ? { headers } : {}), body };
}
