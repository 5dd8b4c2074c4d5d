// The whole story with azure-cli, unmodified: sign-in of an application and of a person, workspaces,
// permission, link, template, and a private cloud of its own.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { linkTemplate } from "../conformance/deployment-fixture.ts";
import { type AzureCli, openAzureCli, signInWithDeviceCode } from "./azure-cli.ts";
import { type Instance, openInstance } from "./exec.ts";
import { openRecord } from "./record.ts";
import { openVenv } from "./venv.ts";

const venv = await openVenv("azure-cli");
const record = openRecord(
  "azure-cli",
  {
    client: "azure-cli",
    version: venv.version("azure-cli"),
    platform: `Python ${venv.pythonVersion}`,
    test: "tests/clients/azure-cli.test.ts",
  },
  [
    "The ml extension comes from a host that package indexes don't mirror: `az ml compute attach` and `detach` are done with `az rest` here, and with azure-ai-ml, which is what the extension calls.",
    "`az synapse role assignment create --assignee` takes an object id or a display name, not an application id: that is the client's own rule.",
  ],
);

const published = fileURLToPath(new URL("../../../shared/reference/templates/", import.meta.url));
const group = ["--resource-group", "rg1"];
const workspace = ["--workspace-name", "ws1az"];
const place = ["--location", "westeurope"];

