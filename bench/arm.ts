// Resource manager: GET and PUT per second with token verification and RBAC on, beside a bare handler
// that verifies the same token; start-up, idle memory. `npm run bench -- arm`; `--quick` for a glance.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openCertificateFiles } from "@callosum/server/http/certificate-files.ts";
import { openCertificateAuthority } from "@callosum/server/http/certificates.ts";
import type { Contract } from "@callosum/server/main.ts";
import { systemClock, systemRandom } from "@callosum/server/platform/system.ts";
import type { LoadOptions, LoadResult } from "./load/client.ts";

const quick = process.argv.includes("--quick");
const durationMs = quick ? 1_000 : 3_000;
const rounds = quick ? 1 : 5;
const connections = 32;
const launcher = fileURLToPath(new URL("../packages/cli/bin/callosum.js", import.meta.url));
const file = (name: string) => fileURLToPath(new URL(`./load/${name}`, import.meta.url));

/** Whatever happens, nothing of ours is left running. */
const children = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

interface Server {
  readonly process: ChildProcess;
  readonly contract: Contract;
  readonly startMs: number;
}

function firstLine(child: ChildProcess): Promise<string> {
  children.add(child);
  return new Promise((resolve, reject) => {
    let output = "";
    child.stdout?.on("data", (chunk) => {
      output += chunk;
      if (output.includes("\n")) resolve(output.split("\n")[0] ?? "");
    });
    child.once("exit", (code) => reject(new Error(`ended with ${code}`)));
  });
}

async function startServer(directory: string): Promise<Server> {
  const begun = performance.now();
  const ports = ["--port", "0", "--proxy-port", "0", "--sql-port", "0", "--log-level", "error"];
  const child = spawn(process.execPath, [launcher, "up", "--json", "--data", directory, ...ports], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const contract = JSON.parse(await firstLine(child)) as Contract;
  await fetchJson(contract, { method: "GET", path: "/metadata/endpoints?api-version=2022-09-01" });
  return { process: child, contract, startMs: performance.now() - begun };
}

async function stop(server: Server): Promise<void> {
  const gone = new Promise((resolve) => server.process.once("exit", resolve));
  server.process.kill("SIGTERM");
  await gone;
}

function fetchJson(
  contract: Contract,
  options: { method: string; path: string; token?: string; body?: string; type?: string },
): Promise<Record<string, unknown>> {
  const { method, path, token, body, type } = options;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: "localhost",
        port: new URL(contract.origin).port,
        ca: readFileSync(contract.caFile),
        method,
        path,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { "content-type": type ?? "application/json" }),
        },
      },
      (response) => {
        let text = "";
        response.on("data", (chunk) => {
          text += chunk;
        });
        response.on("end", () => resolve(text === "" ? {} : JSON.parse(text)));
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

async function signIn(contract: Contract): Promise<string> {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: contract.admin.clientId,
    client_secret: readFileSync(contract.admin.secretFile, "utf8").trim(),
    scope: "https://management.azure.com/.default",
  });
  const answer = await fetchJson(contract, {
    method: "POST",
    path: `/${contract.tenantId}/oauth2/v2.0/token`,
    body: form.toString(),
    type: "application/x-www-form-urlencoded",
  });
  return String(answer.access_token);
}

async function load(options: LoadOptions): Promise<LoadResult> {
  const child = spawn(process.execPath, [file("client.ts"), "--options"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(JSON.stringify(options));
  return JSON.parse(await firstLine(child)) as LoadResult;
}

function text(options: {
  method: string;
  path: string;
  token: string;
  port: string;
  body?: string;
}): string {
  const { method, path, token, port, body } = options;
  const content =
    body === undefined
      ? ""
      : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
  return `${method} ${path} HTTP/1.1\r\nhost: localhost:${port}\r\nauthorization: Bearer ${token}\r\n${content}\r\n${body ?? ""}`;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function residentMiB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

async function startBare(
  contract: Contract,
  body: string,
): Promise<{ process: ChildProcess; port: number; ca: string }> {
  // The same kind of certificate and key, so that only the handlers differ.
  const authority = openCertificateAuthority({
    files: openCertificateFiles(mkdtempSync(join(tmpdir(), "callosum-bare-"))),
    clock: systemClock,
    random: systemRandom,
    servesHost: () => false,
  });
  const { key, cert } = authority.tlsOptions();
  const jwks = await fetchJson(contract, {
    method: "GET",
    path: `/${contract.tenantId}/discovery/v2.0/keys`,
  });
  const issuer = `https://sts.windows.net/${contract.tenantId}/`;
  const child = spawn(process.execPath, [file("bare-server.ts")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(JSON.stringify({ key, cert, jwks, issuer, body }));
  return { process: child, port: Number(await firstLine(child)), ca: authority.caPem("localhost") };
}

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "callosum-bench-"));
  const first = await startServer(directory);
  await stop(first);
  const later: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const again = await startServer(directory);
    later.push(again.startMs);
    await stop(again);
  }
  const server = await startServer(directory);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const idle = residentMiB(server.process.pid ?? 0);
  console.log(
    `start to first answer: first run ${first.startMs.toFixed(0)} ms, later median ${median(later).toFixed(0)} ms`,
  );
  console.log(`idle resident memory: ${idle.toFixed(0)} MiB`);
  await compare(server);
  console.log(
    `resident memory after the load: ${residentMiB(server.process.pid ?? 0).toFixed(0)} MiB`,
  );
  await stop(server);
  rmSync(directory, { recursive: true });
}

async function compare({ contract }: Server): Promise<void> {
  const token = await signIn(contract);
  const port = new URL(contract.origin).port;
  const group = `/subscriptions/${contract.subscriptionId}/resourceGroups/bench`;
  const path = `${group}?api-version=2022-09-01`;
  const body = JSON.stringify({ location: "westeurope", tags: { purpose: "bench" } });
  const answer = await fetchJson(contract, { method: "PUT", path, token, body });
  const bare = await startBare(contract, JSON.stringify(answer));
  const ca = readFileSync(contract.caFile, "utf8");
  const common = { connections, durationMs };
  const get = text({ method: "GET", path, token, port });
  const puts = Array.from({ length: 1000 }, (_, index) =>
    text({ method: "PUT", path: `${group}-${index}?api-version=2022-09-01`, token, port, body }),
  );
  const gets: LoadResult[] = [];
  const bares: LoadResult[] = [];
  const writes: LoadResult[] = [];
  for (let round = 0; round < rounds; round += 1) {
    bares.push(await load({ ...common, port: bare.port, ca: bare.ca, requests: [get] }));
    gets.push(await load({ ...common, port: Number(port), ca, requests: [get] }));
    writes.push(await load({ ...common, port: Number(port), ca, requests: puts }));
  }
  bare.process.kill();
  print("bare handler, same token", bares);
  print("GET of a resource, RBAC on", gets);
  print("PUT of a resource, durable", writes);
  const ratio = median(gets.map(rate)) / median(bares.map(rate));
  console.log(`GET / bare: ${(ratio * 100).toFixed(0)} %`);
}

const rate = (result: LoadResult) => result.requestsPerSecond;

function print(name: string, results: readonly LoadResult[]): void {
  const errors = results.reduce((sum, result) => sum + result.errors, 0);
  console.log(
    `${name.padEnd(28)} ${String(median(results.map(rate))).padStart(7)}/s  median ${median(results.map(({ medianMs }) => medianMs)).toFixed(2)} ms  p99 ${median(results.map(({ p99Ms }) => p99Ms)).toFixed(2)} ms  errors ${errors}`,
  );
}

await main();
