// A person signs in: every step through the listener, as a browser without script and a client would.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, beforeEach, test } from "node:test";
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from "jose";
import { audiences, startServer, type TestServer } from "../../../../../tests/fixture/server.ts";
import { simulatedClock } from "../../platform/simulated.ts";
import { studioClientId } from "../first-party-client.ts";
import { type Browser, createBrowser, type Page } from "../testing/browser.ts";
import { createSignInLink } from "./link.ts";

const azureCli = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
const redirectUri = "http://localhost:51234";
const verifier = "a-verifier-that-is-long-enough-for-pkce-0123456789";
const challenge = createHash("sha256").update(verifier).digest("base64url");
const arm = "https://management.azure.com//.default";

const clock = simulatedClock();
let server: TestServer;
let browser: Browser;
let upn: string;
let password: string;

before(async () => {
  server = await startServer({ clock });
  ({ upn } = server.contract.user);
  password = readFileSync(server.contract.user.passwordFile, "utf8").trim();
});
after(() => server.close());
beforeEach(() => {
  browser = createBrowser(server);
  // Earlier tests' wrong passwords are forgotten.
  clock.advance(20 * 60_000);
});

const graph = async (method: string, path: string, body?: unknown) =>
  (await server.admin.send(method, `/graph/v1.0${path}`, body, { audience: audiences.graph })).body;

function authorizeAddress(extra: Record<string, string> = {}, version: "v1" | "v2" = "v2") {
  const query = new URLSearchParams({
    client_id: azureCli,
    response_type: "code",
    redirect_uri: redirectUri,
    scope: `${arm} openid profile offline_access`,
    state: "a state & more",
    nonce: "a nonce",
    code_challenge: challenge,
    code_challenge_method: "S256",
    ...extra,
  });
  return `/organizations/oauth2/${version === "v2" ? "v2.0/" : ""}authorize?${query}`;
}

const signIn = (page: Page, fields: Record<string, string> = {}) =>
  browser.submit(page, { action: "password", username: upn, password, ...fields });

function codeOf(page: Page): string {
  assert.equal(page.status, 302, page.text);
  return new URL(page.location).searchParams.get("code") ?? assert.fail(page.location);
}

async function post(
  form: Record<string, string>,
  options: { version?: "v1" | "v2"; headers?: Record<string, string>; tenant?: string } = {},
) {
  const { version = "v2", headers = {}, tenant = "organizations" } = options;
  const path = `/${tenant}/oauth2/${version === "v2" ? "v2.0/" : ""}token`;
  return server.nobody.send("POST", path, new URLSearchParams(form).toString(), {
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
  });
}

const redemption = (code: string, extra: Record<string, string> = {}) => ({
  grant_type: "authorization_code",
  client_id: azureCli,
  code,
  redirect_uri: redirectUri,
  code_verifier: verifier,
  ...extra,
});

test("A code with PKCE becomes access, id and refresh tokens of the person", async () => {
  const shown = await browser.open(authorizeAddress());
  assert.match(shown.text, /Microsoft Azure CLI/);
  const back = await signIn(shown);
  assert.equal(new URL(back.location).searchParams.get("state"), "a state & more");
  const { body } = await post(redemption(codeOf(back)));
  const { tenantId, origin, user } = server.contract;
  const access = decodeJwt(body.access_token);
  assert.deepEqual(
    [access.aud, access.oid, access.upn, access.appid, access.scp],
    ["https://management.azure.com/", user.objectId, upn, azureCli, "user_impersonation"],
  );
  const keys = (await server.nobody.send("GET", "/common/discovery/v2.0/keys")).body;
  const { payload } = await jwtVerify(body.id_token, createLocalJWKSet(keys as JSONWebKeySet), {
    issuer: `${origin}/${tenantId}/v2.0`,
    audience: azureCli,
    currentDate: clock.now(),
  });
  assert.deepEqual([payload.nonce, payload.preferred_username], ["a nonce", upn]);
  const info = JSON.parse(Buffer.from(body.client_info, "base64url").toString());
  assert.deepEqual(info, { uid: user.objectId, utid: tenantId });
  const path = `${server.subscription}/resourcegroups?api-version=2022-09-01`;
  const listed = await server.nobody.send("GET", path, undefined, { token: body.access_token });
  assert.equal(listed.status, 200);
});

