// That sessions end and files go is tests/conformance/sql-pool-life.test.ts's: a whole instance.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { simulatedClock, simulatedRandom } from "../../platform/simulated.ts";
import { openStore } from "../../platform/store.ts";
import { sqlPoolType } from "./pool.ts";
import { followPools } from "./pool-life.ts";

it("a pool that cannot be closed is logged, and the instance goes on writing", async () => {
  const directory = mkdtempSync(join(tmpdir(), "callosum-pool-life-"));
  const [clock, random] = [simulatedClock(), simulatedRandom(3)];
  const store = openStore({ file: join(directory, "state.db"), clock, random });
  const logged: string[] = [];
  followPools({
    store,
    files: {
      file: (name) => name,
      stagingDirectory: "",
      temporaryDirectory: "",
      list: () => [],
      remove: () => assert.fail("the file of a pool that is not closed stays"),
    },
    closePool: () => Promise.reject(new Error("the disk is full")),
    log: { write: (level, event, facts) => logged.push(`${level} ${event} ${facts?.cause}`) },
  });
  const parent = "/subscriptions/s/resourcegroups/g/providers/microsoft.synapse/workspaces/w";
  const id = `${parent}/sqlpools/p`;
  const put = (status: string) => {
    const properties = { status, creationDate: "2026-01-01T00:00:00.000Z" };
    const body = { id, name: "p", properties, sku: { name: "DW100c" } };
    return store.transaction((writer) => writer.put({ id, type: sqlPoolType, parent, body }));
  };
  await put("Online");
  await put("Paused");
  assert.match(logged.join("\n"), /^error sql: pool not closed .*the disk is full/);
  await store.transaction((writer) => writer.remove(id));
  assert.equal(await store.read.document(id), undefined);
  await store.close();
  rmSync(directory, { recursive: true });
});
