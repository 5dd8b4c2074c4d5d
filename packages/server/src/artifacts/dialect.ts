// The plane's errors on the wire. Three services answer below one host name and each has its own
// envelope (recordings/artifacts.json): the factory's is bare, the document store's has empty fields,
// everything else is wrapped.

import type { ServiceError } from "@callosum/contract/error.ts";
import type { Answer } from "../http/route.ts";
import { statusNumber } from "../http/status.ts";

/** Set as a fact of an error that is not rendered in the wrapped form. */
export type Envelope = "bare" | "document";

export function renderSynapseError(error: ServiceError): Answer {
  const headers =
    error.status === "unauthenticated"
      ? {
          "WWW-Authenticate":
            'Bearer authorization="https://login.microsoftonline.com/", resource="https://dev.azuresynapse.net"',
        }
      : undefined;
  return {
    status: statusNumber(error.status),
    ...(headers ? { headers } : {}),
    body: errorBody(error),
  };
}

function errorBody(error: ServiceError): unknown {
  const { code, message, target, details } = error;
  const envelope = error.facts.envelope as Envelope | undefined;
  if (envelope === "bare") return { code, message };
  if (envelope === "document") {
    return { code, message, target: target ?? null, details: null, error: null };
  }
  return { error: errorFields({ code, message, target, details }) };
}

/** The inner error object: of a wrapped answer and of a Failed operation. */
export function errorFields(error: {
  code: string;
  message: string;
  target?: string | undefined;
  details?: readonly unknown[];
}): Record<string, unknown> {
  const { code, message, target, details = [] } = error;
  return {
    code,
    message,
    ...(target === undefined ? {} : { target }),
    ...(details.length === 0 ? {} : { details }),
  };
}
