// `callosum link` both ways with grants and a Spark pool attached, and `unlink`: wall time of the work and
// of the whole process, medians. `npm run bench -- link`.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Contract } from "@callosum/server/main.ts";
import { runCallosum } from "./load/callosum.ts";

const rounds = process.argv.includes("--quick") ? 3 : 15;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

async function makeWorkspaces(contract: Contract): Promise<void> {
  const group = `/subscriptions/${contract.subscriptionId}/resourceGroups/bench`;
  const location = "westeurope";
  const identity = { type: "SystemAssigned" };
  const bodies: readonly (readonly [string, string, object])[] = [
    [group, "2022-09-01", { location }],
    [
      `${group}/providers/Microsoft.Synapse/workspaces/benchws`,
      "2021-06-01",
      {
        location,
        identity,
        properties: {
          defaultDataLakeStorage: {
            accountUrl: "https://lake.dfs.core.windows.net",
            filesystem: "f",
          },
          sqlAdministratorLogin: "sqladmin",
          sqlAdministratorLoginPassword: "Bench-Passw0rd-1",
        },
      },
    ],
    [
      `${group}/providers/Microsoft.Synapse/workspaces/benchws/bigDataPools/pool1`,
      "2021-06-01",
      {
        location,
        properties: {
          nodeSize: "Small",
          nodeSizeFamily: "MemoryOptimized",
          nodeCount: 3,
          sparkVersion: "3.4",
        },
      },
    ],
    [
      `${group}/providers/Microsoft.MachineLearningServices/workspaces/benchml`,
      "2023-10-01",
      { location, identity, properties: {} },
    ],
  ];
  for (const [path, version, body] of bodies) {
    await runCallosum([
      "rest",
      "--method",
      "PUT",
      "--url",
      `${path}?api-version=${version}`,
      "--body",
      JSON.stringify(body),
      "--data",
      contract.dataDir,
    ]);
  }
}

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "callosum-bench-"));
  const up = await runCallosum([
    "up",
    "--detach",
    "--json",
    "--data",
    directory,
    "--port",
    "0",
    "--proxy-port",
    "0",
    "--sql-port",
    "0",
  ]);
  const contract = JSON.parse(up.output) as Contract;
  try {
    await makeWorkspaces(contract);
    const pair = [
      "--synapse",
      "benchws",
      "--ml",
      "benchml",
      "--yes",
      "--json",
      "--data",
      directory,
    ];
    const work: number[] = [];
    const whole: number[] = [];
    const undone: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const linked = await runCallosum(["link", ...pair, "--pools", "pool1=alias1"]);
      work.push((JSON.parse(linked.output) as { elapsedMs: number }).elapsedMs);
      whole.push(linked.milliseconds);
      undone.push((await runCallosum(["unlink", ...pair])).milliseconds);
    }
    console.log(
      `link both ways, grants, one pool, test: work median ${median(work).toFixed(0)} ms, first ${work[0]} ms; whole process median ${median(whole).toFixed(0)} ms`,
    );
    console.log(`unlink: whole process median ${median(undone).toFixed(0)} ms`);
  } finally {
    await runCallosum(["down", "--data", directory]);
    rmSync(directory, { recursive: true, force: true });
  }
}

await main();
