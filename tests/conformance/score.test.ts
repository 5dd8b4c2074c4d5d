// `callosum models` and `callosum score` through the real program against a whole instance: the plan is
// shown first, stdout is the script alone, and the model is in the pool. That the script runs and agrees
// with the Python model: model-scoring.test.ts and the story.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { writeContract } from "callosum/instance.ts";
import { Connection, Request } from "tedious";
import { createTable } from "../../examples/flights/load.ts";
import { createLake } from "../../packages/server/src/storage/testing/lake.ts";
import { audiences, type Reply, startServer, type TestServer } from "../fixture/server.ts";
import { assignRole, roleIds } from "../registry/principal.ts";

const example = new URL("../../examples/flights/model/", import.meta.url);
const program = fileURLToPath(new URL("../../packages/cli/bin/callosum.js", import.meta.url));

describe("callosum score", () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
    writeContract(server.contract.dataDir, server.contract);
    await linkWorkspaces(server);
    await registerModels(server);
    await query(createTable);
  });
  after(() => server.close());

  const wizard = ["--workspace", "cliws", "--pool", "pool1", "--table", "dbo.flights"];

  function callosum(
    ...words: string[]
  ): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const parameters = [program, ...words, "--data", server.contract.dataDir];
    const child = spawn(process.execPath, parameters, { stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk) => {
      stderr += chunk;
    });
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, stdout, stderr }));
    });
  }

  async function query(text: string): Promise<unknown[]> {
    const token = await server.admin.token("https://database.windows.net/");
    const connection = new Connection({
      server: "localhost",
      authentication: { type: "azure-active-directory-access-token", options: { token } },
      options: {
        port: Number(server.contract.endpoints.sql.split(":")[1]),
        database: "pool1",
        encrypt: true,
        trustServerCertificate: true,
        serverName: "cliws.sql.azuresynapse.net",
      },
    });
    await new Promise<void>((resolve, reject) => {
      connection.connect((error) => (error ? reject(error) : resolve()));
    });
    const rows: unknown[] = [];
    await new Promise<void>((resolve, reject) => {
      const request = new Request(text, (error) => (error ? reject(error) : resolve()));
      request.on("row", (cells: { value: unknown }[]) => rows.push(cells[0]?.value));
      connection.execSqlBatch(request);
    });
    connection.close();
    return rows;
  }

  it("lists the models of linked workspaces", async () => {
    const { code, stdout, stderr } = await callosum("models", "--ml", "ml1");
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /^cliws +link1 +flight_delay:1 +ScikitLearn +month, weekday, .* → delay$/m,
    );
    assert.match(stdout, /^cliws +link1 +unsigned:1 /m);
  });

  it("shows plan and script on a dry run, and asks before anything is changed", async () => {
    const dry = await callosum("score", ...wizard, "--model", "flight_delay", "--dry-run");
    assert.equal(dry.code, 0, dry.stderr);
    assert.match(dry.stderr, /input {3}month bigint ← month int/);
    assert.match(dry.stderr, /make {4}the table \[dbo\]\.\[models\]/);
    assert.match(dry.stdout, /^-- Create a stored procedure/);
    assert.doesNotMatch(dry.stderr, /exists/);
    const unasked = await callosum("score", ...wizard, "--model", "flight_delay");
    assert.equal(unasked.code, 2);
    assert.match(unasked.stderr, /--yes/);
    assert.deepEqual(await query("SELECT name FROM sys.tables"), ["flights"]);
  });

  it("copies the model, and prints the script alone", async () => {
    const words = [...wizard, "--model", "flight_delay:1", "--as-view", "--object", "dbo.scored"];
    const deployed = await callosum("score", ...words, "--output", "delay:real", "--yes");
    assert.equal(deployed.code, 0, deployed.stderr);
    assert.match(deployed.stderr, /flight_delay:1 is in \[dbo\]\.\[models\]/);
    assert.deepEqual(await query("SELECT ID FROM dbo.models"), ["flight_delay:1"]);
    for (const batch of deployed.stdout.split(/^GO\s*$/m)) await query(batch);
    assert.deepEqual(await query("SELECT COUNT(*) FROM dbo.scored"), [0]);
    const planned = await callosum("score", ...words, "--dry-run");
    assert.match(planned.stderr, /exists {2}\[dbo\]\.\[scored\]: drop it, or .* CREATE fails/);
    const again = await callosum("score", ...words, "--yes", "--json");
    const { script, service, modelTable, object } = JSON.parse(again.stdout);
    assert.deepEqual(object, { name: "[dbo].[scored]", exists: true });
    assert.equal(script, deployed.stdout);
    assert.equal(service, "link1");
    assert.equal(modelTable.exists, true);
    assert.deepEqual(await query("SELECT COUNT(*) FROM dbo.models"), [1]);
  });

  it("wants columns for a model without a signature, and takes them from --map", async () => {
    const words = ["score", ...wizard, "--model", "unsigned"];
    const open = await callosum(...words, "--yes");
    assert.equal(open.code, 2);
    assert.match(open.stderr, /No column is mapped to month \(bigint\), .* no signature/);
    const dry = await callosum(...words, "--dry-run");
    assert.equal(dry.code, 1);
    assert.match(dry.stderr, /← no column/);
    const names = ["month", "weekday", "departure", "distance", "origin", "destination"];
    const map = names.map((name) => `${name}=${name}`).join(",");
    const mapped = await callosum(...words, "--map", map, "--yes");
    assert.equal(mapped.code, 0, mapped.stderr);
    assert.match(mapped.stdout, /PROCEDURE \[dbo\]\.\[predict_unsigned\]/);
  });

  it("says what is wrong, with the exit code of it", async () => {
    const model = ["--model", "flight_delay", "--yes"];
    const rows: [string[], number, RegExp][] = [
      [[...wizard, "--model", "nothing", "--yes"], 1, /no .*workspace has .* 'nothing'/i],
      [[...wizard, ...model, "--output", "delay:bigint"], 2, /is real, not bigint/],
      [[...wizard, ...model, "--map", "nothing=month"], 1, /no column 'nothing'/],
      [[...wizard.slice(0, 4), "--table", "dbo.nothing", ...model], 1, /TableNotFound/],
      [[...wizard, ...model, "--service", "nothing"], 1, /LinkedServiceNotFound/],
      [[...wizard, ...model, "--as", "user"], 3, /Unauthorized|permission/],
    ];
    const ended = await Promise.all(rows.map(([words]) => callosum("score", ...words)));
    for (const [index, { code, stdout, stderr }] of ended.entries()) {
      const [, wanted, message] = rows[index] ?? [[], 0, /./];
      assert.deepEqual([code, stdout], [wanted, ""], stderr);
      assert.match(stderr, message);
    }
  });
});

