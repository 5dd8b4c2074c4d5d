import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { audiences, startServer, type TestServer } from "../fixture/server.ts";
import { apiVersion, deploy, groupPath, schema } from "./deployment-fixture.ts";

const storage = "Microsoft.Storage/storageAccounts";
const account = {
  type: storage,
  apiVersion: "2019-06-01",
  location: "[resourceGroup().location]",
  kind: "StorageV2",
  sku: { name: "Standard_LRS" },
  properties: { isHnsEnabled: true },
};
const contributor = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";

/** The constructs of templates that create the prerequisites (prereq-constructs.md). */
const prerequisites = {
  $schema: schema,
  contentVersion: "1.0.0.0",
  parameters: {
    lake: { type: "string", defaultValue: "[concat('sa', uniqueString(resourceGroup().id))]" },
    location: { type: "string", defaultValue: "[resourceGroup().location]" },
    withPool: { type: "bool", defaultValue: true },
    password: { type: "securestring" },
  },
  variables: {
    lakeName: "[toLower(parameters('lake'))]",
    filesystem: "fs1",
    names: ["ws1", "unused"],
    workspace: "[variables('names')[0]]",
  },
  resources: [
    {
      ...account,
      name: "[variables('lakeName')]",
      location: "[parameters('location')]",
      resources: [
        {
          type: "blobServices/containers",
          apiVersion: "2019-06-01",
          name: "[concat('default/', variables('filesystem'))]",
          dependsOn: ["[variables('lakeName')]"],
        },
      ],
    },
    {
      type: "Microsoft.Synapse/workspaces",
      apiVersion: "2019-06-01-preview",
      name: "[variables('workspace')]",
      location: "[parameters('location')]",
      identity: { type: "SystemAssigned" },
      dependsOn: ["[variables('lakeName')]", "[variables('filesystem')]"],
      properties: {
        defaultDataLakeStorage: {
          accountUrl: "[reference(variables('lakeName')).primaryEndpoints.dfs]",
          filesystem: "[variables('filesystem')]",
        },
        sqlAdministratorLogin: "sqladmin",
        sqlAdministratorLoginPassword: "[parameters('password')]",
      },
      resources: [
        {
          type: "firewallrules",
          apiVersion: "2019-06-01-preview",
          name: "allowAll",
          dependsOn: ["[variables('workspace')]"],
          properties: { startIpAddress: "0.0.0.0", endIpAddress: "255.255.255.255" },
        },
        {
          condition: "[parameters('withPool')]",
          type: "bigDataPools",
          apiVersion: "2019-06-01-preview",
          name: "pool1",
          location: "[parameters('location')]",
          dependsOn: ["[variables('workspace')]"],
          properties: { sparkVersion: "3.4", nodeSize: "Small", nodeCount: 3 },
        },
      ],
    },
    {
      type: "Microsoft.Authorization/roleAssignments",
      apiVersion: "2020-04-01-preview",
      name: "[guid(uniqueString(variables('lakeName')))]",
      location: "[parameters('location')]",
      scope: "[concat('Microsoft.Storage/storageAccounts/', variables('lakeName'))]",
      dependsOn: [
        "[resourceId('Microsoft.Synapse/workspaces', variables('workspace'))]",
        "[resourceId('Microsoft.Synapse/workspaces/bigDataPools', variables('workspace'), 'pool1')]",
      ],
      properties: {
        roleDefinitionId: `[resourceId('Microsoft.Authorization/roleDefinitions', '${contributor}')]`,
        principalId:
          "[reference(resourceId('Microsoft.Synapse/workspaces', variables('workspace')), '2019-06-01-preview', 'Full').identity.principalId]",
        principalType: "ServicePrincipal",
      },
    },
    {
      condition: "[not(parameters('withPool'))]",
      ...account,
      name: "never",
    },
    {
      type: "Microsoft.Resources/deployments",
      apiVersion: "2020-06-01",
      name: "inner",
      dependsOn: ["[variables('workspace')]"],
      properties: {
        mode: "Incremental",
        expressionEvaluationOptions: { scope: "inner" },
        parameters: { name: { value: "[variables('workspace')]" } },
        template: {
          $schema: schema,
          contentVersion: "1.0.0.0",
          parameters: { name: { type: "string" } },
          resources: [
            {
              type: "Microsoft.KeyVault/vaults",
              apiVersion: "2019-09-01",
              name: "[concat('kv-', parameters('name'), '-x')]",
              location: "[resourceGroup().location]",
              properties: {
                tenantId: "[subscription().tenantId]",
                sku: { family: "A", name: "standard" },
                accessPolicies: [],
              },
            },
          ],
          outputs: {
            vault: { type: "string", value: "[concat('kv-', parameters('name'), '-x')]" },
          },
        },
      },
    },
  ],
  outputs: {
    lake: { type: "object", value: "[reference(parameters('lake'), '2019-06-01', 'Full')]" },
    vault: { type: "string", value: "[reference('inner').outputs.vault.value]" },
    secret: { type: "securestring", value: "[parameters('password')]" },
    nothing: { condition: false, type: "string", value: "[reference('never').x]" },
  },
};

