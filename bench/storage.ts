// The lake: upload and download MB/s and small blobs a second, beside Azurite and a bare node:http file
// server in the same run. `npm run bench -- storage`; `--quick` for a glance. Every server runs in a
// process of its own; ours and the bare one speak TLS, Azurite and a second bare one plain HTTP.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { accountSasText } from "@callosum/contract/storage-sas.ts";

const quick = process.argv.includes("--quick");
const largeBytes = (quick ? 64 : 256) * 1024 * 1024;
const blockBytes = 8 * 1024 * 1024;
const rounds = quick ? 1 : 3;
const smallBytes = 4096;
const smallCount = quick ? 1000 : 4000;
const smallConnections = 32;
const blockConnections = 4;
const azuriteVersion = "3.35.0";
const azuriteKey =
  "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

const children = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

interface Target {
  readonly name: string;
  /** Where blobs are put, without a slash at the end; `query` is appended to every request. */
  readonly url: string;
  readonly query: string;
  readonly agent: HttpAgent;
  /** Whether blocks and lists of them are understood. */
  readonly blocks: boolean;
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

async function startBare(scheme: "http" | "https" | "synced", directory: string): Promise<Target> {
  mkdirSync(join(directory, "certificates"), { recursive: true });
  const program = fileURLToPath(new URL("./load/bare-files.ts", import.meta.url));
  const child = spawn(process.execPath, [program, scheme, directory], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [port, caFile = ""] = (await firstLine(child)).split(" ");
  return {
    name: scheme === "synced" ? "bare node:https, synced" : `bare node:${scheme}`,
    url: `${scheme === "http" ? "http" : "https"}://localhost:${port}/data`,
    query: "",
    agent: agentOf(scheme === "http" ? "http" : "https", caFile),
    blocks: false,
  };
}

function agentOf(scheme: "http" | "https", caFile?: string): HttpAgent {
  const options = { keepAlive: true, maxSockets: smallConnections };
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

async function startOurs(directory: string): Promise<Target> {
  const launcher = fileURLToPath(new URL("../packages/cli/bin/callosum.js", import.meta.url));
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
    url,
    query: signature("benchlake", keys[0].value),
    agent,
    blocks: true,
  };
}

/** Installed once into a cache of its own; undefined with a word why when it can't be had. */
async function startAzurite(directory: string): Promise<Target | undefined> {
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
    url: `${origin}/devstoreaccount1/data`,
    query: signature("devstoreaccount1", azuriteKey),
    agent: agentOf("http"),
    blocks: true,
  };
}

interface Reply {
  readonly status: number;
  readonly bytes: number;
  readonly text: string;
}

function send(options: {
  url: string;
  agent: HttpAgent;
  method: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Sends this many bytes, a buffer over and over. */
  length?: number;
  keepText?: boolean;
}): Promise<Reply> {
  const { url, agent, method, headers = {}, body, length } = options;
  const size = length ?? (body === undefined ? 0 : Buffer.byteLength(body));
  const start = url.startsWith("https") ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = start(
      url,
      { method, agent, headers: { ...headers, "content-length": String(size) } },
      (response) => {
        let bytes = 0;
        let text = "";
        response.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes < 100_000) text += chunk.toString("latin1");
        });
        response.on("error", reject);
        response.on("end", () => resolve({ status: response.statusCode ?? 0, bytes, text }));
      },
    );
    request.on("error", reject);
    if (length === undefined) request.end(body);
    else void pour(request, length).catch(reject);
  });
}

const filler = randomBytes(1024 * 1024);

async function pour(request: NodeJS.WritableStream, length: number): Promise<void> {
  for (let sent = 0; sent < length; sent += filler.length) {
    const part = filler.subarray(0, Math.min(filler.length, length - sent));
    if (!request.write(part)) await new Promise((resolve) => request.once("drain", resolve));
  }
  request.end();
}

const blobHeaders = { "x-ms-blob-type": "BlockBlob", "x-ms-version": "2021-12-02" };

