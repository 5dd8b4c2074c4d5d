// Linked templates: read from a storage account of the instance, as the caller or by a signature, with
// everything that a nested one has; what cannot be read is named, and nothing is made.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  BlobSASPermissions,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import { dataRoleIds } from "../../packages/server/src/storage/testing/lake.ts";
import { audiences, startServer, type TestServer } from "../fixture/server.ts";
import { assignRole } from "../registry/principal.ts";
import { apiVersion, deploymentPath, groupPath, schema } from "./deployment-fixture.ts";

const storage = "https://templates1.blob.core.windows.net/tpl";
let server: TestServer;
let signature = "";

const frame = { $schema: schema, contentVersion: "1.0.0.0" };

/** An account whose name is a parameter: what the leaves of every tree make. */
const leaf = {
  ...frame,
  parameters: { name: { type: "string" }, key: { type: "secureString", defaultValue: "none" } },
  resources: [
    {
      type: "Microsoft.Storage/storageAccounts",
      apiVersion: "2023-01-01",
      name: "[parameters('name')]",
      location: "westeurope",
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
    },
  ],
  outputs: {
    blob: { type: "string", value: "[reference(parameters('name')).primaryEndpoints.blob]" },
  },
};

const link = (name: string, properties: object) => ({
  type: "Microsoft.Resources/deployments",
  apiVersion: "2022-09-01",
  name,
  properties: { mode: "Incremental", ...properties },
});

const files: Readonly<Record<string, unknown>> = {
  "leaf.json": leaf,
  "leaf.parameters.json": { contentVersion: "1.0.0.0", parameters: { name: { value: "linked2" } } },
  "main.json": {
    ...frame,
    parameters: {
      base: { type: "string", defaultValue: "[deployment().properties.templatelink.uri]" },
    },
    resources: [
      link("inner", {
        templateLink: { relativePath: "below/inner.json", contentVersion: "1.0.0.0" },
      }),
      link("beside", {
        templateLink: { uri: "[uri(parameters('base'), 'leaf.json')]" },
        parameters: { name: { value: "linked3" } },
      }),
    ],
    outputs: { base: { type: "string", value: "[parameters('base')]" } },
  },
  "below/inner.json": {
    ...frame,
    resources: [
      link("deepest", {
        templateLink: { relativePath: "../leaf.json" },
        parameters: { name: { value: "linked4" } },
      }),
    ],
    outputs: {
      blob: { type: "string", value: "[reference('deepest').outputs.blob.value]" },
    },
  },
  "wrong.json": '{\n  "$schema": 1\n}',
  "unknown.json": JSON.stringify({ ...leaf, variables: { x: "[nope()]" } }, undefined, 2),
  "broken.json": "{",
  "commented.json": `{ // by hand\n${JSON.stringify(leaf).slice(1)}`,
};

before(async () => {
  server = await startServer();
  await prepareTemplates();
});
after(() => server.close());

/** An account of `server` with the templates, and a signature that opens it. */
async function prepareTemplates(): Promise<void> {
  const root = groupPath(server);
  const account = `${root}/providers/Microsoft.Storage/storageAccounts/templates1`;
  const sku = { name: "Standard_LRS" };
  const rows: readonly [string, unknown][] = [
    [`${root}?api-version=2022-09-01`, { location: "westeurope" }],
    [`${account}?api-version=2023-01-01`, { location: "westeurope", kind: "StorageV2", sku }],
  ];
  for (const [path, body] of rows) {
    const { status, text } = await server.admin.send("PUT", path, body);
    assert.ok(status < 300, text);
  }
  await assignRole(server, {
    roleId: dataRoleIds.contributor,
    scope: account,
    principalId: server.admin.objectId,
  });
  await upload("?restype=container");
  for (const [name, content] of Object.entries(files)) await upload(`/${name}`, content);
  const keys = await server.admin.send("POST", `${account}/listKeys?api-version=2023-01-01`);
  const credential = new StorageSharedKeyCredential("templates1", keys.body.keys[0].value);
  signature = generateBlobSASQueryParameters(
    {
      containerName: "tpl",
      permissions: BlobSASPermissions.parse("r"),
      expiresOn: new Date(Date.now() + 600_000),
    },
    credential,
  ).toString();
}

