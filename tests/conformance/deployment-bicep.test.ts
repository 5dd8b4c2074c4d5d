// What compiled Bicep modules rely on beyond the language itself: names made of what is absent, empty
// texts for nothing said, keys by listKeys, messages of fail(), and types that are left out on demand.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startServer, type TestServer } from "../fixture/server.ts";
import { apiVersion, deploy, deploymentPath, groupPath, schema } from "./deployment-fixture.ts";

let server: TestServer;

before(async () => {
  server = await startServer();
  const reply = await server.admin.send("PUT", `${groupPath(server)}?api-version=2022-09-01`, {
    location: "westeurope",
  });
  assert.equal(reply.status, 201, reply.text);
});
after(() => server.close());

const frame = { $schema: schema, contentVersion: "1.0.0.0" };
const symbolic = { ...frame, languageVersion: "2.0" };
const account = (name: string, properties: object = {}) => ({
  type: "Microsoft.Storage/storageAccounts",
  apiVersion: "2023-01-01",
  name,
  location: "westeurope",
  kind: "StorageV2",
  sku: { name: "Standard_LRS" },
  properties,
});

test("with symbolic names, what is not deployed may have a name that cannot be made", async () => {
  const template = {
    ...symbolic,
    parameters: { key: { type: "object", nullable: true } },
    resources: {
      vault: {
        condition: "[not(empty(parameters('key')))]",
        existing: true,
        type: "Microsoft.KeyVault/vaults",
        apiVersion: "2023-07-01",
        name: "[last(split(tryGet(parameters('key'), 'vaultId'), '/'))]",
      },
      account: { ...account("conditional1"), dependsOn: ["vault"] },
    },
    outputs: {
      uri: {
        type: "string",
        value: "[if(empty(parameters('key')), 'none', reference('vault').vaultUri)]",
      },
    },
  };
  const { body, text } = await deploy(server, { template, name: "conditional" });
  assert.equal(body.properties?.provisioningState, "Succeeded", text);
  assert.equal(body.properties.outputs.uri.value, "none");
  const listed = { ...template, languageVersion: undefined, resources: [template.resources.vault] };
  const refused = await deploy(server, { template: { ...listed, outputs: {} }, name: "listed" });
  assert.equal(refused.body.error.code, "InvalidTemplate", "a list of resources has no such rule");
});

test("an empty text where a number or a boolean belongs says nothing", async () => {
  const properties = { isNfsV3Enabled: "[if(false(), true(), '')]", isHnsEnabled: "true" };
  const template = { ...frame, resources: [account("unsaid1", properties)] };
  const { body, text } = await deploy(server, { template, name: "unsaid" });
  assert.equal(body.properties?.provisioningState, "Succeeded", text);
});

test("fail() ends a deployment with its message, and only where it is reached", async () => {
  const template = (value: string) => ({
    ...frame,
    resources: [],
    outputs: { value: { type: "string", value } },
  });
  const reached = await deploy(server, { template: template("[fail('This must not be.')]") });
  assert.match(reached.text, /This must not be/);
  const not = await deploy(server, {
    template: template("[if(true(), 'x', fail('no'))]"),
    name: "f",
  });
  assert.equal(not.body.properties.outputs.value.value, "x");
});

test("keys of a Log Analytics workspace are listed, the same each time, and stay out of outputs", async () => {
  const workspace = {
    type: "Microsoft.OperationalInsights/workspaces",
    apiVersion: "2022-10-01",
    name: "logs1",
    location: "westeurope",
    properties: {},
  };
  const key =
    "listKeys(resourceId('Microsoft.OperationalInsights/workspaces', 'logs1'), '2022-10-01')";
  const template = {
    ...frame,
    resources: [workspace],
    outputs: {
      shown: { type: "string", value: `[${key}.primarySharedKey]` },
      again: { type: "string", value: `[${key}.primarySharedKey]` },
      hidden: { type: "secureString", value: `[${key}.secondarySharedKey]` },
    },
  };
  const { body, text } = await deploy(server, { template, name: "logs" });
  assert.equal(body.properties?.provisioningState, "Succeeded", text);
  const { shown, again, hidden } = body.properties.outputs;
  assert.equal(Buffer.from(shown.value, "base64").length, 64);
  assert.equal(again.value, shown.value);
  assert.deepEqual(hidden, { type: "SecureString" });
});