async function put(
  target: Target,
  name: string,
  options: { length?: number; body?: Uint8Array; query?: string; headers?: Record<string, string> },
): Promise<void> {
  const query = [options.query, target.query].filter(Boolean).join("&");
  const reply = await send({
    url: `${target.url}/${name}?${query}`,
    agent: target.agent,
    method: "PUT",
    headers: { ...blobHeaders, ...options.headers },
    ...(options.length === undefined ? {} : { length: options.length }),
    ...(options.body === undefined ? {} : { body: options.body }),
  });
  if (reply.status >= 300)
    throw new Error(`${target.name}: ${reply.status} ${reply.text.slice(0, 400)}`);
}

async function inParallel(
  count: number,
  connections: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const run = async () => {
    while (next < count) {
      const index = next;
      next += 1;
      await work(index);
    }
  };
  await Promise.all(Array.from({ length: connections }, run));
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

async function uploadBlocks(target: Target, name: string): Promise<void> {
  const count = largeBytes / blockBytes;
  const id = (index: number) => Buffer.from(String(index).padStart(6, "0")).toString("base64");
  await inParallel(count, blockConnections, (index) =>
    target.blocks
      ? put(target, name, {
          length: blockBytes,
          query: `comp=block&blockid=${encodeURIComponent(id(index))}`,
        })
      : put(target, `${name}-${index}`, { length: blockBytes }),
  );
  if (!target.blocks) return;
  const list = Array.from({ length: count }, (_, index) => `<Latest>${id(index)}</Latest>`).join(
    "",
  );
  const body = Buffer.from(`<?xml version="1.0" encoding="utf-8"?><BlockList>${list}</BlockList>`);
  await put(target, name, { body, query: "comp=blocklist" });
}

async function download(target: Target, name: string): Promise<void> {
  const url = `${target.url}/${name}?${target.query}`;
  const reply = await send({
    url,
    agent: target.agent,
    method: "GET",
    headers: { "x-ms-version": "2021-12-02" },
  });
  if (reply.bytes !== largeBytes)
    throw new Error(`${target.name}: ${reply.status} ${reply.bytes} bytes`);
}

type Figures = Record<"upload" | "blocks" | "download" | "small", number>;

async function measure(target: Target, round: number): Promise<Figures> {
  const megabytes = largeBytes / 1e6;
  const upload = await seconds(() => put(target, `large${round}`, { length: largeBytes }));
  const blocks = await seconds(() => uploadBlocks(target, `blocks${round}`));
  const read = await seconds(() => download(target, `large${round}`));
  const body = filler.subarray(0, smallBytes);
  const small = await seconds(() =>
    inParallel(smallCount, smallConnections, (index) =>
      put(target, `small${round}-${index}`, { body }),
    ),
  );
  return {
    upload: megabytes / upload,
    blocks: megabytes / blocks,
    download: megabytes / read,
    small: smallCount / small,
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "callosum-bench-lake-"));
  process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
  const place = (name: string) => {
    const path = join(directory, name);
    mkdirSync(path);
    return path;
  };
  const ours = await startOurs(place("ours"));
  const azurite = await startAzurite(place("azurite"));
  const targets = [
    ours,
    await startBare("https", place("bare-https")),
    await startBare("synced", place("bare-synced")),
    await startBare("http", place("bare-http")),
    ...(azurite ? [azurite] : []),
  ];
  for (const target of targets.filter(({ blocks }) => blocks)) {
    await send({
      url: `${target.url}?restype=container&${target.query}`,
      agent: target.agent,
      method: "PUT",
      headers: { "x-ms-version": "2021-12-02" },
    });
  }
  const figures = new Map<string, Figures[]>(targets.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const target of targets) figures.get(target.name)?.push(await measure(target, round));
  }
  console.log(
    `${largeBytes / 1048576} MiB blobs, ${smallCount} puts of ${smallBytes} bytes over ${smallConnections} connections, median of ${rounds}`,
  );
  console.log(
    "| server | one PUT, MB/s | 8 MiB blocks over 4 connections, MB/s | one GET, MB/s | small puts/s |",
  );
  console.log("|---|---|---|---|---|");
  for (const [name, rows] of figures) {
    const cell = (key: keyof Figures) => Math.round(median(rows.map((row) => row[key])));
    console.log(
      `| ${name} | ${cell("upload")} | ${cell("blocks")} | ${cell("download")} | ${cell("small")} |`,
    );
  }
  for (const child of children) child.kill("SIGKILL");
}

await main();
