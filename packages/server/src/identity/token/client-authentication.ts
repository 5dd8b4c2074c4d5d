// How the client of a token request proves itself: a secret in the form or in Basic authentication,
// an assertion signed by a registered certificate, or not at all where public clients may.

import { type Client, findClient } from "../client.ts";
import { checkClientSecret } from "../client-secret.ts";
import { aadsts } from "../error-catalogue.ts";
import { assertionType, checkClientAssertion } from "./client-assertion.ts";
import type { TokenRequest } from "./request.ts";

export interface AuthenticatedClient extends Client {
  /** As in `appidacr`: 0 public, 1 secret, 2 certificate. */
  readonly proof: "0" | "1" | "2";
}

/** The client, whatever it proved. A wrong proof is refused; none is left to the grant to judge. */
export async function authenticateClient(request: TokenRequest): Promise<AuthenticatedClient> {
  const { services, form } = request;
  const basic = basicCredential(request.call.headers.authorization);
  const clientId = basic?.clientId ?? form.get("client_id");
  if (!clientId) throw aadsts.AADSTS900144({ parameter: "client_id" });
  const client = await findClient(services, clientId);
  const assertion = form.get("client_assertion");
  if (assertion) {
    requireAssertionType(form.get("client_assertion_type") ?? "");
    await checkClientAssertion(request, { client, assertion });
    return { ...client, proof: "2" };
  }
  const clientSecret = basic?.clientSecret ?? form.get("client_secret");
  if (!clientSecret) return { ...client, proof: "0" };
  if (client.isPublic && client.passwordCredentials.length === 0) {
    throw aadsts.AADSTS700025({ clientId });
  }
  checkClientSecret(client, { clientSecret, now: services.clock.now() });
  return { ...client, proof: "1" };
}

function requireAssertionType(value: string): void {
  if (value === assertionType) return;
  throw aadsts.AADSTS90023({ parameter: "client_assertion_type", value });
}

/** RFC 6749 2.3.1: both parts are form-encoded before they are joined. */
function basicCredential(
  header: string | undefined,
): { clientId: string; clientSecret: string } | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon === -1) return undefined;
  return {
    clientId: formDecoded(text.slice(0, colon)),
    clientSecret: formDecoded(text.slice(colon + 1)),
  };
}

function formDecoded(text: string): string {
  return new URLSearchParams(`value=${text.replaceAll("&", "%26")}`).get("value") ?? "";
}
