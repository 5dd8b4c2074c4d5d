// The managed-identity endpoint: who asks how, for which identity, and what is refused.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { decodeJwt } from "jose";
import { startServer, type TestServer } from "../../../../tests/fixture/server.ts";
import type { Call } from "../http/route.ts";
import { openDataDirectory } from "../platform/data-directory.ts";
import { simulatedClock } from "../platform/simulated.ts";
import { mintIdentityHeader } from "./identity-header.ts";
import { managedIdentityRoutes } from "./managed-identity.ts";
import type { IdentityServices } from "./services.ts";

const clock = simulatedClock();
const arm = "https://management.azure.com/";
let server: TestServer;
let key: Uint8Array;
const identities: Record<"own" | "user" | "other", { principalId: string; clientId: string }> = {
  own: { principalId: "", clientId: "" },
  user: { principalId: "", clientId: "" },
  other: { principalId: "", clientId: "" },
};
const resourceOf = (name: string) =>
  `${server.subscription}/resourceGroups/g/providers/Microsoft.Synapse/workspaces/${name}`;

before(async () => {
  server = await startServer({ clock });
  key = openDataDirectory(server.contract.dataDir).instanceKey({});
  const { store, directory } = server.running.internals;
  for (const name of ["own", "user", "other"] as const) {
    const identity = { resourceId: resourceOf(name), displayName: name, explicit: name === "user" };
    identities[name] = await store.transaction((writer) =>
      directory.createManagedIdentity(writer, identity),
    );
  }
});
after(() => server.close());

const header = (lifetimeMs = 3600_000) =>
  mintIdentityHeader({
    key,
    grant: {
      principalId: identities.own.principalId,
      userAssigned: [identities.user.principalId],
      expiresMs: clock.now().getTime() + lifetimeMs,
    },
  });

function ask(query: Record<string, string>, headers: Record<string, string>) {
  return server.nobody.send("GET", `/msi/token?${new URLSearchParams(query)}`, undefined, {
    headers,
  });
}

const current = { "api-version": "2019-08-01", resource: arm };

test("Both versions give tokens that planes accept", async () => {
  const machineLearning = { "api-version": "2017-09-01", resource: arm };
  for (const reply of [
    await ask(current, { "x-identity-header": header() }),
    await ask(machineLearning, { secret: header() }),
    await ask({ ...machineLearning, clientid: identities.own.clientId }, { secret: header() }),
  ]) {
    assert.equal(reply.status, 200, reply.text);
    const claims = decodeJwt(reply.body.access_token);
    assert.equal(claims.oid, identities.own.principalId);
    assert.equal(claims.xms_mirid, resourceOf("own"));
    assert.equal(reply.body.expires_on, String(claims.exp));
    assert.equal(reply.body.resource, arm);
    const path = `/subscriptions?api-version=2022-12-01`;
    const { access_token: token } = reply.body;
    assert.equal((await server.nobody.send("GET", path, undefined, { token })).status, 200);
  }
});

test("A user-assigned identity is chosen by any of its ids, and only one that was granted", async () => {
  const { principalId, clientId } = identities.user;
  const rows: [Record<string, string>, string | undefined][] = [
    [{ client_id: clientId }, principalId],
    [{ mi_res_id: resourceOf("user").toUpperCase() }, principalId],
    [{ principal_id: principalId }, principalId],
    [{ client_id: identities.own.clientId }, identities.own.principalId],
    [{ client_id: clientId, principal_id: identities.own.principalId }, undefined],
    [{ client_id: identities.other.clientId }, undefined],
    [{ principal_id: identities.other.principalId }, undefined],
    [{ principal_id: server.contract.admin.objectId }, undefined],
  ];
  for (const [query, expected] of rows) {
    const { status, body } = await ask({ ...current, ...query }, { "x-identity-header": header() });
    if (expected) assert.equal(decodeJwt(body.access_token).oid, expected, JSON.stringify(query));
    else assert.deepEqual([status, body.error_description], [400, "Identity not found"]);
  }
});

test("Without the launch's secret there is no token", async () => {
  const [payload = "", mac = ""] = header().split(".");
  const grant = JSON.parse(Buffer.from(payload, "base64url").toString());
  const forged = Buffer.from(
    JSON.stringify({ ...grant, principalId: server.contract.admin.objectId }),
  ).toString("base64url");
  const rows: Record<string, string>[] = [
    {},
    { "x-identity-header": "" },
    { "x-identity-header": "nonsense" },
    { "x-identity-header": `${forged}.${mac}` },
    { "x-identity-header": header(0) },
    { secret: header() },
  ];
  for (const headers of rows) {
    const { status, body } = await ask(current, headers);
    assert.equal(status, 401, JSON.stringify(headers));
    assert.ok(body.error && body.error_description);
  }
});

test("Requests of other machines get none, whatever they bear", async () => {
  const { services } = server.running.internals.directory;
  const [route] = managedIdentityRoutes(services as IdentityServices, key);
  const rows = [
    ["127.0.0.1", true],
    ["::1", true],
    ["::ffff:127.0.0.1", true],
    ["10.0.0.5", false],
    ["::ffff:10.0.0.5", false],
    ["fe80::1", false],
    ["", false],
  ] as const;
  for (const [remoteAddress, isHeard] of rows) {
    // Without a resource: who is heard is told so, who is not gets 401.
    const call = {
      query: new URLSearchParams({ "api-version": "2019-08-01" }),
      headers: { "x-identity-header": header() },
      remoteAddress,
    };
    const { status } = (await route?.handle(call as unknown as Call)) ?? {};
    assert.equal(status, isHeard ? 400 : 401, remoteAddress);
  }
});

test("What is missing or unknown is named", async () => {
  const rows: [Record<string, string>, RegExp][] = [
    [{ resource: arm }, /api-version/],
    [{ "api-version": "2018-02-01", resource: arm }, /2019-08-01/],
    [{ "api-version": "2019-08-01" }, /resource/],
    [{ ...current, resource: "https://example.com" }, /https:\/\/example\.com/],
  ];
  for (const [query, message] of rows) {
    const { status, body } = await ask(query, { "x-identity-header": header() });
    assert.equal(status, 400);
    assert.match(body.error_description, message);
  }
});

test("An identity that is gone gets none, though the secret lives on", async () => {
  const { store, directory } = server.running.internals;
  const held = header();
  await store.transaction((writer) =>
    directory.removeManagedIdentities(writer, [resourceOf("own")]),
  );
  const { body } = await ask(current, { "x-identity-header": held });
  assert.equal(body.error_description, "Identity not found");
});
