import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { Contract } from "@callosum/server/main.ts";
import { chapters } from "../story/chapters.ts";
import { openStory, type Story } from "../story/tell.ts";

const launcher = fileURLToPath(new URL("../../packages/cli/bin/callosum.js", import.meta.url));
/** Told by a chapter after which the server is killed. */
const killBefore = "after-restart";

describe("unmodified clients on Azure's real host names", () => {
  const directory = mkdtempSync(join(tmpdir(), "callosum-story-test-"));
  let server: { process: ChildProcess; contract: Contract };
  let story: Story;
  before(async () => {
    server = await startServer();
    story = openStory(server.contract, "t");
  });
  after(() => {
    story?.close();
    server?.process.kill("SIGTERM");
    rmSync(directory, { recursive: true, force: true });
  });

  function startServer(): Promise<typeof server> {
    const ports = ["--port", "0", "--proxy-port", "0", "--sql-port", "0"];
    const child = spawn(
      process.execPath,
      [launcher, "up", "--json", "--data", directory, ...ports],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    return new Promise((resolve, reject) => {
      let output = "";
      child.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
      child.stdout.on("data", (chunk) => {
        output += chunk;
        if (!output.includes("\n")) return;
        const contract = JSON.parse(output) as Contract;
        if (contract.origin === undefined) return reject(new Error(output));
        child.removeAllListeners("exit");
        resolve({ process: child, contract });
      });
    });
  }

  async function killAndRestart(): Promise<void> {
    const gone = new Promise((resolve) => server.process.once("exit", resolve));
    server.process.kill("SIGKILL");
    await gone;
    server = await startServer();
  }

  for (const chapter of chapters) {
    it(`tell: ${chapter.title}`, async () => {
      if (chapter.name === killBefore) await killAndRestart();
      const reports = await story.tell(chapter.name, () => undefined);
      for (const report of reports)
        assert.equal(report.error, undefined, `${report.title}: ${report.error}`);
      assert.deepEqual(
        reports.map(({ title }) => title),
        chapter.steps.map(({ title }) => title),
      );
      const hosts = reports.flatMap((report) => (report.client === "callosum" ? [] : report.hosts));
      for (const host of hosts)
        assert.match(
          host,
          /\.(?:azure\.(?:com|net)|azuresynapse\.net|microsoftonline\.com|microsoft\.com|windows\.net)$/,
        );
    });
  }
});
