// The authorize endpoints, v1 and v2: a client sends a browser here, the person signs in or is signed
// in already, the browser goes back with a code. GET shows, POST takes the sign-in form.

import { ServiceError } from "@callosum/contract/error.ts";
import type { Answer, Call, Route } from "../../http/route.ts";
import { aadsts } from "../error-catalogue.ts";
import { readTenant } from "../tenant.ts";
import { ticketId, ticketKind } from "../ticket.ts";
import { accountForm, passwordForm } from "./account-form.ts";
import {
  type Authorization,
  type EndpointVersion,
  formTarget,
  readAuthorization,
  readReplyAddress,
  replyError,
  replyWith,
} from "./authorization.ts";
import { errorContext, showErrors } from "./error-page.ts";
import { formToken, readForm } from "./form.ts";
import { renderPage } from "./page.ts";
import type { SignInServices } from "./services.ts";
import { openSession, readSession, type Session } from "./session.ts";

export interface CodeBody extends Pick<Authorization["grant"], "version" | "scope"> {
  readonly clientId: string;
  readonly platform: Authorization["platform"];
  readonly redirectUri: string;
  readonly resource: string | null;
  readonly nonce: string | null;
  readonly challenge: string | null;
  readonly objectId: string;
  readonly signedInMs: number;
}

const codeLifetimeMs = 10 * 60_000;

export function authorizeRoutes(services: SignInServices): Route[] {
  return [
    authorizeRoute(services, "v2", "/:tenant/oauth2/v2.0/authorize"),
    authorizeRoute(services, "v1", "/:tenant/oauth2/authorize"),
  ];
}

function authorizeRoute(services: SignInServices, version: EndpointVersion, path: string): Route {
  return {
    plane: "login",
    method: ["GET", "POST"],
    path,
    source: "OAuth 2.0, OpenID Connect and PKCE as Entra serves them",
    summary: `Signs a person in for a client (${version})`,
    access: "public",
    body: "form",
    bodyBytesMax: 64 * 1024,
    handle: (call) => showErrors(services, call, () => authorize(services, call, version)),
  };
}

async function authorize(
  services: SignInServices,
  call: Call,
  version: EndpointVersion,
): Promise<Answer> {
  readTenant(services, call.params.tenant ?? "");
  const form = call.method === "POST" ? readForm(services, call) : undefined;
  const known = await readReplyAddress(services, call);
  try {
    const authorization = await readAuthorization(services, call, { ...known, version });
    if (form) return await takeForm(services, call, { authorization, form });
    return await showOrReply(services, call, authorization);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return replyError(call, { reply: known.reply, error, context: errorContext(services, call) });
  }
}

async function showOrReply(
  services: SignInServices,
  call: Call,
  authorization: Authorization,
): Promise<Answer> {
  const { prompt, loginHint } = authorization;
  const session = await readSession(services, call.headers);
  const isOther =
    session !== undefined &&
    loginHint !== "" &&
    session.user.userPrincipalName.toLowerCase() !== loginHint.toLowerCase();
  if (prompt === "none") {
    if (!session || isOther) throw aadsts.AADSTS50058({});
    return replyCode(services, call, { authorization, session });
  }
  if (!session || isOther || prompt === "login") return showPassword(services, call, authorization);
  if (prompt === "select_account") return showAccounts(services, call, { authorization, session });
  return replyCode(services, call, { authorization, session });
}

async function takeForm(
  services: SignInServices,
  call: Call,
  { authorization, form }: { authorization: Authorization; form: URLSearchParams },
): Promise<Answer> {
  switch (form.get("action")) {
    case "cancel":
      throw aadsts.AADSTS65004({});
    case "other":
      return showPassword(services, call, authorization);
    case "continue": {
      const session = await readSession(services, call.headers);
      if (!session) return showPassword(services, call, authorization);
      return replyCode(services, call, { authorization, session });
    }
    default:
      return takePassword(services, call, { authorization, form });
  }
}

async function takePassword(
  services: SignInServices,
  call: Call,
  { authorization, form }: { authorization: Authorization; form: URLSearchParams },
): Promise<Answer> {
  const userName = form.get("username") ?? "";
  try {
    const { remoteAddress } = call;
    const password = form.get("password") ?? "";
    const user = await services.checkPassword({ userName, password, remoteAddress });
    const { session, cookie } = await openSession(services, user);
    return await replyCode(services, call, { authorization, session, cookie });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return showPassword(services, call, authorization, { userName, error });
  }
}

function showPassword(
  services: SignInServices,
  call: Call,
  authorization: Authorization,
  failed?: { userName: string; error: ServiceError },
): Answer {
  const { client, loginHint, reply } = authorization;
  const token = formToken(services, call);
  return renderPage({
    title: "Sign in",
    status: failed ? 400 : 200,
    cookie: token.cookie,
    formTargets: [formTarget(reply.redirectUri)],
    content: passwordForm({
      token: token.field,
      action: addressOf(call),
      client: client.servicePrincipal.displayName,
      userName: failed?.userName ?? loginHint,
      error: failed?.error,
      canCancel: true,
    }),
  });
}

function showAccounts(
  services: SignInServices,
  call: Call,
  { authorization, session }: { authorization: Authorization; session: Session },
): Answer {
  const token = formToken(services, call);
  return renderPage({
    title: "Pick an account",
    cookie: token.cookie,
    formTargets: [formTarget(authorization.reply.redirectUri)],
    content: accountForm({
      token: token.field,
      action: addressOf(call),
      client: authorization.client.servicePrincipal.displayName,
      user: session.user,
    }),
  });
}

/** The request again: forms carry it in their address, so that nothing is kept for it. */
function addressOf(call: Call): string {
  return `${call.origin.base("login")}${call.path}?${call.query.toString()}`;
}

async function replyCode(
  services: SignInServices,
  call: Call,
  options: { authorization: Authorization; session: Session; cookie?: string },
): Promise<Answer> {
  const { authorization, session, cookie } = options;
  const { client, platform, reply, grant } = authorization;
  const { store, clock, random } = services;
  const code = random.token(384);
  const body: CodeBody = {
    ...grant,
    clientId: client.appId,
    platform,
    redirectUri: reply.redirectUri,
    objectId: session.user.id,
    signedInMs: session.signedInMs,
  };
  const expiresMs = clock.now().getTime() + codeLifetimeMs;
  await store.transaction((writer) =>
    writer.putTicket({
      kind: ticketKind.authorizationCode,
      id: ticketId(code),
      expiresMs,
      body,
    }),
  );
  const parameters = { code, session_state: random.guid() };
  return replyWith(call, { reply, parameters, ...(cookie === undefined ? {} : { cookie }) });
}
