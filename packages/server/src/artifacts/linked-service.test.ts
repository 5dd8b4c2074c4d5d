import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startServer, type TestServer } from "../../../../tests/fixture/server.ts";
import { connectorTypes } from "./connector-type.ts";
import { connectors } from "./connectors/index.gen.ts";
import { mask } from "./secret.ts";
import { putGroup, putResource, putWorkspace, type TestWorkspace } from "./testing/workspace.ts";

const guid = "00000000-0000-4000-8000-000000000001";

describe("linked services", () => {
  let server: TestServer;
  let workspace: TestWorkspace;
  before(async () => {
    server = await startServer();
    await putGroup(server);
    workspace = await putWorkspace(server, { name: "ws1" });
    await putResource(server, {
      type: "Microsoft.Synapse/workspaces/integrationRuntimes",
      name: "ws1/onprem",
      properties: { type: "SelfHosted" },
    });
    await save("kv", {
      type: "AzureKeyVault",
      typeProperties: { baseUrl: "https://kv1.vault.azure.net" },
    });
  });
  after(() => server.close());

  async function save(name: string, properties: object, at = workspace) {
    const path = `/linkedservices/${name}`;
    const accepted = await at.send(server.admin, "PUT", path, { properties });
    assert.equal(accepted.status, 202, accepted.text);
    return (await at.result(server.admin, accepted)).body;
  }

  const ml = (typeProperties: object = {}, rest: object = {}) => ({
    type: "AzureMLService",
    ...rest,
    typeProperties: {
      subscriptionId: guid,
      resourceGroupName: "rg1",
      mlWorkspaceName: "ml1",
      ...typeProperties,
    },
  });
  const withSecret = (value: string, more: object = {}) =>
    ml({
      servicePrincipalId: guid,
      servicePrincipalKey: { type: "SecureString", value },
      tenant: "t1",
      ...more,
    });
  const sealed = async (name: string, path: string) => {
    const { store } = server.running.internals;
    return store.read.sealed(`${workspace.id}/linkedservices/${name}`.toLowerCase(), path);
  };

  it("have the two automatic ones, which can be written but neither deleted nor renamed", async () => {
    const list = await workspace.send(server.admin, "GET", "/linkedservices");
    const names = list.body.value.map((item: { name: string }) => item.name);
    assert.deepEqual(names.slice(0, 2), [
      "ws1-WorkspaceDefaultSqlServer",
      "ws1-WorkspaceDefaultStorage",
    ]);
    const path = "/linkedservices/ws1-WorkspaceDefaultStorage";
    const storage = await workspace.send(server.admin, "GET", path);
    assert.deepEqual(storage.body.properties, {
      type: "AzureBlobFS",
      typeProperties: { url: "https://lake1.dfs.core.windows.net" },
      connectVia: {
        referenceName: "AutoResolveIntegrationRuntime",
        type: "IntegrationRuntimeReference",
      },
      annotations: [],
    });
    await save("ws1-WorkspaceDefaultStorage", { ...storage.body.properties, description: "mine" });
    const again = await workspace.send(server.admin, "GET", path);
    assert.equal(again.body.properties.description, "mine");
    assert.equal((await workspace.send(server.admin, "DELETE", path)).status, 400);
    const renamed = await workspace.send(server.admin, "POST", `${path}/rename`, { newName: "x" });
    assert.equal(renamed.status, 400);
  });

  it("of every listed type are stored and come back; a type that nobody lists is refused", async () => {
    const known = new Map(connectors.map((connector) => [connector.type, connector]));
    for (const type of connectorTypes) {
      const typeProperties = known.get(type)?.examples[0] ?? { anything: { goes: [1, "two"] } };
      const body = await save("any", { type: type.toLowerCase(), typeProperties, mine: 1 });
      assert.equal(body.properties?.type, type, JSON.stringify(body));
      assert.equal(body.properties.mine, 1);
      if (!known.has(type)) assert.deepEqual(body.properties.typeProperties, typeProperties);
    }
    const wrong = await save("wrong", { type: "AzureMlServices", typeProperties: {} });
    assert.equal(wrong.error.code, "LinkedServiceTypeNotSupported");
    assert.match(wrong.error.message, /Did you mean 'AzureMLService'\?/);
  });

  it("fail through the operation's body, before anything is stored", async () => {
    const expression = { value: "@concat('a')", type: "Expression" };
    const via = (name: string) => ({
      connectVia: { referenceName: name, type: "IntegrationRuntimeReference" },
    });
    const vaultSecret = (store: string) => ({
      servicePrincipalKey: {
        type: "AzureKeyVaultSecret",
        store: { referenceName: store, type: "LinkedServiceReference" },
        secretName: "s",
      },
    });
    const at = "properties.typeProperties";
    const rows: [string, object, string, string][] = [
      ["no type", { typeProperties: {} }, "BadRequest", "properties.type"],
      ["no subscription", ml({ subscriptionId: undefined }), "BadRequest", `${at}.subscriptionId`],
      ["empty group", ml({ resourceGroupName: "" }), "BadRequest", `${at}.resourceGroupName`],
      ["wrong type", ml({ mlWorkspaceName: 7 }), "BadRequest", `${at}.mlWorkspaceName`],
      ["key as text", ml({ servicePrincipalKey: "k" }), "BadRequest", `${at}.servicePrincipalKey`],
      [
        "parameter type",
        ml({}, { parameters: { p: { type: "Text" } } }),
        "BadRequest",
        "properties.parameters.p.type",
      ],
      ["annotations", ml({}, { annotations: "a" }), "BadRequest", "properties.annotations"],
      [
        "unknown runtime",
        ml({}, via("none")),
        "IntegrationRuntimeNotFound",
        "properties.connectVia.referenceName",
      ],
      [
        "self-hosted",
        ml({}, via("onprem")),
        "SelfHostedIntegrationRuntimeNotSupported",
        "properties.connectVia.referenceName",
      ],
      [
        "no such store",
        ml(vaultSecret("none")),
        "InvalidReference",
        `${at}.servicePrincipalKey.store`,
      ],
      ["store is no vault", ml(vaultSecret("ws1-WorkspaceDefaultStorage")), "BadRequest", at],
      ["mask of nothing", withSecret(mask), "SecretRequired", `${at}.servicePrincipalKey`],
      [
        "foreign credential",
        ml({ encryptedCredential: "x" }),
        "SecretRequired",
        `${at}.encryptedCredential`,
      ],
      ["too big", ml({}, { description: "x".repeat(110_000) }), "BadRequest", "properties"],
    ];
    for (const [what, properties, code, target] of rows) {
      const body = await save("bad", properties);
      assert.equal(body.status, "Failed", `${what}: ${JSON.stringify(body)}`);
      assert.deepEqual([body.error.code, body.error.target], [code, target], what);
      const read = await workspace.send(server.admin, "GET", "/linkedservices/bad");
      assert.equal(read.body.code, "LinkedServiceNotFound", what);
    }
    const good = [
      ml({ mlWorkspaceName: expression }),
      ml(vaultSecret("kv")),
      ml({}, via("AutoResolveIntegrationRuntime")),
    ];
    for (const properties of good) {
      assert.equal((await save("good", properties)).name, "good");
    }
  });

  it("of Azure Machine Learning are refused with data exfiltration protection, others are not", async () => {
    const walled = await putWorkspace(server, {
      name: "walled",
      properties: {
        managedVirtualNetwork: "default",
        managedVirtualNetworkSettings: { preventDataExfiltration: true },
      },
    });
    const refused = await save("ml", ml({ authentication: "MSI" }), walled);
    assert.equal(refused.error.code, "DataExfiltrationProtectionNotSupported");
    const vault = {
      type: "AzureKeyVault",
      typeProperties: { baseUrl: "https://kv1.vault.azure.net" },
    };
    assert.equal((await save("kv", vault, walled)).name, "kv");
  });

  it("give no secret back and keep it sealed", async () => {
    const body = await save("sp", withSecret("clear-text-1"));
    const { servicePrincipalKey, encryptedCredential } = body.properties.typeProperties;
    assert.deepEqual(servicePrincipalKey, { type: "SecureString", value: mask });
    assert.ok(encryptedCredential.length > 20);
    const bytes = await sealed("sp", "typeProperties.servicePrincipalKey");
    assert.ok(bytes && !Buffer.from(bytes).includes("clear-text-1"));
    const { store } = server.running.internals;
    const documents = await store.read.documents({ under: workspace.id.toLowerCase() });
    assert.ok(!JSON.stringify(documents).includes("clear-text-1"));
  });

  it("keep a stored secret that comes back masked only while its target stays", async () => {
    const first = await save("keep", withSecret("clear-text-2"));
    const { properties } = first;
    const open = async () => {
      const key = `${workspace.id}/linkedservices/keep`.toLowerCase();
      return sealed("keep", "typeProperties.servicePrincipalKey").then(
        (bytes) => bytes !== undefined && key,
      );
    };
    const same = await save("keep", { ...properties, description: "new" });
    assert.equal(same.properties.description, "new", JSON.stringify(same));
    assert.ok(await open());
    const { servicePrincipalKey: _key, ...withoutKey } = properties.typeProperties;
    const unsent = await save("keep", { ...properties, typeProperties: withoutKey });
    assert.deepEqual(unsent.properties.typeProperties.servicePrincipalKey, {
      type: "SecureString",
      value: mask,
    });
    for (const [name, value] of Object.entries({
      subscriptionId: "00000000-0000-4000-8000-000000000002",
      mlWorkspaceName: "other",
      servicePrincipalId: "someone",
      tenant: "elsewhere",
    })) {
      const typeProperties = { ...properties.typeProperties, [name]: value };
      const refused = await save("keep", { ...properties, typeProperties });
      assert.equal(refused.error?.code, "SecretRequired", name);
      assert.match(refused.error.message, new RegExp(`'${name}' changed`));
    }
    const moved = await save("keep", {
      ...properties,
      parameters: { t: { type: "String", defaultValue: "evil" } },
    });
    assert.equal(moved.error?.code, "SecretRequired");
    const { encryptedCredential: _credential, ...none } = withoutKey;
    await save("keep", { ...properties, typeProperties: none });
    assert.equal(await open(), false);
  });

  it("take passwords out of connection strings and plain keys", async () => {
    const text = 'Data Source=tcp:s,1433;User ID=sa;Password="p4;ss";Encrypt=True';
    const sql = await save("sql", {
      type: "AzureSqlDatabase",
      typeProperties: { connectionString: text },
    });
    assert.equal(
      sql.properties.typeProperties.connectionString,
      "Data Source=tcp:s,1433;User ID=sa;Encrypt=True",
    );
    assert.ok(await sealed("sql", "typeProperties.connectionString"));
    const other = await save("sql2", {
      type: "MySql",
      typeProperties: { connectionString: "server=a;pwd=p4ss" },
    });
    assert.equal(other.properties.typeProperties.connectionString, "server=a");
    const again = await save("sql", sql.properties);
    assert.equal(
      again.properties.typeProperties.encryptedCredential,
      sql.properties.typeProperties.encryptedCredential,
    );
    const lake = await save("lake", {
      type: "AzureBlobFS",
      typeProperties: { url: "https://a.dfs.core.windows.net", accountKey: "k3y" },
    });
    assert.deepEqual(lake.properties.typeProperties.accountKey, {
      type: "SecureString",
      value: mask,
    });
  });

  it("and other artifacts seal secure strings too", async () => {
    const call = (password: object, url: string) => ({
      activities: [
        {
          name: "Web",
          type: "WebActivity",
          typeProperties: { url, authentication: { type: "Basic", password } },
        },
      ],
    });
    const put = async (properties: object) => {
      const accepted = await workspace.send(server.admin, "PUT", "/pipelines/web", { properties });
      return (await workspace.result(server.admin, accepted)).body;
    };
    const first = await put(call({ type: "SecureString", value: "s3cret" }, "https://a"));
    assert.ok(!JSON.stringify(first).includes("s3cret"));
    const again = await put(first.properties);
    assert.equal(again.name, "web", JSON.stringify(again));
    const moved = structuredClone(first.properties);
    moved.activities[0].typeProperties.url = "https://b";
    assert.equal((await put(moved)).error.code, "SecretRequired");
  });

  it("take their sealed secrets along when renamed, and lose them when deleted", async () => {
    await save("before", withSecret("clear-text-3"));
    await workspace.send(server.admin, "POST", "/linkedservices/before/rename", {
      newName: "after",
    });
    assert.equal(await sealed("before", "typeProperties.servicePrincipalKey"), undefined);
    assert.ok(await sealed("after", "typeProperties.servicePrincipalKey"));
    assert.equal(
      (await workspace.send(server.admin, "DELETE", "/linkedservices/after")).status,
      202,
    );
    assert.equal(await sealed("after", "typeProperties.servicePrincipalKey"), undefined);
  });
});