test("An id token opens no plane", async () => {
  const { body } = await post(
    redemption(codeOf(await signIn(await browser.open(authorizeAddress())))),
  );
  for (const path of [`${server.subscription}?api-version=2022-12-01`, "/graph/v1.0/me"]) {
    const reply = await server.nobody.send("GET", path, undefined, { token: body.id_token });
    assert.equal(reply.status, 401, path);
  }
});

test("A second client signs in through the session without asking, unless it wants to", async () => {
  await signIn(await browser.open(authorizeAddress()));
  assert.ok(codeOf(await browser.open(authorizeAddress())));
  assert.ok(codeOf(await browser.open(authorizeAddress({ prompt: "none" }))));
  const asked = await browser.open(authorizeAddress({ prompt: "login" }));
  assert.match(asked.text, /type="password"/);
  const picked = await browser.open(authorizeAddress({ prompt: "select_account" }));
  assert.match(picked.text, /Callosum owner/);
  assert.ok(codeOf(await browser.submit(picked, { action: "continue" })));
  const other = await browser.submit(picked, { action: "other" });
  assert.match(other.text, /type="password"/);
  const hinted = await browser.open(
    authorizeAddress({ login_hint: "someone@callosum.onmicrosoft.com" }),
  );
  assert.match(hinted.text, /value="someone@callosum.onmicrosoft.com"/);
  await browser.open("/common/oauth2/v2.0/logout");
  const silent = await browser.open(authorizeAddress({ prompt: "none" }));
  assert.equal(new URL(silent.location).searchParams.get("error"), "login_required");
});

