// `callosum apply` as people run it: a Git folder and a publish branch put into a workspace, again, with
// changes, with --prune, with secrets from a vault; wrong repositories change nothing.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Connection } from "@callosum/sdk/connection.ts";
import { putResource } from "@callosum/sdk/resource.ts";
import { openApi } from "callosum/api.ts";
import { openCallosumDirectory } from "../../packages/cli/test/callosum-process.ts";
import { createLinkableWorkspaces } from "../../packages/cli/test/linkable-workspace.ts";
import { type Files, gitFolder, openRepository, publishBranch } from "./apply-fixture.ts";

const directory = openCallosumDirectory();
const key = "lake_accountKey=a2V5";
let api: Connection;
let group = "";

before(async () => {
  const contract = (await directory.up()).json();
  api = openApi(contract);
  const { synapse } = await createLinkableWorkspaces(api, contract.subscriptionId);
  group = synapse.slice(0, synapse.indexOf("/providers/"));
});
after(() => directory.close());

async function makeWorkspace(name: string, properties: object = {}) {
  const id = `${group}/providers/Microsoft.Synapse/workspaces/${name}`;
  const lake = { accountUrl: "https://lake1.dfs.core.windows.net", filesystem: "default" };
  await putResource(api, {
    id,
    apiVersion: "2021-06-01",
    body: {
      location: "westeurope",
      identity: { type: "SystemAssigned" },
      properties: { defaultDataLakeStorage: lake, ...properties },
    },
  });
  return id;
}

async function read(workspace: string, path: string) {
  const query = { "api-version": "2020-12-01" };
  const { body } = await api.send({ service: "synapse", subject: workspace, path, query });
  return body as { value: { name: string }[]; properties: Record<string, unknown> };
}

const collections = ["linkedservices", "datasets", "pipelines", "notebooks", "sqlscripts"];

/** Everything that a workspace holds, as text that compares. */
async function contentOf(workspace: string): Promise<string> {
  const lists = collections.map(async (each) => (await read(workspace, `/${each}`)).value);
  return JSON.stringify(await Promise.all(lists));
}

const apply = (path: string, workspace: string, ...words: readonly string[]) =>
  directory.run("apply", path, "--workspace", workspace, ...words);

const actions = (document: { changes: { action: string; title: string }[] }, action: string) =>
  document.changes.filter((change) => change.action === action).map(({ title }) => title);

test("a Git folder is planned, put into a workspace, and then there is nothing to do", async () => {
  await makeWorkspace("git1");
  const repository = openRepository(gitFolder);
  const before = await contentOf("git1");
  const planned = await apply(repository.path, "git1", "--dry-run", "--json", "--parameters", key);
  assert.equal(planned.code, 0, planned.stderr);
  assert.equal(await contentOf("git1"), before, "a plan changes nothing");
  const made = await apply(repository.path, "git1", "--yes", "--json", "--parameters", key);
  assert.equal(made.code, 0, made.stderr);
  assert.deepEqual(made.json().changes, planned.json().changes);
  assert.deepEqual(actions(made.json(), "create").sort(), [
    "dataFlows/join",
    "datasets/copied",
    "datasets/flights",
    "integrationRuntimes/onsite",
    "kqlScripts/hours",
    "linkedServices/lake",
    "linkedServices/learning",
    "linkedServices/vault",
    "notebooks/clean",
    "pipelines/a outer",
    "pipelines/inner",
    "sparkJobDefinitions/job",
    "sqlScripts/top flights",
    "triggers/nightly",
  ]);
  const again = await apply(repository.path, "git1", "--yes", "--json");
  assert.equal(again.code, 0, again.stderr);
  assert.equal(again.json().made, 0);
  assert.equal(actions(again.json(), "unchanged").length, 14);
  repository.close();
});

test("the default storage of another workspace's repository is this workspace's own", async () => {
  const { properties } = await read("git1", "/datasets/flights");
  assert.deepEqual(properties.linkedServiceName, {
    referenceName: "git1-WorkspaceDefaultStorage",
    type: "LinkedServiceReference",
  });
  const { value } = await read("git1", "/linkedservices");
  assert.ok(!value.some(({ name }) => name.startsWith("old-")));
});

