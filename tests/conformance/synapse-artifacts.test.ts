import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  ArtifactsClient,
  type LinkedServiceResource,
  type NotebookResource,
  type PipelineResource,
  type TriggerResource,
} from "@azure/synapse-artifacts";
import { audiences, startServer, type TestServer } from "../fixture/server.ts";
import { collect, credentialOf, trust } from "./arm-client.ts";

const quick = { updateIntervalInMs: 1 };

describe("@azure/synapse-artifacts with an explicit endpoint", () => {
  let server: TestServer;
  let client: ArtifactsClient;
  const name = "clitest000003";
  let id: string;

  before(async () => {
    server = await startServer();
    trust(server);
    const group = `${server.subscription}/resourceGroups/rg1`;
    id = `${group}/providers/Microsoft.Synapse/workspaces/${name}`;
    await server.admin.send("PUT", `${group}?api-version=2022-09-01`, { location: "westeurope" });
    const made = await server.admin.send("PUT", `${id}?api-version=2021-06-01`, {
      location: "westeurope",
      identity: { type: "SystemAssigned" },
      properties: {
        defaultDataLakeStorage: {
          accountUrl: "https://lake000003.dfs.core.windows.net",
          filesystem: "fs",
        },
      },
    });
    assert.equal(made.status, 201, made.text);
    const endpoint = `${server.contract.origin}/synapse/${name}`;
    client = new ArtifactsClient(credentialOf(server.admin), endpoint);
  });
  after(() => server.close());

  const link: LinkedServiceResource = {
    properties: {
      type: "AzureMLService",
      subscriptionId: "00000000-0000-4000-8000-000000000001",
      resourceGroupName: "rg1",
      mlWorkspaceName: "ml1",
      servicePrincipalId: "00000000-0000-4000-8000-000000000002",
      servicePrincipalKey: { type: "SecureString", value: "very-secret" },
      tenant: "contoso",
    },
  } as LinkedServiceResource;

  it("lists the two automatic linked services of a fresh workspace", async () => {
    const listed = await collect(client.linkedServiceOperations.listLinkedServicesByWorkspace());
    assert.deepEqual(
      listed.map((item) => [item.name, item.properties.type]),
      [
        [`${name}-WorkspaceDefaultSqlServer`, "AzureSqlDW"],
        [`${name}-WorkspaceDefaultStorage`, "AzureBlobFS"],
      ],
    );
  });

  it("makes, reads, renames and deletes a linked service; its secret stays here", async () => {
    const { linkedServiceOperations: links } = client;
    const made = await links.beginCreateOrUpdateLinkedServiceAndWait("ml", link, quick);
    assert.equal(made.id, `${id}/linkedservices/ml`);
    const read = await links.getLinkedService("ml");
    const key = (read.properties as { servicePrincipalKey?: { value?: string } })
      .servicePrincipalKey;
    assert.equal(key?.value, "**********");
    const statuses: number[] = [];
    await links.getLinkedService("ml", {
      ifNoneMatch: read.etag ?? "",
      onResponse: ({ status }) => void statuses.push(status),
    });
    assert.deepEqual(statuses, [304]);
    await links.beginRenameLinkedServiceAndWait("ml", { newName: "ml2" }, quick);
    assert.equal((await links.getLinkedService("ml2")).name, "ml2");
    await links.beginDeleteLinkedServiceAndWait("ml2", quick);
    await assert.rejects(
      links.getLinkedService("ml2"),
      (error: { statusCode?: number }) => error.statusCode === 404,
    );
  });

  it("drops 'authentication', so a link for the identity needs what the test of it advises", async () => {
    const properties = { ...link.properties, authentication: "MSI" } as Record<string, unknown>;
    for (const unset of ["servicePrincipalId", "servicePrincipalKey", "tenant"])
      delete properties[unset];
    await client.linkedServiceOperations.beginCreateOrUpdateLinkedServiceAndWait(
      "msi",
      { properties } as unknown as LinkedServiceResource,
      quick,
    );
    const path = `/synapse/${name}/testConnectivity?api-version=2020-12-01`;
    const body = { linkedServiceName: "msi" };
    const tested = await server.admin.send("POST", path, body, { audience: audiences.synapse });
    assert.equal(tested.body.errors[0].code, "9512", tested.text);
  });

  it("keeps a chain of linked service, dataset, pipeline and trigger", async () => {
    const linked = { type: "LinkedServiceReference" as const, referenceName: "store" };
    await client.linkedServiceOperations.beginCreateOrUpdateLinkedServiceAndWait(
      "store",
      {
        properties: { type: "AzureBlobFS", url: "https://a.dfs.core.windows.net" },
      } as LinkedServiceResource,
      quick,
    );
    await client.datasetOperations.beginCreateOrUpdateDatasetAndWait(
      "data",
      { properties: { type: "Json", linkedServiceName: linked } },
      quick,
    );
    const pipeline: PipelineResource = {
      activities: [{ type: "Wait", name: "Pause", waitTimeInSeconds: 1 }],
    } as PipelineResource;
    const made = await client.pipelineOperations.beginCreateOrUpdatePipelineAndWait(
      "run",
      pipeline,
      quick,
    );
    assert.equal(made.activities?.[0]?.name, "Pause");
    const trigger = {
      properties: {
        type: "TumblingWindowTrigger",
        pipeline: { pipelineReference: { type: "PipelineReference", referenceName: "run" } },
        frequency: "Hour",
        interval: 1,
        startTime: new Date("2024-01-01T00:00:00Z"),
        maxConcurrency: 1,
      },
    } as unknown as TriggerResource;
    const kept = await client.triggerOperations.beginCreateOrUpdateTriggerAndWait(
      "tick",
      trigger,
      quick,
    );
    assert.equal(kept.properties.runtimeState, "Stopped");
    await assert.rejects(
      client.pipelineOperations.beginDeletePipelineAndWait("run", quick),
      (error: Error) => /referenced by Trigger 'tick'/.test(error.message),
    );
    await client.triggerOperations.beginStopTriggerAndWait("tick", quick);
    await assert.rejects(
      client.pipelineOperations.createPipelineRun("run"),
      (error: Error & { statusCode?: number }) =>
        error.statusCode === 501 && /createRun/.test(error.message),
    );
  });

  it("keeps notebooks, SQL scripts and Spark job definitions", async () => {
    const notebook: NotebookResource = {
      name: "note",
      properties: {
        nbformat: 4,
        nbformatMinor: 2,
        metadata: { languageInfo: { name: "python" } },
        cells: [{ cellType: "code", metadata: {}, source: ["print(1)"] }],
      },
    };
    const made = await client.notebookOperations.beginCreateOrUpdateNotebookAndWait(
      "note",
      notebook,
      quick,
    );
    assert.deepEqual(made.properties.cells?.[0]?.source, ["print(1)"]);
    const listed = await collect(client.notebookOperations.listNotebookSummaryByWorkSpace());
    assert.deepEqual(
      listed.map((item) => item.name),
      ["note"],
    );
    const script = { name: "s", properties: { content: { query: "SELECT 1" } } };
    await client.sqlScriptOperations.beginCreateOrUpdateSqlScriptAndWait("s", script, quick);
    assert.equal(
      (await client.sqlScriptOperations.getSqlScript("s")).properties.content?.query,
      "SELECT 1",
    );
    const job = {
      properties: {
        targetBigDataPool: { type: "BigDataPoolReference" as const, referenceName: "p" },
        jobProperties: {
          file: "abfss://fs@a.dfs.core.windows.net/x.py",
          driverMemory: "28g",
          driverCores: 4,
          executorMemory: "28g",
          executorCores: 4,
          numExecutors: 2,
        },
      },
    };
    const kept =
      await client.sparkJobDefinitionOperations.beginCreateOrUpdateSparkJobDefinitionAndWait(
        "j",
        job,
        quick,
      );
    assert.equal(kept.id, `${id}/sparkjobdefinitions/j`);
  });

  it("reads the workspace, its runtimes and its pools as the resource manager shows them", async () => {
    const workspace = await client.workspaceOperations.get();
    assert.equal(workspace.name, name);
    assert.equal(workspace.connectivityEndpoints?.sql, `${name}.sql.azuresynapse.net`);
    const { value } = await client.integrationRuntimes.list();
    const runtime = `${id}/integrationRuntimes/AutoResolveIntegrationRuntime`;
    assert.deepEqual(
      value.map((item) => item.id),
      [runtime],
    );
    const pool = await server.admin.send("PUT", `${id}/bigDataPools/pool1?api-version=2021-06-01`, {
      location: "westeurope",
      properties: {
        sparkVersion: "3.4",
        nodeCount: 3,
        nodeSize: "Small",
        nodeSizeFamily: "MemoryOptimized",
      },
    });
    assert.equal(pool.status, 202, pool.text);
    const arm = await server.admin.send("GET", `${id}/bigDataPools/pool1?api-version=2021-06-01`);
    const endpoint = `/synapse/${name}/bigDataPools/pool1?api-version=2020-12-01`;
    const own = await server.admin.send("GET", endpoint, undefined, {
      audience: audiences.synapse,
    });
    assert.deepEqual(own.body, arm.body);
    assert.equal((await client.bigDataPools.get("pool1")).sparkVersion, "3.4");
    assert.equal((await client.sqlPools.list()).value?.length ?? 0, 0);
  });
});
