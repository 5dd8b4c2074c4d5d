// What a token endpoint answers: v2 with numbers, v1 with strings and the times besides
// (protocols.md 5.4).

import type { TokenRequest } from "./request.ts";

export function tokenAnswer(
  { endpointVersion }: Pick<TokenRequest, "endpointVersion">,
  token: { minted: { token: string; expiresOn: number; expiresIn: number }; audience: string },
): Record<string, unknown> {
  const { minted, audience } = token;
  if (endpointVersion === "v2") {
    return {
      token_type: "Bearer",
      expires_in: minted.expiresIn,
      ext_expires_in: minted.expiresIn,
      access_token: minted.token,
    };
  }
  return {
    token_type: "Bearer",
    expires_in: String(minted.expiresIn),
    ext_expires_in: String(minted.expiresIn),
    expires_on: String(minted.expiresOn),
    not_before: String(minted.expiresOn - minted.expiresIn),
    resource: audience,
    access_token: minted.token,
  };
}
