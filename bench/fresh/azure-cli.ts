// The pair of bench/fresh.ts by azure-cli's own calls: one process a command, through `callosum exec` on
// Azure's host names, as a script that people have would make it.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Contract } from "@callosum/server/main.ts";

const launcher = fileURLToPath(new URL("../../packages/cli/bin/callosum.js", import.meta.url));
const location = ["--location", "westeurope"];
const group = ["--resource-group", "rg1"];
const workspace = ["--workspace-name", "ws1az"];

// biome-ignore lint/suspicious/noExplicitAny: az answers in every shape
type Az = (...words: readonly string[]) => Promise<any>;

export interface AzureCliRun {
  /** Commands that were run. */
  readonly commands: number;
  /** What a command takes that asks the server nothing: az's own start. */
  readonly startMs: number;
}

/** Makes the linked, granted, attached pair in the instance of `directory`. */
export async function makePairWithAzureCli(options: {
  program: string;
  directory: string;
  contract: Contract;
}): Promise<AzureCliRun> {
  const { program, directory, contract } = options;
  const files = mkdtempSync(join(tmpdir(), "callosum-bench-az-"));
  let commands = 0;
  const az: Az = async (...words) => {
    commands += 1;
    const said = await exec(directory, [program, ...words, "--output", "json"]);
    return said.trim() === "" ? undefined : JSON.parse(said);
  };
  const write = (name: string, content: unknown) => {
    const path = join(files, name);
    writeFileSync(path, JSON.stringify(content));
    return `@${path}`;
  };
  try {
    await signIn(directory, program);
    await makeWorkspaces(az, write);
    await linkBothWays(az, write, contract);
    const begun = performance.now();
    await exec(directory, [program, "version", "--output", "json"]);
    return { commands: commands + 1, startMs: performance.now() - begun };
  } finally {
    rmSync(files, { recursive: true, force: true });
  }
}

async function signIn(directory: string, program: string): Promise<void> {
  const words = '-u "$AZURE_CLIENT_ID" -p "$AZURE_CLIENT_SECRET" --tenant "$AZURE_TENANT_ID"';
  await exec(directory, ["sh", "-c", `'${program}' login --service-principal ${words}`]);
}

type Write = (name: string, content: unknown) => string;

async function makeWorkspaces(az: Az, write: Write): Promise<void> {
  await az("group", "create", "--name", "rg1", ...location);
  const kind = ["--sku", "Standard_LRS", "--kind", "StorageV2", "--hns", "true"];
  await az("storage", "account", "create", "--name", "lake1az", ...group, ...kind);
  const byLogin = ["--account-name", "lake1az", "--auth-mode", "login"];
  await az("storage", "fs", "create", "--name", "default", ...byLogin);
  const lake = ["--storage-account", "lake1az", "--file-system", "default"];
  const login = ["--sql-admin-login-user", "sqladmin"];
  const password = ["--sql-admin-login-password", "Bench-Passw0rd-1"];
  const made = ["synapse", "workspace", "create", "--name", "ws1az"];
  await az(...made, ...group, ...lake, ...login, ...password, ...location);
  const size = ["--spark-version", "3.4", "--node-count", "3", "--node-size", "Small"];
  await az(
    "synapse",
    "spark",
    "pool",
    "create",
    "--name",
    "pool1",
    ...workspace,
    ...group,
    ...size,
  );
  const content = write("ml1az.json", {
    location: "westeurope",
    identity: { type: "SystemAssigned" },
    properties: {},
  });
  const type = ["--resource-type", "Microsoft.MachineLearningServices/workspaces"];
  const version = ["--api-version", "2022-10-01"];
  const full = ["--is-full-object", "--properties", content];
  await az("resource", "create", "--name", "ml1az", ...group, ...type, ...version, ...full);
}

async function linkBothWays(az: Az, write: Write, { subscriptionId }: Contract): Promise<void> {
  const providers = `/subscriptions/${subscriptionId}/resourceGroups/rg1/providers`;
  const machineLearning = `${providers}/Microsoft.MachineLearningServices/workspaces/ml1az`;
  const synapse = `${providers}/Microsoft.Synapse/workspaces/ws1az`;
  const shown = await az("synapse", "workspace", "show", "--name", "ws1az", ...group);
  const grantee = ["--assignee-object-id", shown.identity.principalId];
  const type = ["--assignee-principal-type", "ServicePrincipal"];
  const role = ["--role", "Contributor", "--scope", machineLearning];
  await az("role", "assignment", "create", ...grantee, ...type, ...role);
  const typeProperties = {
    subscriptionId,
    resourceGroupName: "rg1",
    mlWorkspaceName: "ml1az",
    authentication: "MSI",
  };
  const service = write("service.json", { properties: { type: "AzureMLService", typeProperties } });
  const named = ["--name", "AzureML1", ...workspace, "--file", service];
  await az("synapse", "linked-service", "create", ...named);
  const put = (path: string, version: string, body: string) =>
    az("rest", "--method", "put", "--url", `${path}?api-version=${version}`, "--body", body);
  const link = await put(
    `${machineLearning}/linkedServices/link1`,
    "2020-09-01-preview",
    write("link.json", {
      location: "westeurope",
      identity: { type: "SystemAssigned" },
      properties: { linkedServiceResourceId: synapse },
    }),
  );
  const identity = ["--assignee-object-id", link.identity.principalId];
  const administrator = ["--role", "Apache Spark Administrator"];
  const assignment = ["synapse", "role", "assignment", "create"];
  await az(...assignment, ...workspace, ...identity, ...type, ...administrator);
  await put(
    `${machineLearning}/computes/spark1`,
    "2022-10-01",
    write("compute.json", {
      location: "westeurope",
      properties: { computeType: "SynapseSpark", resourceId: `${synapse}/bigDataPools/pool1` },
    }),
  );
}

/** Whether the attached pool is there, as az sees it. */
export async function requirePairWithAzureCli(options: {
  program: string;
  directory: string;
  contract: Contract;
}): Promise<void> {
  const { program, directory, contract } = options;
  const path = `/subscriptions/${contract.subscriptionId}/resourceGroups/rg1/providers/Microsoft.MachineLearningServices/workspaces/ml1az/computes/spark1`;
  await signIn(directory, program);
  const url = `${path}?api-version=2022-10-01`;
  const said = await exec(directory, [program, "rest", "--url", url, "--output", "json"]);
  const state = JSON.parse(said).properties.provisioningState;
  if (state !== "Succeeded") throw new Error(`The attached pool is ${state}.`);
}

function exec(directory: string, command: readonly string[]): Promise<string> {
  const words = ["exec", "--data", directory, "--", ...command];
  const child = spawn(process.execPath, [launcher, ...words], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  let problems = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  child.stderr.on("data", (chunk) => {
    problems += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once("close", (code) => {
      if (code === 0) resolve(said);
      else reject(new Error(`${command.slice(0, 4).join(" ")}: ${problems}`));
    });
  });
}
