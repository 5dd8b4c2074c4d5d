import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { SynapseManagementClient } from "@azure/arm-synapse";
import { startServer, type TestServer } from "../fixture/server.ts";
import { collect, credentialOf, differences, trust } from "./arm-client.ts";

describe("@azure/arm-synapse with an explicit endpoint", () => {
  let server: TestServer;
  let client: SynapseManagementClient;
  const group = "rg1";
  const workspace = "clitest000003";
  const quick = { updateIntervalInMs: 1 };

  before(async () => {
    server = await startServer();
    trust(server);
    client = new SynapseManagementClient(
      credentialOf(server.admin),
      server.contract.subscriptionId,
      { endpoint: server.contract.origin },
    );
    const path = `${server.subscription}/resourceGroups/${group}?api-version=2022-09-01`;
    await server.admin.send("PUT", path, { location: "eastus" });
  });
  after(() => server.close());

  it("makes a workspace, reads it, lists it and updates it", async () => {
    const made = await client.workspaces.beginCreateOrUpdateAndWait(
      group,
      workspace,
      {
        location: "eastus",
        identity: { type: "SystemAssigned" },
        defaultDataLakeStorage: {
          accountUrl: "https://adlsgen2000002.dfs.core.windows.net",
          filesystem: "testfilesystem",
        },
        sqlAdministratorLogin: "cliuser1",
        sqlAdministratorLoginPassword: "Corr3ct-horse",
        managedVirtualNetwork: "default",
        managedVirtualNetworkSettings: { preventDataExfiltration: false },
      },
      quick,
    );
    assert.equal(made.provisioningState, "Succeeded");
    assert.match(made.identity?.principalId ?? "", /^[0-9a-f-]{36}$/);
    assert.equal(made.connectivityEndpoints?.dev, `https://${workspace}.dev.azuresynapse.net`);
    assert.equal(made.sqlAdministratorLoginPassword, undefined);
    const read = await client.workspaces.get(group, workspace);
    assert.equal(read.workspaceUID, made.workspaceUID);
    for (const list of [client.workspaces.list(), client.workspaces.listByResourceGroup(group)]) {
      assert.deepEqual(
        (await collect(list)).map(({ name }) => name),
        [workspace],
      );
    }
    const tags = { team: "x" };
    const changed = await client.workspaces.beginUpdateAndWait(group, workspace, { tags }, quick);
    assert.deepEqual(changed.tags, tags);
  });

  it("makes, lists, changes and deletes a Spark pool", async () => {
    const pools = client.bigDataPools;
    const made = await pools.beginCreateOrUpdateAndWait(
      group,
      workspace,
      "testpool",
      {
        location: "eastus",
        sparkVersion: "3.4",
        nodeCount: 3,
        nodeSize: "Medium",
        nodeSizeFamily: "MemoryOptimized",
        autoScale: {},
        autoPause: { enabled: true, delayInMinutes: 15 },
      },
      { ...quick, force: false },
    );
    assert.equal(made.provisioningState, "Succeeded");
    assert.ok(made.lastSucceededTimestamp instanceof Date);
    assert.deepEqual(made.autoPause, { enabled: true, delayInMinutes: 15 });
    const names = (await collect(pools.listByWorkspace(group, workspace))).map(({ name }) => name);
    assert.deepEqual(names, ["testpool"]);
    const changed = await pools.update(group, workspace, "testpool", { tags: { a: "1" } });
    assert.deepEqual(changed.tags, { a: "1" });
    await pools.beginDeleteAndWait(group, workspace, "testpool", quick);
    await assert.rejects(pools.get(group, workspace, "testpool"), { statusCode: 404 });
  });

  it("makes a SQL pool, pauses, resumes and deletes it", async () => {
    const pools = client.sqlPools;
    const made = await pools.beginCreateAndWait(
      group,
      workspace,
      "testsqlpool",
      { location: "eastus", sku: { name: "DW100c" } },
      quick,
    );
    assert.equal(made.status, "Online");
    assert.equal(made.collation, "SQL_Latin1_General_CP1_CI_AS");
    await pools.beginPauseAndWait(group, workspace, "testsqlpool", quick);
    assert.equal((await pools.get(group, workspace, "testsqlpool")).status, "Paused");
    await pools.beginResumeAndWait(group, workspace, "testsqlpool", quick);
    assert.equal((await pools.get(group, workspace, "testsqlpool")).status, "Online");
    const encryption = await client.sqlPoolTransparentDataEncryptions.get(
      group,
      workspace,
      "testsqlpool",
      "current",
    );
    assert.equal(encryption.status, "Disabled");
    await pools.beginDeleteAndWait(group, workspace, "testsqlpool", quick);
    assert.deepEqual(await collect(pools.listByWorkspace(group, workspace)), []);
  });

  it("sets firewall rules, administrators and settings", async () => {
    const range = { startIpAddress: "0.0.0.0", endIpAddress: "255.255.255.255" };
    const rule = await client.ipFirewallRules.beginCreateOrUpdateAndWait(
      group,
      workspace,
      "all",
      range,
      quick,
    );
    assert.equal(rule.endIpAddress, range.endIpAddress);
    await client.ipFirewallRules.beginDeleteAndWait(group, workspace, "all", quick);
    const sid = crypto.randomUUID();
    const admin = await client.workspaceSqlAadAdmins.beginCreateOrUpdateAndWait(
      group,
      workspace,
      { login: "people", sid, tenantId: server.contract.tenantId },
      quick,
    );
    assert.equal(admin.sid, sid);
    const control =
      await client.workspaceManagedIdentitySqlControlSettings.beginCreateOrUpdateAndWait(
        group,
        workspace,
        { grantSqlControlToManagedIdentity: { desiredState: "Enabled" } },
        quick,
      );
    assert.equal(control.grantSqlControlToManagedIdentity?.actualState, "Enabled");
    const only = await client.azureADOnlyAuthentications.beginCreateAndWait(
      group,
      workspace,
      "default",
      { azureADOnlyAuthentication: true },
      quick,
    );
    assert.equal(only.azureADOnlyAuthentication, true);
    const key = await client.keys.createOrUpdate(group, workspace, "key1", {
      isActiveCMK: false,
      keyVaultUrl: "https://v.vault.azure.net/keys/k",
    });
    assert.equal(key.isActiveCMK, false);
  });

  it("makes integration runtimes and reads their state and keys", async () => {
    const made = await client.integrationRuntimes.beginCreateAndWait(
      group,
      workspace,
      "selfhosted1",
      { properties: { type: "SelfHosted" } },
      quick,
    );
    assert.equal(made.properties.type, "SelfHosted");
    const status = await client.integrationRuntimeStatusOperations.get(
      group,
      workspace,
      "selfhosted1",
    );
    assert.equal(status.properties.state, "NeedRegistration");
    const keys = await client.integrationRuntimeAuthKeysOperations.list(
      group,
      workspace,
      "selfhosted1",
    );
    assert.match(keys.authKey1 ?? "", /^IR@/);
    const list = client.integrationRuntimes.listByWorkspace(group, workspace);
    const names = (await collect(list)).map(({ name }) => name);
    assert.deepEqual(names, ["AutoResolveIntegrationRuntime", "selfhosted1"]);
  });

  it("asks for names and operations, and reads refusals by name", async () => {
    const type = "Microsoft.Synapse/workspaces";
    const taken = await client.operations.checkNameAvailability({ name: workspace, type });
    assert.equal(taken.available, false);
    const operations = await client.operations.list();
    assert.ok(operations.some(({ name }) => name === `${type}/write`));
    await assert.rejects(client.kustoPools.listByWorkspace(group, workspace), {
      code: "NotSupportedHere",
    });
  });

  it("deletes the workspace", async () => {
    await client.workspaces.beginDeleteAndWait(group, workspace, quick);
    await assert.rejects(client.workspaces.get(group, workspace), { code: "ResourceNotFound" });
  });
});

