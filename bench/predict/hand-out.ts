// What the engine can hand out: the columns of a table given to a function that reads them as a model's does and
// scores nothing, and the same columns streamed out chunk by chunk.
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { CHUNK_ROWS, type CrewScorer } from "../../packages/scoring/src/crew.ts";
import type { ElementType } from "../../packages/scoring/src/onnx/tensor.ts";
import { type NumericVector, viewOf } from "../../packages/scoring/src/vector.ts";
import { registerPlaced } from "../../packages/server/src/sql/engine/duckdb-function.ts";

interface HandedColumn {
  name: string;
  /** Its value in row `n`. */
  sql: string;
  element: ElementType;
}

export interface HandOut {
  runs: { name: string; run: () => Promise<unknown> }[];
  close(): void;
}

/** A database file of the pool's own kind, with the same rows. */
export async function openHandOut(
  columns: readonly HandedColumn[],
  { rowCount, threads }: { rowCount: number; threads: number },
): Promise<HandOut> {
  const file = join(tmpdir(), `callosum-hand-out-${process.pid}.duckdb`);
  rmSync(file, { force: true });
  const instance = await DuckDBInstance.create(file, { threads: String(threads) });
  const connection = await instance.connect();
  await connection.run("SET GLOBAL disabled_compression_methods = 'alprd'");
  const cells = columns.map(({ name, sql }) => `${sql} AS ${name}`).join(", ");
  await connection.run(`CREATE TABLE d AS SELECT ${cells} FROM range(1, ${rowCount + 1}) r(n)`);
  await connection.run("CHECKPOINT");
  const taking = readsOnly(columns);
  const call = {
    name: "handed",
    columns: columns.map(({ name, element }) => ({
      input: name,
      index: 0,
      type: element,
      isUsed: true,
      ...(element === "string" && { texts: ["Delft", "Leiden", "Utrecht"] }),
    })),
    arguments: columns.map((_, index) => index),
    outputs: [{ name: "y", element: "float", shape: [] }],
  };
  registerPlaced(connection, call, { scorer: () => taking, helpers: 0 });
  const names = columns.map(({ name }) => name).join(", ");
  return {
    runs: [
      {
        name: "hand-out",
        run: () => connection.run(`SELECT sum((handed(${names})).y::DOUBLE) FROM d`),
      },
      {
        name: "stream",
        async run() {
          const result = await connection.stream("SELECT * FROM d");
          for (;;) {
            const chunk = await result.fetchChunk();
            if (chunk === null || chunk.rowCount === 0) return;
            for (let column = 0; column < chunk.columnCount; column += 1)
              chunk.getColumnVector(column);
          }
        },
      },
    ],
    close() {
      connection.closeSync();
      instance.closeSync();
      rmSync(file, { force: true });
    },
  };
}

function readsOnly(columns: readonly HandedColumn[]): CrewScorer {
  const vector = (element: ElementType): NumericVector =>
    viewOf(
      element === "string" ? "int32" : element,
      new SharedArrayBuffer(CHUNK_ROWS * 8),
      0,
      CHUNK_ROWS,
    );
  const scores = [vector("float")];
  return {
    columns: columns.map(({ element }) => vector(element)),
    score: () => scores,
    splits: () => 0,
    close() {},
  };
}
