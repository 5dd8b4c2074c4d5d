// Last chapter: a table of real flights in a dedicated SQL pool is scored with a model of the linked
// machine learning workspace, and agrees with the Python model that it was converted from.

import { readdirSync, readFileSync } from "node:fs";
import { DefaultAzureCredential } from "@azure/identity";
import { BlobServiceClient } from "@azure/storage-blob";
import { Connection, Request } from "tedious";
import { createTable, flightLines } from "../../../examples/flights/load.ts";
import { flightKey, readPredictions } from "../../fixture/flight.ts";
import { authorizationClient, callosum, groupId, machineLearningClient } from "../client.ts";
import { type Chapter, expect, type StoryState, step } from "../step.ts";

const credential = new DefaultAzureCredential();
const blobContributorRole = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
const example = new URL("../../../examples/flights/", import.meta.url);
const modelName = "flight_delay";
const modelFolder = `models/${modelName}`;
const dataFile = "data/flights.csv";
/** Every 15th flight of the half year: the Python model's predictions are of some of these. */
const flights = 200_000;
/** Of predictions in minutes: the model computes in float32, Python in float64. */
const toleranceMinutes = 1e-3;
const decimals = 2;
const shownRows = 3;

function lakeContainer({ names }: StoryState) {
  const account = `https://${names.storage}.blob.core.windows.net`;
  return new BlobServiceClient(account, credential).getContainerClient(names.fileSystem);
}

/** Who tells the story, as tokens name it. */
async function ownPrincipalId(): Promise<string> {
  const { token } = await credential.getToken("https://management.azure.com/.default");
  const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  return String(claims.oid);
}

/** Signs in by itself: the server says where and for what, the client's own credential does. */
async function connect({ names, sqlEndpoint }: StoryState): Promise<Connection> {
  const [server = "", port] = sqlEndpoint.split(":");
  const connection = new Connection({
    server,
    authentication: { type: "azure-active-directory-default", options: {} },
    options: {
      port: Number(port),
      database: names.sqlPool,
      encrypt: true,
      serverName: `${names.synapse}.sql.azuresynapse.net`,
    },
  });
  return new Promise((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve(connection)));
  });
}

type Row = Readonly<Record<string, unknown>>;

interface Answer {
  readonly rows: readonly Row[];
  /** Rows that the last statement changed or gave. */
  readonly count: number;
}

/** Runs a script as any SQL client does: batch by batch, split at GO. The last one's answer. */
async function run(state: StoryState, script: string): Promise<Answer> {
  const connection = await connect(state);
  try {
    let answer: Answer = { rows: [], count: 0 };
    for (const batch of script.split(/^GO\s*$/m)) answer = await runBatch(connection, batch);
    return answer;
  } finally {
    connection.close();
  }
}

function runBatch(connection: Connection, text: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const rows: Row[] = [];
    const request = new Request(text, (error, count = 0) =>
      error ? reject(error) : resolve({ rows, count }),
    );
    request.on("row", (cells: { metadata: { colName: string }; value: unknown }[]) =>
      rows.push(Object.fromEntries(cells.map(({ metadata, value }) => [metadata.colName, value]))),
    );
    connection.execSqlBatch(request);
  });
}

function copyInto({ names }: StoryState): string {
  const url = `https://${names.storage}.blob.core.windows.net/${names.fileSystem}/${dataFile}`;
  return `COPY INTO dbo.flights FROM '${url}' WITH (FILE_TYPE = 'CSV', FIRSTROW = 2)`;
}

/** Every prediction of the Python model beside ours; throws when one differs. */
function compare(rows: readonly Row[]): string[] {
  const scored = new Map(rows.map((row) => [flightKey(row), Number(row.delay)]));
  const pairs = readPredictions().map((flight) => {
    const ours = scored.get(flightKey(flight));
    expect(ours !== undefined, `the flight ${flightKey(flight)} is not scored`);
    return { flight, ours, python: flight.expected };
  });
  const worst = Math.max(...pairs.map(({ ours, python }) => Math.abs(ours - python)));
  expect(worst < toleranceMinutes, `predictions differ by up to ${worst} minutes`);
  const shown = pairs.slice(0, shownRows).map(({ flight, ours, python }) => {
    const { origin, destination, departure } = flight;
    const time = `${Math.floor(departure / 60)}:${String(departure % 60).padStart(2, "0")}`;
    return `${origin} → ${destination} at ${time}: ${ours.toFixed(decimals)} min, Python ${python.toFixed(decimals)}`;
  });
  return [
    ...shown,
    `${pairs.length} predictions of the Python model: all agree, the worst within ${worst.toExponential(0)} min`,
  ];
}