test("what changed is updated, what is gone stays until --prune, pools stay for ever", async () => {
  const repository = openRepository(gitFolder);
  repository.write({
    "sqlscript/top flights.json": {
      name: "top flights",
      properties: { content: { query: "SELECT 2" }, type: "SqlQuery" },
    },
  });
  repository.remove("trigger/nightly.json", "pipeline/a outer.json", "pipeline/inner.json");
  repository.remove("dataset/copied.json", "linkedService/lake.json", "dataflow/join.json");
  const pool = { sparkVersion: "3.4", nodeSize: "Small", nodeCount: 3 };
  const id = `${group}/providers/Microsoft.Synapse/workspaces/git1/bigDataPools/pool9`;
  const body = { location: "westeurope", properties: pool };
  await putResource(api, { id, apiVersion: "2021-06-01", body });
  const updated = await apply(repository.path, "git1", "--yes", "--json");
  assert.deepEqual(actions(updated.json(), "update"), ["sqlScripts/top flights"]);
  assert.equal(actions(updated.json(), "keep").length, 6);
  assert.equal((await read("git1", "/pipelines")).value.length, 2);
  const pruned = await apply(repository.path, "git1", "--yes", "--prune", "--json");
  assert.equal(pruned.code, 0, pruned.stderr);
  assert.equal(actions(pruned.json(), "remove").length, 6);
  assert.equal((await read("git1", "/pipelines")).value.length, 0);
  const after = await apply(repository.path, "git1", "--yes", "--prune", "--json");
  assert.equal(after.json().made, 0);
  const held = await directory.run("rest", "--url", `${id}?api-version=2021-06-01`);
  assert.equal(held.code, 0, held.stderr);
  repository.close();
});

test("a secret comes from a Key Vault reference, never from the repository", async () => {
  await makeWorkspace("git2");
  const vault = `${group}/providers/Microsoft.KeyVault/vaults/mlvault1`;
  const grant = ["--role", "Key Vault Secrets Officer", "--to", "callosum-admin", "--scope", vault];
  const admin = (await directory.run("env", "--json")).json().admin.objectId;
  const granted = await directory.run("grant", ...grant.with(3, admin));
  assert.equal(granted.code, 0, granted.stderr);
  const words = ["set", "--vault", "mlvault1", "--name", "lake-key"];
  const set = await directory.runWith({ input: "ZnJvbS12YXVsdA==\n" }, "secret", ...words);
  assert.equal(set.code, 0, set.stderr);
  const repository = openRepository(gitFolder);
  const without = await apply(repository.path, "git2", "--yes");
  assert.equal(without.code, 1);
  assert.match(without.stderr, /linkedService\/lake\.json:7:30: .*lake_accountKey/);
  assert.match(without.stderr, /Nothing was changed/);
  const file = join(repository.path, "..", `${repository.path.split("/").at(-1)}.secrets.json`);
  const reference = { keyVault: { id: vault }, secretName: "lake-key" };
  writeFileSync(file, JSON.stringify({ parameters: { lake_accountKey: { reference } } }));
  const made = await apply(repository.path, "git2", "--yes", "--json", "--parameters", file);
  assert.equal(made.code, 0, made.stderr);
  const { properties } = await read("git2", "/linkedservices/lake");
  const { accountKey } = properties.typeProperties as Record<string, unknown>;
  assert.deepEqual(accountKey, { type: "SecureString", value: "**********" });
  assert.ok(!made.stdout.includes("ZnJvbS12YXVsdA"));
  // Kept by the workspace from then on; another target needs it again.
  assert.equal((await apply(repository.path, "git2", "--yes", "--json")).json().made, 0);
  const url = "lake_properties_typeProperties_url=https://elsewhere.dfs.core.windows.net";
  const elsewhere = await apply(repository.path, "git2", "--yes", "--parameters", url);
  assert.equal(elsewhere.code, 1);
  assert.match(elsewhere.stderr, /'url' changed/);
  repository.close();
});

test("a publish branch is evaluated for the workspace; its committed secret is not used", async () => {
  await makeWorkspace("pub1");
  const repository = openRepository(publishBranch);
  const without = await apply(repository.path, "pub1", "--yes");
  assert.equal(without.code, 1);
  assert.match(without.stderr, /old\/TemplateForWorkspace\.json:\d+:\d+: .*lake_accountKey/);
  const made = await apply(repository.path, "pub1", "--yes", "--json", "--parameters", key);
  assert.equal(made.code, 0, made.stderr);
  assert.equal(made.json().form, "publishBranch");
  assert.equal(made.json().made, 4);
  const { properties } = await read("pub1", "/linkedservices/lake");
  assert.equal(
    (properties.typeProperties as { url: string }).url,
    "https://published.dfs.core.windows.net",
  );
  const script = await read("pub1", "/sqlscripts/brackets");
  assert.equal((script.properties.content as { query: string }).query, "[1, 2]");
  assert.equal((await apply(repository.path, "pub1", "--yes", "--json")).json().made, 0);
  repository.close();
});

