import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { synapseRoleAssignmentType } from "@callosum/server/authz/synapse.ts";
import { startServer, type TestServer } from "../../../../../../tests/fixture/server.ts";
import { sqlPasswordSecret } from "./sql-login.ts";
import {
  lake,
  makeGroup,
  makeSynapse,
  must,
  synapseVersion as version,
} from "./testing/workspace-fixture.ts";

describe("Synapse workspaces", () => {
  let server: TestServer;
  let group: string;

  before(async () => {
    server = await startServer();
    group = await makeGroup(server);
  });
  after(() => server.close());

  const id = (name: string) => `${group}/providers/Microsoft.Synapse/workspaces/${name}`;
  const path = (name: string) => `${id(name)}${version}`;
  const body = (properties: Record<string, unknown> = {}, more: Record<string, unknown> = {}) => ({
    location: "westeurope",
    identity: { type: "SystemAssigned" },
    properties: { defaultDataLakeStorage: lake, ...properties },
    ...more,
  });
  const put = (
    name: string,
    properties?: Record<string, unknown>,
    more?: Record<string, unknown>,
  ) => server.admin.send("PUT", path(name), body(properties, more));

  it("are created with 201 and Azure-AsyncOperation only, and are there when it succeeded", async () => {
    const created = await put("created");
    assert.equal(created.status, 201, created.text);
    assert.equal(created.headers.location, undefined);
    assert.equal(created.body.properties.provisioningState, "Provisioning");
    const operation = new URL(String(created.headers["azure-asyncoperation"]));
    assert.ok(operation.pathname.startsWith(`${id("created")}/operationStatuses/`));
    const poll = await server.admin.send("GET", operation.pathname + operation.search);
    assert.equal(poll.body.status, "Succeeded");
    const read = await must(server, "GET", path("created"));
    assert.equal(read.body.properties.provisioningState, "Succeeded");
  });

  it("answer PATCH with 200 and DELETE with 202 and both headers", async () => {
    await put("lro");
    const patched = await server.admin.send("PATCH", path("lro"), { tags: { a: "1" } });
    const removed = await server.admin.send("DELETE", path("lro"));
    assert.equal(patched.status, 200, patched.text);
    assert.equal(removed.status, 202, removed.text);
    assert.ok(removed.headers.location);
    assert.ok(removed.headers["azure-asyncoperation"]);
    assert.deepEqual(patched.body.tags, { a: "1" });
    assert.equal((await server.admin.send("GET", path("lro"))).status, 404);
  });

  it("have Azure's host names as endpoints", async () => {
    await put("hosts");
    const { body: read } = await must(server, "GET", path("hosts"));
    assert.deepEqual(read.properties.connectivityEndpoints, {
      web: `https://web.azuresynapse.net?workspace=${id("hosts").replaceAll("/", "%2f")}`,
      dev: "https://hosts.dev.azuresynapse.net",
      sqlOnDemand: "hosts-ondemand.sql.azuresynapse.net",
      sql: "hosts.sql.azuresynapse.net",
    });
  });

  it("make their creator and their identity Synapse Administrator", async () => {
    const created = await put("admins");
    const { store, directory } = server.running.internals;
    const assignments = await store.read.documents<Record<string, string>>({
      type: synapseRoleAssignmentType,
      under: id("admins").toLowerCase(),
    });
    const { principalId } = created.body.identity;
    assert.deepEqual(
      assignments.map((row) => row.body.principalId).sort(),
      [principalId, server.admin.objectId].sort(),
    );
    for (const row of assignments) {
      assert.equal(row.body.roleDefinitionId, "6e4bf58a-b8e1-4cc3-bbf9-d73143322b78");
      assert.equal(row.body.scope, "workspaces/admins");
    }
    const identity = await directory.principal(principalId);
    assert.equal(identity?.displayName, "admins");
    assert.equal(
      created.body.properties.cspWorkspaceAdminProperties.initialWorkspaceAdminObjectId,
      server.admin.objectId,
    );
    const sql = await must(
      server,
      "GET",
      `${id("admins")}/sqlAdministrators/activeDirectory${version}`,
    );
    assert.equal(sql.body.properties.sid, server.admin.objectId);
  });

  it("take their identity and their roles with them", async () => {
    const { body: created } = await put("gone");
    await must(server, "DELETE", path("gone"));
    const { store, directory } = server.running.internals;
    assert.equal(await directory.principal(created.identity.principalId), undefined);
    const left = await store.read.documents({
      type: synapseRoleAssignmentType,
      under: id("gone").toLowerCase(),
    });
    assert.deepEqual(left, []);
  });

  it("have no identity unless one is sent, get it later with its role, and then keep it (B-03)", async () => {
    const plain = await put("late", {}, { identity: undefined });
    assert.equal(plain.body.identity, undefined);
    const patched = await must(server, "PATCH", path("late"), {
      identity: { type: "SystemAssigned" },
    });
    const { principalId } = patched.body.identity;
    const assignments = await server.running.internals.store.read.documents<Record<string, string>>(
      {
        type: synapseRoleAssignmentType,
        under: id("late").toLowerCase(),
      },
    );
    assert.ok(assignments.some((row) => row.body.principalId === principalId));
    const without = await put("late", {}, { identity: undefined });
    assert.equal(without.status, 400, without.text);
    assert.equal(without.body.error.target, "identity");
    const none = await server.admin.send("PATCH", path("late"), { identity: { type: "None" } });
    assert.equal(none.status, 400, none.text);
    const tagged = await must(server, "PATCH", path("late"), { tags: { a: "1" } });
    assert.equal(tagged.body.identity.principalId, principalId);
    const again = await put("late");
    assert.equal(again.body.identity.principalId, principalId, again.text);
  });

  it("have names that are unique everywhere", async () => {
    await put("unique");
    const other = await makeGroup(server, "rg2");
    const taken = await server.admin.send(
      "PUT",
      `${other}/providers/Microsoft.Synapse/workspaces/unique${version}`,
      body(),
    );
    assert.equal(taken.status, 409, taken.text);
    const check = (name: string) =>
      must(
        server,
        "POST",
        `${server.subscription}/providers/Microsoft.Synapse/checkNameAvailability${version}`,
        { name, type: "Microsoft.Synapse/workspaces" },
      );
    assert.deepEqual((await check("unique")).body.reason, "AlreadyExists");
    assert.deepEqual((await check("Not-valid-")).body.reason, "Invalid");
    assert.deepEqual((await check("freename")).body, { name: "freename", available: true });
  });

  it("are nowhere but in a resource group", async () => {
    const nowhere = `${server.subscription}/providers/Microsoft.Synapse/workspaces/nowhere${version}`;
    const reply = await server.admin.send("PUT", nowhere, body());
    assert.equal(reply.status, 404, reply.text);
    const list = nowhere.replace("/nowhere", "");
    assert.ok((await must(server, "GET", list)).body.value.length > 0);
  });

  const badNames = ["Upper", "a_b", "-a", "a-", "ws-ondemand", "a".repeat(51)];
  for (const name of badNames) {
    it(`refuse the name '${name.slice(0, 20)}'`, async () => {
      const reply = await put(name);
      assert.equal(reply.status, 400, reply.text);
      assert.equal(reply.body.error.code, "InvalidResourceName");
    });
  }

  const badProperties: readonly [string, Record<string, unknown>, string][] = [
    ["no lake", { defaultDataLakeStorage: undefined }, "properties.defaultDataLakeStorage"],
    [
      "a lake without file system",
      { defaultDataLakeStorage: { accountUrl: lake.accountUrl } },
      "properties.defaultDataLakeStorage",
    ],
    [
      "an account id of another type",
      { defaultDataLakeStorage: { ...lake, resourceId: "/subscriptions/x" } },
      "properties.defaultDataLakeStorage.resourceId",
    ],
    [
      "data exfiltration protection without a managed network",
      { managedVirtualNetworkSettings: { preventDataExfiltration: true } },
      "properties.managedVirtualNetworkSettings.preventDataExfiltration",
    ],
    [
      "a network of another name",
      { managedVirtualNetwork: "mine" },
      "properties.managedVirtualNetwork",
    ],
    [
      "a tenant that is no GUID",
      {
        managedVirtualNetwork: "default",
        managedVirtualNetworkSettings: { allowedAadTenantIdsForLinking: ["contoso"] },
      },
      "properties.managedVirtualNetworkSettings.allowedAadTenantIdsForLinking.0",
    ],
    ["a reserved login", { sqlAdministratorLogin: "sa" }, "properties.sqlAdministratorLogin"],
    [
      "an administrator that nobody is",
      { cspWorkspaceAdminProperties: { initialWorkspaceAdminObjectId: crypto.randomUUID() } },
      "properties.cspWorkspaceAdminProperties.initialWorkspaceAdminObjectId",
    ],
    [
      "an unknown network access",
      { publicNetworkAccess: "Maybe" },
      "properties.publicNetworkAccess",
    ],
  ];
  for (const [what, properties, target] of badProperties) {
    it(`refuse ${what}`, async () => {
      const reply = await put("bad", properties);
      assert.equal(reply.status, 400, reply.text);
      assert.equal(reply.body.error.target, target);
      assert.equal((await server.admin.send("GET", path("bad"))).status, 404);
    });
  }

  const badPasswords = ["Ab1!", "abcdefgh1", "ABCDEFGH1", "Xcliuser1!", `Aa1!${"x".repeat(130)}`];
  for (const password of badPasswords) {
    it(`refuse the password '${password.slice(0, 12)}'`, async () => {
      const reply = await put("bad", {
        sqlAdministratorLogin: "cliuser1",
        sqlAdministratorLoginPassword: password,
      });
      assert.equal(reply.status, 400, reply.text);
      assert.equal(reply.body.error.target, "properties.sqlAdministratorLoginPassword");
      assert.ok(!reply.text.includes(password));
    });
  }

  it("seal the SQL password and never answer it", async () => {
    const password = "Corr3ct-horse";
    const created = await put("sealed", { sqlAdministratorLoginPassword: password });
    assert.equal(created.body.properties.sqlAdministratorLogin, "sqladminuser");
    const read = await must(server, "GET", path("sealed"));
    assert.ok(!created.text.includes(password) && !read.text.includes(password));
    const { store } = server.running.internals;
    const document = await store.read.document(id("sealed").toLowerCase());
    assert.ok(!JSON.stringify(document).includes(password));
    const sealed = await store.read.sealed(id("sealed").toLowerCase(), sqlPasswordSecret);
    assert.ok(sealed && !Buffer.from(sealed).toString("latin1").includes(password));
  });

  const immutable: readonly [string, Record<string, unknown>][] = [
    ["the managed network", { managedVirtualNetwork: "" }],
    [
      "data exfiltration protection",
      { managedVirtualNetworkSettings: { preventDataExfiltration: true } },
    ],
    ["the login", { sqlAdministratorLogin: "another" }],
    ["the managed group", { managedResourceGroupName: "another" }],
    [
      "the first administrator",
      { cspWorkspaceAdminProperties: { initialWorkspaceAdminObjectId: crypto.randomUUID() } },
    ],
    ["the lake", { defaultDataLakeStorage: { ...lake, filesystem: "other" } }],
  ];
  for (const [what, properties] of immutable) {
    it(`keep ${what} as it was chosen (C-02)`, async () => {
      await put("kept", { managedVirtualNetwork: "default" });
      const reply = await put("kept", { managedVirtualNetwork: "default", ...properties });
      assert.equal(reply.status, 400, reply.text);
      assert.equal(reply.body.error.code, "PropertyChangeNotAllowed");
    });
  }

  it("let the tenants that may be linked change", async () => {
    await put("tenants", { managedVirtualNetwork: "default" });
    const tenants = [crypto.randomUUID()];
    const patched = await must(server, "PATCH", path("tenants"), {
      properties: { managedVirtualNetworkSettings: { allowedAadTenantIdsForLinking: tenants } },
    });
    assert.deepEqual(patched.body.properties.managedVirtualNetworkSettings, {
      allowedAadTenantIdsForLinking: tenants,
      preventDataExfiltration: false,
    });
  });

  const refused: readonly [string, Record<string, unknown>][] = [
    ["customer-managed keys", { encryption: { cmk: { key: { name: "k" } } } }],
    ["Git mode", { workspaceRepositoryConfiguration: { type: "WorkspaceGitHubConfiguration" } }],
    ["Purview", { purviewConfiguration: { purviewResourceId: "/subscriptions/x" } }],
  ];
  for (const [what, properties] of refused) {
    it(`refuse ${what} by name`, async () => {
      const reply = await put("refused", properties);
      assert.equal(reply.status, 501, reply.text);
      assert.equal(reply.body.error.code, "NotSupportedHere");
    });
  }

  it("refuse what the provider documents and we don't run, and everything below it", async () => {
    const workspace = await makeSynapse(server, group, "kusto");
    for (const below of [
      "kustoPools",
      "kustoPools/k/databases/d",
      "recoverableSqlPools/x",
      "scopePools",
    ]) {
      const reply = await server.admin.send("GET", `${workspace}/${below}${version}`);
      assert.equal(reply.status, 501, `${below}: ${reply.text}`);
    }
  });
});
