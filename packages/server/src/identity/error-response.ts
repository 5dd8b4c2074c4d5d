// The token service's errors on the wire: `error`, and an `error_description` that ends in the ids
// by which support would find the request (protocols.md 5.4).

import type { ErrorStatus, ServiceError } from "@callosum/contract/error.ts";
import type { Answer, Call } from "../http/route.ts";
import { statusNumber } from "../http/status.ts";
import { oauthErrorOf } from "./error-catalogue.ts";

export interface ErrorContext {
  readonly now: Date;
  readonly traceId: string;
  readonly correlationId: string;
  readonly loginBase: string;
}

/** For errors of other catalogues. */
const oauthErrorByStatus: Partial<Record<ErrorStatus, string>> = {
  forbidden: "access_denied",
  internal: "server_error",
  unauthenticated: "invalid_token",
};

/** `error` and `error_description` for a redirect's query or a token endpoint's body. */
export function describeTokenError(
  error: ServiceError,
  context: ErrorContext,
): { error: string; error_description: string } {
  const { now, traceId, correlationId } = context;
  return {
    error: oauthErrorOf(error.code) ?? oauthErrorByStatus[error.status] ?? "invalid_request",
    error_description: [
      `${error.code}: ${error.message}`,
      `Trace ID: ${traceId}`,
      `Correlation ID: ${correlationId}`,
      `Timestamp: ${timestamp(now)}`,
    ].join("\r\n"),
  };
}

export function renderTokenError(error: ServiceError, context: ErrorContext): Answer {
  const number = /^AADSTS(\d+)$/.exec(error.code)?.[1];
  return {
    status: statusNumber(error.status),
    body: {
      ...describeTokenError(error, context),
      ...(number === undefined ? {} : { error_codes: [Number(number)] }),
      timestamp: timestamp(context.now),
      trace_id: context.traceId,
      correlation_id: context.correlationId,
      ...(number === undefined ? {} : { error_uri: `${context.loginBase}/error?code=${number}` }),
    },
  };
}

/** `2026-01-01 00:00:00Z` */
function timestamp(now: Date): string {
  return `${now.toISOString().slice(0, 19).replace("T", " ")}Z`;
}

/** The id that the client gave its request, in a header or, MSAL, in the query. */
export function clientRequestId({
  headers,
  query,
}: Pick<Call, "headers"> & { query?: URLSearchParams }): string | undefined {
  const sent = headers["client-request-id"] ?? query?.get("client-request-id");
  return typeof sent === "string" && /^[0-9a-f-]{36}$/i.test(sent) ? sent : undefined;
}
