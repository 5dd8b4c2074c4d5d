// The wizard from end to end: a linked workspace's model is mapped, deployed and scored over TDS with
// the script as it was generated, and agrees with the Python model that it was converted from.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { after, before, describe, it } from "node:test";
import { BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import { type Connection, Request } from "tedious";
import { createTable, flightLines } from "../../examples/flights/load.ts";
import { writeModel } from "../../packages/scoring/src/onnx/write-model.ts";
import { readFixture } from "../../packages/scoring/test/fixture.ts";
import { putTestApplication } from "../../packages/server/src/artifacts/testing/link.ts";
import { createLake, type TestLake } from "../../packages/server/src/storage/testing/lake.ts";
import { flightKey, readPredictions } from "../fixture/flight.ts";
import {
  audiences,
  type Caller,
  type Reply,
  startServer,
  type TestServer,
} from "../fixture/server.ts";
import { assignRole, createCaller, roleIds } from "../registry/principal.ts";
import { trust } from "./arm-client.ts";
import { connectSql } from "./sql-workspace.ts";

const example = new URL("../../examples/flights/", import.meta.url);
const version = "?api-version=2020-12-01";
const expected = readPredictions();

describe("the scoring wizard", () => {
  let server: TestServer;
  let group: string;
  let synapse: string;
  let machineLearning: string;
  let lake: TestLake;

  before(async () => {
    server = await startServer();
    trust(server);
    group = `${server.subscription}/resourceGroups/scoring`;
    synapse = `${group}/providers/Microsoft.Synapse/workspaces/scorews`;
    machineLearning = `${group}/providers/Microsoft.MachineLearningServices/workspaces/ml1`;
    await put(`${group}?api-version=2022-09-01`, { location: "westeurope" });
    lake = await createLake(server, "scorelake", { isHnsEnabled: false });
    await put(`${synapse}?api-version=2021-06-01`, {
      location: "westeurope",
      identity: { type: "SystemAssigned" },
      properties: {
        defaultDataLakeStorage: {
          accountUrl: "https://scorelake.dfs.core.windows.net",
          filesystem: "f",
        },
      },
    });
    await put(`${synapse}/sqlPools/pool1?api-version=2021-06-01`, {
      location: "westeurope",
      sku: { name: "DW100c" },
    });
    await put(`${machineLearning}?api-version=2022-10-01`, {
      location: "westeurope",
      properties: { storageAccount: lake.id },
    });
    await register("flight_delay", "1", modelFiles(), "mlflow_model");
    await register(
      "with_map",
      "1",
      { "m.onnx": readFixture("logistic-iris-zipmap") },
      "custom_model",
    );
    await register("broken", "1", { "m.onnx": Buffer.from("no model") }, "custom_model");
    await register("pickle", "1", { "m.pkl": Buffer.from("no model") }, "custom_model");
    await send("PUT", "linkedservices/link1", linkBody());
    const rows = expected.map(
      ({ month, weekday, departure, distance, origin, destination }) =>
        `(${month}, ${weekday}, ${departure}, ${distance}, N'${origin}', N'${destination}', 0)`,
    );
    await sql(createTable);
    await sql(`INSERT INTO dbo.flights VALUES ${rows.join(", ")}`);
  });
  after(() => server.close());

  async function put(path: string, body: unknown): Promise<void> {
    const reply = await server.admin.send("PUT", path, body);
    assert.ok(reply.status < 300, reply.text);
  }

  function modelFiles(): Record<string, Uint8Array> {
    const folder = new URL("model/", example);
    return Object.fromEntries(
      readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder))]),
    );
  }

  /** Through the workspace's artifacts, as SDK v1 uploads. */
  async function register(
    name: string,
    modelVersion: string,
    files: Record<string, Uint8Array>,
    modelType: string,
  ): Promise<void> {
    const container = `${name}-${modelVersion}`;
    const below = `/ml/westeurope/artifact/v2.0${machineLearning}/artifacts/LocalUpload/${container}/content`;
    for (const [path, bytes] of Object.entries(files)) {
      const reply = await server.admin.send("POST", `${below}?path=m/${path}`, bytes, {
        headers: { "content-type": "application/octet-stream" },
      });
      assert.equal(reply.status, 200, reply.text);
    }
    const only = Object.keys(files).length === 1 ? `m/${Object.keys(files)[0]}` : "m";
    await put(`${machineLearning}/models/${name}/versions/${modelVersion}?api-version=2022-10-01`, {
      properties: {
        modelType,
        modelUri: `azureml://datastores/workspaceartifactstore/paths/LocalUpload/${container}/${only}`,
      },
    });
  }

  function linkBody() {
    return {
      properties: {
        type: "AzureMLService",
        typeProperties: {
          subscriptionId: server.contract.subscriptionId,
          resourceGroupName: "scoring",
          mlWorkspaceName: "ml1",
          authentication: "MSI",
        },
      },
    };
  }

  async function send(
    method: string,
    path: string,
    body?: unknown,
    as: Caller = server.admin,
  ): Promise<Reply> {
    return as.send(method, `/synapse/scorews/${path}${version}`, body, {
      audience: audiences.synapse,
    });
  }

  /** A script as a client runs it: batch by batch, split at GO. Gives the last batch's rows. */
  async function sql(script: string, caller = server.admin): Promise<Record<string, unknown>[]> {
    const connection = await connectSql(server, "scorews", caller);
    let rows: Record<string, unknown>[] = [];
    try {
      for (const batch of script.split(/^GO\s*$/m)) rows = await runBatch(connection, batch);
    } finally {
      connection.close();
    }
    return rows;
  }

  function runBatch(connection: Connection, text: string): Promise<Record<string, unknown>[]> {
    return new Promise((resolve, reject) => {
      const rows: Record<string, unknown>[] = [];
      const request = new Request(text, (error) => (error ? reject(error) : resolve(rows)));
      request.on("row", (columns: { metadata: { colName: string }; value: unknown }[]) =>
        rows.push(
          Object.fromEntries(columns.map(({ metadata, value }) => [metadata.colName, value])),
        ),
      );
      connection.execSqlBatch(request);
    });
  }

  const request = (more: Record<string, unknown> = {}) => ({
    database: "pool1",
    table: "dbo.flights",
    model: { linkedService: "link1", name: "flight_delay" },
    ...more,
  });

  it("says why a link whose identity may not read the registry shows no models", async () => {
    const { body } = await send("GET", "callosum/score/models");
    assert.equal(body.value.length, 1);
    assert.equal(body.value[0].linkedService, "link1");
    assert.equal(body.value[0].error.code, "AuthorizationFailed");
    const plan = await send("POST", "callosum/score/plan", request());
    assert.equal(plan.status, 403, plan.text);
    const { body: workspace } = await server.admin.send("GET", `${synapse}?api-version=2021-06-01`);
    const { principalId } = workspace.identity;
    await assignRole(server, { roleId: roleIds.contributor, scope: group, principalId });
  });

  it("lists the ONNX models of linked workspaces, and what is wrong with one", async () => {
    const { body, text } = await send("GET", "callosum/score/models");
    const [link] = body.value;
    assert.equal(link.error, undefined, text);
    const found = link.models.map((model: Record<string, unknown>) => [
      model.name,
      model.version,
      model.problem,
    ]);
    assert.deepEqual(
      found.map(([name]: string[]) => name),
      ["broken", "flight_delay", "with_map"],
    );
    assert.match(String(found[0][2]), /PREDICT cannot score 'broken:1'/);
    assert.deepEqual(found[1], ["flight_delay", "1", null]);
  });

  it("says that the workspace of a link is gone", async () => {
    const { properties } = linkBody();
    const typeProperties = { ...properties.typeProperties, mlWorkspaceName: "gone" };
    await send("PUT", "linkedservices/gone", { properties: { ...properties, typeProperties } });
    const { body, text } = await send("GET", "callosum/score/models");
    const link = body.value.find((each: Record<string, unknown>) => each.linkedService === "gone");
    assert.equal(link.error?.code, "ResourceNotFound", text);
    assert.match(link.error.message, /workspaces\/gone'/);
    await send("DELETE", "linkedservices/gone");
  });

  it("plans: columns are proposed by the signature, and nothing is written", async () => {
    const { status, body, text } = await send("POST", "callosum/score/plan", request());
    assert.equal(status, 200, text);
    assert.deepEqual(body.model, {
      id: "flight_delay:1",
      framework: "ScikitLearn",
      isPrefilled: true,
    });
    assert.deepEqual(
      body.inputs.map(
        ({
          input,
          type,
          column,
        }: {
          input: string;
          type: string;
          column: { name: string; type: string };
        }) => [input, type, column.name, column.type].join(" "),
      ),
      [
        "month bigint month int",
        "weekday bigint weekday int",
        "departure bigint departure int",
        "distance real distance float",
        "origin varchar origin nvarchar",
        "destination varchar destination nvarchar",
      ],
    );
    assert.deepEqual(body.outputs, [{ output: "delay", type: "real" }]);
    assert.equal(body.modelTable.exists, false);
    assert.match(body.modelTable.ddl, /DISTRIBUTION = REPLICATE/);
    const tables = await sql("SELECT name FROM sys.tables");
    assert.deepEqual(tables, [{ name: "flights" }]);
  });

  it("deploys only into a table that exists or is asked for", async () => {
    const missing = await send("POST", "callosum/score/deploy", request());
    assert.equal(missing.body.error.code, "ModelTableNotFound", missing.text);
    const wrong = await send(
      "POST",
      "callosum/score/deploy",
      request({ modelTable: { name: "dbo.flights" } }),
    );
    assert.equal(wrong.body.error.code, "ModelTableShape", wrong.text);
  });

  it("deploys, and the generated procedure runs unchanged and agrees with the Python model", async () => {
    const { status, body, text } = await send(
      "POST",
      "callosum/score/deploy",
      request({ modelTable: { create: true }, script: { name: "dbo.predict_delay" } }),
    );
    assert.equal(status, 200, text);
    const [row] = await sql(
      "SELECT ID, name, version, framework, DATALENGTH(model) AS bytes, inputs_schema FROM dbo.models",
    );
    assert.deepEqual(
      [row?.ID, row?.name, row?.version, row?.framework],
      ["flight_delay:1", "flight_delay", 1, "ScikitLearn"],
    );
    assert.equal(Number(row?.bytes), readFileSync(new URL("model/model.onnx", example)).length);
    assert.equal(JSON.parse(String(row?.inputs_schema)).length, 6);
    const scored = await sql(body.script);
    assert.equal(scored.length, expected.length);
    const wanted = new Map(expected.map((flight) => [flightKey(flight), flight.expected]));
    let worst = 0;
    for (const flight of scored) {
      const python = wanted.get(flightKey(flight));
      assert.ok(python !== undefined, flightKey(flight));
      worst = Math.max(worst, Math.abs(Number(flight.delay) - python));
    }
    assert.ok(worst < 1e-3, `the worst difference is ${worst} minutes`);
  });

  it("generates a view that runs unchanged", async () => {
    const plan = await send(
      "POST",
      "callosum/score/plan",
      request({ script: { kind: "view", name: "dbo.scored" } }),
    );
    const rows = await sql(plan.body.script);
    assert.equal(rows.length, expected.length);
    assert.equal(typeof rows[0]?.delay, "number");
  });

  it("replaces the row when the same version is deployed again, also at the same time", async () => {
    const again = () => send("POST", "callosum/score/deploy", request());
    const replies = await Promise.all([again(), again(), again()]);
    for (const reply of replies) assert.equal(reply.status, 200, reply.text);
    assert.deepEqual(await sql("SELECT COUNT(*) AS n FROM dbo.models"), [{ n: 1 }]);
    await register("flight_delay", "2", modelFiles(), "mlflow_model");
    const latest = await again();
    assert.equal(latest.body.model.id, "flight_delay:2");
    assert.deepEqual(await sql("SELECT ID FROM dbo.models ORDER BY ID"), [
      { ID: "flight_delay:1" },
      { ID: "flight_delay:2" },
    ]);
  });

  it("takes choices, and names what does not fit", async () => {
    const plan = (more: Record<string, unknown>) =>
      send("POST", "callosum/score/plan", request(more));
    const open = await plan({ inputs: { origin: null } });
    assert.equal(open.body.script, undefined);
    const swapped = await plan({ inputs: { origin: "destination" } });
    assert.match(
      swapped.body.script,
      /CAST\(\[destination\] AS \[varchar\]\(8000\)\) AS \[origin\]/,
    );
    const rows: [Record<string, unknown>, number, string, RegExp][] = [
      [{ inputs: { nothing: "origin" } }, 400, "InvalidMapping", /no input 'nothing'/],
      [{ inputs: { origin: "nothing" } }, 400, "InvalidMapping", /no column 'nothing'/],
      [{ outputs: ["nothing"] }, 400, "InvalidMapping", /no output 'nothing'/],
      [{ table: "dbo.nothing" }, 404, "TableNotFound", /\[dbo\]\.\[nothing\]/],
      [{ table: "a.b.c" }, 400, "InvalidMapping", /no name of an object/],
      [{ table: "#rows" }, 400, "InvalidMapping", /'#rows' is temporary/],
      [{ table: '"dbo".[no]' }, 404, "TableNotFound", /\[dbo\]\.\[no\]/],
      [{ script: { name: "DBO.Flights" } }, 400, "InvalidMapping", /is the table to score/],
      [{ script: { name: "models" } }, 400, "InvalidMapping", /is the model table/],
      [{ script: { name: "none.p" } }, 400, "InvalidMapping", /there is no schema 'none'/],
      [{ script: { name: "SYS.p" } }, 400, "InvalidMapping", /there is no schema 'SYS'/],
      [{ modelTable: { name: "#models" } }, 400, "InvalidMapping", /'#models' is temporary/],
      [{ database: "nothing" }, 404, "PoolNotFound", /no dedicated SQL pool 'nothing'/],
      [{ database: "master" }, 404, "PoolNotFound", /no dedicated SQL pool 'master'/],
      [
        { model: { linkedService: "none", name: "flight_delay" } },
        404,
        "LinkedServiceNotFound",
        /'none'/,
      ],
      [{ model: { linkedService: "link1", name: "none" } }, 404, "ResourceNotFound", /ml1\/none/],
      [
        { model: { linkedService: "link1", name: "broken" } },
        400,
        "ModelNotScorable",
        /'broken:1': its ONNX file is corrupt \(the model/,
      ],
      [
        { model: { linkedService: "link1", name: "pickle" } },
        400,
        "ModelNotScorable",
        /no ONNX file/,
      ],
      [{ model: undefined }, 400, "BadRequest", /'model' is missing/],
      [{ script: { kind: "function" } }, 400, "BadRequest", /procedure, view/],
      [{ modelTable: { nme: "dbo.m" } }, 400, "BadRequest", /'modelTable.nme' is not known/],
    ];
    for (const [more, status, code, message] of rows) {
      const reply = await plan(more);
      assert.deepEqual([reply.status, reply.body.error?.code], [status, code], reply.text);
      assert.match(reply.body.error.message, message);
    }
    const deploy = await send(
      "POST",
      "callosum/score/deploy",
      request({ inputs: { origin: null } }),
    );
    assert.equal(deploy.body.error.code, "MappingIncomplete");
  });

  it("says which graphs the names of SQL cannot carry", async () => {
    const graph = (inputs: readonly string[], outputs: readonly string[]) => {
      const value = (name: string) => ({ name, type: "float", shape: [-1, 1] }) as const;
      return writeModel({
        inputs: inputs.map(value),
        outputs: outputs.map(value),
        nodes: outputs.map((name) => ({
          op: "Sum",
          inputs: inputs.length > 0 ? inputs : ["none"],
          outputs: [name],
        })),
        initializers: { none: { dims: [1, 1], floats: [1] } },
      });
    };
    const long = "x".repeat(129);
    const columns = { inputs: { a: "distance" } };
    const view = { script: { kind: "view" } };
    const rows: [Uint8Array, Record<string, unknown>, string, RegExp][] = [
      [graph(["a", "A"], ["y"]), {}, "ModelNotScorable", /inputs 'a' and 'A' are one name in SQL/],
      [graph([long], ["y"]), {}, "ModelNotScorable", /its name has more than 128 characters/],
      [graph([], ["y"]), {}, "ModelNotScorable", /it has no inputs/],
      [graph(["a"], [long]), columns, "ModelNotScorable", /none of its outputs is a column/],
      [graph(["a"], ["y", "Y"]), columns, "InvalidMapping", /outputs 'y' and 'Y' are one name/],
      [graph(["a"], ["A"]), { ...columns, ...view }, "InvalidMapping", /a view cannot have twice/],
    ];
    for (const [index, [bytes, more, code, message]] of rows.entries()) {
      const name = `odd${index}`;
      await register(name, "1", { "m.onnx": bytes }, "custom_model");
      const model = { linkedService: "link1", name };
      const reply = await send("POST", "callosum/score/plan", request({ model, ...more }));
      assert.equal(reply.body.error?.code, code, reply.text);
      assert.match(reply.body.error.message, message);
    }
    const model = { linkedService: "link1", name: "odd4" };
    const one = { model, ...columns, outputs: ["Y"], modelTable: { create: true } };
    const chosen = await send("POST", "callosum/score/deploy", request(one));
    assert.equal((await sql(chosen.body.script)).length, expected.length, chosen.text);
  });

  it("takes the latest version that is not archived, and a name that fits SQL", async () => {
    const name = "n".repeat(140);
    await register(name, "1", modelFiles(), "mlflow_model");
    await register(name, "2", modelFiles(), "mlflow_model");
    const model = { linkedService: "link1", name };
    const plan = async () => (await send("POST", "callosum/score/plan", request({ model }))).body;
    assert.equal((await plan()).model.id, `${name}:2`);
    await put(`${machineLearning}/models/${name}/versions/2?api-version=2022-10-01`, {
      properties: { isArchived: true },
    });
    const { model: latest, script } = await plan();
    assert.equal(latest.id, `${name}:1`);
    assert.match(script ?? "", /PROCEDURE \[dbo\]\.\[predict_n{120}\]/);
  });

  it("scores flights that COPY INTO loaded from the package's data", async () => {
    const rowCount = 20_000;
    const key = new StorageSharedKeyCredential(lake.name, lake.key);
    const container = new BlobServiceClient(lake.blob, key).getContainerClient("flights");
    await container.create();
    await container
      .getBlockBlobClient("flights.csv")
      .uploadStream(Readable.from(flightLines(rowCount), { objectMode: false }));
    await sql(createTable.replace("dbo.flights", "dbo.all_flights"));
    await sql(`COPY INTO dbo.all_flights (month 1, weekday 2, departure 3, distance 4, origin 5, destination 6, delay 7)
FROM 'https://${lake.name}.dfs.core.windows.net/flights/flights.csv'
WITH (FILE_TYPE = 'CSV', FIRSTROW = 2, ROWTERMINATOR = '0x0A',
  CREDENTIAL = (IDENTITY = 'Storage Account Key', SECRET = '${lake.key}'))`);
    const { body, text } = await send(
      "POST",
      "callosum/score/deploy",
      request({ table: "dbo.all_flights", script: { kind: "view", name: "dbo.all_scored" } }),
    );
    assert.ok(body.script, text);
    await sql(body.script.split(/^GO$/m)[0]);
    const [sums] = await sql(
      "SELECT COUNT(*) AS n, MIN(delay) AS least, MAX(delay) AS most, AVG(CAST(delay AS float)) AS mean FROM dbo.all_scored",
    );
    assert.equal(Number(sums?.n), rowCount);
    assert.ok(Number(sums?.least) > -70 && Number(sums?.most) < 250);
    const [actual] = await sql("SELECT AVG(CAST(delay AS float)) AS mean FROM dbo.all_flights");
    assert.ok(
      Math.abs(Number(sums?.mean) - Number(actual?.mean)) < 2,
      JSON.stringify([sums, actual]),
    );
  });

  it("acts as the service principal of a link that has one, and says when its secret is wrong", async () => {
    const application = await putTestApplication(server, { displayName: "scorer" });
    const link = (secret: string) => ({
      properties: {
        type: "AzureMLService",
        typeProperties: {
          ...linkBody().properties.typeProperties,
          authentication: undefined,
          servicePrincipalId: application.clientId,
          servicePrincipalKey: { type: "SecureString", value: secret },
          tenant: server.contract.tenantId,
        },
      },
    });
    const model = { linkedService: "link2", name: "flight_delay" };
    const plan = () => send("POST", "callosum/score/plan", request({ model }));
    await send("PUT", "linkedservices/link2", link("wrong"));
    const wrong = await plan();
    assert.equal(wrong.body.error.code, "LinkedServiceUnusable", wrong.text);
    assert.match(wrong.body.error.message, /AADSTS7000215/);
    await send("PUT", "linkedservices/link2", link(application.secretText));
    const blind = await plan();
    assert.equal(blind.body.error.code, "AuthorizationFailed", blind.text);
    assert.ok(blind.body.error.message.includes(application.objectId), blind.text);
    await assignRole(server, {
      roleId: roleIds.reader,
      scope: machineLearning,
      principalId: application.objectId,
    });
    const seen = await plan();
    assert.equal(seen.status, 200, seen.text);
    await keepInVault(application.secretText);
    const reference = { type: "LinkedServiceReference", referenceName: "vaults" };
    const fromVault = link("");
    Object.assign(fromVault.properties.typeProperties, {
      servicePrincipalKey: {
        type: "AzureKeyVaultSecret",
        store: { ...reference, parameters: { name: "scorevault" } },
        secretName: "ml-key",
      },
    });
    await send("PUT", "linkedservices/link2", fromVault);
    const opened = await plan();
    assert.equal(opened.status, 200, opened.text);
  });

  /** Behind a link whose address has a parameter; the workspace's identity may read it. */
  async function keepInVault(secret: string): Promise<void> {
    const vault = `${group}/providers/Microsoft.KeyVault/vaults/scorevault`;
    await put(`${vault}?api-version=2023-07-01`, {
      location: "westeurope",
      properties: {
        tenantId: server.contract.tenantId,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
      },
    });
    const { body } = await server.admin.send("GET", `${synapse}?api-version=2021-06-01`);
    const officer = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7";
    const user = "4633458b-17de-408a-b874-0445c86b69e6";
    for (const [roleId, principalId] of [
      [officer, server.admin.objectId],
      [user, body.identity.principalId],
    ])
      await assignRole(server, { roleId, scope: vault, principalId });
    const extra = { host: "scorevault.vault.azure.net", audience: audiences.vault };
    const value = { value: secret };
    const kept = await server.admin.send("PUT", "/secrets/ml-key?api-version=7.4", value, extra);
    assert.equal(kept.status, 200, kept.text);
    const saved = await send("PUT", "linkedservices/vaults", {
      properties: {
        type: "AzureKeyVault",
        parameters: { name: { type: "String" } },
        typeProperties: { baseUrl: "https://@{linkedService().name}.vault.azure.net" },
      },
    });
    assert.ok(saved.status < 300, saved.text);
  }

  it("works for a user with SQL permissions and the use of the link's credential, and no further", async () => {
    const analyst = await createCaller(server);
    const { body: principal } = await server.admin.send(
      "GET",
      `/graph/v1.0/servicePrincipals/${analyst.objectId}`,
      undefined,
      { audience: audiences.graph },
    );
    const grant = (roleId: string, scope: string) =>
      server.admin.send(
        "PUT",
        `/synapse/scorews/roleAssignments/${crypto.randomUUID()}?api-version=2020-12-01`,
        { roleId, principalId: analyst.objectId, scope },
        { audience: audiences.synapse },
      );
    // Synapse User on the workspace: it may see it, and nothing else.
    const user = await grant("2a385764-43e8-416c-9825-7b18d05a2c4b", "workspaces/scorews");
    assert.equal(user.status, 200, user.text);
    const plan = () => send("POST", "callosum/score/plan", request(), analyst);
    assert.equal((await plan()).status, 403);
    const credential = await grant(
      "5eb298b4-692c-4241-9cf0-f58a3b42bb25",
      "workspaces/scorews/credentials/WorkspaceSystemIdentity",
    );
    assert.equal(credential.status, 200, credential.text);
    const stranger = await plan();
    const refusal = [stranger.status, stranger.body.error.code];
    assert.deepEqual(refusal, [403, "SqlPermissionDenied"], stranger.text);
    await sql(`CREATE USER [${principal.displayName}] FROM EXTERNAL PROVIDER`);
    const blind = await plan();
    assert.equal(blind.body.error.code, "TableNotFound", blind.text);
    await sql(`GRANT SELECT ON dbo.flights TO [${principal.displayName}]`);
    const deploy = () => send("POST", "callosum/score/deploy", request(), analyst);
    const unseen = await deploy();
    assert.match(unseen.body.error.message, /no table \[dbo\]\.\[models\] that you may read/);
    await sql(`GRANT SELECT ON dbo.models TO [${principal.displayName}]`);
    const planned = await plan();
    assert.equal(planned.status, 200, planned.text);
    await sql("DELETE FROM dbo.models WHERE name = 'flight_delay'");
    for (const right of ["INSERT", "DELETE"]) {
      const refused = await deploy();
      assert.equal(refused.status, 403);
      assert.match(refused.body.error.message, new RegExp(`Msg 229: .*${right}`));
      await sql(`GRANT ${right} ON dbo.models TO [${principal.displayName}]`);
      const deployed = await deploy();
      assert.equal(deployed.status, 200, deployed.text);
    }
  });

  it("answers 401 without a token, 403 without a role, and asks the pool as the caller", async () => {
    assert.equal((await send("POST", "callosum/score/plan", request(), server.nobody)).status, 401);
    const stranger = await createCaller(server);
    for (const path of ["plan", "deploy"]) {
      assert.equal((await send("POST", `callosum/score/${path}`, request(), stranger)).status, 403);
    }
  });
});