test("Answers come in the query, the fragment or a form that needs no script", async () => {
  await signIn(await browser.open(authorizeAddress()));
  const fragment = await browser.open(authorizeAddress({ response_mode: "fragment" }));
  assert.match(fragment.location, /^http:\/\/localhost:51234\/#code=/);
  const posted = await browser.open(authorizeAddress({ response_mode: "form_post" }));
  assert.match(posted.text, /action="http:\/\/localhost:51234\/"/);
  assert.match(posted.text, /name="state" value="a state &amp; more"/);
  assert.match(
    String(posted.headers["content-security-policy"]),
    /form-action 'self' http:\/\/localhost:51234/,
  );
});

test("Pages allow no script, no frame and no other target", async () => {
  const { headers } = await browser.open(authorizeAddress());
  const policy = String(headers["content-security-policy"]);
  assert.match(
    policy,
    /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self' http:\/\/localhost:51234; base-uri 'none'; frame-ancestors 'none'$/,
  );
  const cookie = String(headers["set-cookie"]);
  assert.match(cookie, /^__Host-\S+; Path=\/; Secure; HttpOnly; SameSite=Lax$/);
});

test("What a client or a person typed is shown as text", async () => {
  const nasty = `"><script>alert(1)</script>`;
  const hinted = await browser.open(authorizeAddress({ login_hint: nasty }));
  assert.ok(!hinted.text.includes("<script>"));
  const failed = await signIn(hinted, { username: nasty });
  assert.ok(!failed.text.includes("<script>"));
  const unknown = await browser.open(authorizeAddress({ client_id: nasty }));
  assert.ok(!unknown.text.includes("<script>"));
});

test("Errors are shown until the redirect address is known, and sent there afterwards", async () => {
  const shown: [Record<string, string>, string][] = [
    [{ client_id: "11111111-2222-4333-8444-555555555555" }, "AADSTS700016"],
    [{ client_id: "" }, "AADSTS900144"],
    [{ redirect_uri: "https://attacker.example/" }, "AADSTS50011"],
    [{ redirect_uri: "http://localhost.attacker.example/" }, "AADSTS50011"],
    [{ redirect_uri: "http://user@localhost:1/" }, "AADSTS50011"],
    [{ redirect_uri: "http://localhost:1/#x" }, "AADSTS50011"],
    [{ redirect_uri: "https://localhost:1/" }, "AADSTS50011"],
    [{ redirect_uri: "javascript:alert(1)" }, "AADSTS50011"],
    [{ redirect_uri: "" }, "AADSTS900144"],
    [{ response_mode: "web_message" }, "AADSTS90023"],
    [{ client_id: studioClientId }, "AADSTS50011"],
  ];
  for (const [extra, code] of shown) {
    const page = await browser.open(authorizeAddress(extra));
    assert.equal(page.status, 400, JSON.stringify(extra));
    assert.match(page.text, new RegExp(code), JSON.stringify(extra));
  }
  const sent: [Record<string, string>, string, string][] = [
    [{ response_type: "token" }, "unsupported_response_type", "AADSTS700051"],
    [{ prompt: "create" }, "invalid_request", "AADSTS90023"],
    [{ code_challenge_method: "plain" }, "invalid_request", "AADSTS90023"],
    [{ code_challenge: "short" }, "invalid_request", "AADSTS90023"],
    [{ scope: "" }, "invalid_request", "AADSTS900144"],
    [{ scope: "https://example.com/.default" }, "invalid_resource", "AADSTS500011"],
    [{ scope: "https://management.azure.com/" }, "invalid_scope", "AADSTS70011"],
    [{ scope: `${arm} https://vault.azure.net/.default` }, "invalid_scope", "AADSTS28000"],
    [{ prompt: "none" }, "login_required", "AADSTS50058"],
  ];
  for (const [extra, error, code] of sent) {
    const { location } = await browser.open(authorizeAddress(extra));
    const { searchParams } = new URL(location);
    assert.equal(searchParams.get("error"), error, JSON.stringify(extra));
    assert.match(searchParams.get("error_description") ?? "", new RegExp(`^${code}: `));
    assert.equal(searchParams.get("state"), "a state & more");
  }
  const cancelled = await browser.submit(await browser.open(authorizeAddress()), {
    action: "cancel",
  });
  assert.equal(new URL(cancelled.location).searchParams.get("error"), "access_denied");
});

test("A code is redeemed once, by whom and with what it was made for", async () => {
  await signIn(await browser.open(authorizeAddress()));
  const rows: [Record<string, string>, number][] = [
    [{ code_verifier: "wrong" }, 501481],
    [{ code_verifier: "" }, 501481],
    [{ redirect_uri: "http://localhost:1" }, 500112],
    [{ client_id: "1950a258-227b-4e31-a9cf-717495945fc2" }, 70000],
    [{ code: "unknown" }, 70008],
    [{ code: "" }, 900144],
    [{ redirect_uri: "" }, 900144],
    [{ client_secret: "a public client has none" }, 700025],
  ];
  for (const [extra, number] of rows) {
    const code = codeOf(await browser.open(authorizeAddress()));
    const { body } = await post(redemption(code, extra));
    assert.deepEqual(body.error_codes, [number], JSON.stringify(extra));
  }
  const code = codeOf(await browser.open(authorizeAddress()));
  const first = await post(redemption(code));
  const second = await post(redemption(code));
  assert.deepEqual(second.body.error_codes, [54005]);
  const refreshed = await post({
    grant_type: "refresh_token",
    client_id: azureCli,
    refresh_token: first.body.refresh_token,
  });
  assert.deepEqual(refreshed.body.error_codes, [50173], "a code used twice ends its tokens");
  const late = codeOf(await browser.open(authorizeAddress()));
  clock.advance(10 * 60_000);
  assert.deepEqual((await post(redemption(late))).body.error_codes, [70008]);
});

test("A code from a web page's address needs the secret, a script's its own origin", async () => {
  const application = await graph("POST", "/applications", {
    displayName: "three platforms",
    web: { redirectUris: ["https://web.example/back"] },
    spa: { redirectUris: ["https://spa.example/back"] },
    publicClient: { redirectUris: ["http://localhost/back", "my-app://back"] },
  });
  await graph("POST", "/servicePrincipals", { appId: application.appId });
  const { secretText } = await graph("POST", `/applications/${application.id}/addPassword`);
  await signIn(await browser.open(authorizeAddress()));
  const redeem = async (
    redirect: string,
    extra: Record<string, string>,
    headers: Record<string, string> = {},
  ) => {
    const query = { client_id: application.appId, redirect_uri: redirect };
    const code = codeOf(await browser.open(authorizeAddress(query)));
    return post(redemption(code, { ...query, ...extra }), { headers });
  };
  const web = "https://web.example/back";
  assert.deepEqual((await redeem(web, {})).body.error_codes, [7000218]);
  const proved = await redeem(web, { client_secret: secretText });
  assert.equal(proved.status, 200);
  const refresh = (extra: Record<string, string>, refresh_token: string) =>
    post({ grant_type: "refresh_token", client_id: application.appId, refresh_token, ...extra });
  const held = proved.body.refresh_token;
  assert.deepEqual((await refresh({}, held)).body.error_codes, [7000218]);
  assert.equal((await refresh({ client_secret: secretText }, held)).status, 200);
  const spa = "https://spa.example/back";
  const own = { origin: "https://spa.example" };
  assert.deepEqual((await redeem(spa, {})).body.error_codes, [9002327]);
  assert.deepEqual(
    (await redeem(spa, {}, { origin: "https://attacker.example" })).body.error_codes,
    [9002326],
  );
  const script = await redeem(spa, {}, own);
  assert.equal(script.status, 200);
  assert.equal(script.headers["access-control-allow-origin"], "https://spa.example");
  const native = await redeem("http://localhost:4711/back", {});
  assert.equal((await refresh({}, native.body.refresh_token)).status, 200);
  assert.equal((await redeem("my-app://back", {})).status, 200);
  const unregistered = { client_id: application.appId, redirect_uri: "http://localhost:1/other" };
  assert.equal((await browser.open(authorizeAddress(unregistered))).status, 400);
  const withoutPkce = await browser.open(
    `/common/oauth2/v2.0/authorize?${new URLSearchParams({ client_id: application.appId, redirect_uri: spa, response_type: "code", scope: arm })}`,
  );
  assert.match(withoutPkce.location, /AADSTS9002325/);
});

test("The form counts only from the browser and the page that showed it", async () => {
  const shown = await browser.open(authorizeAddress());
  const stranger = createBrowser(server);
  const without = await stranger.submit(shown, { action: "password", username: upn, password });
  assert.match(without.text, /AADSTS165000/);
  await stranger.open(authorizeAddress());
  const stolen = await stranger.submit(shown, { action: "password", username: upn, password });
  assert.equal(stolen.status, 400);
  assert.match(stolen.text, /AADSTS165000/);
  const headers = { origin: "https://attacker.example" };
  const cross = await browser.submit(
    shown,
    { action: "password", username: upn, password },
    headers,
  );
  assert.match(cross.text, /AADSTS165000/);
});

test("Guessing is slowed down for the account, and a right password waits too", async () => {
  const guess = async (sent: string, username = upn) => {
    const page = await browser.open(authorizeAddress());
    return signIn(page, { password: sent, username });
  };
  for (let attempt = 0; attempt < 5; attempt += 1) {
    assert.match((await guess("wrong")).text, /AADSTS50126/);
  }
  assert.match((await guess(password)).text, /AADSTS50053/);
  clock.advance(60_000);
  assert.ok(codeOf(await guess(password)));
});

test("Mistakes before a right password are forgiven", async () => {
  for (let round = 0; round < 3; round += 1) {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const sent = await browser.submit(await browser.open(authorizeAddress({ prompt: "login" })), {
        action: "password",
        username: upn,
        password: "wrong",
      });
      assert.match(sent.text, /AADSTS50126/, `${round}.${attempt}`);
    }
    assert.ok(codeOf(await signIn(await browser.open(authorizeAddress({ prompt: "login" })))));
  }
});