async function upload(path: string, content?: unknown): Promise<void> {
  const reply = await server.admin.send("PUT", `/storage/templates1/blob/tpl${path}`, content, {
    audience: audiences.storage,
    headers: { "x-ms-version": "2021-12-02", "x-ms-blob-type": "BlockBlob" },
  });
  assert.equal(reply.status, 201, reply.text);
}

async function deploy(properties: object, { name = "d1", caller = server.admin } = {}) {
  const path = `${deploymentPath(server, name)}?api-version=${apiVersion}`;
  const body = { properties: { mode: "Incremental", ...properties } };
  const started = await caller.send("PUT", path, body);
  if (started.status >= 300) return started;
  const url = new URL(String(started.headers["azure-asyncoperation"]));
  for (;;) {
    const poll = await server.admin.send("GET", `${url.pathname}${url.search}`);
    if (poll.body.status !== "Running") return server.admin.send("GET", path);
  }
}

async function exists(account: string): Promise<boolean> {
  const id = `${groupPath(server)}/providers/Microsoft.Storage/storageAccounts/${account}`;
  return (await server.admin.send("GET", `${id}?api-version=2023-01-01`)).status === 200;
}

test("a template of our own storage is read as the caller", async () => {
  const done = await deploy({
    templateLink: { uri: `${storage}/leaf.json`, contentVersion: "1.0.0.0" },
    parameters: { name: { value: "linked1" } },
  });
  const commented = { uri: `${storage}/commented.json` };
  const parameters = { name: { value: "linked8" } };
  const byHand = await deploy({ templateLink: commented, parameters }, { name: "d8" });
  assert.equal(byHand.body.properties.provisioningState, "Succeeded", byHand.text);
  assert.equal(done.body.properties.provisioningState, "Succeeded", done.text);
  assert.deepEqual(done.body.properties.templateLink, {
    uri: `${storage}/leaf.json`,
    contentVersion: "1.0.0.0",
  });
  assert.ok(await exists("linked1"));
});

test("parameters are linked too, and a signature opens both without being repeated", async () => {
  const caller = server.caller(server.admin.objectId);
  const done = await deploy(
    {
      templateLink: { uri: `${storage}/leaf.json`, queryString: signature },
      parametersLink: { uri: `${storage}/leaf.parameters.json?${signature}` },
    },
    { name: "d2", caller },
  );
  assert.equal(done.body.properties.provisioningState, "Succeeded", done.text);
  assert.ok(await exists("linked2"));
  assert.ok(!done.text.includes("sig="), done.text);
});

test("linked templates link others, relative to themselves or by deployment()", async () => {
  const uri = `${storage}/main.json?${signature}`;
  const sent = { templateLink: { uri } };
  const validated = await server.admin.send(
    "POST",
    `${deploymentPath(server, "d3")}/validate?api-version=${apiVersion}`,
    { properties: { mode: "Incremental", ...sent } },
  );
  assert.equal(validated.status, 200, validated.text);
  const done = await deploy(sent, { name: "d3" });
  assert.equal(done.body.properties.provisioningState, "Succeeded", done.text);
  assert.ok(await exists("linked3"));
  assert.ok(await exists("linked4"));
  assert.equal(done.body.properties.outputs.base.value, uri);
  const inner = `${deploymentPath(server, "inner")}?api-version=${apiVersion}`;
  const { body } = await server.admin.send("GET", inner);
  assert.match(body.properties.outputs.blob.value, /^https:\/\/linked4\.blob/);
});

test("what was interrupted is taken up by the next start, relative links included", async () => {
  const before = server;
  const dataDirectory = mkdtempSync(join(tmpdir(), "callosum-link-"));
  server = await startServer({ dataDirectory });
  await prepareTemplates();
  await server.close();
  // Slow enough to be interrupted.
  server = await startServer({ dataDirectory, operationDelayMs: 400 });
  const path = `${deploymentPath(server, "d9")}?api-version=${apiVersion}`;
  const properties = { mode: "Incremental", templateLink: { uri: `${storage}/main.json` } };
  const started = await server.admin.send("PUT", path, { properties });
  assert.equal(started.status, 201, started.text);
  const halfway = await server.admin.send("GET", path);
  assert.equal(halfway.body.properties.provisioningState, "Running");
  await server.close();
  server = await startServer({ dataDirectory });
  let ended = await server.admin.send("GET", path);
  while (ended.body.properties.provisioningState === "Running") {
    ended = await server.admin.send("GET", path);
  }
  assert.equal(ended.body.properties.provisioningState, "Succeeded", ended.text);
  for (const name of ["linked3", "linked4"]) assert.ok(await exists(name), name);
  await server.close();
  rmSync(dataDirectory, { recursive: true });
  server = before;
});

