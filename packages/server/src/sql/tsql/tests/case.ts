// A row of a table of T-SQL facts: a text and what it answers.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { SqlSession } from "../../session.ts";
import { runBatch, startSqlServer, type TestServer } from "../../testing/sql-server.ts";
import { declared } from "../type.ts";

export interface SqlCase {
  sql: string;
  /** Batches that prepare the ground; each case has a session of its own. */
  setup?: readonly string[];
  /** Rows of the last result, values as text; a single value stands for one row of one column. */
  rows?: readonly (readonly (string | null)[])[] | string | null;
  /** `name type` of each column of the last result. */
  columns?: readonly string[];
  /** Number of the error, or none. */
  error?: number;
  /** Text that the error's message must contain. */
  message?: string;
  /** Texts of PRINT and the like, in order. */
  prints?: readonly string[];
  /** Row count of the last statement. */
  count?: number;
}

/** Runs a table against one server; tables of data that cases share are made by `ground`. */
export function testSqlCases(
  title: string,
  cases: readonly SqlCase[],
  ground: readonly string[] = [],
): void {
  let server: TestServer;
  before(async () => {
    server = await startSqlServer();
    const session = await server.open();
    for (const text of ground) {
      const outcome = await runBatch(session, text);
      assert.deepEqual(outcome.errors, [], text);
    }
    await session.close();
  });
  after(() => server.close());
  for (const row of cases) {
    test(`${title}: ${row.sql.replace(/\s+/g, " ").slice(0, 120)}`, async () => {
      const session = await server.open();
      try {
        await check(session, row);
      } finally {
        await session.close();
      }
    });
  }
}

async function check(session: SqlSession, row: SqlCase): Promise<void> {
  for (const text of row.setup ?? [])
    assert.deepEqual((await runBatch(session, text)).errors, [], text);
  const outcome = await runBatch(session, row.sql);
  const numbers = outcome.errors.map((error) => `${error.number} ${error.message}`);
  if (row.error === undefined) assert.deepEqual(numbers, []);
  else
    assert.equal(
      outcome.errors[0]?.number,
      row.error,
      numbers.join("; ") || JSON.stringify(outcome.results),
    );
  if (row.message !== undefined)
    assert.ok(outcome.errors[0]?.message.includes(row.message), numbers[0]);
  const last = outcome.results.at(-1);
  if (row.rows !== undefined) {
    assert.deepEqual(last?.rows, Array.isArray(row.rows) ? row.rows : [[row.rows]]);
  }
  if (row.columns !== undefined)
    assert.deepEqual(
      last?.columns.map(({ name, type }) => `${name} ${declared(type)}`),
      row.columns,
    );
  if (row.prints !== undefined)
    assert.deepEqual(
      outcome.messages.map((message) => message.message),
      row.prints,
    );
  if (row.count !== undefined) assert.equal(outcome.rowCounts.at(-1), row.count);
}