test("A wrong name and a wrong password are told apart by nothing", async () => {
  const page = await browser.open(authorizeAddress());
  const wrongName = await signIn(page, { username: "nobody@callosum.onmicrosoft.com" });
  const wrongPassword = await signIn(page, { password: "wrong" });
  const alert = (text: string) => /<p role="alert">.*<\/p>/.exec(text)?.[0];
  assert.equal(alert(wrongName.text), alert(wrongPassword.text));
});

test("Refresh tokens are replaced, bound to client and person, and end", async () => {
  const { body } = await post(
    redemption(codeOf(await signIn(await browser.open(authorizeAddress())))),
  );
  const refresh = (refresh_token: string, extra: Record<string, string> = {}) =>
    post({ grant_type: "refresh_token", client_id: azureCli, refresh_token, ...extra });
  const next = await refresh(body.refresh_token, { scope: "https://vault.azure.net/.default" });
  assert.equal(decodeJwt(next.body.access_token).aud, "https://vault.azure.net");
  assert.notEqual(next.body.refresh_token, body.refresh_token);
  assert.equal((await refresh(body.refresh_token)).status, 200, "others share the cache");
  clock.advance(10 * 60_000);
  assert.deepEqual((await refresh(body.refresh_token)).body.error_codes, [70008]);
  const other = { client_id: "1950a258-227b-4e31-a9cf-717495945fc2" };
  assert.deepEqual((await refresh(next.body.refresh_token, other)).body.error_codes, [70000]);
  clock.advance(90 * 24 * 3600_000);
  assert.deepEqual((await refresh(next.body.refresh_token)).body.error_codes, [70008]);
});

