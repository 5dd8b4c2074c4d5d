import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Contract } from "@callosum/server/main.ts";
import { spawnInstance } from "../fixture/process.ts";
import { startServer, type TestServer } from "../fixture/server.ts";
import { createCaller, roleIds, stateOf } from "../registry/principal.ts";
import { apiVersion, deploy, deploymentPath, groupPath, schema } from "./deployment-fixture.ts";

const identity = {
  type: "Microsoft.ManagedIdentity/userAssignedIdentities",
  apiVersion: "2023-01-31",
  location: "westeurope",
};

function chain(count: number) {
  return {
    $schema: schema,
    contentVersion: "1.0.0.0",
    parameters: { unique: { type: "string", defaultValue: "[newGuid()]" } },
    resources: [
      {
        ...identity,
        copy: { name: "each", count, mode: "serial", batchSize: 1 },
        name: "[concat('id', copyIndex())]",
        tags: { unique: "[parameters('unique')]" },
      },
    ],
    outputs: {
      unique: { type: "string", value: "[parameters('unique')]" },
      last: {
        type: "string",
        value: `[reference('id${count - 1}', '2023-01-31', 'full').tags.unique]`,
      },
    },
  };
}

describe("who deploys and how it can be stopped", () => {
  let server: TestServer;
  before(async () => {
    server = await startServer({ operationDelayMs: 20 });
    const path = `${groupPath(server)}?api-version=2022-09-01`;
    await server.admin.send("PUT", path, { location: "westeurope" });
  });
  after(() => server.close());

  it("refuses whoever may not deploy, and whoever may not write a resource, and makes nothing", async () => {
    const scope = groupPath(server);
    const reader = await createCaller(server, { roleId: roleIds.reader, scope });
    const contributor = await createCaller(server, { roleId: roleIds.contributor, scope });
    const name = "6d9cbe0e-7e8e-4fc7-9c64-7b8a0a2c2ab0";
    const template = {
      ...chain(1),
      resources: [
        ...chain(1).resources,
        {
          type: "Microsoft.Authorization/roleAssignments",
          apiVersion: "2022-04-01",
          name,
          properties: { roleDefinitionId: roleIds.reader, principalId: reader.objectId },
        },
      ],
    };
    const before = await stateOf(server);
    const noDeployment = await deploy(server, { template, caller: reader });
    assert.equal(noDeployment.status, 403);
    assert.equal(noDeployment.body.error.code, "AuthorizationFailed");
    const noGrant = await deploy(server, { template, caller: contributor });
    assert.equal(noGrant.status, 403);
    assert.equal(noGrant.body.error.code, "InvalidTemplateDeployment");
    assert.deepEqual(
      noGrant.body.error.details.map(({ code }: { code: string }) => code),
      ["AuthorizationFailed"],
    );
    assert.equal(await stateOf(server), before);
    const allowed = await deploy(server, { template: chain(1), caller: contributor });
    assert.equal(allowed.body.properties?.provisioningState, "Succeeded", allowed.text);
  });

  it("one deployment of a name at a time; canceled, it starts nothing more", async () => {
    const path = `${deploymentPath(server, "long")}?api-version=${apiVersion}`;
    const body = { properties: { mode: "Incremental", template: chain(300) } };
    const started = await server.admin.send("PUT", path, body);
    assert.equal(started.status, 201, started.text);
    assert.equal(started.body.properties.provisioningState, "Accepted");
    const second = await server.admin.send("PUT", path, body);
    assert.equal(second.body.error?.code, "DeploymentActive");
    const canceled = await server.admin.send(
      "POST",
      `${deploymentPath(server, "long")}/cancel?api-version=${apiVersion}`,
    );
    assert.equal(canceled.status, 204);
    const url = new URL(String(started.headers["azure-asyncoperation"]));
    let state = "";
    while (state === "" || state === "Running") {
      state = (await server.admin.send("GET", `${url.pathname}${url.search}`)).body.status;
    }
    assert.equal(state, "Canceled");
    const again = await server.admin.send(
      "POST",
      `${deploymentPath(server, "long")}/cancel?api-version=${apiVersion}`,
    );
    assert.equal(again.body.error.code, "DeploymentCannotBeCanceled");
  });
});

interface Instance {
  readonly process: ChildProcess;
  readonly contract: Contract;
  send(method: string, path: string, body?: unknown): Promise<{ status: number; body: Answered }>;
}

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
type Answered = any;

