// Tells the story against an instance: each chapter in a child of `callosum exec`, reports as they
// come. The demo prints them, the conformance test asserts them.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Contract } from "@callosum/server/main.ts";
import { readContract } from "callosum/instance.ts";
import type { StepReport, StoryState } from "./step.ts";

const launcher = fileURLToPath(new URL("../../packages/cli/bin/callosum.js", import.meta.url));
const runner = fileURLToPath(new URL("./run.ts", import.meta.url));

export interface Story {
  /** Runs a chapter; gives its reports. Rejects when the child could not be run at all. */
  tell(chapter: string, onReport: (report: StepReport) => void): Promise<readonly StepReport[]>;
  close(): void;
}

/** Opens the story; `suffix` makes the global names of two runs differ. */
export function openStory(contract: Contract, suffix: string): Story {
  const directory = mkdtempSync(join(tmpdir(), "callosum-story-"));
  const stateFile = join(directory, "state.json");
  const state: StoryState = {
    subscriptionId: contract.subscriptionId,
    tenantId: contract.tenantId,
    location: contract.location,
    sqlEndpoint: contract.endpoints.sql,
    facts: {},
    names: {
      group: `story${suffix}`,
      storage: `storylake${suffix}`,
      fileSystem: "workspace",
      synapse: `story-synapse${suffix}`,
      sparkPool: "spark1",
      sqlPool: "pool1",
      ml: `story-ml${suffix}`,
      link: "synapselink1",
      compute: "spark-alias",
      managedIdentityService: "AzureMLService1",
      servicePrincipalService: "AzureMLService2",
      application: `story-app${suffix}`,
    },
  };
  writeFileSync(stateFile, JSON.stringify(state), { mode: 0o600 });
  return {
    async tell(chapter, onReport) {
      followRestart(stateFile, contract);
      const parameters = [
        launcher,
        "exec",
        "--data",
        contract.dataDir,
        "--",
        process.execPath,
        runner,
        chapter,
        stateFile,
      ];
      const child = spawn(process.execPath, parameters, {
        stdio: ["ignore", "pipe", "inherit"],
        env: { ...process.env, STORY_DATA: contract.dataDir },
      });
      const ended = new Promise<number>((resolve) =>
        child.once("close", (code) => resolve(code ?? 1)),
      );
      const reports: StepReport[] = [];
      for await (const line of createInterface({ input: child.stdout })) {
        const report = JSON.parse(line) as StepReport;
        reports.push(report);
        onReport(report);
      }
      const code = await ended;
      if (code !== 0 && reports.every((report) => report.error === undefined)) {
        throw new Error(`the chapter '${chapter}' ended with ${code}`);
      }
      return reports;
    },
    close: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** A server that was started again may listen on another port. */
function followRestart(stateFile: string, { dataDir }: Contract): void {
  const state = JSON.parse(readFileSync(stateFile, "utf8")) as StoryState;
  const sqlEndpoint = readContract(dataDir)?.endpoints.sql ?? state.sqlEndpoint;
  writeFileSync(stateFile, JSON.stringify({ ...state, sqlEndpoint }), { mode: 0o600 });
}
