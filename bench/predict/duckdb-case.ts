// The model inlined as SQL (inline-sql.ts) in a plain DuckDB: the same rows in a file of the same kind, as many
// threads. In a process of its own (duckdb-case-worker.ts), because an interrupt is not heard while DuckDB plans.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openChild } from "./child.ts";
import { inlineSql } from "./inline-sql.ts";
import type { TablePeer } from "./peer.ts";

/** For planning, and again for running. */
const timeoutMs = 60_000;

export const duckdbCase: TablePeer = {
  name: "DuckDB CASE",
  async open({ bytes, columns, output, rowCount, threads }) {
    const sql = `SELECT sum(score::DOUBLE) FROM (${inlineSql(bytes, "d", output)})`;
    const directory = await mkdtemp(join(tmpdir(), "callosum-inlined-"));
    const worker = fileURLToPath(new URL("duckdb-case-worker.ts", import.meta.url));
    const child = await openChild(process.execPath, [worker]);
    const file = join(directory, "table.duckdb");
    await child.ask({ op: "open", file, columns, rowCount, threads });
    return {
      async run() {
        const planned = await child.ask({ op: "plan", sql }, { timeoutMs, what: "planning" });
        const done = await child.ask({ op: "execute" }, { timeoutMs, what: "running" });
        return {
          planningSeconds: (planned as { seconds: number }).seconds,
          sum: (done as { value: number }).value,
        };
      },
      async close() {
        await child.close();
        await rm(directory, { recursive: true });
      },
    };
  },
};