async function startInstance(directory: string): Promise<Instance> {
  const { child, contract } = await spawnInstance(directory);
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: contract.admin.clientId,
    client_secret: readFileSync(contract.admin.secretFile, "utf8").trim(),
    scope: "https://management.azure.com/.default",
  });
  const token = await exchange(contract, {
    method: "POST",
    path: `/${contract.tenantId}/oauth2/v2.0/token`,
    body: form.toString(),
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  const authorization = `Bearer ${token.body.access_token}`;
  return {
    process: child,
    contract,
    send: (method, path, body) =>
      exchange(contract, {
        method,
        path,
        headers: { authorization, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  };
}

function exchange(
  contract: Contract,
  sent: { method: string; path: string; headers: Record<string, string>; body?: string },
): Promise<{ status: number; body: Answered }> {
  const { method, path, headers, body } = sent;
  const { port } = new URL(contract.origin);
  const ca = readFileSync(contract.caFile);
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "localhost", port, ca, method, path, headers }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          body: text === "" ? undefined : JSON.parse(text),
        }),
      );
      response.on("error", reject);
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

describe("kill -9 in the middle of a deployment", () => {
  const directory = mkdtempSync(join(tmpdir(), "callosum-deployment-"));
  const alive = new Set<ChildProcess>();
  after(() => {
    for (const child of alive) child.kill("SIGKILL");
    rmSync(directory, { recursive: true, force: true });
  });

  it("the next start finishes it without doing again what was done, nested ones too", async () => {
    const count = 150;
    const first = await startInstance(directory);
    alive.add(first.process);
    const scope = `/subscriptions/${first.contract.subscriptionId}/resourceGroups/rg1`;
    await first.send("PUT", `${scope}?api-version=2022-09-01`, { location: "westeurope" });
    const path = `${scope}/providers/Microsoft.Resources/deployments/outer?api-version=${apiVersion}`;
    const template = {
      $schema: schema,
      contentVersion: "1.0.0.0",
      resources: [
        {
          type: "Microsoft.Resources/deployments",
          apiVersion: "2021-04-01",
          name: "nested",
          properties: {
            mode: "Incremental",
            expressionEvaluationOptions: { scope: "inner" },
            template: {
              ...chain(count),
              resources: [{ ...chain(count).resources[0], name: "[concat('nest', copyIndex())]" }],
              outputs: {},
            },
          },
        },
        ...chain(count).resources,
      ],
      parameters: chain(count).parameters,
      outputs: chain(count).outputs,
    };
    const started = await first.send("PUT", path, {
      properties: { mode: "Incremental", template },
    });
    assert.equal(started.status, 201, JSON.stringify(started.body));
    const operations = `${scope}/deployments/outer/operations?api-version=${apiVersion}`;
    const doneOf = async (instance: Instance) => {
      const { value } = (await instance.send("GET", operations)).body;
      const done = value.filter(
        (each: Answered) => each.properties.provisioningState === "Succeeded",
      );
      return new Map<string, string>(
        done.map((each: Answered) => [each.operationId, each.properties.timestamp]),
      );
    };
    let done = await doneOf(first);
    while (done.size < 5) done = await doneOf(first);
    const gone = new Promise((resolve) => first.process.once("exit", resolve));
    first.process.kill("SIGKILL");
    await gone;
    assert.ok(done.size < count, "it was too quick to be interrupted");

    const second = await startInstance(directory);
    alive.add(second.process);
    let ended = await second.send("GET", path);
    while (ended.body.properties.provisioningState === "Running") {
      ended = await second.send("GET", path);
    }
    const { provisioningState, outputs, outputResources, error } = ended.body.properties;
    assert.equal(provisioningState, "Succeeded", JSON.stringify(error));
    assert.equal(outputResources.length, count + 1);
    assert.equal(outputs.last.value, outputs.unique.value, "a settled parameter has changed");
    const finally_ = await doneOf(second);
    assert.equal(finally_.size, count + 1);
    for (const [id, time] of done) assert.equal(finally_.get(id), time, "it was done again");
    const nested = await second.send("GET", path.replace("/outer?", "/nested?"));
    assert.equal(nested.body.properties.provisioningState, "Succeeded");
    const stopped = new Promise((resolve) => second.process.once("exit", resolve));
    second.process.kill("SIGTERM");
    await stopped;
  });
});
