import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startServer, type TestServer } from "../../../../../tests/fixture/server.ts";

let server: TestServer;

before(async () => {
  server = await startServer();
  const root = `${server.subscription}/resourceGroups/rg1`;
  const providers = `${root}/providers`;
  const rows: readonly [string, unknown][] = [
    [`${root}?api-version=2022-09-01`, { location: "westeurope" }],
    [
      `${providers}/Microsoft.KeyVault/vaults/taken1?api-version=2023-07-01`,
      {
        location: "westeurope",
        properties: {
          tenantId: server.contract.tenantId,
          sku: { family: "A", name: "standard" },
          accessPolicies: [],
        },
      },
    ],
    [
      `${providers}/Microsoft.ContainerRegistry/registries/taken1?api-version=2023-07-01`,
      { location: "westeurope", sku: { name: "Basic" }, properties: {} },
    ],
  ];
  for (const [path, body] of rows) {
    const { status, text } = await server.admin.send("PUT", path, body);
    assert.ok(status < 300, text);
  }
});
after(() => server.close());

test("names of vaults and registries are free, taken or none", async () => {
  const rows: readonly [string, string, string, string | undefined][] = [
    ["Microsoft.KeyVault", "vaults", "free1", undefined],
    ["Microsoft.KeyVault", "vaults", "TAKEN1", "AlreadyExists"],
    ["Microsoft.KeyVault", "vaults", "1st", "AccountNameInvalid"],
    ["Microsoft.ContainerRegistry", "registries", "free1", undefined],
    ["Microsoft.ContainerRegistry", "registries", "Taken1", "AlreadyExists"],
    ["Microsoft.ContainerRegistry", "registries", "a-b", "Invalid"],
  ];
  for (const [namespace, type, name, reason] of rows) {
    const path = `${server.subscription}/providers/${namespace}/checkNameAvailability`;
    const { status, body, text } = await server.admin.send(
      "POST",
      `${path}?api-version=2023-07-01`,
      {
        name,
        type: `${namespace}/${type}`,
      },
    );
    assert.equal(status, 200, text);
    assert.equal(body.nameAvailable, reason === undefined, `${namespace} ${name}`);
    assert.equal(body.reason, reason, `${namespace} ${name}`);
  }
});

test("another type, or none, is refused", async () => {
  const path = `${server.subscription}/providers/Microsoft.KeyVault/checkNameAvailability`;
  for (const body of [
    { name: "free1", type: "Microsoft.Storage/storageAccounts" },
    { name: "free1" },
  ]) {
    const { status } = await server.admin.send("POST", `${path}?api-version=2023-07-01`, body);
    assert.equal(status, 400);
  }
});
