// Forms come back only from the browser that was shown them: a cookie and a hidden field must agree,
// and the request must come from our own page.

import { timingSafeEqual } from "node:crypto";
import type { Call } from "../../http/route.ts";
import type { DirectoryServices } from "../directory-services.ts";
import { aadsts } from "../error-catalogue.ts";
import { type Html, html } from "./page.ts";
import { cookieName, readCookie, setCookie } from "./session.ts";

export interface FormToken {
  /** The hidden field. */
  readonly field: Html;
  /** To set with the page; undefined when the browser has it. */
  readonly cookie: string | undefined;
}

const fieldName = "token";

export function formToken(services: DirectoryServices, call: Call): FormToken {
  const name = cookieName(services, "form");
  const existing = readCookie(call.headers, name);
  const token = existing ?? services.random.token(256);
  return {
    field: html`<input type="hidden" name="${fieldName}" value="${token}">`,
    cookie: existing === undefined ? setCookie(name, token) : undefined,
  };
}

/** The form that was sent; AADSTS165000 when it is not one of our pages'. */
export function readForm(services: DirectoryServices, call: Call): URLSearchParams {
  const form = (call.body as URLSearchParams | undefined) ?? new URLSearchParams();
  const cookie = readCookie(call.headers, cookieName(services, "form"));
  const { origin } = call.headers;
  const isOwnPage = origin === undefined || URL.parse(origin)?.host === call.headers.host;
  if (!isOwnPage || !cookie || !sameText(cookie, form.get(fieldName) ?? "")) {
    throw aadsts.AADSTS165000({});
  }
  return form;
}

function sameText(expected: string, given: string): boolean {
  const wanted = Buffer.from(expected);
  const sent = Buffer.from(given);
  return wanted.length === sent.length && timingSafeEqual(wanted, sent);
}
