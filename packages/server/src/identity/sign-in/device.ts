// The page where a person enters the code that a client showed, signs in, and says whether that
// client may act for them. One address; each step is a form of it.

import { ServiceError } from "@callosum/contract/error.ts";
import type { Answer, Call, Route } from "../../http/route.ts";
import { aadsts } from "../error-catalogue.ts";
import { readTenant } from "../tenant.ts";
import { ticketId, ticketKind } from "../ticket.ts";
import { passwordForm } from "./account-form.ts";
import type { DeviceBody, UserCodeBody } from "./device-code.ts";
import { showErrors } from "./error-page.ts";
import { formToken, readForm } from "./form.ts";
import { type Html, html, renderPage } from "./page.ts";
import type { SignInServices } from "./services.ts";
import { openSession, readSession, type Session } from "./session.ts";

export function devicePageRoutes(services: SignInServices): Route[] {
  return [
    {
      plane: "login",
      method: ["GET", "POST"],
      path: "/:tenant/oauth2/deviceauth",
      source: "RFC 8628 3.3",
      summary: "The page where a device code is entered",
      access: "public",
      body: "form",
      bodyBytesMax: 64 * 1024,
      handle: (call) =>
        showErrors(services, call, async () => {
          readTenant(services, call.params.tenant ?? "");
          return call.method === "GET" ? askCode(services, call) : takeStep(services, call);
        }),
    },
  ];
}

interface Pending {
  readonly userCode: string;
  readonly deviceId: string;
  readonly device: DeviceBody;
  readonly expiresMs: number;
}

function askCode(services: SignInServices, call: Call, error?: ServiceError): Answer {
  const token = formToken(services, call);
  return renderPage({
    title: "Enter code",
    status: error ? 400 : 200,
    cookie: token.cookie,
    content: html`<p>Enter the code that the application shows.</p>
${error && html`<p role="alert">This code is not known, or has expired. <small>(${error.code})</small></p>`}
<form method="post" action="${addressOf(call)}">${token.field}
<label for="otc">Code</label>
<input id="otc" name="otc" autocomplete="off" autocapitalize="characters" required autofocus value="${call.query.get("otc") ?? ""}">
<button name="action" value="code">Next</button></form>`,
  });
}

async function takeStep(services: SignInServices, call: Call): Promise<Answer> {
  const form = readForm(services, call);
  let pending: Pending;
  try {
    pending = await findPending(services, call, form.get("otc") ?? "");
  } catch (error) {
    if (error instanceof ServiceError) return askCode(services, call, error);
    throw error;
  }
  const action = form.get("action");
  if (action === "cancel") return decide(services, pending, undefined);
  if (action === "password") return takePassword(services, call, { pending, form });
  const session = await readSession(services, call.headers);
  if (!session || action === "other") return askPassword(services, call, { pending });
  if (action === "approve") return decide(services, pending, session);
  return askApproval(services, call, { pending, session });
}

/** Codes are short, so guessing them is slowed down like passwords are. */
async function findPending(services: SignInServices, call: Call, sent: string): Promise<Pending> {
  const { store, throttle } = services;
  const names = [{ name: `code ${call.remoteAddress}`, freeAttempts: 10 }];
  if (throttle.begin(names) > 0) throw aadsts.AADSTS50053({});
  const userCode = sent.toUpperCase().replace(/[\s-]/g, "");
  const found = await store.read.ticket<UserCodeBody>(ticketKind.userCode, ticketId(userCode));
  const deviceId = found?.body.deviceId ?? "";
  const device = await store.read.ticket<DeviceBody>(ticketKind.deviceCode, deviceId);
  if (device?.body.status !== "pending") throw aadsts.AADSTS70018({});
  throttle.succeed(names);
  return { userCode, deviceId, device: device.body, expiresMs: device.expiresMs };
}

function askPassword(
  services: SignInServices,
  call: Call,
  { pending, failed }: { pending: Pending; failed?: { userName: string; error: ServiceError } },
): Answer {
  const token = formToken(services, call);
  return renderPage({
    title: "Sign in",
    status: failed ? 400 : 200,
    cookie: token.cookie,
    content: passwordForm({
      token: html`${token.field}${codeField(pending)}`,
      action: addressOf(call),
      client: pending.device.clientName,
      userName: failed?.userName ?? "",
      error: failed?.error,
      canCancel: true,
    }),
  });
}

async function takePassword(
  services: SignInServices,
  call: Call,
  { pending, form }: { pending: Pending; form: URLSearchParams },
): Promise<Answer> {
  const userName = form.get("username") ?? "";
  try {
    const user = await services.checkPassword({
      userName,
      password: form.get("password") ?? "",
      remoteAddress: call.remoteAddress,
    });
    const { session, cookie } = await openSession(services, user);
    return askApproval(services, call, { pending, session, cookie });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return askPassword(services, call, { pending, failed: { userName, error } });
  }
}

/** Always asked: whoever sends a code to a signed-in person must not get in by that alone. */
function askApproval(
  services: SignInServices,
  call: Call,
  { pending, session, cookie }: { pending: Pending; session: Session; cookie?: string },
): Answer {
  const token = formToken(services, call);
  const { displayName, userPrincipalName } = session.user;
  return renderPage({
    title: "Are you signing in?",
    cookie: cookie ?? token.cookie,
    content: html`<p><strong>${pending.device.clientName}</strong> will act as
<strong>${displayName}</strong> (${userPrincipalName}). Continue only if you started it yourself.</p>
<form method="post" action="${addressOf(call)}">${token.field}${codeField(pending)}
<button name="action" value="approve">Continue</button>
<button class="quiet" name="action" value="other">Use another account</button>
<button class="quiet" name="action" value="cancel">Cancel</button></form>`,
  });
}

async function decide(
  { store }: SignInServices,
  pending: Pending,
  session: Session | undefined,
): Promise<Answer> {
  const { userCode, deviceId, expiresMs } = pending;
  const body: DeviceBody = session
    ? {
        ...pending.device,
        status: "approved",
        objectId: session.user.id,
        signedInMs: session.signedInMs,
      }
    : { ...pending.device, status: "declined" };
  await store.transaction(async (writer) => {
    // Another browser may have been quicker.
    if (!(await writer.takeTicket(ticketKind.userCode, ticketId(userCode)))) {
      throw aadsts.AADSTS70018({});
    }
    await writer.putTicket({ kind: ticketKind.deviceCode, id: deviceId, expiresMs, body });
  });
  return renderPage({
    title: session ? "You are signed in" : "Sign-in was cancelled",
    content: html`<p>${pending.device.clientName}: you can close this window.</p>`,
  });
}

function codeField({ userCode }: Pending): Html {
  return html`<input type="hidden" name="otc" value="${userCode}">`;
}

function addressOf(call: Call): string {
  return `${call.origin.base("login")}${call.path}`;
}
