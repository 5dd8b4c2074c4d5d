// Runs layer-graph.ts in ONNX Runtime, block by block. session.ts runs models as they are.
import type { Tensor as OrtTensor } from "onnxruntime-node";
import type { ColumnValues } from "../column.ts";
import type { Engine, ScoreRequest } from "../engine.ts";
import type { TensorValue } from "../graph/tensor-value.ts";
import { emptyOutput, writeOutput } from "../program/write-output.ts";
import type { Arena } from "../wasm/arena.ts";
import { type LayerGraph, TABLE } from "./layer-graph.ts";
import { loadOrt, openNative } from "./native.ts";
import { matrixWriter } from "./row-major.ts";

/** Rows per run: what layers hand on stays in the cache, and what a run costs by itself is small. */
const BLOCK_ROWS = 1024;

export function openLayerSession(
  arena: Arena,
  graph: LayerGraph,
  tensors: ReadonlyMap<string, TensorValue>,
): Engine {
  const session = openNative(graph.bytes, 1);
  const { length: tableWidth } = graph.columns;
  const tableOf = matrixWriter(arena, { width: tableWidth, rowsMax: BLOCK_ROWS });
  const fetchesFor = fetchesOf(arena, graph);
  const { Tensor } = loadOrt();

  const score = (request: ScoreRequest) => {
    const columns = graph.columns.map((place) => request.columns[place] ?? null);
    const results = request.outputs.map((name, at) => {
      const tensor = tensors.get(name) as TensorValue;
      const { width } = graph.outputs.get(name) as { width: number };
      const given = request.into?.[at];
      const values = given ?? emptyOutput(tensor, request.rowCount * width);
      return { name, width, values, tensor, firstRow: given ? request.firstRow : 0 };
    });
    for (let at = 0; at < request.rowCount; at += BLOCK_ROWS) {
      const rowCount = Math.min(BLOCK_ROWS, request.rowCount - at);
      const rows = tableOf({ columns, firstRow: request.firstRow + at, rowCount });
      const { fetches, outputs } = fetchesFor(rowCount);
      session.run({ [TABLE]: new Tensor("float32", rows, [rowCount, tableWidth]) }, fetches, {});
      for (const { name, tensor, values, firstRow } of results) {
        const target = { values, firstRow: firstRow + at, rowCount };
        write(tensor, outputs.get(name) as Float32Array, target);
      }
    }
    return results.map(({ name, width, values }) => ({ name, width, values }));
  };
  return { score, close: () => session.dispose() };
}

/** Rows of floats as the model's output has them. Other outputs than numbers are one value per row. */
function write(
  tensor: TensorValue,
  rows: Float32Array,
  target: { values: ColumnValues; firstRow: number; rowCount: number },
): void {
  const { values, firstRow, rowCount } = target;
  if (tensor.kind === "numbers") {
    (values as Float32Array).set(rows, (firstRow * rows.length) / rowCount);
  } else writeOutput(tensor, [{ address: rows.byteOffset, view: rows }], target);
}

interface Fetches {
  rowCount: number;
  /** What a run writes to. */
  fetches: Record<string, OrtTensor>;
  /** The same floats, row by row, by the names of the model's outputs. */
  outputs: ReadonlyMap<string, Float32Array>;
}

/** All blocks of one size use the same tensors. */
function fetchesOf(arena: Arena, graph: LayerGraph): (rowCount: number) => Fetches {
  const { Tensor } = loadOrt();
  const places = [...graph.outputs].map(([output, { name, width }]) => {
    return { output, name, width, address: arena.allocate(width * BLOCK_ROWS * 4) };
  });
  const newFetches = (rowCount: number): Fetches => {
    const outputs = places.map((place) => {
      return { ...place, rows: arena.float32(place.address, place.width * rowCount) };
    });
    const fetches = outputs.map(({ name, width, rows }): [string, OrtTensor] => {
      return [name, new Tensor("float32", rows, [rowCount, width])];
    });
    return {
      rowCount,
      fetches: Object.fromEntries(fetches),
      outputs: new Map(outputs.map(({ output, rows }) => [output, rows])),
    };
  };
  let last: Fetches | null = null;
  return (rowCount) => {
    if (last?.rowCount !== rowCount) last = newFetches(rowCount);
    return last;
  };
}