export const scoring: Chapter = {
  name: "scoring",
  title: "A table is scored with the linked workspace's model",
  steps: [
    step(
      "Owner may not read blobs: a data role is assigned",
      "@azure/arm-authorization",
      async (state) => {
        const { subscriptionId, names } = state;
        const account = `${groupId(state)}/providers/Microsoft.Storage/storageAccounts/${names.storage}`;
        await authorizationClient(state).roleAssignments.create(account, crypto.randomUUID(), {
          principalId: await ownPrincipalId(),
          principalType: "ServicePrincipal",
          roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${blobContributorRole}`,
        });
        return [`Storage Blob Data Contributor on ${names.storage}`];
      },
    ),
    step("a model and flights are uploaded to the lake", "@azure/storage-blob", async (state) => {
      const container = lakeContainer(state);
      const folder = new URL("model/", example);
      const files = readdirSync(folder).map(
        (name) => [`${modelFolder}/${name}`, readFileSync(new URL(name, folder))] as const,
      );
      const lines: string[] = [];
      for await (const chunk of flightLines(flights)) lines.push(chunk);
      const all = [...files, [dataFile, Buffer.from(lines.join(""))] as const];
      await Promise.all(
        all.map(([name, bytes]) => container.getBlockBlobClient(name).uploadData(bytes)),
      );
      const model = files.find(([name]) => name.endsWith(".onnx"))?.[1].length ?? 0;
      return [
        `${modelFolder}: MLflow with ONNX, ${Math.round(model / 1024)} KiB, trained with scikit-learn`,
        `${dataFile}: ${flights.toLocaleString("en")} flights of 2001 (US Bureau of Transportation Statistics)`,
      ];
    }),
    step("the model is registered", "@azure/arm-machinelearning", async (state) => {
      const { group, ml } = state.names;
      const { modelVersions } = machineLearningClient(state);
      const made = await modelVersions.createOrUpdate(group, ml, modelName, "1", {
        properties: {
          modelType: "mlflow_model",
          modelUri: `${lakeContainer(state).url}/${modelFolder}`,
        },
      });
      return [`${modelName}:${made.name} in ${ml}`];
    }),
    step("a table is made and loaded from the lake", "tedious", async (state) => {
      await run(state, createTable);
      const { count } = await run(state, copyInto(state));
      expect(count === flights, `${count} rows were loaded`);
      const server = `${state.names.synapse}.sql.azuresynapse.net`;
      return [
        `signed in with Entra ID at ${state.sqlEndpoint} as ${server}`,
        `${count.toLocaleString("en")} rows in dbo.flights by COPY INTO`,
      ];
    }),
    step("the model is deployed by the scoring wizard", "callosum", async (state) => {
      const { synapse, sqlPool } = state.names;
      const { code, output } = await callosum([
        ...["score", "--workspace", synapse, "--pool", sqlPool, "--table", "dbo.flights"],
        ...["--model", modelName, "--object", "dbo.predict_delay", "--yes", "--json"],
      ]);
      expect(code === 0, output);
      const deployed = JSON.parse(output) as {
        script: string;
        service: string;
        model: { id: string };
        inputs: { input: string }[];
      };
      state.facts.script = deployed.script;
      return [
        `${deployed.model.id} through ${deployed.service}, ${deployed.inputs.length} inputs mapped by its signature`,
      ];
    }),
    step("its script runs unchanged and agrees with Python", "tedious", async (state) => {
      const begun = performance.now();
      const answer = await run(state, state.facts.script ?? "");
      const milliseconds = Math.round(performance.now() - begun);
      expect(answer.rows.length === flights, `${answer.rows.length} rows are scored`);
      return [
        `EXEC dbo.predict_delay: ${answer.rows.length.toLocaleString("en")} flights scored and read in ${milliseconds} ms`,
        ...compare(answer.rows),
      ];
    }),
  ],
};