test("managed private endpoints come where the workspace has a managed network", async () => {
  await makeWorkspace("net1", { managedVirtualNetwork: "default" });
  const privateLinkResourceId = `${group}/providers/Microsoft.Storage/storageAccounts/mlstorage1`;
  const repository = openRepository({
    "managedVirtualNetwork/default/managedPrivateEndpoint/toStorage.json": {
      name: "toStorage",
      properties: { privateLinkResourceId, groupId: "blob", fqdns: [] },
    },
  });
  const made = await apply(repository.path, "net1", "--yes", "--json");
  assert.equal(made.code, 0, made.stderr);
  assert.deepEqual(actions(made.json(), "create"), ["managedPrivateEndpoints/toStorage"]);
  assert.equal((await apply(repository.path, "net1", "--yes", "--json")).json().made, 0);
  const none = await apply(repository.path, "git1", "--yes");
  assert.equal(none.code, 1);
  assert.match(none.stderr, /toStorage\.json:3:17: .*no managed virtual network/);
  const file = "managedVirtualNetwork/default/managedPrivateEndpoint/toNowhere.json";
  const elsewhere = privateLinkResourceId.replace("mlstorage1", "absent1");
  const properties = { privateLinkResourceId: elsewhere, groupId: "blob" };
  repository.write({ [file]: { name: "toNowhere", properties } });
  const nowhere = await apply(repository.path, "net1", "--yes");
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.stderr, /toNowhere\.json:4:30: .*there is no resource '.*absent1'/);
  repository.close();
});

test("what workspaces here do not have is refused by name, or left out with a warning", async () => {
  await makeWorkspace("git3");
  const vault = "linkedService/vault.json";
  const repository = openRepository({
    [vault]: gitFolder[vault],
    "database/lakedb.json": { name: "lakedb", properties: {} },
    "linkConnection/feed.json": { name: "feed", properties: {} },
  });
  const refused = await apply(repository.path, "git3", "--yes");
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /database\/lakedb\.json:1:1: A lake database is not supported/);
  assert.match(
    refused.stderr,
    /linkConnection\/feed\.json:1:1: A link connection is not supported/,
  );
  const made = await apply(repository.path, "git3", "--yes", "--json", "--skip-unsupported");
  assert.equal(made.code, 0, made.stderr);
  assert.equal(made.json().warnings.length, 2);
  assert.deepEqual(actions(made.json(), "create"), ["linkedServices/vault"]);
  repository.close();
});

/** Told before anything is compared with the workspace. */
const unread = [
  "no JSON",
  "half a file",
  "an empty file",
  "an array",
  "no name",
  "no properties",
  "a name twice",
  "settings that are no JSON",
  "a second network",
];
const isUnread = (name: string) => unread.includes(name);

/** What is written over the good repository, and what is told of it. */
const malformed: readonly [string, Files, RegExp][] = [
  [
    "a runtime for SSIS packages",
    {
      "integrationRuntime/ssis.json": {
        name: "ssis",
        properties: {
          type: "Managed",
          typeProperties: { ssisProperties: { edition: "Standard" } },
        },
      },
    },
    /integrationRuntime\/ssis\.json:6:25: .*'ssisProperties' is not supported/,
  ],
  [
    "a pool whose name is not one",
    {
      "bigDataPool/no pool.json": {
        name: "no pool",
        properties: { nodeSize: "Small", nodeCount: 3, sparkVersion: "3.4" },
      },
    },
    /bigDataPool\/no pool\.json:2:11: bigDataPools\/no pool: /,
  ],
  [
    "no JSON",
    { "dataset/x0.json": '{\n  "name": "x",,\n}' },
    /dataset\/x0\.json:2:15: It is not JSON/,
  ],
  [
    "half a file",
    { "dataset/x1.json": '{\n "name": "x",' },
    /dataset\/x1\.json:2:14: It is not JSON/,
  ],
  ["an empty file", { "dataset/x2.json": "" }, /dataset\/x2\.json:1:1: It is not JSON/],
  ["an array", { "dataset/x3.json": "[]" }, /dataset\/x3\.json:1:1: It must be a JSON object/],
  [
    "no name",
    { "dataset/x4.json": { properties: {} } },
    /dataset\/x4\.json:1:1: It needs a 'name'/,
  ],
  [
    "no properties",
    { "dataset/x5.json": { name: "x5" } },
    /dataset\/x5\.json:1:1: It needs 'properties'/,
  ],
  [
    "a name twice",
    { "dataset/other.json": { name: "flights", properties: {} } },
    /dataset\/other\.json:2:11: 'flights' stands in dataset\/flights\.json too/,
  ],
  [
    "a reference to nothing",
    {
      "pipeline/p.json": {
        name: "p",
        properties: {
          activities: [
            {
              name: "a",
              type: "Copy",
              inputs: [{ referenceName: "none", type: "DatasetReference" }],
            },
          ],
        },
      },
    },
    /pipeline\/p\.json:9:11: pipelines\/p names datasets\/none/,
  ],
  [
    "a circle",
    Object.fromEntries(
      [
        ["one", "two"],
        ["two", "one"],
      ].map(([from, to]) => [
        `pipeline/${from}.json`,
        {
          name: from,
          properties: {
            activities: [
              {
                name: "run",
                type: "ExecutePipeline",
                typeProperties: { pipeline: { referenceName: to, type: "PipelineReference" } },
              },
            ],
          },
        },
      ]),
    ),
    /pipeline\/\w+\.json:3:17: These name each other in a circle: pipelines\/(one|two) →/,
  ],
  [
    "a type that nobody knows",
    { "linkedService/x9.json": { name: "x9", properties: { type: "AzureKeyVaults" } } },
    /linkedService\/x9\.json:4:13: .*'AzureKeyVaults'/,
  ],
  [
    "a value of the wrong type",
    {
      "linkedService/x10.json": {
        name: "x10",
        properties: { type: "AzureKeyVault", typeProperties: { baseUrl: 3 } },
      },
    },
    /linkedService\/x10\.json:6:18: .*baseUrl/,
  ],
  [
    "a secret in clear",
    {
      "linkedService/x11.json": {
        name: "x11",
        properties: {
          type: "AzureBlobFS",
          typeProperties: {
            url: "https://x.dfs.core.windows.net",
            accountKey: { type: "SecureString", value: "in-clear" },
          },
        },
      },
    },
    /linkedService\/x11\.json:7:21: The secret 'accountKey' .*stands in clear.*x11_accountKey/,
  ],
  [
    "a password in a connection string",
    {
      "linkedService/x12.json": {
        name: "x12",
        properties: {
          type: "AzureSqlDW",
          typeProperties: { connectionString: "Data Source=a;Initial Catalog=b;Password=p" },
        },
      },
    },
    /linkedService\/x12\.json:6:27: .*in clear.*x12_connectionString/,
  ],
  [
    "an integration runtime of no kind",
    { "integrationRuntime/x13.json": { name: "x-ir", properties: { type: "Magic" } } },
    /integrationRuntime\/x13\.json:4:13: integrationRuntimes\/x-ir: /,
  ],
  [
    "settings that are no JSON",
    { "publish_config.json": "{" },
    /publish_config\.json:1:2: It is not/,
  ],
  [
    "a second network",
    { "managedVirtualNetwork/other.json": { name: "other" } },
    /managedVirtualNetwork\/other\.json:1:1: A managed virtual network is not supported/,
  ],
];

