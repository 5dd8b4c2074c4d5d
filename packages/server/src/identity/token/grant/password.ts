// grant_type=password: a user's name and password, for pipelines that have no browser. Public clients
// only, as in Entra, or with the client's own proof.

import { aadsts } from "../../error-catalogue.ts";
import { authenticateClient } from "../client-authentication.ts";
import { required, type TokenRequest } from "../request.ts";
import { readDelegatedScope } from "../scope.ts";
import { issueUserTokens } from "../user-tokens.ts";

export async function password(request: TokenRequest): Promise<Record<string, unknown>> {
  const { services, form, call, tenant } = request;
  if (tenant === "common" || tenant === "consumers") throw aadsts.AADSTS9001023({});
  const client = await authenticateClient(request);
  if (!client.isPublic && client.proof === "0") throw aadsts.AADSTS7000218({});
  const asked = { scope: form.get("scope") ?? "", resource: form.get("resource") };
  const granted = await readDelegatedScope(request, asked);
  const user = await services.checkPassword({
    userName: required(form, "username"),
    password: required(form, "password"),
    remoteAddress: call.remoteAddress,
  });
  const nowMs = services.clock.now().getTime();
  return issueUserTokens(request, {
    client,
    user,
    granted,
    ...asked,
    nonce: null,
    signedInMs: nowMs,
    family: services.random.guid(),
    endsMs: null,
  });
}
