// The device code endpoints: a client without a browser gets a code for a person to enter elsewhere
// (RFC 8628; protocols.md 5.4).

import type { Random } from "@callosum/contract/ports.ts";
import type { Route } from "../../http/route.ts";
import { type Allowance, createAllowance } from "../../platform/allowance.ts";
import { findClient } from "../client.ts";
import { aadsts } from "../error-catalogue.ts";
import { readTenant } from "../tenant.ts";
import { ticketId, ticketKind } from "../ticket.ts";
import { required, type TokenRequest } from "../token/request.ts";
import { readDelegatedScope } from "../token/scope.ts";
import type { SignInServices } from "./services.ts";

export interface DeviceBody {
  readonly clientId: string;
  readonly clientName: string;
  readonly scope: string;
  readonly resource: string | null;
  readonly status: "pending" | "approved" | "declined";
  /** Who approved it. */
  readonly objectId?: string;
  readonly signedInMs?: number;
}

export interface UserCodeBody {
  /** Ticket id of the device code. */
  readonly deviceId: string;
}

export const devicePath = "/common/oauth2/deviceauth";
const lifetimeSeconds = 900;
/** Codes that one address may have asked for in their lifetime: anyone may ask, and each is stored. */
const codesMax = 200;
/** The server is on the same machine: nobody needs to wait Azure's five. */
const intervalSeconds = 1;
/** Without vowels and what is easily confused: no words, no mistakes. */
const userCodeAlphabet = "BCDFGHJKLMNPQRSTVWXZ";
const userCodeLength = 9;

export function deviceCodeRoutes(services: SignInServices): Route[] {
  const allowance = createAllowance({
    clock: services.clock,
    countMax: codesMax,
    periodMs: lifetimeSeconds * 1000,
  });
  return [
    deviceCodeRoute(services, allowance, {
      endpointVersion: "v2",
      path: "/:tenant/oauth2/v2.0/devicecode",
    }),
    deviceCodeRoute(services, allowance, {
      endpointVersion: "v1",
      path: "/:tenant/oauth2/devicecode",
    }),
  ];
}

function deviceCodeRoute(
  services: SignInServices,
  allowance: Allowance,
  { endpointVersion, path }: Pick<TokenRequest, "endpointVersion"> & { path: string },
): Route {
  return {
    plane: "login",
    method: ["POST", "GET"],
    path,
    source: "protocols.md 5.4",
    summary: `Starts a device code sign-in (${endpointVersion})`,
    access: "public",
    body: "form",
    bodyBytesMax: 64 * 1024,
    async handle(call) {
      const tenant = readTenant(services, call.params.tenant ?? "");
      // ADAL asked with GET and a query.
      const form = (call.body as URLSearchParams | undefined) ?? call.query;
      const request = { services, tenant, endpointVersion, form, call };
      if (!allowance.take(call.remoteAddress)) throw aadsts.AADSTS90055({});
      return { status: 200, headers: { "cache-control": "no-store" }, body: await begin(request) };
    },
  };
}

async function begin(request: TokenRequest): Promise<Record<string, unknown>> {
  const { services, form, endpointVersion, call } = request;
  const { store, clock, random } = services;
  const client = await findClient(services, required(form, "client_id"));
  if (!client.isPublic) throw aadsts.AADSTS7000218({});
  const asked = { scope: form.get("scope") ?? "", resource: form.get("resource") };
  await readDelegatedScope(request, asked);
  const secret = random.token(512);
  const userCode = createUserCode(random);
  const body: DeviceBody = {
    clientId: client.appId,
    clientName: client.servicePrincipal.displayName,
    ...asked,
    status: "pending",
  };
  const expiresMs = clock.now().getTime() + lifetimeSeconds * 1000;
  const deviceId = ticketId(secret);
  await store.transaction(async (writer) => {
    await writer.putTicket({ kind: ticketKind.deviceCode, id: deviceId, expiresMs, body });
    const id = ticketId(userCode);
    await writer.putTicket({ kind: ticketKind.userCode, id, expiresMs, body: { deviceId } });
  });
  // A person's browser is not behind our proxy: our own origin, whatever host the client asked.
  const page = `${call.origin.own}${devicePath}`;
  const message = `To sign in, use a web browser to open the page ${page} and enter the code ${userCode} to authenticate.`;
  const common = { user_code: userCode, device_code: secret, message };
  return endpointVersion === "v2"
    ? {
        ...common,
        verification_uri: page,
        verification_uri_complete: `${page}?otc=${userCode}`,
        expires_in: lifetimeSeconds,
        interval: intervalSeconds,
      }
    : {
        ...common,
        verification_url: page,
        expires_in: String(lifetimeSeconds),
        interval: String(intervalSeconds),
      };
}

/** Each byte below a multiple of the alphabet's length, so that all letters are as likely. */
function createUserCode(random: Random): string {
  const fair = 256 - (256 % userCodeAlphabet.length);
  let code = "";
  while (code.length < userCodeLength) {
    for (const byte of random.bytes(userCodeLength)) {
      if (byte < fair && code.length < userCodeLength) {
        code += userCodeAlphabet[byte % userCodeAlphabet.length];
      }
    }
  }
  return code;
}
