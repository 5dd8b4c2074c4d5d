import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { DeploymentsClient } from "@azure/arm-resourcesdeployments";
import { startServer, type TestServer } from "../fixture/server.ts";
import { collect, credentialOf, trust } from "./arm-client.ts";
import { group, groupPath, linkTemplate, prepare, valuesOf } from "./deployment-fixture.ts";

const published = fileURLToPath(new URL("../../../shared/reference/templates/", import.meta.url));
const pools = [
  { computeName: "spark1", poolName: "pool1" },
  { computeName: "spark2", poolName: "pool2" },
];

describe("@azure/arm-resourcesdeployments with an explicit endpoint", () => {
  let server: TestServer;
  let client: DeploymentsClient;
  let synapse: string;
  const quick = { updateIntervalInMs: 1 };

  before(async () => {
    server = await startServer();
    trust(server);
    client = new DeploymentsClient(credentialOf(server.admin), server.contract.subscriptionId, {
      endpoint: server.contract.origin,
    });
    ({ synapse } = await prepare(server));
  });
  after(() => server.close());

  async function requireLinked(link: string, computes: readonly string[], principalId: string) {
    const workspace = `${groupPath(server)}/providers/Microsoft.MachineLearningServices/workspaces/ml1`;
    const made = await server.admin.send(
      "GET",
      `${workspace}/linkedServices/${link}?api-version=2020-09-01-preview`,
    );
    assert.equal(made.body.identity.principalId, principalId);
    assert.match(principalId, /^[0-9a-f-]{36}$/);
    const attached = await server.admin.send("GET", `${workspace}/computes?api-version=2022-10-01`);
    const names = attached.body.value.map(({ name }: { name: string }) => name);
    for (const name of computes) assert.ok(names.includes(name), `${name} is not in ${names}`);
  }

  it("links and attaches with our own template, and tells what it did", async () => {
    const parameters = valuesOf({
      workspace: "ml1",
      link: "own",
      synapseId: synapse,
      region: "westeurope",
      pools: [
        { as: "a1", pool: "pool1" },
        { as: "a2", pool: "pool2" },
      ],
    });
    const properties = { mode: "Incremental" as const, template: linkTemplate, parameters };
    const valid = await client.deployments.validate(group, "own", { properties }, quick);
    assert.equal(valid.properties?.provisioningState, "Succeeded");
    assert.equal(await client.deployments.checkExistence(group, "own").then((r) => r.body), false);
    const ended = await client.deployments.createOrUpdate(group, "own", { properties }, quick);
    assert.equal(ended.properties?.provisioningState, "Succeeded");
    assert.equal(ended.properties?.outputResources?.length, 3);
    assert.match(ended.properties?.templateHash ?? "", /^\d+$/);
    assert.match(ended.properties?.duration ?? "", /^PT[\d.]+S$/);
    const outputs = ended.properties?.outputs as Record<string, { value: string }>;
    await requireLinked("own", ["a1", "a2"], outputs.principalId?.value ?? "");
    const operations = await collect(client.deploymentOperations.list(group, "own"));
    assert.equal(operations.length, 3);
    for (const { properties: done } of operations)
      assert.equal(done?.provisioningState, "Succeeded");
    const [first] = operations;
    const one = await client.deploymentOperations.get(group, "own", first?.operationId ?? "");
    assert.deepEqual(one.properties?.targetResource, first?.properties?.targetResource);
    const names = (await collect(client.deployments.listByResourceGroup(group))).map((d) => d.name);
    assert.ok(names.includes("own"));
    const foreseen = await client.deployments.whatIf(group, "own", { properties }, quick);
    assert.deepEqual(
      foreseen.changes?.map(({ changeType }) => changeType),
      ["NoChange", "NoChange", "NoChange"],
      JSON.stringify(foreseen.changes, undefined, 1),
    );
    await client.deployments.delete(group, "own", quick);
    await assert.rejects(client.deployments.get(group, "own"), { code: "DeploymentNotFound" });
  });

  for (const version of ["2020-04-01-preview", "2020-09-01-preview"]) {
    const file = `${published}azuredeploy.${version}.json`;
    const skip = existsSync(file) ? false : "the published templates are not beside the repository";
    for (const sparkPools of [pools, []]) {
      const title = `the published template ${version} links and attaches ${sparkPools.length} pools`;
      it(title, { skip }, async () => {
        const template = JSON.parse(readFileSync(file, "utf8"));
        const sent = JSON.parse(readFileSync(`${published}azuredeploy.parameters.json`, "utf8"));
        const linkName = `l${version.slice(5, 7)}${sparkPools.length}`;
        const parameters = {
          ...sent.parameters,
          amlWorkspaceName: { value: "ml1" },
          synapseWorkspaceResourceId: { value: synapse },
          location: { value: "westeurope" },
          sparkPools: { value: sparkPools },
          linkName: { value: linkName },
        };
        // One workspace has one link to another; the earlier one makes room.
        const ended = await client.deployments.createOrUpdate(
          group,
          "published",
          { properties: { mode: "Incremental", template, parameters } },
          quick,
        );
        assert.equal(ended.properties?.provisioningState, "Succeeded");
        const outputs = ended.properties?.outputs as Record<
          string,
          { type: string; value: string }
        >;
        const computes = sparkPools.map(({ computeName }) => computeName);
        assert.equal(outputs.SaiPrincipalId?.type, "String");
        await requireLinked(linkName, computes, outputs.SaiPrincipalId?.value ?? "");
      });
    }
  }
});