test("A new password, a disabled and a deleted user end sessions and refresh tokens", async () => {
  const userPrincipalName = "ends@callosum.onmicrosoft.com";
  const user = await graph("POST", "/users", {
    accountEnabled: true,
    displayName: "Ends",
    mailNickname: "ends",
    userPrincipalName,
    passwordProfile: { password: "First-Password-1", forceChangePasswordNextSignIn: false },
  });
  const fields = { username: userPrincipalName, password: "First-Password-1" };
  const { body } = await post(
    redemption(codeOf(await signIn(await browser.open(authorizeAddress()), fields))),
  );
  const refresh = async () => {
    const { refresh_token } = body;
    const form = { grant_type: "refresh_token", client_id: azureCli, refresh_token };
    return (await post(form)).body.error_codes;
  };
  const isSignedIn = async () =>
    !(await browser.open(authorizeAddress({ prompt: "none" }))).location.includes("error=");
  assert.deepEqual([await refresh(), await isSignedIn()], [undefined, true]);
  await graph("PATCH", `/users/${user.id}`, { accountEnabled: false });
  assert.deepEqual([await refresh(), await isSignedIn()], [[50057], false]);
  await graph("PATCH", `/users/${user.id}`, { accountEnabled: true });
  assert.deepEqual([await refresh(), await isSignedIn()], [undefined, true]);
  const passwordProfile = { password: "Second-Password-2", forceChangePasswordNextSignIn: false };
  await graph("PATCH", `/users/${user.id}`, { passwordProfile });
  assert.deepEqual([await refresh(), await isSignedIn()], [[50173], false]);
  await graph("DELETE", `/users/${user.id}`);
  assert.deepEqual(await refresh(), [50173]);
});

