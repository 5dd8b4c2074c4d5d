// A table in a plain DuckDB database of the pool's own kind: the rows that PREDICT has, for whoever stands beside it.
import { DuckDBInstance } from "@duckdb/node-api";
import type { TableColumn } from "./peer.ts";

/** Creates the file, with table `d`. */
export async function createTable(
  file: string,
  columns: readonly TableColumn[],
  { rowCount, threads }: { rowCount: number; threads: number },
) {
  const instance = await DuckDBInstance.create(file, { threads: String(threads) });
  const connection = await instance.connect();
  await connection.run("SET GLOBAL disabled_compression_methods = 'alprd'");
  const cells = columns.map(({ name, duckdb }) => `${duckdb} AS ${name}`).join(", ");
  await connection.run(`CREATE TABLE d AS SELECT ${cells} FROM range(1, ${rowCount + 1}) r(n)`);
  await connection.run("CHECKPOINT");
  return {
    connection,
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