const group = (server: TestServer) => `${server.subscription}/resourceGroups/cli`;
const machineLearning = (server: TestServer) =>
  `${group(server)}/providers/Microsoft.MachineLearningServices/workspaces/ml1`;

async function put(
  server: TestServer,
  path: string,
  body: unknown,
  audience?: string,
): Promise<Reply["body"]> {
  const reply = await server.admin.send("PUT", path, body, audience ? { audience } : {});
  assert.ok(reply.status < 300, reply.text);
  return reply.body;
}

/** A linked pair with a pool. */
async function linkWorkspaces(server: TestServer): Promise<void> {
  await put(server, `${group(server)}?api-version=2022-09-01`, { location: "westeurope" });
  const lake = await createLake(server, "clilake", { isHnsEnabled: false });
  const synapse = `${group(server)}/providers/Microsoft.Synapse/workspaces/cliws`;
  const { identity } = await put(server, `${synapse}?api-version=2021-06-01`, {
    location: "westeurope",
    identity: { type: "SystemAssigned" },
    properties: {
      defaultDataLakeStorage: {
        accountUrl: "https://clilake.dfs.core.windows.net",
        filesystem: "f",
      },
    },
  });
  await put(server, `${synapse}/sqlPools/pool1?api-version=2021-06-01`, {
    location: "westeurope",
    sku: { name: "DW100c" },
  });
  await put(server, `${machineLearning(server)}?api-version=2022-10-01`, {
    location: "westeurope",
    properties: { storageAccount: lake.id },
  });
  await assignRole(server, {
    roleId: roleIds.contributor,
    scope: machineLearning(server),
    principalId: identity.principalId,
  });
  const typeProperties = {
    subscriptionId: server.contract.subscriptionId,
    resourceGroupName: "cli",
    mlWorkspaceName: "ml1",
    authentication: "MSI",
  };
  await put(
    server,
    "/synapse/cliws/linkedservices/link1?api-version=2020-12-01",
    { properties: { type: "AzureMLService", typeProperties } },
    audiences.synapse,
  );
}

/** An MLflow model, and the same graph without its signature. */
async function registerModels(server: TestServer): Promise<void> {
  const content = `/ml/westeurope/artifact/v2.0${machineLearning(server)}/artifacts/LocalUpload/m/content`;
  for (const name of readdirSync(example)) {
    const bytes = readFileSync(new URL(name, example));
    const headers = { "content-type": "application/octet-stream" };
    const reply = await server.admin.send("POST", `${content}?path=m/${name}`, bytes, { headers });
    assert.equal(reply.status, 200, reply.text);
  }
  const uri = "azureml://datastores/workspaceartifactstore/paths/LocalUpload/m/m";
  const register = (name: string, modelType: string, modelUri: string) =>
    put(server, `${machineLearning(server)}/models/${name}/versions/1?api-version=2022-10-01`, {
      properties: { modelType, modelUri },
    });
  await register("flight_delay", "mlflow_model", uri);
  await register("unsigned", "custom_model", `${uri}/model.onnx`);
}
