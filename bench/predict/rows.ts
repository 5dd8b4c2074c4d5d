// Rows of the PREDICT benchmark: the same values as columns (for the scorer) and as row-major input (for ONNX Runtime).
import type { Column } from "../../packages/scoring/src/column.ts";
import type { ScorerPool } from "../../packages/scoring/src/scorer-pool.ts";
import { random } from "../../packages/scoring/test/random.ts";
import type { ReadyInput } from "./peer.ts";

export interface BenchRows {
  columns: Column[];
  ready: ReadyInput[];
}

const cities = ["Delft", "Leiden", "Gouda", "Zwolle", "Utrecht"];

export function benchRows(pool: ScorerPool, rowCount: number): BenchRows {
  const chance = random(9);
  const ready: ReadyInput[] = [];
  const columns = pool.columns.map((column): Column => {
    if (column.type === "string") {
      const values = Array.from({ length: rowCount }, () => chance.pick(cities));
      ready.push({ name: column.input, type: "string", width: 1, values });
      return { values };
    }
    if (column.type === "int64") {
      const values = pool.allocate("int64", rowCount) as BigInt64Array;
      for (let i = 0; i < rowCount; i += 1) values[i] = BigInt(chance.below(6));
      ready.push({ name: column.input, type: "int64", width: 1, values });
      return { values };
    }
    const values = pool.allocate("float", rowCount) as Float32Array;
    // A sum of uniforms: close to normal, and ten times cheaper.
    for (let i = 0; i < rowCount; i += 1) {
      values[i] = (chance.next() + chance.next() + chance.next() - 1.5) * 2;
    }
    const input = pool.inputs.find(({ name }) => name === column.input);
    const width = input?.width ?? 1;
    if (width === 1) ready.push({ name: column.input, type: "float32", width, values });
    else spread(ready, { name: column.input, width, at: column.index, values, rowCount });
    return { values };
  });
  return { columns, ready };
}

/** Puts a column into its place in the input's matrix. */
function spread(
  ready: ReadyInput[],
  column: { name: string; width: number; at: number; values: Float32Array; rowCount: number },
): void {
  const { name, width, at, values, rowCount } = column;
  let input = ready.find((candidate) => candidate.name === name);
  if (!input) {
    const matrix = new Float32Array(new SharedArrayBuffer(rowCount * width * 4));
    input = { name, type: "float32", width, values: matrix };
    ready.push(input);
  }
  const matrix = input.values as Float32Array;
  for (let i = 0; i < rowCount; i += 1) matrix[i * width + at] = values[i] as number;
}
