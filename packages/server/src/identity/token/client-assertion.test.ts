// Certificates as the proof of a client: registered through Graph, by thumbprint of either kind.

import assert from "node:assert/strict";
import { createHash, type KeyObject } from "node:crypto";
import { after, before, test } from "node:test";
import { SignJWT } from "jose";
import { audiences, startServer, type TestServer } from "../../../../../tests/fixture/server.ts";
import { simulatedClock } from "../../platform/simulated.ts";
import { selfSigned } from "../testing/certificate.ts";

const clock = simulatedClock();
let server: TestServer;
let clientId: string;
let registered: { der: Buffer; key: KeyObject };

before(async () => {
  server = await startServer({ clock });
  registered = selfSigned(clock.now());
  const graph = async (path: string, body: unknown) =>
    (await server.admin.send("POST", `/graph/v1.0${path}`, body, { audience: audiences.graph }))
      .body;
  const application = await graph("/applications", {
    displayName: "certified",
    keyCredentials: [
      { type: "AsymmetricX509Cert", usage: "Verify", key: registered.der.toString("base64") },
    ],
  });
  clientId = application.appId;
  await graph("/servicePrincipals", { appId: clientId });
});
after(() => server.close());

interface Assertion {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  key?: KeyObject;
  type?: string;
}

async function ask({ header, claims, key = registered.key, type }: Assertion = {}) {
  const { tenantId, origin } = server.contract;
  const now = Math.floor(clock.now().getTime() / 1000);
  const sha1 = createHash("sha1").update(registered.der).digest("base64url");
  const assertion = await new SignJWT({
    iss: clientId,
    sub: clientId,
    aud: `${origin}/${tenantId}/oauth2/v2.0/token`,
    jti: "once",
    nbf: now,
    exp: now + 600,
    ...claims,
  })
    .setProtectedHeader({ alg: "RS256", x5t: sha1, ...header })
    .sign(key);
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    scope: "https://management.azure.com/.default",
    client_id: clientId,
    client_assertion: assertion,
    client_assertion_type: type ?? "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
  });
  return server.nobody.send("POST", `/${tenantId}/oauth2/v2.0/token`, form.toString(), {
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
}

test("Either thumbprint and either algorithm proves the client", async () => {
  const sha256 = createHash("sha256").update(registered.der).digest("base64url");
  const rows: Assertion[] = [
    {},
    { header: { alg: "PS256", x5t: undefined, "x5t#S256": sha256 } },
    { claims: { aud: `https://login.microsoftonline.com/${server.contract.tenantId}/v2.0` } },
    { claims: { aud: `${server.contract.origin}/callosum.onmicrosoft.com/oauth2/token` } },
  ];
  for (const row of rows) {
    const { status, text } = await ask(row);
    assert.equal(status, 200, text);
  }
});

test("Whatever does not fit is refused by its own number", async () => {
  const stranger = selfSigned(clock.now());
  const strangers = createHash("sha1").update(stranger.der).digest("base64url");
  const now = Math.floor(clock.now().getTime() / 1000);
  const other = "11111111-2222-4333-8444-555555555555";
  const rows: [Assertion, number][] = [
    [{ header: { x5t: strangers }, key: stranger.key }, 700027],
    [{ header: { x5t: undefined } }, 700027],
    [{ key: stranger.key }, 700027],
    [{ header: { alg: "RS512" } }, 700027],
    [{ claims: { exp: now - 301, nbf: now - 600 } }, 700024],
    [{ claims: { nbf: now + 301 } }, 700024],
    [{ claims: { aud: `https://login.microsoftonline.com/${other}/v2.0` } }, 700023],
    [{ claims: { aud: "https://attacker.example/token" } }, 700023],
    [{ claims: { sub: other } }, 700021],
    [{ claims: { iss: "https://token.actions.githubusercontent.com", sub: "repo:a/b" } }, 70021],
    [{ type: "urn:other" }, 90023],
  ];
  for (const [assertion, number] of rows) {
    const { body } = await ask(assertion);
    assert.deepEqual(body.error_codes, [number], JSON.stringify(assertion));
  }
});

test("What is no JSON web token is told so", async () => {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    scope: "https://management.azure.com/.default",
    client_id: clientId,
    client_assertion: "nonsense",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
  });
  const path = `/${server.contract.tenantId}/oauth2/v2.0/token`;
  const { body } = await server.nobody.send("POST", path, form.toString());
  assert.deepEqual(body.error_codes, [50027]);
});

test("A certificate counts until it expires", async () => {
  clock.advance(366 * 24 * 3600 * 1000);
  assert.deepEqual((await ask()).body.error_codes, [700027]);
});