describe("the template language against a running instance", () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
    const path = `${groupPath(server)}?api-version=2022-09-01`;
    await server.admin.send("PUT", path, { location: "westeurope" });
  });
  after(() => server.close());

  async function outputsOf(parts: Record<string, unknown>, parameters = {}) {
    const template = { $schema: schema, contentVersion: "1.0.0.0", resources: [], ...parts };
    const ended = await deploy(server, { template, parameters });
    assert.equal(ended.body.properties?.provisioningState, "Succeeded", ended.text);
    const entries = Object.entries(
      ended.body.properties.outputs as Record<string, { value: unknown }>,
    );
    return Object.fromEntries(entries.map(([name, { value }]) => [name, value]));
  }

  it("creates prerequisites from nothing: nested, conditional, extension, secure", async () => {
    const secret = "Corr3ct-horse-battery";
    const ended = await deploy(server, {
      template: prerequisites,
      parameters: { password: secret },
      name: "prerequisites",
    });
    assert.equal(ended.body.properties?.provisioningState, "Succeeded", ended.text);
    const { outputs, parameters, outputResources } = ended.body.properties;
    assert.ok(!ended.text.includes(secret), "a secure value is shown");
    assert.deepEqual(parameters.password, { type: "SecureString" });
    assert.deepEqual(outputs.secret, { type: "SecureString" });
    assert.equal(outputs.vault.value, "kv-ws1-x");
    assert.equal(outputs.nothing, undefined);
    assert.equal(outputs.lake.value.location, "westeurope");
    assert.match(outputs.lake.value.resourceId, /^Microsoft\.Storage\/storageAccounts\/sa/);
    assert.equal(outputResources.length, 7);
    const role = outputResources.find(({ id }: { id: string }) => /roleAssignments/.test(id));
    const made = await server.admin.send("GET", `${role.id}?api-version=2022-04-01`);
    assert.equal(made.status, 200, made.text);
    const again = await deploy(server, {
      template: prerequisites,
      parameters: { password: secret },
      name: "prerequisites",
    });
    assert.equal(again.body.properties.provisioningState, "Succeeded", again.text);
  });

  it("symbolic names, existing resources, types and functions as Bicep emits them", async () => {
    const outputs = await outputsOf(
      {
        languageVersion: "2.0",
        definitions: {
          settings: {
            type: "object",
            properties: {
              tier: { type: "string", allowedValues: ["a", "b"] },
              size: { type: "int", nullable: true },
            },
            additionalProperties: false,
          },
        },
        functions: [
          {
            namespace: "__bicep",
            members: {
              twice: {
                parameters: [{ name: "text", type: "string" }],
                output: { type: "string", value: "[format('{0}{0}', parameters('text'))]" },
              },
            },
          },
        ],
        parameters: {
          settings: { $ref: "#/definitions/settings" },
          maybe: { type: "string", nullable: true },
        },
        resources: {
          lake: { ...account, name: "symbolic1" },
          copies: {
            ...account,
            copy: { name: "copies", count: 2, mode: "serial", batchSize: 1 },
            name: "[format('symcopy{0}', copyIndex())]",
            dependsOn: ["lake"],
          },
          old: {
            existing: true,
            type: storage,
            apiVersion: "2019-06-01",
            name: "symbolic1",
            dependsOn: ["lake"],
          },
        },
        outputs: {
          id: { type: "string", value: "[resourceInfo('lake').id]" },
          kind: { type: "string", value: "[reference('old', '2019-06-01', 'full').kind]" },
          places: {
            type: "array",
            copy: {
              count: 2,
              input: "[reference(format('copies[{0}]', copyIndex())).primaryLocation]",
            },
          },
          all: { type: "int", value: "[length(references('copies'))]" },
          twice: { type: "string", value: "[__bicep.twice(parameters('settings').tier)]" },
          none: { type: "bool", value: "[equals(parameters('maybe'), null())]" },
          key: { type: "int", value: "[length(listKeys('lake', '2019-06-01').keys)]" },
        },
      },
      { settings: { tier: "a" } },
    );
    assert.deepEqual(outputs, {
      id: `${groupPath(server)}/providers/Microsoft.Storage/storageAccounts/symbolic1`,
      kind: "StorageV2",
      places: ["westeurope", "westeurope"],
      all: 2,
      twice: "aa",
      none: true,
      key: 2,
    });
  });

  it("copies properties, variables and outputs; an outer nested template sees its parent's values", async () => {
    const nested = {
      type: "Microsoft.Resources/deployments",
      apiVersion: "2021-04-01",
      name: "outer",
      properties: {
        mode: "Incremental",
        template: {
          $schema: schema,
          contentVersion: "1.0.0.0",
          resources: [],
          outputs: { seen: { type: "string", value: "[variables('secret')]" } },
        },
      },
    };
    const outputs = await outputsOf({
      variables: {
        secret: "[[literal]",
        copy: [
          { name: "squares", count: 3, input: "[mul(copyIndex('squares'), copyIndex('squares'))]" },
        ],
        tags: {
          copy: [{ name: "list", count: 2, input: { i: "[copyIndex('list', 1)]" } }],
          fixed: 1,
        },
      },
      resources: [nested],
      outputs: {
        squares: { type: "array", value: "[variables('squares')]" },
        tags: { type: "object", value: "[variables('tags')]" },
        seen: { type: "string", value: "[reference('outer').outputs.seen.value]" },
        looped: { type: "array", copy: { count: 2, input: "[copyIndex(5)]" } },
      },
    });
    assert.deepEqual(outputs, {
      squares: [0, 1, 4],
      tags: { list: [{ i: 1 }, { i: 2 }], fixed: 1 },
      seen: "[literal]",
      looped: [5, 6],
    });
  });

  const subscription = () => server.subscription;
  const functionRows: readonly [string, () => unknown][] = [
    ["[resourceId('A.B/c', 'x')]", () => `${groupPath(server)}/providers/A.B/c/x`],
    [
      "[resourceId('g', 'A.B/c/d', 'x', 'y')]",
      () => `${groupPath(server, "g")}/providers/A.B/c/x/d/y`,
    ],
    [
      "[resourceId('s', 'g', 'A.B/c', 'x')]",
      () => "/subscriptions/s/resourceGroups/g/providers/A.B/c/x",
    ],
    ["[subscriptionResourceId('A.B/c', 'x')]", () => `${subscription()}/providers/A.B/c/x`],
    ["[subscriptionResourceId('s', 'A.B/c', 'x')]", () => "/subscriptions/s/providers/A.B/c/x"],
    ["[tenantResourceId('A.B/c', 'x')]", () => "/providers/A.B/c/x"],
    ["[extensionResourceId('/x/y', 'A.B/c', 'x')]", () => "/x/y/providers/A.B/c/x"],
    ["[subscription().id]", subscription],
    ["[subscription().tenantId]", () => server.contract.tenantId],
    ["[tenant().tenantId]", () => server.contract.tenantId],
    ["[resourceGroup().id]", () => groupPath(server)],
    ["[resourceGroup().name]", () => "rg1"],
    ["[deployment().name]", () => "d1"],
    ["[deployment().properties.template.contentVersion]", () => "1.0.0.0"],
    ["[environment().suffixes.storage]", () => "core.windows.net"],
    ["[providers('Microsoft.Storage', 'storageAccounts').resourceType]", () => "storageAccounts"],
    ["[if(true(), 'x', reference('/absent').y)]", () => "x"],
  ];
  it("evaluates what depends on the deployment", async () => {
    const outputs = Object.fromEntries(
      functionRows.map(([value], index) => [`o${index}`, { type: "string", value }]),
    );
    const found = await outputsOf({ outputs });
    for (const [index, [title, expected]] of functionRows.entries()) {
      assert.equal(found[`o${index}`], expected(), title);
    }
  });

  it("a parameter from a key vault is read as the caller, and never shown", async () => {
    const vault = `${groupPath(server)}/providers/Microsoft.KeyVault/vaults/kvparams1`;
    const { objectId } = server.admin;
    const { tenantId } = server.contract;
    const made = await server.admin.send("PUT", `${vault}?api-version=2023-07-01`, {
      location: "westeurope",
      properties: {
        tenantId,
        sku: { family: "A", name: "standard" },
        accessPolicies: [{ tenantId, objectId, permissions: { secrets: ["get", "set"] } }],
      },
    });
    assert.ok(made.status < 300, made.text);
    const host = "kvparams1.vault.azure.net";
    const secret = "0f-the-vault";
    const set = await server.admin.send(
      "PUT",
      "/secrets/s1?api-version=7.4",
      { value: secret },
      { host, audience: audiences.vault },
    );
    assert.equal(set.status, 200, set.text);
    const template = {
      $schema: schema,
      contentVersion: "1.0.0.0",
      parameters: { password: { type: "securestring" } },
      resources: [],
      outputs: { length: { type: "int", value: "[length(parameters('password'))]" } },
    };
    const path = `${groupPath(server)}/providers/Microsoft.Resources/deployments/vaulted?api-version=${apiVersion}`;
    const send = (secretName: string) =>
      server.admin.send("PUT", path, {
        properties: {
          mode: "Incremental",
          template,
          parameters: { password: { reference: { keyVault: { id: vault }, secretName } } },
        },
      });
    const refused = await send("absent");
    assert.equal(refused.body.error?.code, "SecretNotFound", refused.text);
    const started = await send("s1");
    assert.equal(started.status, 201, started.text);
    let ended = await server.admin.send("GET", path);
    while (ended.body.properties.provisioningState === "Running") {
      ended = await server.admin.send("GET", path);
    }
    assert.equal(ended.body.properties.outputs?.length.value, secret.length, ended.text);
    assert.ok(!ended.text.includes(secret));
  });

  it("a failed resource fails what depends on it and nothing else", async () => {
    const bad = { ...account, name: "BAD_NAME" };
    const template = {
      $schema: schema,
      contentVersion: "1.0.0.0",
      resources: [
        bad,
        { ...account, name: "after1", dependsOn: ["BAD_NAME"] },
        { ...account, name: "beside1" },
      ],
    };
    const ended = await deploy(server, { template, name: "partly" });
    const { provisioningState, error } = ended.body.properties;
    assert.equal(provisioningState, "Failed");
    assert.equal(error.code, "DeploymentFailed");
    assert.equal(error.details.length, 1);
    assert.match(error.details[0].target, /BAD_NAME/);
    const path = `${groupPath(server)}/deployments/partly/operations?api-version=${apiVersion}`;
    const operations = (await server.admin.send("GET", path)).body.value;
    const states = operations.map(
      (each: {
        properties: { targetResource: { resourceName: string }; provisioningState: string };
      }) => `${each.properties.targetResource.resourceName} ${each.properties.provisioningState}`,
    );
    assert.deepEqual(states.sort(), ["BAD_NAME Failed", "beside1 Succeeded"]);
  });

  it("deploys at a subscription: a group and what lies in it", async () => {
    const template = {
      $schema:
        "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#",
      contentVersion: "1.0.0.0",
      resources: [
        {
          type: "Microsoft.Resources/resourceGroups",
          apiVersion: "2021-04-01",
          name: "rg2",
          location: "eastus",
        },
        {
          type: "Microsoft.Resources/deployments",
          apiVersion: "2021-04-01",
          name: "below",
          resourceGroup: "rg2",
          dependsOn: ["[subscriptionResourceId('Microsoft.Resources/resourceGroups', 'rg2')]"],
          properties: {
            mode: "Incremental",
            expressionEvaluationOptions: { scope: "inner" },
            template: {
              $schema: schema,
              contentVersion: "1.0.0.0",
              resources: [{ ...account, name: "insidegroup2" }],
              outputs: {
                place: { type: "string", value: "[reference('insidegroup2').primaryLocation]" },
              },
            },
          },
        },
      ],
      outputs: {
        place: {
          type: "string",
          value:
            "[reference(resourceId('rg2', 'Microsoft.Resources/deployments', 'below'), '2021-04-01').outputs.place.value]",
        },
      },
    };
    const path = `${server.subscription}/providers/Microsoft.Resources/deployments/wide`;
    const without = await deploy(server, { template, path });
    assert.equal(without.body.error.code, "LocationRequired");
    const ended = await deploy(server, { template, path, location: "westeurope" });
    assert.equal(ended.body.properties?.provisioningState, "Succeeded", ended.text);
    assert.equal(ended.body.properties.outputs.place.value, "eastus");
    const moved = await deploy(server, { template, path, location: "eastus" });
    assert.equal(moved.body.error.code, "InvalidDeploymentLocation");
  });
});