test("The password grant serves users, on tenants that can have them", async () => {
  const form = {
    grant_type: "password",
    client_id: azureCli,
    username: upn,
    password,
    scope: `${arm} openid offline_access`,
  };
  const { body } = await post(form);
  assert.equal(decodeJwt(body.access_token).upn, upn);
  assert.ok(body.refresh_token && body.id_token && body.client_info);
  const rows: [Record<string, string>, number, string?][] = [
    [{ password: "wrong" }, 50126],
    [{ username: "nobody@callosum.onmicrosoft.com" }, 50126],
    [{ username: "" }, 900144],
    [{ client_id: server.contract.admin.clientId }, 7000218],
    [{}, 9001023, "common"],
  ];
  for (const [extra, number, tenant] of rows) {
    const refused = await post({ ...form, ...extra }, tenant ? { tenant } : {});
    assert.deepEqual(refused.body.error_codes, [number], JSON.stringify(extra));
  }
  const foreign = await post(form, { headers: { origin: "https://attacker.example" } });
  assert.deepEqual(foreign.body.error_codes, [9002326], "not through a visitor's browser");
});

test("v1 clients get the resource they name, with an id token of v1", async () => {
  const extra = { resource: "https://management.core.windows.net/", scope: "openid" };
  const code = codeOf(await signIn(await browser.open(authorizeAddress(extra, "v1"))));
  const { body } = await post(redemption(code, { resource: extra.resource }), { version: "v1" });
  assert.equal(body.resource, extra.resource);
  assert.equal(decodeJwt(body.id_token).upn, upn);
  assert.match(body.expires_on, /^\d{10}$/);
});

