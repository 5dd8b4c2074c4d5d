// The servers that the lake's bench compares: ours, a bare file server (bare-files.ts) and Azurite, each in a
// process of its own. Ours and one bare one speak TLS, Azurite and the other plain HTTP.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { accountSasText } from "@callosum/contract/storage-sas.ts";
import { send } from "./lake-client.ts";

const connections = 32;
const azuriteVersion = "3.35.0";
const azuriteKey =
  "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

export interface Target {
  readonly name: string;
  readonly pid: number;
  /** Where blobs are put, without a slash at the end; `query` is appended to every request. */
  readonly url: string;
  readonly query: string;
  readonly agent: HttpAgent;
  /** Whether blocks and lists of them are understood; where not, each block is a file. */
  readonly blocks: boolean;
  /** Where the same container is at the Data Lake endpoint, if there is one. */
  readonly lakeUrl: string | undefined;
}

const children = new Set<ChildProcess>();

export function stopServers(): void {
  for (const child of children) child.kill("SIGKILL");
}

function firstLine(child: ChildProcess, mark = "\n"): Promise<string> {
  children.add(child);
  return new Promise((resolve, reject) => {
    let output = "";
    child.stdout?.on("data", (chunk) => {
      output += chunk;
      if (output.includes(mark)) resolve(output.trim());
    });
    child.once("exit", (code) => reject(new Error(`ended with ${code}: ${output}`)));
  });
}

export async function startBare(
  scheme: "http" | "https" | "synced",
  directory: string,
): Promise<Target> {
  mkdirSync(join(directory, "certificates"), { recursive: true });
  const program = fileURLToPath(new URL("./bare-files.ts", import.meta.url));
  const child = spawn(process.execPath, [program, scheme, directory], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [port, caFile = ""] = (await firstLine(child)).split(" ");
  return {
    name: scheme === "synced" ? "bare node:https, synced" : `bare node:${scheme}`,
    pid: child.pid as number,
    url: `${scheme === "http" ? "http" : "https"}://localhost:${port}/data`,
    query: "",
    agent: agentOf(scheme === "http" ? "http" : "https", caFile),
    blocks: false,
    lakeUrl: undefined,
  };
}

function agentOf(scheme: "http" | "https", caFile?: string): HttpAgent {
  const options = { keepAlive: true, maxSockets: connections };
  return scheme === "http"
    ? new HttpAgent(options)
    : new HttpsAgent({ ...options, ca: readFileSync(caFile ?? "") });
}

/** A signature for everything, so that the client signs nothing while it is timed. */
function signature(accountName: string, key: string): string {
  const fields = {
    sv: "2022-11-02",
    ss: "b",
    srt: "sco",
    sp: "racwdl",
    se: "2099-01-01T00:00:00Z",
  };
  const text = accountSasText({ accountName, fields });
  const sig = createHmac("sha256", Buffer.from(key, "base64")).update(text).digest("base64");
  return `${new URLSearchParams({ ...fields, sig })}`;
}

export async function startOurs(directory: string): Promise<Target> {
  const launcher = fileURLToPath(new URL("../../packages/cli/bin/callosum.js", import.meta.url));
  const ports = ["--port", "0", "--proxy-port", "0", "--sql-port", "0", "--log-level", "error"];
  const child = spawn(process.execPath, [launcher, "up", "--json", "--data", directory, ...ports], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const contract = JSON.parse(await firstLine(child));
  const agent = agentOf("https", contract.caFile);
  const json = async (
    path: string,
    init: { method: string; body: string; headers: Record<string, string> },
  ) => {
    const reply = await send({ url: `${contract.origin}${path}`, agent, ...init });
    return reply.text === "" ? {} : JSON.parse(reply.text);
  };
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: contract.admin.clientId,
    client_secret: readFileSync(contract.admin.secretFile, "utf8").trim(),
    scope: "https://management.azure.com/.default",
  });
  const token = await json(`/${contract.tenantId}/oauth2/v2.0/token`, {
    method: "POST",
    body: `${form}`,
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  const headers = {
    authorization: `Bearer ${token.access_token}`,
    "content-type": "application/json",
  };
  const group = `/subscriptions/${contract.subscriptionId}/resourceGroups/bench`;
  await json(`${group}?api-version=2022-09-01`, {
    method: "PUT",
    headers,
    body: '{"location":"westeurope"}',
  });
  const id = `${group}/providers/Microsoft.Storage/storageAccounts/benchlake`;
  const account = {
    location: "westeurope",
    sku: { name: "Standard_LRS" },
    kind: "StorageV2",
    properties: {},
  };
  await json(`${id}?api-version=2023-05-01`, {
    method: "PUT",
    headers,
    body: JSON.stringify(account),
  });
  const { keys } = await json(`${id}/listKeys?api-version=2023-05-01`, {
    method: "POST",
    headers,
    body: "",
  });
  const url = `${contract.origin}/storage/benchlake/blob/data`;
  return {
    name: "Callosum (https)",
    pid: contract.pid,
    url,
    query: signature("benchlake", keys[0].value),
    agent,
    blocks: true,
    lakeUrl: url.replace("/blob/", "/dfs/"),
  };
}

/** Installed once into a cache of its own; undefined with a word why when it can't be had. */
export async function startAzurite(directory: string): Promise<Target | undefined> {
  const cache = join(homedir(), ".cache", "callosum-bench", `azurite-${azuriteVersion}`);
  const program = join(cache, "node_modules", "azurite", "dist", "src", "blob", "main.js");
  if (!existsSync(program)) {
    mkdirSync(cache, { recursive: true });
    const words = [
      "install",
      "--no-save",
      "--no-audit",
      "--no-fund",
      "--ignore-scripts",
      "--prefix",
      cache,
    ];
    const installed = spawnSync("npm", [...words, `azurite@${azuriteVersion}`], { stdio: "pipe" });
    if (installed.status !== 0 || !existsSync(program)) {
      console.log(`Azurite ${azuriteVersion} can't be installed here: it is left out.`);
      return undefined;
    }
  }
  const options = ["--skipApiVersionCheck", "--disableTelemetry", "--blobPort", "0"];
  const child = spawn(process.execPath, [program, "--location", directory, ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const output = await firstLine(child, "successfully listens on");
  const origin = /listens on (http:\/\/\S+)/.exec(output)?.[1] ?? "";
  return {
    name: `Azurite ${azuriteVersion} (http)`,
    pid: child.pid as number,
    url: `${origin}/devstoreaccount1/data`,
    query: signature("devstoreaccount1", azuriteKey),
    agent: agentOf("http"),
    blocks: true,
    // It serves blobs only.
    lakeUrl: undefined,
  };
}
