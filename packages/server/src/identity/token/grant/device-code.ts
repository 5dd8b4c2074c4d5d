// grant_type=device_code: the client asks again and again until the person has decided
// (RFC 8628). The page is sign-in/device.ts.

import { aadsts } from "../../error-catalogue.ts";
import type { DeviceBody } from "../../sign-in/device-code.ts";
import { ticketId, ticketKind } from "../../ticket.ts";
import { authenticateClient } from "../client-authentication.ts";
import type { TokenRequest } from "../request.ts";
import { readDelegatedScope } from "../scope.ts";
import { currentUser } from "../user.ts";
import { issueUserTokens } from "../user-tokens.ts";

export async function deviceCode(request: TokenRequest): Promise<Record<string, unknown>> {
  const { services, form } = request;
  const client = await authenticateClient(request);
  // v1 calls it `code`.
  const secret = form.get("device_code") ?? form.get("code");
  if (!secret) throw aadsts.AADSTS900144({ parameter: "device_code" });
  const body = await takeDecision(request, { id: ticketId(secret), clientId: client.appId });
  const asked = { scope: body.scope, resource: form.get("resource") ?? body.resource };
  return issueUserTokens(request, {
    client,
    user: await currentUser(services, { objectId: body.objectId }),
    granted: await readDelegatedScope(request, asked),
    ...asked,
    nonce: null,
    signedInMs: body.signedInMs,
    family: services.random.guid(),
    endsMs: null,
  });
}

/** What the person decided; a decision is told once. */
async function takeDecision(
  { services: { store } }: TokenRequest,
  { id, clientId }: { id: string; clientId: string },
): Promise<DeviceBody & { objectId: string; signedInMs: number }> {
  const body = await store.transaction(async (writer) => {
    const ticket = await writer.ticket<DeviceBody>(ticketKind.deviceCode, id);
    const isDecided = ticket?.body.clientId === clientId && ticket.body.status !== "pending";
    if (isDecided) await writer.takeTicket(ticketKind.deviceCode, id);
    return ticket?.body;
  });
  if (!body) throw aadsts.AADSTS70020({});
  if (body.clientId !== clientId) throw aadsts.AADSTS70000({ parameter: "device_code" });
  if (body.status === "declined") throw aadsts.AADSTS70019({});
  const { objectId, signedInMs } = body;
  if (objectId === undefined || signedInMs === undefined) throw aadsts.AADSTS70016({});
  return { ...body, objectId, signedInMs };
}
