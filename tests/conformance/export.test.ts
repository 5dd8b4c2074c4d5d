// The round trip of a pair: exported from one instance, made in another one by the printed commands,
// exported from there: the same templates, the same links, and no secret in any file.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Connection } from "@callosum/sdk/connection.ts";
import { putResource } from "@callosum/sdk/resource.ts";
import { openSynapseWorkspace } from "@callosum/sdk/synapse-workspace.ts";
import type { Contract } from "@callosum/server/main.ts";
import { openApi } from "callosum/api.ts";
import { openCallosumDirectory } from "../../packages/cli/test/callosum-process.ts";
import { createLinkableWorkspaces } from "../../packages/cli/test/linkable-workspace.ts";

const here = openCallosumDirectory();
const there = openCallosumDirectory();
const files = mkdtempSync(join(tmpdir(), "callosum-export-"));
const secrets = ["Passw0rd-of-sql", "c2VjcmV0LWtleQ==", "Password-of-db1"];
let contracts: { here: Contract; there: Contract };

before(async () => {
  const [one, other] = await Promise.all([here.up(), there.up()]);
  contracts = { here: one.json(), there: other.json() };
  const api = openApi(contracts.here);
  const { subscriptionId } = contracts.here;
  await createLinkableWorkspaces(api, subscriptionId);
  await makeLake(api, subscriptionId);
  const linked = await here.run(
    ...["link", "--synapse", "ws2", "--ml", "ml1", "--pools", "pool2=spark2", "--yes"],
    ...["--link-name", "to-synapse", "--service-name", "to-ml"],
  );
  assert.equal(linked.code, 0, linked.stderr);
  await makeServices(api);
});
after(async () => {
  rmSync(files, { recursive: true, force: true });
  await Promise.all([here.close(), there.close()]);
});

/** A workspace over a lake of the instance, with pools, a rule and a runtime. */
async function makeLake(api: Connection, subscriptionId: string): Promise<void> {
  const providers = `/subscriptions/${subscriptionId}/resourceGroups/group1/providers`;
  const lake = `${providers}/Microsoft.Storage/storageAccounts/pairlake1`;
  const workspace = `${providers}/Microsoft.Synapse/workspaces/ws2`;
  const pool = { sparkVersion: "3.4", nodeCount: 3, nodeSize: "Small" };
  const rows: readonly [string, string, object][] = [
    [
      lake,
      "2023-01-01",
      { sku: { name: "Standard_LRS" }, kind: "StorageV2", properties: { isHnsEnabled: true } },
    ],
    [`${lake}/blobServices/default/containers/raw`, "2023-01-01", {}],
    [
      workspace,
      "2021-06-01",
      {
        identity: { type: "SystemAssigned" },
        tags: { "[kind]": "[demo]" },
        properties: {
          sqlAdministratorLogin: "sqladminuser",
          sqlAdministratorLoginPassword: secrets[0],
          defaultDataLakeStorage: {
            accountUrl: "https://pairlake1.dfs.core.windows.net",
            filesystem: "raw",
          },
        },
      },
    ],
    [`${workspace}/bigDataPools/pool2`, "2021-06-01", { properties: pool }],
    [
      `${workspace}/firewallRules/office`,
      "2021-06-01",
      { properties: { startIpAddress: "10.0.0.1", endIpAddress: "10.0.0.9" } },
    ],
    [
      `${workspace}/integrationRuntimes/onsite`,
      "2021-06-01",
      { properties: { type: "SelfHosted" } },
    ],
  ];
  for (const [id, apiVersion, body] of rows) {
    const location =
      id.includes("/firewallRules/") || id.includes("/containers/")
        ? {}
        : { location: "westeurope" };
    await putResource(api, { id, apiVersion, body: { ...location, ...body } });
  }
  const granted = await here.run(
    ...["grant", "--role", "Storage Blob Data Contributor", "--to", workspace, "--scope", lake],
  );
  assert.equal(granted.code, 0, granted.stderr);
}

/** Linked services with secrets of both kinds. */
async function makeServices(api: Connection): Promise<void> {
  const { linkedServices } = openSynapseWorkspace("ws2", api);
  await linkedServices.create("lake", {
    type: "AzureBlobFS",
    typeProperties: {
      url: "https://pairlake1.dfs.core.windows.net",
      accountKey: { type: "SecureString", value: secrets[1] },
    },
  });
  await linkedServices.create("db1", {
    type: "AzureSqlDW",
    typeProperties: {
      connectionString: `Data Source=tcp:ws2.sql.azuresynapse.net;Initial Catalog=db1;User ID=u;Password=${secrets[2]}`,
    },
  });
}

const pair = ["--synapse", "ws2", "--ml", "ml1"];

/** Files of a directory by path, ids of the subscription made the same. */
function contentOf(directory: string, subscriptionId: string): Record<string, string> {
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" });
  return Object.fromEntries(
    names
      .filter((name) => name.endsWith(".json"))
      .sort()
      .map((name) => [
        name,
        readFileSync(join(directory, name), "utf8").replaceAll(subscriptionId, "SUBSCRIPTION"),
      ]),
  );
}

