// The studio signs a person in as a browser does: one sign-in, one refresh token, a token for each
// plane that answers; silently while the session lasts, and not after signing out.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { decodeJwt } from "jose";
import { startServer, type TestServer } from "../../../../tests/fixture/server.ts";
import { mintIdentityHeader } from "../identity/identity-header.ts";
import { type Browser, createBrowser, type Page } from "../identity/testing/browser.ts";

const clientId = "c0117a11-0a50-4c11-8e55-7d1057d10517";
const verifier = "a-verifier-that-is-long-enough-for-pkce-0123456789";
const resources = [
  "https://management.azure.com",
  "https://graph.microsoft.com",
  "https://dev.azuresynapse.net",
  "https://ml.azure.com",
  "https://storage.azure.com",
  "https://database.windows.net",
];

let server: TestServer;
let browser: Browser;
let redirectUri: string;
before(async () => {
  server = await startServer();
  browser = createBrowser(server);
  redirectUri = `${server.contract.origin}/studio/`;
});
after(() => server.close());

function authorizeAddress(extra: Record<string, string> = {}): string {
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: "code",
    redirect_uri: redirectUri,
    scope: "https://management.azure.com/.default openid profile offline_access",
    state: "here",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    ...extra,
  });
  return `/organizations/oauth2/v2.0/authorize?${query}`;
}

async function signIn(): Promise<Page> {
  const { upn, passwordFile } = server.contract.user;
  const password = readFileSync(passwordFile, "utf8").trim();
  const shown = await browser.open(authorizeAddress());
  return browser.submit(shown, { action: "password", username: upn, password });
}

async function redeem(form: Record<string, string>) {
  const text = new URLSearchParams({ client_id: clientId, ...form }).toString();
  const { origin } = server.contract;
  return server.nobody.send("POST", "/organizations/oauth2/v2.0/token", text, {
    headers: { "content-type": "application/x-www-form-urlencoded", origin },
  });
}

test("One sign-in gives a token for every plane that the studio calls", async () => {
  const code = new URL((await signIn()).location).searchParams.get("code") ?? "";
  const first = await redeem({
    grant_type: "authorization_code",
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  });
  assert.equal(first.status, 200, first.text);
  let { refresh_token } = first.body;
  for (const resource of resources) {
    const scope = `${resource}/.default openid profile offline_access`;
    const { body, text } = await redeem({ grant_type: "refresh_token", refresh_token, scope });
    assert.ok(body.access_token, text);
    const { aud, oid } = decodeJwt(body.access_token);
    assert.equal(String(aud).replace(/\/$/, ""), resource);
    assert.equal(oid, server.contract.user.objectId);
    refresh_token = body.refresh_token;
  }
});

test("The session signs in without a question until the person signs out", async () => {
  const silent = () => browser.open(authorizeAddress({ prompt: "none" }));
  assert.ok(new URL((await silent()).location).searchParams.get("code"));
  const address = encodeURIComponent(redirectUri);
  const path = `/${server.contract.tenantId}/oauth2/v2.0/logout`;
  const out = await browser.open(`${path}?post_logout_redirect_uri=${address}`);
  assert.equal(out.location, redirectUri);
  const refused = new URL((await silent()).location);
  assert.equal(`${refused.origin}${refused.pathname}`, redirectUri);
  assert.equal(refused.searchParams.get("error"), "login_required");
  assert.equal(refused.searchParams.get("state"), "here");
});

test("Codes go to the studio's own address and to no other", async () => {
  for (const address of [
    `${redirectUri}x`,
    redirectUri.slice(0, -1),
    "https://localhost/studio/",
  ]) {
    const refused = await browser.open(authorizeAddress({ redirect_uri: address }));
    assert.match(refused.text, /AADSTS50011/, address);
  }
});

test("Who holds the instance's key gets a link that signs in once; nobody else does", async () => {
  const { dataDir, user, admin } = server.contract;
  const key = Buffer.from(readFileSync(join(dataDir, "instance.key"), "utf8"), "base64");
  const ask = (header: string) =>
    server.nobody.send("POST", "/sign-in-link", undefined, {
      headers: { "x-identity-header": header },
    });
  const headerFor = (principalId: string, options: { key?: Uint8Array; ageMs?: number } = {}) =>
    mintIdentityHeader({
      key: options.key ?? key,
      grant: {
        principalId,
        userAssigned: [],
        expiresMs: Date.now() + 60_000 - (options.ageMs ?? 0),
      },
    });
  const { body } = await ask(headerFor(user.objectId));
  const fresh = createBrowser(server);
  assert.equal((await fresh.open(body.url)).location, redirectUri);
  assert.ok(new URL((await fresh.open(authorizeAddress())).location).searchParams.get("code"));
  assert.match((await createBrowser(server).open(body.url)).text, /AADSTS70008/);
  const refused = [
    headerFor(user.objectId, { key: Buffer.alloc(32) }),
    headerFor(user.objectId, { ageMs: 60_001 }),
    headerFor(admin.objectId),
    "",
  ];
  for (const header of refused) assert.ok((await ask(header)).status >= 400, header);
});
