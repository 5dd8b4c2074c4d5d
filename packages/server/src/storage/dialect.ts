// Errors on the wire: XML at the blob endpoint, JSON at the Data Lake one, the code in a header at both
// (learn.microsoft.com: Status and error codes). HEAD has no body, so there the header is all.

import type { ServiceError } from "@callosum/contract/error.ts";
import type { Clock } from "@callosum/contract/ports.ts";
import type { Answer } from "../http/route.ts";
import { statusNumber } from "../http/status.ts";
import { escapeXml } from "./wire/xml.ts";

/** Codes of the verifier of tokens and of the shared catalogue, in this service's words. */
const renamed: Readonly<Record<string, { code: string; message: string }>> = {
  InvalidAuthenticationToken: invalidToken(),
  InvalidAuthenticationTokenAudience: invalidToken(),
  ExpiredAuthenticationToken: invalidToken(),
  InternalServerError: {
    code: "InternalError",
    message: "The server encountered an internal error. Please retry the request.",
  },
};

function invalidToken() {
  return {
    code: "InvalidAuthenticationInfo",
    message:
      "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.",
  };
}

export interface FailedCall {
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export function createStorageDialect(options: { clock: Clock; tenantId: string }) {
  return (error: ServiceError, call: FailedCall): Answer => {
    const { code, message } = renamed[error.code] ?? error;
    const status = statusNumber(error.status);
    const text = `${message}\nRequestId:${call.requestId}\nTime:${options.clock.now().toISOString()}`;
    const headers: Record<string, string> = { "x-ms-error-code": code, ...versionOf(call) };
    if (status === 401) {
      headers["www-authenticate"] =
        `Bearer authorization_uri=https://login.microsoftonline.com/${options.tenantId}/oauth2/authorize resource_id=https://storage.azure.com`;
    }
    if (call.method === "HEAD") return { status, headers };
    if (/^\/[^/]*\/dfs(?:[/?]|$)/i.test(call.path)) {
      return {
        status,
        headers: { ...headers, "content-type": "application/json;charset=utf-8" },
        body: JSON.stringify({ error: { code, message: text } }),
      };
    }
    return {
      status,
      headers: { ...headers, "content-type": "application/xml" },
      body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${escapeXml(text)}</Message>${details(error)}</Error>`,
    };
  };
}

function details({ code, facts }: ServiceError): string {
  const { why, name, value } = facts;
  if (code === "AuthenticationFailed" && typeof why === "string")
    return `<AuthenticationErrorDetail>${escapeXml(why)}</AuthenticationErrorDetail>`;
  const element = /Header/.test(code) ? "HeaderName" : "QueryParameterName";
  if (typeof name !== "string") return "";
  const valueElement = /Header/.test(code) ? "HeaderValue" : "QueryParameterValue";
  return `<${element}>${escapeXml(name)}</${element}>${
    typeof value === "string" ? `<${valueElement}>${escapeXml(value)}</${valueElement}>` : ""
  }${typeof why === "string" ? `<Reason>${escapeXml(why)}</Reason>` : ""}`;
}

function versionOf({ headers }: FailedCall): Record<string, string> {
  const version = headers["x-ms-version"];
  return typeof version === "string" && /^\d{4}-\d\d-\d\d$/.test(version)
    ? { "x-ms-version": version }
    : {};
}