describe("azure-cli through exec, on Azure's host names", { skip: venv.skip }, () => {
  let instance: Instance;
  let az: AzureCli;
  let root: string;
  before(async () => {
    instance = await openInstance();
    az = openAzureCli(instance, venv);
    root = `/subscriptions/${instance.contract.subscriptionId}/resourceGroups/rg1`;
  });
  after(async () => {
    record.write();
    await instance?.close();
  });

  it(
    "signs in as a service principal",
    record.covers(["login --service-principal", "account show"], async () => {
      const words = '-u "$AZURE_CLIENT_ID" -p "$AZURE_CLIENT_SECRET" --tenant "$AZURE_TENANT_ID"';
      const login = `'${venv.program("az")}' login --service-principal ${words} --output json`;
      const [account] = JSON.parse(await instance.exec("sh", "-c", login));
      assert.equal(account.id, instance.contract.subscriptionId);
      const shown = await az("account", "show");
      assert.equal(shown.user.type, "servicePrincipal");
    }),
  );

  it(
    "makes what the link needs, from nothing",
    record.covers(
      [
        "group create|list",
        "provider register|show",
        "storage account create|keys list",
        "storage fs create",
        "keyvault create",
        "synapse workspace check-name|create|show|list|update",
        "synapse workspace firewall-rule create",
        "synapse spark pool create|list|update",
        "synapse sql pool create|pause|show|resume|list",
        "resource create",
      ],
      async () => {
        await az("group", "create", "--name", "rg1", ...place);
        await az("provider", "register", "--namespace", "Microsoft.Synapse");
        const provider = await az("provider", "show", "--namespace", "Microsoft.Synapse");
        assert.equal(provider.registrationState, "Registered");
        await makeLake();
        await makeSynapse();
        await makeSqlPool();
        await makeMachineLearning();
        assert.deepEqual(
          (await az("group", "list")).map(({ name }: { name: string }) => name),
          ["rg1"],
        );
      },
    ),
  );

  async function makeLake(): Promise<void> {
    const kind = ["--sku", "Standard_LRS", "--kind", "StorageV2", "--hns", "true"];
    const lake = await az("storage", "account", "create", "--name", "lake1az", ...group, ...kind);
    assert.equal(lake.isHnsEnabled, true);
    const keys = await az("storage", "account", "keys", "list", "--account-name", "lake1az");
    assert.equal(keys[0].keyName, "key1");
    const byLogin = ["--account-name", "lake1az", "--auth-mode", "login"];
    await az("storage", "fs", "create", "--name", "default", ...byLogin);
  }

  async function makeSynapse(): Promise<void> {
    const isFree = await az("synapse", "workspace", "check-name", "--name", "ws1az");
    assert.equal(isFree.available, true);
    const lake = ["--storage-account", "lake1az", "--file-system", "default"];
    const login = ["--sql-admin-login-user", "sqladmin"];
    const password = ["--sql-admin-login-password", "Example-passw0rd"];
    const network = ["--enable-managed-vnet", "true"];
    const wanted = [...lake, ...login, ...password, ...network, ...place];
    const made = await az("synapse", "workspace", "create", "--name", "ws1az", ...group, ...wanted);
    assert.equal(made.provisioningState, "Succeeded");
    const shown = await az("synapse", "workspace", "show", "--name", "ws1az", ...group);
    assert.equal(shown.connectivityEndpoints.dev, "https://ws1az.dev.azuresynapse.net");
    assert.equal((await az("synapse", "workspace", "list", ...group)).length, 1);
    const tags = ["--tags", "team=data"];
    const updated = await az(
      "synapse",
      "workspace",
      "update",
      "--name",
      "ws1az",
      ...group,
      ...tags,
    );
    assert.deepEqual(updated.tags, { team: "data" });
    const range = ["--start-ip-address", "0.0.0.0", "--end-ip-address", "255.255.255.255"];
    const rule = ["workspace", "firewall-rule", "create", "--name", "all"];
    await az("synapse", ...rule, ...workspace, ...group, ...range);
    const pool = ["spark", "pool", "create", "--name", "pool1", ...workspace, ...group];
    const size = ["--spark-version", "3.4", "--node-count", "3", "--node-size", "Small"];
    await az("synapse", ...pool, ...size);
    await az("synapse", ...pool.with(4, "pool2"), ...size);
    const update = ["spark", "pool", "update", "--name", "pool1", ...workspace, ...group];
    const scale = ["--enable-auto-scale", "--min-node-count", "3", "--max-node-count", "5"];
    const scaled = await az("synapse", ...update, ...scale);
    assert.deepEqual([scaled.autoScale.enabled, scaled.autoScale.maxNodeCount], [true, 5]);
    const pools = await az("synapse", "spark", "pool", "list", ...workspace, ...group);
    assert.deepEqual(
      pools.map(({ name }: { name: string }) => name),
      ["pool1", "pool2"],
    );
  }

  async function makeSqlPool(): Promise<void> {
    const pool = ["--name", "sql1", ...workspace, ...group];
    const make = (verb: string, ...more: string[]) =>
      az("synapse", "sql", "pool", verb, ...pool, ...more);
    assert.equal((await make("create", "--performance-level", "DW100c")).status, "Online");
    await make("pause");
    assert.equal((await make("show")).status, "Paused");
    await make("resume");
    assert.equal((await make("show")).status, "Online");
    assert.equal((await az("synapse", "sql", "pool", "list", ...workspace, ...group)).length, 1);
  }

  async function makeMachineLearning(): Promise<void> {
    const vault = await az("keyvault", "create", "--name", "kv1az", ...group, ...place);
    assert.equal(vault.properties.enableRbacAuthorization, true);
    const make = (name: string, type: string, apiVersion: string, body: object) => {
      const content = instance.file(`${name}.json`, { location: "westeurope", ...body });
      const full = ["--is-full-object", "--properties", `@${content}`];
      const of = ["--name", name, "--resource-type", type, "--api-version", apiVersion];
      return az("resource", "create", ...group, ...of, ...full);
    };
    await make("insights1az", "Microsoft.Insights/components", "2020-02-02", {
      kind: "web",
      properties: { Application_Type: "web" },
    });
    const providers = `${root}/providers`;
    const made = await make("ml1az", "Microsoft.MachineLearningServices/workspaces", "2022-10-01", {
      identity: { type: "SystemAssigned" },
      properties: {
        storageAccount: `${providers}/Microsoft.Storage/storageAccounts/lake1az`,
        keyVault: `${providers}/Microsoft.KeyVault/vaults/kv1az`,
        applicationInsights: `${providers}/Microsoft.Insights/components/insights1az`,
      },
    });
    assert.match(made.identity.principalId, /^[0-9a-f-]{36}$/);
  }

  const machineLearning = () =>
    `${root}/providers/Microsoft.MachineLearningServices/workspaces/ml1az`;

  it(
    "registers an application and grants it and the workspace's identity",
    record.covers(
      [
        "ad app create|credential reset",
        "ad sp create|show|list",
        "role definition list",
        "role assignment create|list|delete",
      ],
      async () => {
        const { appId } = await az("ad", "app", "create", "--display-name", "linkapp");
        const credential = await az("ad", "app", "credential", "reset", "--id", appId);
        assert.ok(credential.password.length > 20);
        await az("ad", "sp", "create", "--id", appId);
        assert.equal((await az("ad", "sp", "show", "--id", appId)).displayName, "linkapp");
        const [msi] = await az("ad", "sp", "list", "--display-name", "ws1az");
        assert.equal(msi.servicePrincipalType, "ManagedIdentity");
        const [role] = await az("role", "definition", "list", "--name", "Contributor");
        assert.equal(role.roleName, "Contributor");
        const scope = ["--scope", machineLearning(), "--role", "Contributor"];
        const ofMsi = ["--assignee-object-id", msi.id];
        const type = ["--assignee-principal-type", "ServicePrincipal"];
        await az("role", "assignment", "create", ...ofMsi, ...type, ...scope);
        await az("role", "assignment", "create", "--assignee", appId, ...scope);
        const list = ["role", "assignment", "list", "--scope", machineLearning()];
        assert.equal((await az(...list)).length, 2);
        await az("role", "assignment", "delete", "--assignee", appId, ...scope);
        assert.equal((await az(...list)).length, 1);
      },
    ),
  );

  it(
    "links Synapse to machine learning, and reaches it privately",
    record.covers(
      [
        "synapse linked-service create|show|list|update|delete",
        "synapse role definition list",
        "synapse role assignment create|list|show|delete",
        "synapse role scope list",
        "synapse managed-private-endpoints create|show|list|delete",
      ],
      async () => {
        await makeLinkedService();
        await assignSynapseRole();
        await makePrivateEndpoint();
      },
    ),
  );

  async function makeLinkedService(): Promise<void> {
    const typeProperties = {
      subscriptionId: instance.contract.subscriptionId,
      resourceGroupName: "rg1",
      mlWorkspaceName: "ml1az",
      authentication: "MSI",
    };
    const file = instance.file("link.json", {
      properties: { type: "AzureMLService", typeProperties },
    });
    const link = ["--name", "AzureML1", ...workspace];
    const content = ["--file", `@${file}`];
    await az("synapse", "linked-service", "create", ...link, ...content);
    const shown = await az("synapse", "linked-service", "show", ...link);
    assert.equal(shown.properties.mlWorkspaceName, "ml1az");
    await az("synapse", "linked-service", "update", ...link, ...content);
    const names = async () =>
      (await az("synapse", "linked-service", "list", ...workspace)).map(
        ({ name }: { name: string }) => name,
      );
    assert.ok((await names()).includes("AzureML1"));
    await az("synapse", "linked-service", "delete", ...link, "--yes");
    assert.ok(!(await names()).includes("AzureML1"));
    await az("synapse", "linked-service", "create", ...link, ...content);
  }

  async function assignSynapseRole(): Promise<void> {
    assert.equal((await az("synapse", "role", "definition", "list", ...workspace)).length, 11);
    assert.equal((await az("synapse", "role", "scope", "list", ...workspace)).length, 6);
    const wanted = ["--role", "Synapse Artifact User", "--assignee", "linkapp", ...workspace];
    const made = await az("synapse", "role", "assignment", "create", ...wanted);
    const list = ["synapse", "role", "assignment", "list", "--role", "Synapse Artifact User"];
    assert.deepEqual(
      (await az(...list, ...workspace)).map(
        ({ principalId }: { principalId: string }) => principalId,
      ),
      [made.principalId],
    );
    await az("synapse", "role", "assignment", "show", "--id", made.id, ...workspace);
    await az("synapse", "role", "assignment", "delete", "--ids", made.id, ...workspace, "--yes");
    assert.deepEqual(await az(...list, ...workspace), []);
  }

  async function makePrivateEndpoint(): Promise<void> {
    const file = instance.file("endpoint.json", {
      privateLinkResourceId: machineLearning(),
      groupId: "amlworkspace",
    });
    const endpoint = ["--pe-name", "pe1", ...workspace];
    const call = (verb: string, ...words: string[]) =>
      az("synapse", "managed-private-endpoints", verb, ...words);
    await call("create", ...endpoint, "--file", `@${file}`);
    const shown = await call("show", ...endpoint);
    assert.equal(shown.properties.groupId, "amlworkspace");
    const names = (await call("list", ...workspace)).map(({ name }: { name: string }) => name);
    assert.ok(names.includes("pe1"));
    await call("delete", ...endpoint, "--yes");
  }

  const ownTemplate = { version: "our own words", template: linkTemplate };
  const templates = ["2020-04-01-preview", "2020-09-01-preview"]
    .map((version) => ({ version, file: `${published}azuredeploy.${version}.json` }))
    .filter(({ file }) => existsSync(file))
    .map(({ version, file }) => ({ version, template: JSON.parse(readFileSync(file, "utf8")) }));

  for (const { version, template } of [ownTemplate, ...templates]) {
    for (const count of [2, 0]) {
      it(
        `links by template (${version}) with ${count} pools`,
        record.covers(
          ["deployment group validate|what-if|create|show|list", "deployment operation group list"],
          () => deployLink({ template, isOwn: template === linkTemplate, count }),
        ),
      );
    }
  }

  async function deployLink({
    template,
    isOwn,
    count,
  }: {
    template: unknown;
    isOwn: boolean;
    count: number;
  }): Promise<void> {
    const synapse = `${root}/providers/Microsoft.Synapse/workspaces/ws1az`;
    const pools = ["pool1", "pool2"].slice(0, count);
    const values = isOwn
      ? {
          workspace: "ml1az",
          synapseId: synapse,
          region: "westeurope",
          pools: pools.map((pool, index) => ({ as: `spark${index}`, pool })),
        }
      : {
          amlWorkspaceName: "ml1az",
          synapseWorkspaceResourceId: synapse,
          location: "westeurope",
          sparkPools: pools.map((poolName, index) => ({ computeName: `spark${index}`, poolName })),
        };
    const parameters = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, { value }]),
    );
    const files = [
      "--template-file",
      instance.file("azuredeploy.json", template),
      "--parameters",
      `@${instance.file("azuredeploy.parameters.json", { contentVersion: "1.0.0.0", parameters })}`,
    ];
    const of = [...group, "--name", "link"];
    const valid = await az("deployment", "group", "validate", ...of, ...files);
    assert.equal(valid.properties.provisioningState, "Succeeded");
    const foreseen = await az(
      "deployment",
      "group",
      "what-if",
      ...of,
      ...files,
      "--no-pretty-print",
    );
    assert.equal(foreseen.status, "Succeeded");
    const ended = await az("deployment", "group", "create", ...of, ...files);
    const { principalId, SaiPrincipalId } = ended.properties.outputs;
    const link = await rest("get", "/linkedServices/link1?api-version=2020-09-01-preview");
    assert.equal((principalId ?? SaiPrincipalId).value, link.identity.principalId);
    const computes = await rest("get", "/computes?api-version=2022-10-01");
    assert.equal(computes.value.length, count);
    const shown = await az("deployment", "group", "show", ...of);
    assert.equal(shown.properties.provisioningState, "Succeeded");
    assert.equal((await az("deployment", "group", "list", ...group)).length, 1);
    const operations = await az("deployment", "operation", "group", "list", ...of);
    assert.ok(operations.length > count);
    for (const { name } of computes.value as { name: string }[]) await detach(name);
    await rest("delete", "/linkedServices/link1?api-version=2020-09-01-preview");
  }

  const rest = (method: string, below: string, ...more: string[]) =>
    az("rest", "--method", method, "--url", `${machineLearning()}${below}`, ...more);

  async function detach(name: string): Promise<void> {
    await rest(
      "delete",
      `/computes/${name}?api-version=2022-10-01&underlyingResourceAction=Detach`,
    );
  }

  it(
    "attaches and detaches a pool with plain requests",
    record.covers(["rest"], async () => {
      const resourceId = `${root}/providers/Microsoft.Synapse/workspaces/ws1az/bigDataPools/pool1`;
      const body = instance.file("compute.json", {
        location: "westeurope",
        identity: { type: "SystemAssigned" },
        properties: { computeType: "SynapseSpark", resourceId },
      });
      const path = "/computes/spark1?api-version=2022-10-01";
      await rest("put", path, "--body", `@${body}`);
      const made = await rest("get", path);
      assert.equal(made.properties.provisioningState, "Succeeded");
      await detach("spark1");
      assert.deepEqual((await rest("get", "/computes?api-version=2022-10-01")).value, []);
    }),
  );

  it(
    "signs in as a person with a device code",
    record.covers(["login --use-device-code", "ad signed-in-user show", "logout"], async () => {
      await az("logout");
      const account = await signInWithDeviceCode(instance, venv);
      assert.deepEqual(account.user, { name: instance.contract.user.upn, type: "user" });
      const me = await az("ad", "signed-in-user", "show");
      assert.equal(me.userPrincipalName, instance.contract.user.upn);
      assert.equal((await az("synapse", "workspace", "list")).length, 1);
      await az("logout");
    }),
  );

  it(
    "signs in to a registered private cloud, without a proxy",
    record.covers(["cloud register|set|show"], async () => {
      const { origin, caFile, admin, tenantId } = instance.contract;
      const environment = {
        PATH: process.env.PATH,
        AZURE_CONFIG_DIR: `${instance.directory.path}/own-cloud`,
        REQUESTS_CA_BUNDLE: caFile,
        AZURE_CORE_INSTANCE_DISCOVERY: "false",
        AZURE_CORE_COLLECT_TELEMETRY: "false",
      };
      const own = openAzureCli(instance, venv, environment);
      await own("cloud", "register", "--name", "Own", "--endpoint-resource-manager", `${origin}/`);
      await own("cloud", "set", "--name", "Own");
      assert.equal((await own("cloud", "show")).endpoints.resourceManager, `${origin}/`);
      const secret = readFileSync(admin.secretFile, "utf8").trim();
      const who = ["--username", admin.clientId, "--password", secret, "--tenant", tenantId];
      await own("login", "--service-principal", ...who);
      assert.deepEqual(
        (await own("group", "list")).map(({ name }: { name: string }) => name),
        ["rg1"],
      );
    }),
  );
});