/** Recorded traffic (recordings/synapse-arm.json): the keys of the answers and one value of each. */
const recorded = {
  workspace: {
    properties: {
      defaultDataLakeStorage: { accountUrl: "", filesystem: "" },
      encryption: { doubleEncryptionEnabled: false },
      provisioningState: "Provisioning",
      managedVirtualNetwork: "default",
      connectivityEndpoints: { web: "", dev: "", sqlOnDemand: "", sql: "" },
      managedResourceGroupName: "",
      privateEndpointConnections: [],
      workspaceUID: "",
      extraProperties: { WorkspaceType: "Normal" },
      managedVirtualNetworkSettings: { preventDataExfiltration: false },
      publicNetworkAccess: "Enabled",
      cspWorkspaceAdminProperties: { initialWorkspaceAdminObjectId: "" },
      trustedServiceBypassEnabled: false,
    },
    type: "Microsoft.Synapse/workspaces",
    id: "",
    location: "eastus",
    name: "",
    identity: { type: "SystemAssigned", tenantId: "", principalId: "" },
  },
  sparkPool: {
    properties: {
      creationDate: "",
      sparkVersion: "2.4",
      nodeCount: 3,
      nodeSize: "Medium",
      nodeSizeFamily: "MemoryOptimized",
      autoScale: { enabled: false, minNodeCount: 0, maxNodeCount: 0 },
      autoPause: { enabled: false, delayInMinutes: 0 },
      isComputeIsolationEnabled: false,
      sessionLevelPackagesEnabled: false,
      cacheSize: 0,
      dynamicExecutorAllocation: { enabled: false },
      provisioningState: "Provisioning",
      lastSucceededTimestamp: "",
    },
    id: "",
    name: "",
    type: "Microsoft.Synapse/workspaces/bigDataPools",
    location: "eastus",
  },
  sqlPool: {
    properties: {
      status: "Online",
      maxSizeBytes: 263882790666240,
      collation: "SQL_Latin1_General_CP1_CI_AS",
      creationDate: "",
      storageAccountType: "GRS",
      provisioningState: "Succeeded",
    },
    sku: { name: "DW100c", capacity: 0 },
    id: "",
    name: "",
    type: "Microsoft.Synapse/workspaces/sqlPools",
    location: "eastus",
  },
};

