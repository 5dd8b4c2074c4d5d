// Access tokens on every plane: signature, issuer, audience, expiry, and that the principal still
// exists. Verification costs more than any routing, so verified tokens are remembered until they
// expire, bounded, and forgotten when keys rotate or the directory changes.

import type { webcrypto } from "node:crypto";
import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Clock } from "@callosum/contract/ports.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import { type JWTPayload, jwtVerify } from "jose";

export interface TokenKeys {
  /** The public key, undefined when unknown or retired. */
  find(keyId: string): Promise<webcrypto.CryptoKey | undefined>;
}

export interface TokenVerifier {
  /** Rejects with an "unauthenticated" ServiceError. */
  verify(token: string, audiences: readonly string[]): Promise<Principal>;
  /** Forgets all verified tokens: after a key rotation or a change of the directory. */
  forget(): void;
}

interface Verified {
  readonly audience: string;
  readonly expiresMs: number;
  readonly principal: Principal;
}

const rememberedMax = 10_000;
const tokenLengthMax = 16_384;

export function createTokenVerifier(options: {
  keys: TokenKeys;
  issuers: readonly string[];
  clock: Clock;
  asPrincipal: (objectId: string) => Promise<Principal | undefined>;
}): TokenVerifier {
  const { keys, issuers, clock, asPrincipal } = options;
  const remembered = new Map<string, Verified>();
  let forgottenCount = 0;

  async function verifyAnew(token: string): Promise<Verified> {
    if (token.length > tokenLengthMax) throw invalid("The token is too long.");
    const before = forgottenCount;
    const payload = await checkSignature({ token, keys, issuers, clock });
    const objectId = typeof payload.oid === "string" ? payload.oid : "";
    const principal = objectId === "" ? undefined : await asPrincipal(objectId);
    if (!principal) throw invalid("The principal of the token does not exist or is disabled.");
    const verified = {
      audience: withoutSlash(String(payload.aud)),
      expiresMs: Number(payload.exp) * 1000,
      principal,
    };
    // What was read before a change that has been told of since holds for this request only.
    if (before !== forgottenCount) return verified;
    if (remembered.size >= rememberedMax) remembered.clear();
    remembered.set(token, verified);
    return verified;
  }

  return {
    async verify(token, audiences) {
      const now = clock.now();
      let verified = remembered.get(token);
      if (verified && verified.expiresMs <= now.getTime()) {
        remembered.delete(token);
        throw expired(verified.expiresMs, now);
      }
      verified ??= await verifyAnew(token);
      if (!audiences.includes(verified.audience)) {
        throw fail.InvalidAuthenticationTokenAudience({
          audience: verified.audience,
          expected: audiences.join(","),
        });
      }
      return verified.principal;
    },
    forget() {
      forgottenCount += 1;
      remembered.clear();
    },
  };
}

async function checkSignature(options: {
  token: string;
  keys: TokenKeys;
  issuers: readonly string[];
  clock: Clock;
}): Promise<JWTPayload> {
  const { token, keys, issuers, clock } = options;
  try {
    const { payload } = await jwtVerify(
      token,
      async (header) => {
        const key = header.kid === undefined ? undefined : await keys.find(header.kid);
        if (!key) throw invalid("The signing key is unknown.");
        return key;
      },
      {
        algorithms: ["RS256"],
        issuer: [...issuers],
        currentDate: clock.now(),
        requiredClaims: ["exp", "aud", "oid", "tid"],
      },
    );
    return payload;
  } catch (error) {
    throw translate(error, clock.now());
  }
}

function translate(error: unknown, now: Date): unknown {
  const { code, payload } = error as { code?: string; payload?: JWTPayload };
  switch (code) {
    case "ERR_JWT_EXPIRED":
      return expired(Number(payload?.exp ?? 0) * 1000, now);
    case "ERR_JWT_CLAIM_VALIDATION_FAILED":
    case "ERR_JWS_INVALID":
    case "ERR_JWT_INVALID":
    case "ERR_JWS_SIGNATURE_VERIFICATION_FAILED":
    case "ERR_JOSE_ALG_NOT_ALLOWED":
    case "ERR_JOSE_NOT_SUPPORTED":
      return invalid((error as Error).message);
    default:
      return error;
  }
}

function invalid(reason: string) {
  return fail.InvalidAuthenticationToken({ reason });
}

function expired(expiresMs: number, now: Date) {
  return fail.ExpiredAuthenticationToken({
    expiry: new Date(expiresMs).toISOString(),
    now: now.toISOString(),
  });
}

function withoutSlash(audience: string): string {
  return audience.endsWith("/") ? audience.slice(0, -1) : audience;
}
