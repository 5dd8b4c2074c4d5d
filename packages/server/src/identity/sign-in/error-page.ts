// Errors that a person sees, because they can't be sent to the client that caused them.

import { ServiceError } from "@callosum/contract/error.ts";
import type { Answer, Call } from "../../http/route.ts";
import { statusNumber } from "../../http/status.ts";
import { clientRequestId, type ErrorContext } from "../error-response.ts";
import type { IdentityServices } from "../services.ts";
import { html, renderPage } from "./page.ts";

export function errorContext(services: IdentityServices, call: Call): ErrorContext {
  return {
    now: services.clock.now(),
    traceId: call.requestId,
    correlationId: clientRequestId(call) ?? call.requestId,
    loginBase: call.origin.base("login"),
  };
}

/** Runs a page's work; known errors become a page. */
export async function showErrors(
  services: IdentityServices,
  call: Call,
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const { traceId, now } = errorContext(services, call);
    return renderPage({
      title: "Sign-in is not possible",
      status: statusNumber(error.status),
      content: html`<p role="alert">${error.code}: ${error.message}</p>
<p><small>Request ${traceId}, ${now.toISOString()}</small></p>`,
    });
  }
}
