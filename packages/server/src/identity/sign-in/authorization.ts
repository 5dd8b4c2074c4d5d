// An authorization request: what a client asks of the authorize endpoint, checked. Until the redirect
// address is known to be the client's, errors are shown to the person and not sent anywhere.

import type { ServiceError } from "@callosum/contract/error.ts";
import type { Answer, Call } from "../../http/route.ts";
import { type Client, findClient } from "../client.ts";
import { aadsts } from "../error-catalogue.ts";
import { describeTokenError, type ErrorContext } from "../error-response.ts";
import { matchRedirect, type Platform, reachableRedirect } from "../redirect.ts";
import { findResource } from "../resource.ts";
import { readScope } from "../token/scope.ts";
import { html, redirect, renderPage } from "./page.ts";
import type { SignInServices } from "./services.ts";

export type EndpointVersion = "v1" | "v2";

/** What is known of a request whose answer may be sent to the client. */
export interface ReplyAddress {
  readonly redirectUri: string;
  readonly mode: "query" | "fragment" | "form_post";
  readonly state: string | null;
}

export interface Authorization {
  readonly client: Client;
  readonly platform: Platform;
  readonly reply: ReplyAddress;
  readonly prompt: string;
  readonly loginHint: string;
  /** Kept with the code. */
  readonly grant: {
    readonly version: EndpointVersion;
    readonly scope: string;
    readonly resource: string | null;
    readonly nonce: string | null;
    readonly challenge: string | null;
  };
}

const modes = ["query", "fragment", "form_post"] as const;
const prompts = ["", "none", "login", "select_account", "consent"];
const challengePattern = /^[A-Za-z0-9_-]{43}$/;

/** Who asks and where the answer goes. Rejects with what must be shown to the person instead. */
export async function readReplyAddress(
  services: SignInServices,
  call: Call,
): Promise<{ client: Client; platform: Platform; reply: ReplyAddress }> {
  const { query, origin } = call;
  const client = await findClient(services, parameter(query, "client_id"));
  const redirectUri = parameter(query, "redirect_uri");
  const platform = matchRedirect(client, { redirectUri, own: origin.own });
  const sentMode = query.get("response_mode") ?? "query";
  const mode = modes.find((candidate) => candidate === sentMode);
  if (!mode) throw aadsts.AADSTS90023({ parameter: "response_mode", value: sentMode });
  return { client, platform, reply: { redirectUri, mode, state: query.get("state") } };
}

/** The rest of the request; its errors are sent to the client. */
export async function readAuthorization(
  services: SignInServices,
  call: Call,
  known: Awaited<ReturnType<typeof readReplyAddress>> & { version: EndpointVersion },
): Promise<Authorization> {
  const { query, origin } = call;
  const { client, platform, reply, version } = known;
  const responseType = parameter(query, "response_type");
  if (responseType !== "code") throw aadsts.AADSTS700051({ responseType });
  const prompt = query.get("prompt") ?? "";
  if (!prompts.includes(prompt)) throw aadsts.AADSTS90023({ parameter: "prompt", value: prompt });
  const challenge = readChallenge(query);
  if (platform === "spa" && challenge === null) throw aadsts.AADSTS9002325({});
  const scope = version === "v2" ? parameter(query, "scope") : (query.get("scope") ?? "");
  const resource = query.get("resource");
  if (version === "v2") await readScope({ services, call }, scope);
  else if (resource) await findResource(services, { requested: resource, own: origin.own });
  const nonce = query.get("nonce");
  return {
    client,
    platform,
    reply,
    prompt,
    loginHint: query.get("login_hint") ?? "",
    grant: { version, scope, resource, nonce, challenge },
  };
}

function parameter(query: URLSearchParams, name: string): string {
  const value = query.get(name);
  if (value === null || value === "") throw aadsts.AADSTS900144({ parameter: name });
  return value;
}

/** PKCE by S256 only: with `plain`, who sees the request can redeem the code. */
function readChallenge(query: URLSearchParams): string | null {
  const challenge = query.get("code_challenge");
  if (challenge === null) return null;
  const method = query.get("code_challenge_method") ?? "plain";
  if (method !== "S256") {
    throw aadsts.AADSTS90023({ parameter: "code_challenge_method", value: method });
  }
  if (challengePattern.test(challenge)) return challenge;
  throw aadsts.AADSTS90023({ parameter: "code_challenge", value: challenge.slice(0, 128) });
}

/** Sends an error to the client. */
export function replyError(
  call: Call,
  options: { reply: ReplyAddress; error: ServiceError; context: ErrorContext },
): Answer {
  const { reply, error, context } = options;
  return replyWith(call, { reply, parameters: describeTokenError(error, context) });
}

/** Sends the browser back to the client with `parameters`. */
export function replyWith(
  call: Call,
  options: { reply: ReplyAddress; parameters: Record<string, string>; cookie?: string },
): Answer {
  const { reply, parameters, cookie } = options;
  const all = { ...parameters, ...(reply.state === null ? {} : { state: reply.state }) };
  const target = new URL(reachableRedirect(reply.redirectUri, call.origin.base("login")));
  if (reply.mode === "form_post") return postingPage(target, all, cookie);
  if (reply.mode === "fragment") target.hash = new URLSearchParams(all).toString();
  else for (const [name, value] of Object.entries(all)) target.searchParams.append(name, value);
  return redirect(target.href, cookie);
}

function postingPage(target: URL, fields: Record<string, string>, cookie?: string): Answer {
  const inputs = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return renderPage({
    title: "Back to the application",
    cookie,
    formTargets: [formTarget(target.href)],
    submits: true,
    content: html`<form method="post" action="${target.href}">${inputs}<button>Continue</button></form>`,
  });
}

/** What a content security policy calls the place of an address. */
export function formTarget(address: string): string {
  const url = new URL(address);
  return url.protocol === "https:" || url.protocol === "http:" ? url.origin : url.protocol;
}
