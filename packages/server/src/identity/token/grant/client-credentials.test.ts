// An application's own token, from registration to expiry.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from "jose";
import { audiences, startServer, type TestServer } from "../../../../../../tests/fixture/server.ts";
import { simulatedClock } from "../../../platform/simulated.ts";

const clock = simulatedClock();
let server: TestServer;
let clientId: string;
let clientSecret: string;

before(async () => {
  server = await startServer({ clock });
  ({ clientId } = server.contract.admin);
  clientSecret = readFileSync(server.contract.admin.secretFile, "utf8").trim();
});
after(() => server.close());

type Form = Record<string, string>;

function post(path: string, form: Form, headers: Record<string, string> = {}) {
  const body = new URLSearchParams(form).toString();
  return server.nobody.send("POST", path, body, {
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
  });
}

const tokenPath = (version: "v1" | "v2", tenant = server.contract.tenantId) =>
  `/${tenant}/oauth2/${version === "v2" ? "v2.0/" : ""}token`;

const wanted = (form: Form = {}): Form => ({
  grant_type: "client_credentials",
  client_id: clientId,
  client_secret: clientSecret,
  scope: "https://management.azure.com/.default",
  ...form,
});

test("A secret in the form or in Basic authentication gets a token that planes accept", async () => {
  const { client_id, client_secret, ...rest } = wanted();
  const basic = Buffer.from(`${client_id}:${client_secret}`).toString("base64");
  for (const reply of [
    await post(tokenPath("v2"), wanted()),
    await post(tokenPath("v2"), rest, { authorization: `Basic ${basic}` }),
    await post(tokenPath("v2", "callosum.onmicrosoft.com"), wanted()),
  ]) {
    assert.equal(reply.status, 200, reply.text);
    assert.equal(reply.body.expires_in, 3599);
    assert.match(String(reply.headers["cache-control"]), /no-store/);
    const path = `${server.subscription}/resourcegroups?api-version=2022-09-01`;
    const listed = await server.nobody.send("GET", path, undefined, {
      token: reply.body.access_token,
    });
    assert.equal(listed.status, 200, listed.text);
  }
});

test("v1 answers times as strings and the resource as asked for", async () => {
  const { scope: _, ...form } = wanted({ resource: "https://management.core.windows.net/" });
  const { body } = await post(tokenPath("v1"), form);
  assert.equal(body.resource, "https://management.core.windows.net/");
  assert.equal(body.expires_in, "3599");
  assert.equal(body.expires_on, String(Math.floor(clock.now().getTime() / 1000) + 3599));
  assert.equal(decodeJwt(body.access_token).aud, "https://management.core.windows.net/");
});

test("The audience is the resource as it was asked for", async () => {
  const rows = [
    ["https://management.azure.com/.default", "https://management.azure.com"],
    ["https://management.azure.com//.default", "https://management.azure.com/"],
    [`${server.contract.origin}/.default`, server.contract.origin],
    [`${server.contract.origin}/graph/.default`, "https://graph.microsoft.com"],
    ["797f4846-ba00-4fd7-ba43-dac1f8f63013/.default", "https://management.azure.com"],
    ["https://dev.azuresynapse.net/.default", "https://dev.azuresynapse.net"],
  ] as const;
  for (const [scope, audience] of rows) {
    const { body } = await post(tokenPath("v2"), wanted({ scope }));
    assert.equal(decodeJwt(body.access_token ?? "").aud, audience, scope);
  }
});

test("Outside verifiers accept the token with the published keys", async () => {
  const { tenantId, admin } = server.contract;
  const { body } = await post(tokenPath("v2"), wanted());
  const keys = await server.nobody.send("GET", `/${tenantId}/discovery/v2.0/keys`);
  const { payload } = await jwtVerify(
    body.access_token,
    createLocalJWKSet(keys.body as JSONWebKeySet),
    {
      issuer: `https://sts.windows.net/${tenantId}/`,
      audience: "https://management.azure.com",
      currentDate: clock.now(),
    },
  );
  assert.equal(payload.oid, admin.objectId);
  assert.equal(payload.appid, clientId);
  assert.equal(payload.tid, tenantId);
});

