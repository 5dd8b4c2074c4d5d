// Runs one chapter in a child of `callosum exec` and reports each step as a line of JSON:
// `node run.ts <chapter> <state file>`. Hosts are observed through the runtime's diagnostics channel,
// so that nothing of the clients is touched.

import diagnostics from "node:diagnostics_channel";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { chapters } from "./chapters.ts";
import type { Step, StepReport, StoryState } from "./step.ts";

const hosts = new Set<string>();

diagnostics.subscribe("http.client.request.start", (message) => {
  const { request } = message as { request: { getHeader(name: string): unknown; method: string } };
  const host = request.getHeader("host");
  if (request.method !== "CONNECT" && typeof host === "string")
    hosts.add(host.replace(/:443$/, ""));
});
diagnostics.subscribe("undici:request:create", (message) => {
  const { request } = message as { request: { origin?: string; method?: string } };
  if (request.origin && request.method !== "CONNECT") hosts.add(new URL(request.origin).host);
});

function versionOf(client: string): string {
  if (client === "callosum") return "this repository";
  const require = createRequire(import.meta.url);
  let folder = dirname(require.resolve(client));
  for (;;) {
    try {
      const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      if (manifest.name === client) return manifest.version;
    } catch {
      // Not the package's root yet.
    }
    if (folder === dirname(folder)) return "unknown";
    folder = dirname(folder);
  }
}

async function runStep(step: Step, state: StoryState): Promise<StepReport> {
  hosts.clear();
  const begun = performance.now();
  const report = { title: step.title, client: step.client, version: versionOf(step.client) };
  try {
    const lines = await step.run(state);
    return { ...report, hosts: [...hosts], milliseconds: performance.now() - begun, lines };
  } catch (error) {
    const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return {
      ...report,
      hosts: [...hosts],
      milliseconds: performance.now() - begun,
      lines: [],
      error: cause,
    };
  }
}

const [name, stateFile = ""] = process.argv.slice(2);
const chapter = chapters.find((candidate) => candidate.name === name);
if (!chapter) throw new Error(`There is no chapter '${name}'.`);
const state = JSON.parse(readFileSync(stateFile, "utf8")) as StoryState;
for (const step of chapter.steps) {
  const report = await runStep(step, state);
  process.stdout.write(`${JSON.stringify(report)}\n`);
  if (report.error) {
    process.exitCode = 1;
    break;
  }
}
writeFileSync(stateFile, JSON.stringify(state), { mode: 0o600 });
