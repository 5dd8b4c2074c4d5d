// What the engine can hand out: the columns of a table given to a function that reads them as a model's does and
// scores nothing, and the same columns streamed out chunk by chunk.
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHUNK_ROWS, type CrewChunk, type CrewScorer } from "../../packages/scoring/src/crew.ts";
import type { ElementType } from "../../packages/scoring/src/onnx/tensor.ts";
import { type NumericVector, viewOf } from "../../packages/scoring/src/vector.ts";
import {
  placedCall,
  registerPlaced,
} from "../../packages/server/src/sql/engine/duckdb-placed-function.ts";
import type { TableColumn } from "./peer.ts";
import { createTable } from "./table.ts";

export interface HandOut {
  runs: { name: string; run: () => Promise<unknown> }[];
  close(): void;
}

export async function openHandOut(
  columns: readonly TableColumn[],
  limits: { rowCount: number; threads: number },
): Promise<HandOut> {
  const file = join(tmpdir(), `callosum-hand-out-${process.pid}.duckdb`);
  rmSync(file, { force: true });
  const table = await createTable(file, columns, limits);
  const { connection } = table;
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
  const handed = placedCall(
    call.name,
    columns.map(({ name }) => name),
  );
  return {
    runs: [
      {
        name: "hand-out",
        run: () => connection.run(`SELECT sum((${handed}).y::DOUBLE) FROM d`),
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
      table.close();
      rmSync(file, { force: true });
    },
  };
}

function readsOnly(columns: readonly TableColumn[]): CrewScorer {
  const vector = (element: ElementType): NumericVector =>
    viewOf(
      element === "string" ? "int32" : element,
      new SharedArrayBuffer(CHUNK_ROWS * 8),
      0,
      CHUNK_ROWS,
    );
  const scores = [vector("float")];
  const room: CrewChunk = {
    columns: columns.map(({ element }) => vector(element)),
    submit() {},
    collect: () => scores,
    release() {},
  };
  return { take: () => room, splits: () => 0, close() {} };
}