describe("recorded Synapse exchanges", () => {
  let server: TestServer;
  let group: string;
  before(async () => {
    server = await startServer();
    group = `${server.subscription}/resourceGroups/synapse-cli000001`;
    await server.admin.send("PUT", `${group}?api-version=2022-09-01`, { location: "eastus" });
  });
  after(() => server.close());

  const workspace = () => `${group}/providers/Microsoft.Synapse/workspaces/clitest000003`;

  it("replayed, answer with the recorded status, headers, keys and types", async () => {
    const rows = [
      [
        `${workspace()}?api-version=2021-06-01`,
        {
          location: "eastus",
          identity: { type: "SystemAssigned" },
          properties: {
            defaultDataLakeStorage: {
              accountUrl: "https://adlsgen2000002.dfs.core.windows.net",
              filesystem: "testfilesystem",
            },
            sqlAdministratorLoginPassword: "Corr3ct-horse",
            sqlAdministratorLogin: "cliuser1",
            managedVirtualNetwork: "default",
            managedVirtualNetworkSettings: { preventDataExfiltration: false },
          },
        },
        { status: 201, location: false, body: recorded.workspace },
      ],
      [
        `${workspace()}/bigDataPools/testpool?api-version=2021-03-01&force=false`,
        {
          location: "eastus",
          properties: {
            autoScale: {},
            autoPause: {},
            sparkEventsFolder: "/events",
            nodeCount: 3,
            sparkVersion: "2.4",
            nodeSize: "Medium",
            nodeSizeFamily: "MemoryOptimized",
          },
        },
        { status: 202, location: true, body: recorded.sparkPool },
      ],
      [
        `${workspace()}/sqlPools/testsqlpool?api-version=2021-06-01`,
        { location: "eastus", sku: { name: "DW100c" }, properties: {} },
        { status: 202, location: true, body: recorded.sqlPool },
      ],
    ] as const;
    for (const [path, body, expected] of rows) {
      const reply = await server.admin.send("PUT", path, body);
      assert.equal(reply.status, expected.status, reply.text);
      assert.ok(reply.headers["azure-asyncoperation"], path);
      assert.equal(reply.headers.location !== undefined, expected.location, path);
      assert.deepEqual(differences(expected.body, reply.body), []);
      assert.equal(reply.body.properties.provisioningState, "Provisioning");
    }
  });
});
