// The plane's errors on the wire.

import type { ServiceError } from "@callosum/contract/error.ts";
import type { Answer } from "../http/route.ts";
import { statusNumber } from "../http/status.ts";

export function renderSynapseError(error: ServiceError): Answer {
  const { code, message } = error;
  return { status: statusNumber(error.status), body: { error: { code, message } } };
}