test("what cannot be read is InvalidContentLink; a wrong template is told with its place there", async () => {
  const rows: readonly [string, object, string, RegExp][] = [
    ["no such file", { uri: `${storage}/absent.json` }, "InvalidContentLink", /absent\.json/],
    ["no JSON", { uri: `${storage}/broken.json` }, "InvalidContentLink", /JSON/],
    [
      "a signature that is wrong",
      { uri: `${storage}/leaf.json?sv=2021-12-02&sig=x` },
      "InvalidContentLink",
      /leaf\.json'/,
    ],
    [
      "another version",
      { uri: `${storage}/leaf.json`, contentVersion: "2.0.0.0" },
      "InvalidTemplate",
      /2\.0\.0\.0/,
    ],
    [
      "a host that is not listed",
      { uri: "https://example.org/a.json" },
      "InvalidContentLink",
      /--fetch-host/,
    ],
    ["plain http", { uri: "http://example.org/a.json" }, "InvalidContentLink", /Only https/],
    ["the network inside", { uri: "https://127.0.0.1/a.json" }, "InvalidContentLink", /not listed/],
    ["a schema that is no text", { uri: `${storage}/wrong.json` }, "InvalidTemplate", /schema/],
  ];
  for (const [title, templateLink, code, says] of rows) {
    const { status, body, text } = await deploy({ templateLink }, { name: "d4" });
    assert.equal(status, 400, `${title}: ${text}`);
    assert.equal(body.error.code, code, `${title}: ${text}`);
    assert.match(body.error.message, says, title);
    assert.ok(!text.includes("sig=x"), title);
  }
  const { body } = await deploy(
    {
      templateLink: { uri: `${storage}/unknown.json` },
      parameters: { name: { value: "linked9" } },
    },
    { name: "d4" },
  );
  const [{ info }] = body.error.additionalInfo;
  const lines = String(files["unknown.json"]).split("\n");
  assert.equal(info.uri, `${storage}/unknown.json`);
  assert.equal(info.lineNumber, lines.findIndex((line) => line.includes("[nope()]")) + 1);
  assert.ok(!(await exists("linked9")));
  const none = await server.admin.send(
    "GET",
    `${deploymentPath(server, "d4")}?api-version=${apiVersion}`,
  );
  assert.equal(none.status, 404);
});

test("a fault in a nested link is told at the place that links it", async () => {
  const template = {
    ...frame,
    resources: [link("bad", { templateLink: { uri: `${storage}/unknown.json` } })],
  };
  const { body } = await deploy({ template }, { name: "d5" });
  assert.equal(body.error.code, "InvalidTemplate");
  assert.equal(body.error.additionalInfo[0].info.path, "resources[0].properties.templateLink");
});

test("what types are not run is left out with a warning when the request says so", async () => {
  const template = {
    ...frame,
    resources: [
      leaf.resources.map((each) => ({ ...each, name: "linked5" }))[0],
      { type: "Microsoft.Logic/workflows", apiVersion: "2019-05-01", name: "flow", properties: {} },
      {
        type: "Microsoft.Storage/storageAccounts",
        apiVersion: "2023-01-01",
        name: "linked6",
        location: "westeurope",
        kind: "StorageV2",
        sku: { name: "Standard_LRS" },
        dependsOn: ["flow"],
      },
    ],
  };
  const refused = await deploy({ template }, { name: "d6" });
  assert.equal(refused.status, 404);
  assert.match(refused.text, /Microsoft\.Logic/);
  assert.ok(!(await exists("linked5")));
  const done = await deploy({ template, skipUnsupported: true }, { name: "d6" });
  assert.equal(done.body.properties.provisioningState, "Succeeded", done.text);
  const [warning, ...others] = done.body.properties.diagnostics;
  assert.equal(others.length, 0);
  assert.equal(warning.level, "Warning");
  assert.match(warning.message, /Microsoft\.Logic\/workflows/);
  assert.ok((await exists("linked5")) && (await exists("linked6")));
});
