// grant_type=refresh_token: each use gives a new one, and ends the old one after a time in which
// several processes that share a cache may still come with it.

import { aadsts } from "../../error-catalogue.ts";
import { ticketId, ticketKind } from "../../ticket.ts";
import { authenticateClient } from "../client-authentication.ts";
import { required, type TokenRequest } from "../request.ts";
import { readDelegatedScope } from "../scope.ts";
import { currentUser } from "../user.ts";
import { issueUserTokens, type RefreshBody } from "../user-tokens.ts";

const replacedLivesMs = 10 * 60_000;

export async function refreshToken(request: TokenRequest): Promise<Record<string, unknown>> {
  const { services, form } = request;
  const { store, clock } = services;
  const client = await authenticateClient(request);
  const secret = required(form, "refresh_token");
  const id = ticketId(secret);
  const ticket = await store.read.ticket<RefreshBody>(ticketKind.refreshToken, id);
  if (!ticket) throw aadsts.AADSTS70008({});
  const { body } = ticket;
  if (body.clientId !== client.appId) throw aadsts.AADSTS70000({ parameter: "refresh_token" });
  if (body.isProved && client.proof === "0") throw aadsts.AADSTS7000218({});
  if (!(await store.read.ticket(ticketKind.refreshFamily, body.family))) {
    throw aadsts.AADSTS50173({});
  }
  const user = await currentUser(services, body);
  const asked = {
    scope: form.get("scope") ?? body.scope,
    resource: form.get("resource") ?? body.resource,
  };
  const granted = await readDelegatedScope(request, asked);
  const nowMs = clock.now().getTime();
  const answer = await issueUserTokens(request, {
    client,
    user,
    granted: { ...granted, wantsRefreshToken: true },
    ...asked,
    nonce: null,
    signedInMs: body.signedInMs,
    family: body.family,
    endsMs: body.endsMs,
  });
  const expiresMs = Math.min(ticket.expiresMs, nowMs + replacedLivesMs);
  await store.transaction((writer) =>
    writer.putTicket({ kind: ticketKind.refreshToken, id, expiresMs, body }),
  );
  return answer;
}