test("a directory administrator is named by its id alone", async () => {
  const lake = { accountUrl: "https://l.dfs.core.windows.net", filesystem: "f" };
  const workspace = {
    type: "Microsoft.Synapse/workspaces",
    apiVersion: "2021-06-01",
    name: "ws-admin",
    location: "westeurope",
    identity: { type: "SystemAssigned" },
    properties: { defaultDataLakeStorage: lake },
  };
  const administrator = {
    type: "Microsoft.Synapse/workspaces/administrators",
    apiVersion: "2021-06-01",
    name: "ws-admin/activeDirectory",
    dependsOn: ["ws-admin"],
    properties: { sid: server.admin.objectId, tenantId: "[subscription().tenantId]" },
  };
  const outputs = {
    login: {
      type: "string",
      value:
        "[reference(resourceId('Microsoft.Synapse/workspaces/administrators', 'ws-admin', 'activeDirectory')).login]",
    },
  };
  const template = { ...frame, resources: [workspace, administrator], outputs };
  const { body, text } = await deploy(server, { template, name: "admin" });
  assert.equal(body.properties?.provisioningState, "Succeeded", text);
  assert.match(body.properties.outputs.login.value, /Callosum/i);
});

test("with types left out, what is made of their answers is left out too, in nested templates as well", async () => {
  const flow = {
    type: "Microsoft.Logic/workflows",
    apiVersion: "2019-05-01",
    name: "flow",
    location: "westeurope",
    identity: { type: "SystemAssigned" },
    properties: {},
  };
  const principal =
    "[reference(resourceId('Microsoft.Logic/workflows', 'flow'), '2019-05-01', 'Full').identity.principalId]";
  const grant = {
    type: "Microsoft.Authorization/roleAssignments",
    apiVersion: "2022-04-01",
    name: "[guid('flow')]",
    properties: {
      roleDefinitionId:
        "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')]",
      principalId: principal,
    },
  };
  const nested = {
    type: "Microsoft.Resources/deployments",
    apiVersion: "2022-09-01",
    name: "grants",
    dependsOn: ["flow"],
    properties: {
      mode: "Incremental",
      expressionEvaluationOptions: { scope: "inner" },
      template: { ...frame, resources: [grant, account("kept1")] },
    },
  };
  const template = {
    ...frame,
    resources: [flow, nested, { ...account("kept2"), dependsOn: ["grants"] }],
    outputs: {
      flow: { type: "string", value: principal },
      kept: { type: "string", value: "[reference('kept2').primaryEndpoints.blob]" },
    },
  };
  const path = `${deploymentPath(server, "skipping")}?api-version=${apiVersion}`;
  const properties = { mode: "Incremental", template, skipUnsupported: true };
  const started = await server.admin.send("PUT", path, { properties });
  assert.equal(started.status, 201, started.text);
  const url = new URL(String(started.headers["azure-asyncoperation"]));
  let state = "Running";
  while (state === "Running") {
    state = (await server.admin.send("GET", `${url.pathname}${url.search}`)).body.status;
  }
  assert.equal(state, "Succeeded");
  const { body } = await server.admin.send("GET", path);
  assert.deepEqual(Object.keys(body.properties.outputs), ["kept"]);
  const targets = body.properties.diagnostics.map(({ target }: { target: string }) =>
    target.split("/providers/").at(-1)?.split("/").slice(0, 2).join("/"),
  );
  assert.deepEqual(targets.sort(), [
    "Microsoft.Authorization/roleAssignments",
    "Microsoft.Logic/workflows",
    "flow",
  ]);
  for (const name of ["kept1", "kept2"]) {
    const id = `${groupPath(server)}/providers/Microsoft.Storage/storageAccounts/${name}`;
    assert.equal((await server.admin.send("GET", `${id}?api-version=2023-01-01`)).status, 200);
  }
});

test("deployer() is who deploys, and a template's hash is the same wherever it is asked", async () => {
  const template = {
    ...frame,
    resources: [],
    outputs: { who: { type: "object", value: "[deployer()]" } },
  };
  const { body, text } = await deploy(server, { template, name: "who" });
  assert.equal(body.properties?.provisioningState, "Succeeded", text);
  assert.deepEqual(body.properties.outputs.who.value, {
    objectId: server.admin.objectId,
    tenantId: server.contract.tenantId,
    userPrincipalName: "",
  });
  const path = `/providers/Microsoft.Resources/calculateTemplateHash?api-version=${apiVersion}`;
  const hashed = await server.admin.send("POST", path, template);
  assert.equal(hashed.status, 200, hashed.text);
  assert.equal(hashed.body.templateHash, body.properties.templateHash);
  assert.deepEqual(JSON.parse(hashed.body.minifiedTemplate), template);
  const exported = await server.admin.send(
    "POST",
    `${groupPath(server)}/exportTemplate?api-version=2021-04-01`,
    { resources: ["*"] },
  );
  assert.equal(exported.status, 501);
  assert.match(exported.text, /callosum export/);
});
