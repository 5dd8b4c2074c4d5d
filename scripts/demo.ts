// `npm run demo`: starts an instance and does the product's main job with unmodified clients on Azure's
// real host names, each step with its time, its client and the hosts it talked to. Stays up unless
// `--once`.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Contract } from "@callosum/server/main.ts";
import { chapters } from "../tests/story/chapters.ts";
import type { StepReport } from "../tests/story/step.ts";
import { openStory, type Story } from "../tests/story/tell.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const launcher = join(root, "packages/cli/bin/callosum.js");
const dataDirectory = join(root, ".cache", "demo");
const isOnce = process.argv.includes("--once");
const hasColour = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;

const paint = (code: number, text: string) =>
  hasColour ? `\u001b[${code}m${text}\u001b[0m` : text;
const bold = (text: string) => paint(1, text);
const dim = (text: string) => paint(2, text);
const green = (text: string) => paint(32, text);
const red = (text: string) => paint(31, text);

interface Server {
  readonly process: ChildProcess;
  readonly contract: Contract;
  readonly milliseconds: number;
}

/** A port that is free now, the usual one where possible, so that the addresses are those documented. */
async function choosePort(usual: number): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(0));
    probe.listen(usual, "127.0.0.1", () => probe.close(() => resolve(usual)));
  });
}

async function startServer(ports: readonly number[]): Promise<Server> {
  const begun = performance.now();
  const [port, proxyPort, sqlPort] = ports.map(String);
  const parameters = [
    "up",
    "--json",
    "--data",
    dataDirectory,
    "--port",
    port ?? "0",
    "--proxy-port",
    proxyPort ?? "0",
    "--sql-port",
    sqlPort ?? "0",
  ];
  const child = spawn(process.execPath, [launcher, ...parameters], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return new Promise((resolve, reject) => {
    let output = "";
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}: ${output}`)));
    child.stdout.on("data", (chunk) => {
      output += chunk;
      if (!output.includes("\n")) return;
      child.removeAllListeners("exit");
      resolve({
        process: child,
        contract: JSON.parse(output) as Contract,
        milliseconds: performance.now() - begun,
      });
    });
  });
}

async function stopServer(server: Server, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  const gone = new Promise((resolve) => server.process.once("exit", resolve));
  server.process.kill(signal);
  await gone;
}

function printReport(report: StepReport): void {
  const mark = report.error === undefined ? green("✓") : red("✗");
  const milliseconds = `${Math.round(report.milliseconds)} ms`.padStart(8);
  const client =
    report.client === "callosum" ? "callosum" : `${report.client} ${report.version}, unmodified`;
  const hosts = report.hosts.length > 0 ? ` → ${report.hosts.join(", ")}` : "";
  console.log(`${mark} ${milliseconds}  ${report.title}`);
  console.log(dim(`             ${client}${hosts}`));
  for (const line of report.lines) console.log(`             ${line}`);
  if (report.error !== undefined) console.log(red(report.error));
}

async function tellAll(story: Story, restart: () => Promise<void>): Promise<boolean> {
  for (const [index, chapter] of chapters.entries()) {
    if (chapter.name === "after-restart") await restart();
    console.log(`\n${bold(`${index + 1}. ${chapter.title}`)}`);
    const reports = await story.tell(chapter.name, printReport);
    if (reports.some((report) => report.error !== undefined)) return false;
  }
  return true;
}

function printEnd({ contract }: Server): void {
  const isUsual = contract.origin === "https://localhost:8443";
  console.log(`\n${bold("It stays up.")} Try, in another terminal:\n`);
  console.log(
    `  npx --no-install callosum exec --data ${dataDirectory} -- curl -s https://management.azure.com/metadata/endpoints?api-version=2022-09-01`,
  );
  console.log(`  npx --no-install callosum links --data ${dataDirectory}`);
  console.log(`  npx --no-install callosum open --data ${dataDirectory}`);
  console.log(
    `\nStudio: ${contract.endpoints.studio} (the line above signs in; 'callosum trust' makes the browser trust it)`,
  );
  console.log(
    `Endpoint: ${contract.origin}${isUsual ? "" : dim(" (the usual port 8443 was taken)")}`,
  );
  console.log(
    "Not there yet: docs/parity.md lists every behaviour, what works, what is refused, what comes.",
  );
  console.log(dim("\nCtrl-C stops it."));
}

async function main(): Promise<void> {
  if (existsSync(dataDirectory)) {
    const down = spawn(process.execPath, [launcher, "down", "--data", dataDirectory], {
      stdio: "ignore",
    });
    await new Promise((resolve) => down.once("close", resolve));
    rmSync(dataDirectory, { recursive: true, force: true });
  }
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const ports = await Promise.all([8443, 8442, 1433].map(choosePort));
  let server = await startServer(ports);
  console.log(
    `${bold("Callosum")} ${server.contract.version} started in ${Math.round(server.milliseconds)} ms on ${server.contract.origin}`,
  );
  console.log(dim(`Data in ${dataDirectory}. Nothing leaves this machine.`));
  // The same ports after the restart: whoever was connected finds the server again.
  const samePorts = () => {
    const { origin, proxy, endpoints } = server.contract;
    const sqlPort = Number(endpoints.sql.split(":")[1]);
    return [...[origin, proxy].map((url) => Number(new URL(url).port)), sqlPort];
  };
  const story = openStory(server.contract, "");
  const begun = performance.now();
  const isTrue = await tellAll(story, async () => {
    const again = samePorts();
    await stopServer(server, "SIGKILL");
    server = await startServer(again);
    console.log(`\n${red("kill -9")}, started again in ${Math.round(server.milliseconds)} ms`);
  });
  story.close();
  console.log(
    `\n${isTrue ? green("All steps are true") : red("A step failed")}, ${((performance.now() - begun) / 1000).toFixed(1)} s in all.`,
  );
  if (isOnce || !isTrue) {
    await stopServer(server, "SIGTERM");
    process.exitCode = isTrue ? 0 : 1;
    return;
  }
  printEnd(server);
  process.once("SIGINT", () => void stopServer(server, "SIGTERM"));
  process.once("SIGTERM", () => void stopServer(server, "SIGTERM"));
}

await main();
