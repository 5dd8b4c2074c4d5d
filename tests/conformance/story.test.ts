import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type InstanceProcess, spawnInstance } from "../fixture/process.ts";
import { chapters } from "../story/chapters.ts";
import { openStory, type Story } from "../story/tell.ts";

/** Told by a chapter after which the server is killed. */
const killBefore = "after-restart";

describe("unmodified clients on Azure's real host names", () => {
  const directory = mkdtempSync(join(tmpdir(), "callosum-story-test-"));
  let server: InstanceProcess;
  let story: Story;
  before(async () => {
    server = await spawnInstance(directory);
    story = openStory(server.contract, "t");
  });
  after(() => {
    story?.close();
    server?.child.kill("SIGTERM");
    rmSync(directory, { recursive: true, force: true });
  });

  async function killAndRestart(): Promise<void> {
    const gone = new Promise((resolve) => server.child.once("exit", resolve));
    server.child.kill("SIGKILL");
    await gone;
    server = await spawnInstance(directory);
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
