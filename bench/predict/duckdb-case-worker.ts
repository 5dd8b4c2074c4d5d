// The process of duckdb-case.ts: a plain DuckDB with the table, asked by lines of JSON.
import { createInterface } from "node:readline";
import type { DuckDBPreparedStatement } from "@duckdb/node-api";
import type { TableRows } from "./peer.ts";
import { createTable } from "./table.ts";

type Open = Pick<TableRows, "columns" | "rowCount" | "threads"> & { file: string };
type Request = ({ op: "open" } & Open) | { op: "plan"; sql: string } | { op: "execute" };

let table: Awaited<ReturnType<typeof createTable>> | undefined;
let statement: DuckDBPreparedStatement | undefined;

async function answerTo(request: Request): Promise<unknown> {
  if (request.op === "open") {
    table = await createTable(request.file, request.columns, request);
    return {};
  }
  if (request.op === "plan") {
    statement?.destroySync();
    const start = performance.now();
    statement = await table?.connection.prepare(request.sql);
    return { seconds: (performance.now() - start) / 1000 };
  }
  const result = await statement?.runAndReadAll();
  return { value: result?.getRows()[0]?.[0] };
}

for await (const line of createInterface(process.stdin)) {
  const answer = await answerTo(JSON.parse(line)).catch(({ message }: Error) => ({
    error: message,
  }));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
statement?.destroySync();
table?.close();
