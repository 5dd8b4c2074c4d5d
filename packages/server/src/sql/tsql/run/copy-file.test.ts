// COPY INTO: identity values, options that are no numbers, files that cannot be read.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { runBatch, startSqlServer, type TestServer } from "../../testing/sql-server.ts";

let server: TestServer;
before(async () => {
  server = await startSqlServer();
});
after(() => server.close());

interface Row {
  title: string;
  file?: string | Uint8Array;
  /** After `COPY INTO dbo.t`. */
  columns?: string;
  options?: string;
  rows?: string[][];
  error?: number;
  message?: string;
}

const rows: Row[] = [
  {
    title: "the file's identity values with IDENTITY_INSERT ON",
    options: "IDENTITY_INSERT = 'ON'",
    rows: [
      ["7", "seven"],
      ["9", "nine"],
    ],
  },
  {
    title: "values of our own without",
    columns: " (name 2)",
    rows: [
      ["1", "seven"],
      ["2", "nine"],
    ],
  },
  { title: "an identity column without IDENTITY_INSERT", columns: " (id, name)", error: 544 },
  {
    title: "IDENTITY_INSERT ON without its column",
    columns: " (name 2)",
    options: "IDENTITY_INSERT = 'ON'",
    error: 545,
  },
  { title: "IDENTITY_INSERT of another word", options: "IDENTITY_INSERT = 'maybe'", error: 102 },
  { title: "FIRSTROW that is no number", options: "FIRSTROW = 'abc'", error: 102 },
  { title: "FIRSTROW before the first", options: "FIRSTROW = 0", error: 102 },
  { title: "MAXERRORS that is no number", options: "MAXERRORS = 'many'", error: 102 },
  {
    title: "a file in another encoding",
    file: Uint8Array.of(0x31, 0x2c, 0xe9, 0x0a),
    columns: " (name 2)",
    error: 4861,
    message: 'the file "https://lake/8.csv" could not be opened. Line 1: Invalid unicode',
  },
  {
    title: "a file that is not Parquet",
    options: "FILE_TYPE = 'PARQUET'",
    error: 4861,
    message: 'the file "https://lake/9.csv" could not be opened. It is not a Parquet file.',
  },
];

for (const [index, row] of rows.entries()) {
  test(`COPY INTO: ${row.title}`, async () => {
    const url = `https://lake/${index}.csv`;
    const path = join(server.directory, `${index}.csv`);
    await writeFile(path, row.file ?? "7,seven\n9,nine\n");
    server.lake.set(url, [path]);
    const session = await server.open();
    await runBatch(
      session,
      "DROP TABLE IF EXISTS dbo.t; CREATE TABLE dbo.t (id int IDENTITY(1, 1) NOT NULL, name varchar(10))",
    );
    const options = row.options === undefined ? "" : ` WITH (${row.options})`;
    const copied = await runBatch(
      session,
      `COPY INTO dbo.t${row.columns ?? ""} FROM '${url}'${options}`,
    );
    const [error] = copied.errors;
    assert.equal(error?.number, row.error, error?.message);
    assert.ok((error?.message ?? "").includes(row.message ?? ""), error?.message);
    const found = await runBatch(session, "SELECT id, name FROM dbo.t ORDER BY id");
    assert.deepEqual(found.results[0]?.rows, row.rows ?? []);
    await session.close();
  });
}
