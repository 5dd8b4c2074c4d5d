// Template deployments: 200 resources in five layers, from the request to Succeeded, on a running
// instance. `npm run bench -- template`; `--quick` for one round.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Contract } from "@callosum/server/main.ts";

const quick = process.argv.includes("--quick");
const rounds = quick ? 1 : 5;
const layers = 5;
const resources = 200;
const limitMs = 3_000;
const apiVersion = "2022-09-01";
const launcher = fileURLToPath(new URL("../packages/cli/bin/callosum.js", import.meta.url));

interface Instance {
  readonly process: ChildProcess;
  readonly contract: Contract;
  readonly agent: Agent;
  authorization: string;
}

async function startInstance(directory: string): Promise<Instance> {
  const ports = ["--port", "0", "--proxy-port", "0", "--sql-port", "0", "--log-level", "error"];
  const child = spawn(process.execPath, [launcher, "up", "--json", "--data", directory, ...ports], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  process.once("exit", () => child.kill("SIGKILL"));
  const contract = await new Promise<Contract>((resolve, reject) => {
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
      if (output.includes("\n")) resolve(JSON.parse(output));
    });
    child.once("exit", (code) => reject(new Error(`ended with ${code}`)));
  });
  const agent = new Agent({ ca: readFileSync(contract.caFile), keepAlive: true });
  const instance = { process: child, contract, agent, authorization: "" };
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: contract.admin.clientId,
    client_secret: readFileSync(contract.admin.secretFile, "utf8").trim(),
    scope: "https://management.azure.com/.default",
  });
  const answer = await send(instance, "POST", `/${contract.tenantId}/oauth2/v2.0/token`, form);
  instance.authorization = `Bearer ${answer.access_token}`;
  return instance;
}

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
type Answered = any;

function send(
  { contract, agent, authorization }: Instance,
  method: string,
  path: string,
  body?: object,
): Promise<Answered> {
  const isForm = body instanceof URLSearchParams;
  const headers = {
    "content-type": isForm ? "application/x-www-form-urlencoded" : "application/json",
    ...(authorization === "" ? {} : { authorization }),
  };
  const { port } = new URL(contract.origin);
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "localhost", port, agent, method, path, headers }, (reply) => {
      let text = "";
      reply.on("data", (chunk) => {
        text += chunk;
      });
      reply.on("error", reject);
      reply.on("end", () => {
        if ((reply.statusCode ?? 500) >= 300) reject(new Error(`${method} ${path}: ${text}`));
        else resolve(text === "" ? undefined : JSON.parse(text));
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body && (isForm ? body.toString() : JSON.stringify(body)));
  });
}

/** Each layer refers to the one before, by dependsOn and by reference. */
function template(prefix: string) {
  const perLayer = resources / layers;
  const layer = (index: number) => ({
    type: "Microsoft.ManagedIdentity/userAssignedIdentities",
    apiVersion: "2023-01-31",
    name: `[format('${prefix}-${index}-{0}', copyIndex())]`,
    location: "[resourceGroup().location]",
    copy: { name: `layer${index}`, count: perLayer },
    ...(index === 0
      ? {}
      : {
          dependsOn: [`layer${index - 1}`],
          tags: {
            before: `[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', format('${prefix}-${index - 1}-{0}', copyIndex())), '2023-01-31').principalId]`,
          },
        }),
  });
  return {
    $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    contentVersion: "1.0.0.0",
    resources: Array.from({ length: layers }, (_, index) => layer(index)),
    outputs: {
      last: { type: "string", value: `[reference('${prefix}-${layers - 1}-0').principalId]` },
    },
  };
}

async function deployOnce(instance: Instance, scope: string, prefix: string): Promise<number> {
  const path = `${scope}/providers/Microsoft.Resources/deployments/${prefix}?api-version=${apiVersion}`;
  const begun = performance.now();
  await send(instance, "PUT", path, {
    properties: { mode: "Incremental", template: template(prefix) },
  });
  for (;;) {
    const { properties } = await send(instance, "GET", path);
    if (properties.provisioningState === "Running") continue;
    if (properties.outputResources?.length !== resources)
      throw new Error(JSON.stringify(properties));
    return performance.now() - begun;
  }
}

const directory = mkdtempSync(join(tmpdir(), "callosum-bench-"));
const instance = await startInstance(directory);
try {
  const scope = `/subscriptions/${instance.contract.subscriptionId}/resourceGroups/bench`;
  await send(instance, "PUT", `${scope}?api-version=${apiVersion}`, { location: "westeurope" });
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    times.push(await deployOnce(instance, scope, `round${round}`));
  }
  const [first = 0] = times;
  const sorted = [...times].sort((one, other) => one - other);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const worst = sorted.at(-1) ?? 0;
  console.log(
    `${resources} resources in ${layers} layers: first ${Math.round(first)} ms, median ${Math.round(median)} ms, worst ${Math.round(worst)} ms (limit ${limitMs} ms)`,
  );
  process.exitCode = worst < limitMs ? 0 : 1;
} finally {
  instance.process.kill("SIGTERM");
  instance.agent.destroy();
  rmSync(directory, { recursive: true, force: true });
}
