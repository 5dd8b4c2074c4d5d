import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { it } from "node:test";
import type { Principal } from "@callosum/contract/principal.ts";
import { importSPKI, SignJWT } from "jose";
import { simulatedClock } from "../platform/simulated.ts";
import { createTokenVerifier } from "./token-verifier.ts";

const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = pair.publicKey.export({ format: "pem", type: "spki" }) as string;
const clock = simulatedClock();
const audience = "https://example.test";

function sign(header: { alg: string; kid?: string }, claims: Record<string, unknown> = {}) {
  const seconds = Math.floor(clock.now().getTime() / 1000);
  const own = { iss: "issuer", aud: audience, oid: "o", tid: "t", exp: seconds + 60, ...claims };
  const key = header.alg === "HS256" ? Buffer.from(pem) : pair.privateKey;
  return new SignJWT(own).setProtectedHeader(header).sign(key);
}

async function verifierOf(asPrincipal: () => Promise<Principal | undefined>) {
  const key = await importSPKI(pem, "RS256");
  const find = async (keyId: string) => (keyId === "k" ? key : undefined);
  return createTokenVerifier({ keys: { find }, issuers: ["issuer"], clock, asPrincipal });
}

const principal = { objectId: "o" } as Principal;

it("Only tokens that our keys signed, for the plane and in time, are taken", async () => {
  const verifier = await verifierOf(async () => principal);
  const seconds = Math.floor(clock.now().getTime() / 1000);
  const unsigned = `${Buffer.from('{"alg":"none","kid":"k"}').toString("base64url")}.e30.`;
  const rows: [string, string][] = [
    ["an unknown key", await sign({ alg: "RS256", kid: "other" })],
    ["no key id", await sign({ alg: "RS256" })],
    ["the public key as a shared secret", await sign({ alg: "HS256", kid: "k" })],
    ["no signature", unsigned],
    ["another algorithm of the same key", await sign({ alg: "PS256", kid: "k" })],
    ["another issuer", await sign({ alg: "RS256", kid: "k" }, { iss: "other" })],
    ["another audience", await sign({ alg: "RS256", kid: "k" }, { aud: "https://other.test" })],
    ["an expired one", await sign({ alg: "RS256", kid: "k" }, { exp: seconds - 1 })],
    ["no object id", await sign({ alg: "RS256", kid: "k" }, { oid: undefined })],
  ];
  for (const [name, token] of rows) {
    await assert.rejects(
      verifier.verify(token, [audience]),
      (error: { status?: string }) => error.status === "unauthenticated",
      name,
    );
  }
  const good = await sign({ alg: "RS256", kid: "k" });
  assert.equal(await verifier.verify(good, [audience]), principal);
});

it("A principal that changes while its token is verified is asked for again", async () => {
  const answers = [principal, undefined];
  const verifier = await verifierOf(async () => {
    const answer = answers.shift();
    // The directory changes after it was read, as a commit in between would do.
    if (answer) verifier.forget();
    return answer;
  });
  const token = await sign({ alg: "RS256", kid: "k" });
  assert.equal(await verifier.verify(token, [audience]), principal);
  await assert.rejects(verifier.verify(token, [audience]), /exist/);
});