test("Every refusal has Entra's number, error and shape", async () => {
  const other = "11111111-2222-4333-8444-555555555555";
  const rows: [Form, number, string, number, string?][] = [
    [wanted({ client_secret: "wrong" }), 401, "invalid_client", 7000215],
    [wanted({ client_id: other }), 400, "unauthorized_client", 700016],
    [wanted({ client_secret: "" }), 401, "invalid_client", 7000216],
    [wanted({ client_id: "" }), 400, "invalid_request", 900144],
    [wanted({ grant_type: "" }), 400, "invalid_request", 900144],
    [wanted({ grant_type: "magic" }), 400, "unsupported_grant_type", 70003],
    [wanted({ grant_type: "constructor" }), 400, "unsupported_grant_type", 70003],
    [
      wanted({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer" }),
      400,
      "unsupported_grant_type",
      70003,
    ],
    [wanted({ scope: "https://example.com/.default" }), 400, "invalid_resource", 500011],
    [wanted({ scope: "https://management.azure.com/x" }), 400, "invalid_scope", 1002012],
    [wanted({ scope: "https://a.b/.default https://c.d/.default" }), 400, "invalid_scope", 28000],
    [wanted(), 400, "invalid_request", 50059, "common"],
    // The service's own application ids are resources, nobody's sign-in.
    [
      wanted({ client_id: "00000003-0000-0000-c000-000000000000" }),
      400,
      "unauthorized_client",
      700016,
    ],
  ];
  for (const [form, status, error, number, tenant] of rows) {
    const { body, ...reply } = await post(tokenPath("v2", tenant), form);
    assert.deepEqual([reply.status, body.error, body.error_codes], [status, error, [number]]);
    assert.match(
      body.error_description,
      new RegExp(`^AADSTS${number}: .+\r\nTrace ID: .+\r\nCorrelation ID: .+\r\nTimestamp: .+Z$`),
    );
    assert.match(body.error_uri, new RegExp(`/error\\?code=${number}$`));
    assert.ok(body.timestamp && body.trace_id && body.correlation_id);
  }
  const correlation = "99999999-2222-4333-8444-555555555555";
  const told = await post(tokenPath("v2"), {}, { "client-request-id": correlation });
  assert.equal(told.body.correlation_id, correlation);
});

test("A tenant that is not here is named, on the host that any tenant reaches", async () => {
  const reply = await server.nobody.send(
    "GET",
    "/contoso.com/v2.0/.well-known/openid-configuration",
    undefined,
    { host: "login.microsoftonline.com" },
  );
  assert.equal(reply.status, 400);
  assert.deepEqual(reply.body.error_codes, [90002]);
});

test("A disabled service principal gets no token, and the endpoint answers POST only", async () => {
  const graph = (method: string, path: string, body?: unknown) =>
    server.admin.send(method, `/graph/v1.0${path}`, body, { audience: audiences.graph });
  const { body: application } = await graph("POST", "/applications", { displayName: "off" });
  const { body: secret } = await graph("POST", `/applications/${application.id}/addPassword`);
  const { body: principal } = await graph("POST", "/servicePrincipals", {
    appId: application.appId,
  });
  const form = wanted({ client_id: application.appId, client_secret: secret.secretText });
  const { body: issued } = await post(tokenPath("v2"), form);
  const path = "/subscriptions?api-version=2022-12-01";
  const listed = async () =>
    (await server.nobody.send("GET", path, undefined, { token: issued.access_token })).status;
  assert.equal(await listed(), 200);
  await graph("PATCH", `/servicePrincipals/${principal.id}`, { accountEnabled: false });
  assert.deepEqual((await post(tokenPath("v2"), form)).body.error_codes, [7000112]);
  assert.equal(await listed(), 401, "tokens of a disabled principal end at once");
  const { body } = await server.nobody.send("GET", tokenPath("v2"));
  assert.deepEqual(body.error_codes, [900561]);
});

test("A secret works until it is removed or expires", async () => {
  const graph = (method: string, path: string, body?: unknown) =>
    server.admin.send(method, `/graph/v1.0${path}`, body, { audience: audiences.graph });
  const { body: application } = await graph("POST", "/applications", { displayName: "short" });
  const endDateTime = new Date(clock.now().getTime() + 60_000).toISOString();
  const { body: secret } = await graph("POST", `/applications/${application.id}/addPassword`, {
    passwordCredential: { displayName: "a minute", endDateTime },
  });
  const form = wanted({ client_id: application.appId, client_secret: secret.secretText });
  const codes = async () => (await post(tokenPath("v2"), form)).body.error_codes;
  assert.deepEqual(await codes(), [7000229], "registered, but no service principal yet");
  await graph("POST", "/servicePrincipals", { appId: application.appId });
  assert.equal(await codes(), undefined);
  clock.advance(60_000);
  assert.deepEqual(await codes(), [7000222]);
  const { body: second } = await graph("POST", `/applications/${application.id}/addPassword`);
  form.client_secret = second.secretText;
  assert.equal(await codes(), undefined);
  const { keyId } = second;
  await graph("POST", `/applications/${application.id}/removePassword`, { keyId });
  assert.deepEqual(await codes(), [7000215]);
});
