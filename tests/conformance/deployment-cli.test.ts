// `callosum deploy` as people run it: what it would do, doing it, again, and a template that is wrong.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Connection } from "@callosum/sdk/connection.ts";
import { openApi } from "callosum/api.ts";
import { openCallosumDirectory } from "../../packages/cli/test/callosum-process.ts";
import { createLinkableWorkspaces } from "../../packages/cli/test/linkable-workspace.ts";
import { linkTemplate } from "./deployment-fixture.ts";

const directory = openCallosumDirectory();
const files = mkdtempSync(join(tmpdir(), "callosum-deploy-"));
const template = join(files, "link.json");
const parameters = join(files, "link.parameters.json");
let group = "";
let api: Connection;

before(async () => {
  const contract = (await directory.up()).json();
  api = openApi(contract);
  const ids = await createLinkableWorkspaces(api, contract.subscriptionId);
  const synapseId = ids.synapse;
  group = /resourceGroups\/([^/]+)/.exec(synapseId)?.[1] ?? "";
  writeFileSync(template, JSON.stringify(linkTemplate, undefined, 2));
  const values = {
    workspace: { value: "ml1" },
    synapseId: { value: synapseId },
    pools: { value: [{ as: "spark1", pool: "pool1" }] },
  };
  writeFileSync(parameters, JSON.stringify({ contentVersion: "1.0.0.0", parameters: values }));
});
after(async () => {
  rmSync(files, { recursive: true, force: true });
  await directory.close();
});

const words = () => [
  "deploy",
  template,
  "--group",
  group,
  "--parameters",
  parameters,
  "--parameters",
  "region=westeurope",
];

test("--what-if shows what would come, and makes nothing", async () => {
  for (const _ of [1, 2]) {
    const { code, stdout, stderr } = await directory.run(...words(), "--what-if");
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /\+ Microsoft\.MachineLearningServices\/workspaces\/ml1\/linkedServices\/link1/,
    );
    assert.match(stdout, /\+ .*computes\/spark1/);
  }
});

test("deploy makes it and prints the outputs; again, nothing would change", async () => {
  const { code, json, stderr } = await directory.run(...words(), "--json");
  assert.equal(code, 0, stderr);
  assert.equal(json().name, "link");
  assert.match(json().properties.outputs.principalId.value, /^[0-9a-f-]{36}$/);
  const again = await directory.run(...words());
  assert.equal(again.code, 0, again.stderr);
  assert.match(again.stdout, /'link' is deployed: 2 resources/);
  assert.match(again.stdout, /^principalId: [0-9a-f-]{36}$/m);
  const after = await directory.run(...words(), "--what-if");
  assert.doesNotMatch(after.stdout, /^[+~]/m);
});

test("a wrong template is named with file, line and column", async () => {
  const wrong = join(files, "wrong.json");
  const text = JSON.stringify({ ...linkTemplate, variables: { x: "[nope()]" } }, undefined, 2);
  writeFileSync(wrong, text);
  const at = text.split("\n").findIndex((line) => line.includes("[nope()]")) + 1;
  const { code, stderr } = await directory.run(...words().with(1, wrong));
  assert.equal(code, 1);
  assert.ok(stderr.includes(`wrong.json:${at}:10: `), stderr);
  assert.match(stderr, /InvalidTemplate|'nope' is not valid/);
});

test("values on the line have their declared types, and what is not run is left out on demand", async () => {
  const file = join(files, "mixed.json");
  const account = {
    type: "Microsoft.Storage/storageAccounts",
    apiVersion: "2023-01-01",
    name: "[parameters('name')]",
    location: "westeurope",
    kind: "StorageV2",
    sku: { name: "Standard_LRS" },
  };
  const flow = { type: "Microsoft.Logic/workflows", apiVersion: "2019-05-01", name: "flow" };
  const parameters = { name: { type: "string" }, tags: { type: "object" } };
  const outputs = { tags: { type: "object", value: "[parameters('tags')]" } };
  const resources = [account, { ...flow, properties: {} }];
  writeFileSync(
    file,
    JSON.stringify({ ...linkTemplate, variables: {}, parameters, resources, outputs }),
  );
  const words = ["deploy", file, "--group", group, "--parameters", "name=123456"];
  const rest = ["--parameters", 'tags={"a":1}'];
  const refused = await directory.run(...words, ...rest);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /Microsoft\.Logic/);
  const foreseen = await directory.run(...words, ...rest, "--skip-unsupported", "--what-if");
  assert.match(foreseen.stdout, /^\+ Microsoft\.Storage\/storageAccounts\/123456/m);
  assert.match(foreseen.stdout, /^warning: .*Microsoft\.Logic\/workflows/m);
  const made = await directory.run(...words, ...rest, "--skip-unsupported");
  assert.equal(made.code, 0, made.stderr);
  assert.match(made.stdout, /^warning: .*Microsoft\.Logic\/workflows/m);
  assert.match(made.stdout, /^tags: \{"a":1\}$/m);
});

test("a template with comments and texts over lines is deployed as it is", async () => {
  const file = join(files, "commented.json");
  const outputs = `"outputs": { "a": { "type": "string", /* one */ "value": "[concat('x',\n 'y')]" } }`;
  const head = `"$schema": "${linkTemplate.$schema}", "contentVersion": "1.0.0.0"`;
  writeFileSync(file, `{ // made by hand\n ${head}, "resources": [],\n ${outputs} }\n`);
  const { code, stdout, stderr } = await directory.run("deploy", file, "--group", group);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^a: xy$/m);
});

test("a template by its address is the server's to read; a host that is not listed is named", async () => {
  const { code, stderr } = await directory.run(
    ...["deploy", "https://templates.example/main.json", "--group", group],
  );
  assert.equal(code, 1);
  assert.match(stderr, /'callosum up --fetch-host templates\.example'/);
});

test("the line says what it lacks", async () => {
  const noGroup = await directory.run("deploy", template);
  assert.equal(noGroup.code, 2);
  assert.match(noGroup.stderr, /--group/);
  const noFile = await directory.run("deploy", join(files, "absent.json"), "--group", group);
  assert.equal(noFile.code, 2);
});
