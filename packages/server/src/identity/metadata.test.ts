// What clients read before they ask for a token, in both forms of address.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startServer, type TestServer } from "../../../../tests/fixture/server.ts";

const azure = "login.microsoftonline.com";
let server: TestServer;

before(async () => {
  server = await startServer();
});
after(() => server.close());

const read = async (path: string, host?: string) =>
  (await server.nobody.send("GET", path, undefined, host === undefined ? {} : { host })).body;

test("OpenID metadata names the host and the tenant that were asked", async () => {
  const { origin, tenantId } = server.contract;
  const rows = [
    [undefined, tenantId, `${origin}/${tenantId}/v2.0`, `${origin}/${tenantId}/oauth2/v2.0/token`],
    [
      undefined,
      "callosum.onmicrosoft.com",
      `${origin}/${tenantId}/v2.0`,
      `${origin}/${tenantId}/oauth2/v2.0/token`,
    ],
    [
      azure,
      "organizations",
      `https://${azure}/{tenantid}/v2.0`,
      `https://${azure}/organizations/oauth2/v2.0/token`,
    ],
    [
      azure,
      tenantId,
      `https://${azure}/${tenantId}/v2.0`,
      `https://${azure}/${tenantId}/oauth2/v2.0/token`,
    ],
  ] as const;
  for (const [host, tenant, issuer, endpoint] of rows) {
    const body = await read(`/${tenant}/v2.0/.well-known/openid-configuration`, host);
    assert.deepEqual([body.issuer, body.token_endpoint], [issuer, endpoint]);
    for (const name of ["authorization_endpoint", "device_authorization_endpoint", "jwks_uri"]) {
      assert.equal(new URL(body[name]).origin, new URL(endpoint).origin, name);
    }
  }
  const v1 = await read(`/${tenantId}/.well-known/openid-configuration`, azure);
  assert.deepEqual(
    [v1.issuer, v1.token_endpoint],
    [`https://sts.windows.net/${tenantId}/`, `https://${azure}/${tenantId}/oauth2/token`],
  );
});

test("Every address in the metadata answers", async () => {
  const { origin, tenantId } = server.contract;
  for (const version of ["v2.0/", ""]) {
    const body = await read(`/${tenantId}/${version}.well-known/openid-configuration`);
    const addresses = Object.entries(body).filter(([name]) => /(_endpoint|jwks_uri)$/.test(name));
    assert.equal(addresses.length, 5);
    for (const [name, address] of addresses) {
      const path = String(address).slice(origin.length);
      const { status } = await server.nobody.send("GET", path);
      assert.notEqual(status, 404, name);
    }
  }
});

test("Instance discovery knows Azure's host, our own and where metadata is", async () => {
  const { origin, tenantId } = server.contract;
  const asked = encodeURIComponent(`${origin}/${tenantId}/oauth2/v2.0/authorize`);
  const path = `/common/discovery/instance?api-version=1.1&authorization_endpoint=${asked}`;
  const body = await read(path, azure);
  assert.equal(
    body.tenant_discovery_endpoint,
    `https://${azure}/${tenantId}/v2.0/.well-known/openid-configuration`,
  );
  const aliases = body.metadata.flatMap((entry: { aliases: string[] }) => entry.aliases);
  for (const host of [azure, "login.windows.net", new URL(origin).host]) {
    assert.ok(aliases.includes(host), host);
  }
});

test("The user realm tells both versions whether the directory has the domain", async () => {
  const rows = [
    ["admin@callosum.onmicrosoft.com?api-version=1.0", "account_type", "Managed"],
    ["admin@callosum.onmicrosoft.com?api-version=2.0", "NameSpaceType", "Managed"],
    ["admin@contoso.com?api-version=1.0", "account_type", "Unknown"],
    ["admin@contoso.com?api-version=2.0", "NameSpaceType", "Unknown"],
  ] as const;
  for (const [user, property, expected] of rows) {
    assert.equal((await read(`/common/userrealm/${user}`))[property], expected, user);
  }
});

test("Keys are public parts only", async () => {
  for (const path of ["discovery/v2.0/keys", "discovery/keys"]) {
    const { keys } = await read(`/${server.contract.tenantId}/${path}`);
    assert.equal(keys.length, 1);
    const names = ["alg", "e", "kid", "kty", "n", "use", "x5t"];
    assert.deepEqual(Object.keys(keys[0]).sort(), names);
  }
});
