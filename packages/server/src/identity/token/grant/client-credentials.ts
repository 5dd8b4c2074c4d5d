// grant_type=client_credentials: an application's own token.

import { mintAccessToken } from "../../access-token.ts";
import { clientPrincipal } from "../../client.ts";
import { aadsts } from "../../error-catalogue.ts";
import { grantedRoles } from "../../granted-role.ts";
import { authenticateClient } from "../client-authentication.ts";
import type { TokenRequest } from "../request.ts";
import { readApplicationScope } from "../scope.ts";
import { tokenAnswer } from "../token-answer.ts";

export async function clientCredentials(request: TokenRequest): Promise<Record<string, unknown>> {
  const { services } = request;
  if (request.tenant !== "own") throw aadsts.AADSTS50059({});
  const client = await authenticateClient(request);
  if (client.proof === "0") throw aadsts.AADSTS7000216({});
  const resource = await readApplicationScope(request);
  const principal = clientPrincipal(client, services.tenantId);
  const { objectId } = principal;
  const minted = await mintAccessToken(services, {
    principal,
    roles: await grantedRoles(services, { objectId, resourceAppId: resource.appId }),
    audience: resource.audience,
    version: resource.version,
    clientProof: client.proof,
  });
  return tokenAnswer(request, { minted, audience: resource.audience });
}