/** All rows whose files are of different names in one repository: faults are told together. */
const rounds = [
  malformed.filter(([name]) => !isUnread(name)),
  malformed.filter(([name]) => isUnread(name)),
];

test("a malformed repository is told with file and place, and changes nothing", async () => {
  await makeWorkspace("git4");
  const before = await contentOf("git4");
  for (const rows of rounds) {
    const files = Object.assign({}, ...rows.map(([, each]) => each));
    assert.equal(Object.keys(files).length, rows.flatMap(([, each]) => Object.keys(each)).length);
    const repository = openRepository({ ...gitFolder, ...files });
    const { code, stderr } = await apply(repository.path, "git4", "--yes", "--parameters", key);
    repository.close();
    assert.equal(code, 1, stderr);
    for (const [name, , told] of rows) assert.match(stderr, told, name);
    assert.match(stderr, /Nothing was changed/);
    assert.equal(await contentOf("git4"), before);
  }
});

test("a template that is wrong is told with its place too", async () => {
  const template = structuredClone(publishBranch["old/TemplateForWorkspace.json"]) as {
    resources: { properties: unknown }[];
  };
  (template.resources[0] as { properties: unknown }).properties = { content: "[nope()]" };
  const repository = openRepository({
    ...publishBranch,
    "old/TemplateForWorkspace.json": template,
  });
  const { code, stderr } = await apply(repository.path, "git4", "--yes", "--parameters", key);
  repository.close();
  assert.equal(code, 1, stderr);
  assert.match(stderr, /old\/TemplateForWorkspace\.json:\d+:\d+: .*nope/);
});

test("the line says what it lacks", async () => {
  const repository = openRepository(gitFolder);
  const several = await directory.run("apply", repository.path);
  assert.equal(several.code, 2);
  assert.match(several.stderr, /--workspace/);
  const nobody = await apply(repository.path, "git4", "--parameters", key);
  assert.equal(nobody.code, 2, "nobody can be asked, and --yes is not said");
  const extra = ["--yes", "--parameters", key, "--parameters", "laek_accountKey=x"];
  const unused = await apply(repository.path, "git4", ...extra);
  assert.equal(unused.code, 2);
  assert.match(unused.stderr, /laek_accountKey/);
  const empty = openRepository({ "README.md": "" });
  const none = await apply(empty.path, "git4");
  assert.equal(none.code, 1);
  assert.match(none.stderr, /neither a workspace's Git folder nor its publish branch/);
  for (const each of [repository, empty]) each.close();
});