/** The words of a printed command, with the new place in it. */
function wordsOf(step: string): string[] {
  const placed = step
    .replaceAll("SUBSCRIPTION", contracts.there.subscriptionId)
    .replaceAll("GROUP", "group1")
    .replace("sqlAdministratorLoginPassword=…", `sqlAdministratorLoginPassword=${secrets[0]}`)
    .replace("lake_accountKey=…", `lake_accountKey=${secrets[1]}`)
    .replace("db1_connectionString=…", "db1_connectionString=CONNECTION");
  const words = [...placed.matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? "",
  );
  return words
    .slice(1)
    .map((word) =>
      word.replace(
        "CONNECTION",
        `Data Source=tcp:ws2.sql.azuresynapse.net;Initial Catalog=db1;User ID=u;Password=${secrets[2]}`,
      ),
    );
}

const linksOf = async (directory: typeof here, { subscriptionId }: Contract) => {
  const { links } = (await directory.run("links", "--json")).json();
  const text = JSON.stringify(links).replaceAll(subscriptionId, "SUBSCRIPTION");
  // The identity of the link is another principal in another directory.
  return JSON.parse(text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "ID"));
};

test("an exported pair is made elsewhere by the printed commands, and exports the same", async () => {
  const first = join(files, "first");
  const exported = await here.run("export", first, ...pair, "--json");
  assert.equal(exported.code, 0, exported.stderr);
  const { steps, secrets: named } = exported.json();
  assert.deepEqual(named.sort(), [
    "db1_connectionString",
    "lake_accountKey",
    "sqlAdministratorLoginPassword",
  ]);
  const content = contentOf(first, contracts.here.subscriptionId);
  for (const secret of secrets) assert.ok(!JSON.stringify(content).includes(secret));
  assert.ok(!JSON.stringify(content["azuredeploy.json"]).includes("SUBSCRIPTION"));

  const api = openApi(contracts.there);
  const id = `/subscriptions/${contracts.there.subscriptionId}/resourceGroups/group1`;
  await putResource(api, { id, apiVersion: "2022-09-01", body: { location: "westeurope" } });
  for (const step of steps as string[]) {
    const words = wordsOf(step);
    const yes = words[0] === "apply" ? ["--yes"] : [];
    const done = await there.run(...words, ...yes);
    assert.equal(done.code, 0, `${step}\n${done.stderr}`);
  }

  const [left, right] = [
    await linksOf(here, contracts.here),
    await linksOf(there, contracts.there),
  ];
  assert.deepEqual(
    right,
    left.filter(({ synapse }: { synapse: string }) => synapse.endsWith("/ws2")),
  );
  const tested = await there.run(
    ...["test-connection", "--workspace", "ws2", "--service", "to-ml", "--json"],
  );
  assert.equal(tested.code, 0, tested.stdout + tested.stderr);

  const second = join(files, "second");
  const again = await there.run("export", second, ...pair, "--json");
  assert.equal(again.code, 0, again.stderr);
  assert.deepEqual(contentOf(second, contracts.there.subscriptionId), content);
  assert.deepEqual(again.json().notes, exported.json().notes);
});

test("the templates stand up to the resource manager under other names", async () => {
  const path = join(files, "first", "azuredeploy.json");
  const template = JSON.parse(readFileSync(path, "utf8"));
  const names = Object.keys(template.parameters).filter((name) => name.endsWith("Name"));
  const values = names.flatMap((name) => [
    "--parameters",
    `${name}=${name.toLowerCase().slice(0, 20)}`,
  ]);
  const group = `/subscriptions/${contracts.there.subscriptionId}/resourceGroups/group2`;
  await putResource(openApi(contracts.there), {
    id: group,
    apiVersion: "2022-09-01",
    body: { location: "westeurope" },
  });
  const words = ["deploy", path, "--group", "group2", ...values];
  const password = ["--parameters", `sqlAdministratorLoginPassword=${secrets[0]}`];
  const lacking = await there.run(...words);
  assert.equal(lacking.code, 1);
  assert.match(lacking.stderr, /'sqlAdministratorLoginPassword' is not provided/);
  const made = await there.run(...words, ...password, "--json");
  assert.equal(made.code, 0, made.stderr);
  assert.match(made.json().properties.outputs.SaiPrincipalId.value, /^[0-9a-f-]{36}$/);
});

test("a directory with files is left alone, and so is a workspace that is not there", async () => {
  const refused = await here.run("export", join(files, "first"), ...pair);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /is not empty[\s\S]*--force/);
  const nobody = await here.run("export", join(files, "none"), "--synapse", "ws9", "--ml", "ml1");
  assert.notEqual(nobody.code, 0);
  assert.match(nobody.stderr, /ws9/);
});
