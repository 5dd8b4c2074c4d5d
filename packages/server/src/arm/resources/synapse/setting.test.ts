import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startServer, type TestServer } from "../../../../../../tests/fixture/server.ts";
import {
  makeGroup,
  makeSynapse,
  must,
  synapseVersion as version,
} from "./testing/workspace-fixture.ts";

describe("what comes with a Synapse workspace", () => {
  let server: TestServer;
  let workspace: string;
  let pool: string;

  before(async () => {
    server = await startServer();
    workspace = await makeSynapse(server, await makeGroup(server), "ws1");
    pool = `${workspace}/sqlPools/sql1`;
    await must(server, "PUT", `${pool}${version}`, { sku: { name: "DW100c" } });
  });
  after(() => server.close());

  const send = (method: string, below: string, body?: unknown) =>
    server.admin.send(method, `${workspace}/${below}${version}`, body);
  const read = async (below: string) =>
    (await must(server, "GET", `${workspace}/${below}${version}`)).body;

  /** Path, property that is off, what switching it on answers. */
  const policies: readonly [string, string, string][] = [
    ["auditingSettings/default", "state", "Enabled"],
    ["extendedAuditingSettings/default", "state", "Enabled"],
    ["securityAlertPolicies/Default", "state", "Enabled"],
    ["sqlPools/sql1/auditingSettings/default", "state", "Enabled"],
    ["sqlPools/sql1/extendedAuditingSettings/default", "state", "Enabled"],
    ["sqlPools/sql1/securityAlertPolicies/default", "state", "Enabled"],
    ["sqlPools/sql1/transparentDataEncryption/current", "status", "Enabled"],
    ["sqlPools/sql1/dataMaskingPolicies/Default", "dataMaskingState", "Enabled"],
  ];
  for (const [below, property, on] of policies) {
    it(`${below} is off, may be said to be off, and is refused by name when switched on`, async () => {
      assert.equal((await read(below)).properties[property], "Disabled");
      const off = await send("PUT", below, { properties: { [property]: "disabled" } });
      assert.equal(off.status, 200, off.text);
      const reply = await send("PUT", below, { properties: { [property]: on } });
      assert.equal(reply.status, 501, reply.text);
      assert.equal((await send("PUT", below, { properties: {} })).status, 400);
      assert.equal((await send("DELETE", below)).status, 405);
      const collection = below.slice(0, below.lastIndexOf("/"));
      assert.equal((await read(collection)).value.length, 1);
    });
  }

  it("assessments are off and cannot be switched on", async () => {
    for (const below of [
      "vulnerabilityAssessments/default",
      "sqlPools/sql1/vulnerabilityAssessments/default",
    ]) {
      assert.equal((await read(below)).properties.recurringScans.isEnabled, false);
      const storageContainerPath = "https://store.blob.core.windows.net/scans";
      const put = await send("PUT", below, { properties: { storageContainerPath } });
      assert.equal(put.status, 501, put.text);
      assert.equal((await send("DELETE", below)).status, 204);
    }
  });

  it("settings are kept where they can be, refused by name where they cannot", async () => {
    const rows: readonly [string, Record<string, unknown>, number][] = [
      ["sqlPools/sql1/geoBackupPolicies/Default", { state: "Enabled" }, 200],
      ["sqlPools/sql1/metadataSync/config", { enabled: true, syncIntervalInMinutes: 5 }, 200],
      ["dedicatedSQLminimalTlsSettings/default", { minimalTlsVersion: "1.2" }, 200],
      ["dedicatedSQLminimalTlsSettings/default", { minimalTlsVersion: "1.0" }, 501],
      ["encryptionProtector/current", { serverKeyType: "ServiceManaged" }, 200],
      ["encryptionProtector/current", { serverKeyType: "AzureKeyVault" }, 501],
      ["keys/key1", { isActiveCMK: false, keyVaultUrl: "https://v.vault.azure.net/keys/k" }, 200],
      ["keys/key1", { isActiveCMK: true }, 501],
    ];
    for (const [below, properties, status] of rows) {
      const reply = await send("PUT", below, { properties });
      assert.equal(reply.status, status, `${below}: ${reply.text}`);
      if (status !== 200) continue;
      for (const [name, value] of Object.entries(properties)) {
        assert.equal((await read(below)).properties[name], value, `${below}.${name}`);
      }
    }
  });

  it("the switch for directory-only sign-in is one with the workspace's own", async () => {
    const below = "azureADOnlyAuthentications/default";
    assert.equal((await read(below)).properties.azureADOnlyAuthentication, false);
    const put = await send("PUT", below, { properties: { azureADOnlyAuthentication: true } });
    assert.equal(put.status, 202, put.text);
    const { body } = await must(server, "GET", `${workspace}${version}`);
    assert.equal(body.properties.azureADOnlyAuthentication, true);
    await must(server, "PATCH", `${workspace}${version}`, {
      properties: { azureADOnlyAuthentication: false },
    });
    assert.equal((await read(below)).properties.azureADOnlyAuthentication, false);
  });

  it("the identity's control over SQL is granted and shown", async () => {
    const below = "managedIdentitySqlControlSettings/default";
    const setting = (state: string) => ({
      grantSqlControlToManagedIdentity: { desiredState: state, actualState: state },
    });
    assert.deepEqual((await read(below)).properties, setting("Disabled"));
    const put = await send("PUT", below, {
      properties: { grantSqlControlToManagedIdentity: { desiredState: "Enabled" } },
    });
    assert.deepEqual(put.body.properties, setting("Enabled"), put.text);
  });

  it("administrators are set, read and removed under their one name", async () => {
    for (const collection of ["administrators", "sqlAdministrators"]) {
      const below = `${collection}/activeDirectory`;
      const sid = crypto.randomUUID();
      const put = await send("PUT", below, { properties: { login: "people", sid } });
      assert.equal(put.status, 202, put.text);
      assert.equal((await read(below)).properties.sid, sid);
      assert.equal((await send("PUT", `${collection}/other`, put.body)).status, 400);
      assert.equal((await send("PUT", below, { properties: { login: "people" } })).status, 400);
      assert.equal((await send("PUT", below, { properties: { sid } })).status, 202);
      assert.equal((await read(below)).properties.login, sid, "the id stands for a name");
      assert.equal((await send("DELETE", below)).status, 202);
      assert.equal((await send("GET", below)).status, 404);
    }
  });

  it("firewall rules are kept, checked, and replaced all at once", async () => {
    const range = { startIpAddress: "10.0.0.1", endIpAddress: "10.0.0.9" };
    const put = await send("PUT", "firewallRules/one", { properties: range });
    assert.equal(put.status, 201, put.text);
    assert.ok(put.headers.location && put.headers["azure-asyncoperation"]);
    assert.equal((await send("PUT", "firewallRules/one", { properties: range })).status, 200);
    const bad = [
      { ...range, startIpAddress: "10.0.0.10" },
      { ...range, endIpAddress: "10.0.0.256" },
      { startIpAddress: "10.0.0.1" },
    ];
    for (const properties of bad) {
      assert.equal((await send("PUT", "firewallRules/bad", { properties })).status, 400);
    }
    const replaced = await send("POST", "replaceAllIpFirewallRules", {
      ipFirewallRules: { two: range, three: range },
    });
    assert.equal(replaced.status, 202, replaced.text);
    const names = (await read("firewallRules")).value.map((rule: { name: string }) => rule.name);
    assert.deepEqual(names, ["three", "two"]);
  });

  it("private link resources name their zones; connections are made by endpoints only", async () => {
    const { value } = await read("privateLinkResources");
    assert.deepEqual(
      value.map((row: { properties: { groupId: string } }) => row.properties.groupId).sort(),
      ["Dev", "Sql", "SqlOnDemand"],
    );
    assert.deepEqual((await read("privateEndpointConnections")).value, []);
    const put = await send("PUT", `privateEndpointConnections/${crypto.randomUUID()}`, {
      properties: { privateLinkServiceConnectionState: { status: "Approved" } },
    });
    assert.equal(put.status, 404, put.text);
  });

  it("a pending connection is approved or rejected, and the workspace shows it", async () => {
    const name = crypto.randomUUID();
    const id = `${workspace}/privateEndpointConnections/${name}`;
    const properties = {
      privateEndpoint: { id: "/subscriptions/s/x" },
      privateLinkServiceConnectionState: { status: "Pending", description: "" },
      provisioningState: "Succeeded",
    };
    await server.running.internals.store.transaction((writer) =>
      writer.put({
        id: id.toLowerCase(),
        type: "Microsoft.Synapse/workspaces/privateEndpointConnections",
        parent: workspace.toLowerCase(),
        body: { id, name, properties, systemData: {} },
      }),
    );
    const approved = await send("PUT", `privateEndpointConnections/${name}`, {
      properties: { privateLinkServiceConnectionState: { status: "Approved", description: "ok" } },
    });
    assert.equal(approved.status, 200, approved.text);
    assert.deepEqual(approved.body.properties.privateEndpoint, properties.privateEndpoint);
    const { body } = await must(server, "GET", `${workspace}${version}`);
    const [shown] = body.properties.privateEndpointConnections;
    assert.equal(shown.properties.privateLinkServiceConnectionState.status, "Approved");
  });
});
