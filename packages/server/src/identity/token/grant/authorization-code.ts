// grant_type=authorization_code: once, by the client it was made for, with what it was bound to.

import { createHash, timingSafeEqual } from "node:crypto";
import type { Call } from "../../../http/route.ts";
import { aadsts } from "../../error-catalogue.ts";
import type { CodeBody } from "../../sign-in/authorize.ts";
import { ticketId, ticketKind } from "../../ticket.ts";
import { authenticateClient } from "../client-authentication.ts";
import { required, type TokenRequest } from "../request.ts";
import { readDelegatedScope } from "../scope.ts";
import { currentUser } from "../user.ts";
import { issueUserTokens, scriptRefreshLifetimeMs } from "../user-tokens.ts";

const replayRememberedMs = 60 * 60_000;

export async function authorizationCode(request: TokenRequest): Promise<Record<string, unknown>> {
  const { services, form, call } = request;
  const client = await authenticateClient(request);
  const secret = required(form, "code");
  const redirectUri = required(form, "redirect_uri");
  const family = services.random.guid();
  const code = await redeem(request, { secret, family });
  if (code.clientId !== client.appId) throw aadsts.AADSTS70000({ parameter: "code" });
  if (code.redirectUri !== redirectUri) {
    throw aadsts.AADSTS500112({ sent: redirectUri, requested: code.redirectUri });
  }
  if (code.platform === "web" && client.proof === "0") throw aadsts.AADSTS7000218({});
  requireOrigin(call, code);
  requireVerifier(code, form.get("code_verifier"));
  const asked = {
    scope: form.get("scope") ?? code.scope,
    resource: form.get("resource") ?? code.resource,
  };
  const endsMs = code.platform === "spa" ? code.signedInMs + scriptRefreshLifetimeMs : null;
  return issueUserTokens(request, {
    client,
    user: await currentUser(services, code),
    granted: await readDelegatedScope(request, asked),
    ...asked,
    nonce: code.nonce,
    signedInMs: code.signedInMs,
    family,
    endsMs,
  });
}

/** Takes the code; a second use ends what the first one led to (RFC 6749 4.1.2). */
async function redeem(
  { services }: TokenRequest,
  { secret, family }: { secret: string; family: string },
): Promise<CodeBody> {
  const { store, clock } = services;
  const id = ticketId(secret);
  const expiresMs = clock.now().getTime() + replayRememberedMs;
  const outcome = await store.transaction(async (writer) => {
    const code = await writer.takeTicket<CodeBody>(ticketKind.authorizationCode, id);
    if (code) {
      await writer.putTicket({ kind: ticketKind.redeemedCode, id, expiresMs, body: { family } });
      return code.body;
    }
    const earlier = await writer.ticket<{ family: string }>(ticketKind.redeemedCode, id);
    if (!earlier) return "unknown";
    await writer.takeTicket(ticketKind.refreshFamily, earlier.body.family);
    return "redeemed";
  });
  if (outcome === "redeemed") throw aadsts.AADSTS54005({});
  if (outcome === "unknown") throw aadsts.AADSTS70008({});
  return outcome;
}

/** A script redeems its codes from its own origin, anyone else's not from a script. */
function requireOrigin({ headers }: Call, { platform, redirectUri }: CodeBody): void {
  const { origin } = headers;
  if (platform === "spa") {
    if (origin !== new URL(redirectUri).origin) throw aadsts.AADSTS9002327({});
  } else if (origin !== undefined) {
    throw aadsts.AADSTS9002326({ origin });
  }
}

function requireVerifier({ challenge }: CodeBody, verifier: string | null): void {
  if (challenge === null) {
    // A verifier for a code that was asked for without one: a stolen request was replaced.
    if (verifier) throw aadsts.AADSTS501481({});
    return;
  }
  const computed = createHash("sha256")
    .update(verifier ?? "")
    .digest();
  const wanted = Buffer.from(challenge, "base64url");
  if (computed.length !== wanted.length || !timingSafeEqual(computed, wanted)) {
    throw aadsts.AADSTS501481({});
  }
}