async function startDevice(extra: Record<string, string> = {}) {
  const form = { client_id: azureCli, scope: `${arm} offline_access openid`, ...extra };
  const path = "/common/oauth2/v2.0/devicecode";
  return server.nobody.send("POST", path, new URLSearchParams(form).toString(), {
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
}

const pollDevice = (device_code: string, extra: Record<string, string> = {}) =>
  post({
    grant_type: "urn:ietf:params:oauth:grant-type:device_code",
    client_id: azureCli,
    device_code,
    ...extra,
  });

test("A device's code is entered, signed in for and approved, and redeemed once", async () => {
  const { body: device } = await startDevice();
  assert.equal(device.verification_uri, `${server.contract.origin}/common/oauth2/deviceauth`);
  assert.deepEqual((await pollDevice(device.device_code)).body.error, "authorization_pending");
  const entered = await browser.submit(await browser.open(device.verification_uri), {
    otc: device.user_code.toLowerCase(),
    action: "code",
  });
  const asked = await signIn(entered);
  assert.match(asked.text, /Microsoft Azure CLI.*will act as/s);
  assert.deepEqual((await pollDevice(device.device_code)).body.error, "authorization_pending");
  assert.match((await browser.submit(asked, { action: "approve" })).text, /You are signed in/);
  const other = { client_id: "1950a258-227b-4e31-a9cf-717495945fc2" };
  assert.deepEqual((await pollDevice(device.device_code, other)).body.error_codes, [70000]);
  const { body } = await pollDevice(device.device_code);
  assert.equal(decodeJwt(body.access_token).upn, upn);
  assert.deepEqual((await pollDevice(device.device_code)).body.error_codes, [70020]);
  const again = await browser.submit(await browser.open(device.verification_uri), {
    otc: device.user_code,
    action: "code",
  });
  assert.match(again.text, /AADSTS70018/);
});

test("Of two browsers that approve one code at once, one is told that it did", async () => {
  const { body: device } = await startDevice();
  const { services } = server.running.internals.directory;
  const { origin, user } = server.contract;
  const browsers = [createBrowser(server), createBrowser(server)];
  const asked: [Browser, Page][] = [];
  for (const each of browsers) {
    await each.open(await createSignInLink(services, { origin, objectId: user.objectId }));
    const page = await each.open(device.verification_uri);
    asked.push([each, await each.submit(page, { otc: device.user_code, action: "code" })]);
  }
  const told = await Promise.all(
    asked.map(([each, page]) => each.submit(page, { action: "approve" })),
  );
  const signedIn = told.filter(({ text }) => text.includes("You are signed in"));
  assert.equal(signedIn.length, 1);
});

test("A device's code is declined, expires, and is not guessed", async () => {
  const { body: declined } = await startDevice();
  const page = await browser.open(declined.verification_uri);
  await browser.submit(page, { otc: declined.user_code, action: "cancel" });
  assert.equal((await pollDevice(declined.device_code)).body.error, "authorization_declined");
  const { body: late } = await startDevice();
  clock.advance(900_000);
  assert.equal((await pollDevice(late.device_code)).body.error, "expired_token");
  for (let attempt = 0; attempt < 11; attempt += 1) {
    await browser.submit(page, { otc: "BBBBBBBBB", action: "code" });
  }
  const slowed = await browser.submit(page, { otc: "BBBBBBBBB", action: "code" });
  assert.match(slowed.text, /AADSTS50053/);
  const confidential = await startDevice({ client_id: server.contract.admin.clientId });
  assert.deepEqual(confidential.body.error_codes, [7000218]);
});

test("A sign-in link works once and for a minute, and the studio then needs no password", async () => {
  const { origin, user } = server.contract;
  const { services } = server.running.internals.directory;
  const make = () => createSignInLink(services, { origin, objectId: user.objectId });
  const link = await make();
  assert.equal((await browser.open(link)).location, `${origin}/studio/`);
  const studio = { client_id: studioClientId, redirect_uri: `${origin}/studio/` };
  const code = codeOf(await browser.open(authorizeAddress(studio)));
  const { body } = await post(redemption(code, studio), { headers: { origin } });
  assert.equal(decodeJwt(body.access_token).oid, user.objectId);
  assert.match((await createBrowser(server).open(link)).text, /AADSTS70008/);
  const late = await make();
  clock.advance(60_000);
  assert.match((await browser.open(late)).text, /AADSTS70008/);
});

test("A script's refresh tokens end a day after the sign-in, however often they are used", async () => {
  const { origin } = server.contract;
  const studio = { client_id: studioClientId, redirect_uri: `${origin}/studio/` };
  const headers = { origin };
  const code = codeOf(await signIn(await browser.open(authorizeAddress(studio))));
  let { body } = await post(redemption(code, studio), { headers });
  const refresh = async () => {
    const { refresh_token } = body;
    const form = { grant_type: "refresh_token", client_id: studioClientId, refresh_token };
    return (await post(form, { headers })).body;
  };
  clock.advance(20 * 3600_000);
  body = await refresh();
  assert.ok(body.access_token);
  clock.advance(4 * 3600_000);
  assert.deepEqual((await refresh()).error_codes, [70008]);
});

test("Signing out leads to our own pages and loopback only", async () => {
  const { origin } = server.contract;
  const logout = (address: string) =>
    browser.open(
      `/common/oauth2/v2.0/logout?post_logout_redirect_uri=${encodeURIComponent(address)}`,
    );
  assert.equal((await logout(`${origin}/studio/`)).location, `${origin}/studio/`);
  assert.equal((await logout("http://localhost:3000/")).location, "http://localhost:3000/");
  assert.equal((await logout("https://attacker.example/")).status, 200);
  const odd = await logout("http://localhost:3000/\r\nx-other: \u0100");
  assert.equal(odd.location, "http://localhost:3000/x-other:%20%C4%80", "one header, as it is");
});

test("One address gets only so many device codes while they live", async () => {
  const replies = await Promise.all(Array.from({ length: 201 }, () => startDevice()));
  assert.equal(replies.filter(({ status }) => status === 200).length, 200);
  assert.deepEqual((await startDevice()).body.error_codes, [90055]);
  clock.advance(15 * 60_000);
  assert.equal((await startDevice()).status, 200);
});
