// What the tests of deployments share: a pair of workspaces to link, and a template that links them
// as the published one does, in our own words.

import assert from "node:assert/strict";
import type { Caller, TestServer } from "../fixture/server.ts";

export const group = "rg1";
export const schema =
  "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
export const apiVersion = "2022-09-01";

export function groupPath(server: TestServer, name = group): string {
  return `${server.subscription}/resourceGroups/${name}`;
}

export function deploymentPath(server: TestServer, name: string): string {
  return `${groupPath(server)}/providers/Microsoft.Resources/deployments/${name}`;
}

/** A group with a Synapse workspace, two pools and a machine learning workspace. */
export async function prepare(server: TestServer): Promise<{ synapse: string }> {
  const root = groupPath(server);
  const synapse = `${root}/providers/Microsoft.Synapse/workspaces/ws1`;
  const lake = { accountUrl: "https://l.dfs.core.windows.net", filesystem: "f" };
  const pool = { sparkVersion: "3.4", nodeSize: "Small", nodeCount: 3 };
  const rows: readonly [string, unknown][] = [
    [`${root}?api-version=2022-09-01`, { location: "westeurope" }],
    [
      `${synapse}?api-version=2021-06-01`,
      { location: "westeurope", properties: { defaultDataLakeStorage: lake } },
    ],
    [`${synapse}/bigDataPools/pool1?api-version=2021-06-01`, { properties: pool }],
    [`${synapse}/bigDataPools/pool2?api-version=2021-06-01`, { properties: pool }],
    [
      `${root}/providers/Microsoft.MachineLearningServices/workspaces/ml1?api-version=2022-10-01`,
      { location: "westeurope", identity: { type: "SystemAssigned" }, properties: {} },
    ],
  ];
  for (const [path, body] of rows) {
    const reply = await server.admin.send("PUT", path, body);
    assert.ok(reply.status < 300, reply.text);
  }
  return { synapse };
}

const attach = "Microsoft.MachineLearningServices/workspaces";

/** Links the workspaces and attaches pools: the constructs of the published template. */
export const linkTemplate = {
  $schema: schema,
  contentVersion: "1.0.0.0",
  parameters: {
    workspace: { type: "string" },
    link: { type: "string", defaultValue: "link1" },
    synapseId: { type: "string" },
    pools: { type: "array" },
    region: { type: "string", allowedValues: ["westeurope", "eastus"] },
  },
  variables: {
    synapseName:
      "[substring(parameters('synapseId'), add(lastIndexOf(parameters('synapseId'), '/'), 1))]",
  },
  resources: [
    {
      type: `${attach}/linkedServices`,
      apiVersion: "2020-09-01-preview",
      name: "[concat(parameters('workspace'), '/', parameters('link'))]",
      location: "[parameters('region')]",
      identity: { type: "SystemAssigned" },
      properties: { linkedServiceResourceId: "[parameters('synapseId')]" },
    },
    {
      type: `${attach}/computes`,
      apiVersion: "2018-11-19",
      name: "[concat(parameters('workspace'), '/', parameters('pools')[copyIndex()].as)]",
      location: "[parameters('region')]",
      copy: { name: "each", count: "[length(parameters('pools'))]" },
      properties: {
        computeType: "SynapseSpark",
        resourceId:
          "[resourceId(reference(parameters('synapseId'), '2021-06-01', 'Full').subscriptionId, reference(parameters('synapseId'), '2021-06-01', 'full').resourceGroupName, 'Microsoft.Synapse/workspaces/bigDataPools', variables('synapseName'), parameters('pools')[copyIndex()].pool)]",
      },
    },
  ],
  outputs: {
    principalId: {
      type: "string",
      value: "[reference(parameters('link'), '2020-04-01-preview', 'Full').identity.principalId]",
    },
  },
};

export function valuesOf(parameters: Record<string, unknown>): Record<string, { value: unknown }> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, { value }]));
}

/** Deploys and waits; gives the deployment as it ended, or the refusal. */
export async function deploy(
  server: TestServer,
  wanted: {
    template: unknown;
    parameters?: Record<string, unknown>;
    name?: string;
    path?: string;
    location?: string;
    caller?: Caller;
  },
) {
  const { template, parameters = {}, name = "d1", caller = server.admin, location } = wanted;
  const path = `${wanted.path ?? deploymentPath(server, name)}?api-version=${apiVersion}`;
  const properties = { mode: "Incremental", template, parameters: valuesOf(parameters) };
  const started = await caller.send("PUT", path, { location, properties });
  if (started.status >= 300) return started;
  const url = new URL(String(started.headers["azure-asyncoperation"]));
  for (;;) {
    const poll = await server.admin.send("GET", `${url.pathname}${url.search}`);
    assert.equal(poll.status, 200, poll.text);
    if (poll.body.status !== "Running") return server.admin.send("GET", path);
  }
}
