// ONNX Runtime behind column vectors: runs every model, and is the oracle that compiled models are tested against.
// layer-session.ts runs what it can of layers faster.
import type { Tensor as OrtTensor } from "onnxruntime-node";
import {
  type ColumnValues,
  isValid,
  newVector,
  type OutputColumn,
  type ScorerInput,
  type ScorerOutput,
} from "../column.ts";
import type { Engine, ScoreRequest } from "../engine.ts";
import { ModelError } from "../model-error.ts";
import type { ElementType } from "../onnx/tensor.ts";
import type { Arena } from "../wasm/arena.ts";
import { loadOrt, openNative } from "./native.ts";
import { type MatrixBlock, matrixWriter } from "./row-major.ts";

export interface OrtOptions {
  bytes: Uint8Array;
  inputs: readonly ScorerInput[];
  outputs: readonly ScorerOutput[];
  /** Where float columns become matrices. */
  arena: Arena;
  /** Threads inside one operator. One by default: parallel workers over blocks of rows do better. */
  threads?: number;
}

/** Rows per run: keeps intermediate tensors in the cache. */
const BLOCK_ROWS = 2048;

/** Makes rows of one input's columns; what it returns is valid until the next block. */
type RowReader = (block: MatrixBlock) => ColumnValues;

const tensorTypes: Partial<Record<ElementType, string>> = {
  float: "float32",
  double: "float64",
  int32: "int32",
  int64: "int64",
  bool: "bool",
  string: "string",
};

/** Opens a model in ONNX Runtime. Throws `CorruptModel` or `UnsupportedModel` with ONNX Runtime's own reason. */
export function openOrtSession(options: OrtOptions): Engine {
  const session = openNative(options.bytes, options.threads ?? 1);
  const isRowByRow = options.inputs.some((input) => input.shape?.[0] === 1);
  const blockRows = isRowByRow ? 1 : BLOCK_ROWS;
  const readers = options.inputs.map(({ type, width }) => {
    const size = { width, rowsMax: blockRows };
    return type === "float" && width > 1
      ? matrixWriter(options.arena, size)
      : rowReader(type, size);
  });
  const proven = new Set<string>();
  const score = (request: ScoreRequest) => {
    const targets = request.outputs.map((name, i) => {
      const output = options.outputs.find((known) => known.name === name);
      const into = request.into?.[i];
      return (
        (output && into && intoVector({ output, proven }, into, request.firstRow)) ||
        collector(name, output, request.rowCount)
      );
    });
    for (let at = 0; at < request.rowCount; at += blockRows) {
      const rowCount = Math.min(blockRows, request.rowCount - at);
      const fetches = Object.fromEntries(
        request.outputs.map((name, i) => [name, targets[i]?.fetch(at, rowCount) ?? null]),
      );
      const block = { ...request, firstRow: request.firstRow + at, rowCount };
      const feeds = columnFeeds({ inputs: options.inputs, readers }, block);
      const results = session.run(feeds, fetches, {}) as Record<string, unknown>;
      targets.forEach((target, i) => {
        target.add(results[request.outputs[i] as string] as OrtTensor, at, rowCount);
      });
    }
    return targets.map((target) => target.column());
  };
  return { score, close: () => session.dispose() };
}

type Feeds = Record<string, OrtTensor>;

function columnFeeds(
  { inputs, readers }: Pick<OrtOptions, "inputs"> & { readers: readonly RowReader[] },
  request: ScoreRequest,
): Feeds {
  const { firstRow, rowCount } = request;
  let at = 0;
  const feeds = inputs.map((input, i): [string, OrtTensor] => {
    const columns = request.columns.slice(at, at + input.width);
    at += input.width;
    const values = (readers[i] as RowReader)({ columns, firstRow, rowCount });
    return [input.name, tensorOf(input, values, rowCount)];
  });
  return Object.fromEntries(feeds);
}

function tensorOf(
  { type, shape, width }: ScorerInput,
  values: ColumnValues,
  rowCount: number,
): OrtTensor {
  const { Tensor } = loadOrt();
  const dims = shape?.length === 1 ? [rowCount] : [rowCount, width];
  return new Tensor(tensorTypes[type] as "float32", values as Float32Array, dims);
}

/** Columns of any type. Numbers go to the same memory block after block: new memory has to be cleared and collected. */
function rowReader(
  type: ElementType,
  { width, rowsMax }: { width: number; rowsMax: number },
): RowReader {
  let room: Float32Array | null = null;
  return (block) => {
    const { columns, firstRow, rowCount } = block;
    const [only] = columns;
    if (width === 1 && only && !only.validity && !Array.isArray(only.values)) {
      return only.values.subarray(firstRow, firstRow + rowCount);
    }
    const length = rowCount * width;
    if (type === "string") return rowMajor(type, block, newVector(type, length) as string[]);
    room ??= newVector(type, rowsMax * width) as Float32Array;
    return rowMajor(type, block, room.subarray(0, length));
  };
}

/** Fills [rows, N] values; a column that no output depends on stays zero. */
function rowMajor<Values extends Float32Array | string[]>(
  type: ElementType,
  { columns, firstRow, rowCount }: MatrixBlock,
  target: Values,
): Values {
  const width = columns.length;
  const missing = type === "float" || type === "double" ? Number.NaN : null;
  columns.forEach((column, j) => {
    if (!column) return;
    const values = column.values as Float32Array;
    for (let i = 0; i < rowCount; i += 1) target[i * width + j] = values[firstRow + i] as number;
    const { validity } = column;
    if (!validity) return;
    for (let i = 0; i < rowCount; i += 1) {
      if (isValid(validity, firstRow + i)) continue;
      // Other types score some value here; the caller marks the row as NULL.
      if (missing !== null) target[i * width + j] = missing;
      else if (type === "string") (target as unknown as string[])[i * width + j] = "";
    }
  });
  return target;
}

/** Where the blocks of one output go. */
interface Target {
  /** The tensor that a run writes to, if it is known beforehand. */
  fetch(firstRow: number, rowCount: number): OrtTensor | null;
  add(tensor: OrtTensor, firstRow: number, rowCount: number): void;
  column(): OutputColumn;
}

/**
 * Floats of a known shape are written where the caller wants them, once a run has shown that the model keeps to the
 * shape that it declares (`proven` has the names of such outputs). Null for other outputs.
 */
function intoVector(
  { output, proven }: { output: ScorerOutput; proven: Set<string> },
  values: ColumnValues,
  firstRow: number,
): Target | null {
  const { name, type, shape, width } = output;
  if (type !== "float" || !width || !shape || !(values instanceof Float32Array)) return null;
  const { Tensor } = loadOrt();
  const dimsOf = (rowCount: number) => (shape.length === 1 ? [rowCount] : [rowCount, width]);
  return {
    fetch(at, rowCount) {
      if (!proven.has(name)) return null;
      const own = values.subarray((firstRow + at) * width, (firstRow + at + rowCount) * width);
      return new Tensor("float32", own, dimsOf(rowCount));
    },
    add(tensor, at, rowCount) {
      if (proven.has(name)) return;
      const data = tensor.data as Float32Array;
      if (data.length !== rowCount * width) throw unfitOutput(name, tensor, rowCount);
      values.set(data, (firstRow + at) * width);
      if (String(tensor.dims) === String(dimsOf(rowCount))) proven.add(name);
    },
    column: () => ({ name, width, values }),
  };
}

function unfitOutput(name: string, { dims }: OrtTensor, rowCount: number): ModelError {
  const message = `Output '${name}' has shape [${dims.join(",")}] for ${rowCount} rows.`;
  return new ModelError("UnsupportedModel", message);
}

/** Puts the blocks of one output together. Its width is known once the first block has run. */
function collector(name: string, known: ScorerOutput | undefined, rowCount: number): Target {
  let values: ColumnValues | null = null;
  let width = 0;
  return {
    fetch: () => null,
    add(tensor, firstRow, blockRows) {
      const data = tensor.data as ColumnValues;
      width = data.length / blockRows;
      if (tensor.dims[0] !== blockRows || !Number.isInteger(width)) {
        throw unfitOutput(name, tensor, blockRows);
      }
      if (blockRows === rowCount) {
        values = data;
        return;
      }
      values ??= vectorLike(data, rowCount * width);
      const all = values;
      if (Array.isArray(all)) {
        for (let i = 0; i < data.length; i += 1) all[firstRow * width + i] = data[i] as string;
      } else (all as Float32Array).set(data as Float32Array, firstRow * width);
    },
    column() {
      const empty = newVector(known?.type ?? "float", 0);
      return { name, width: width || (known?.width ?? 1), values: values ?? empty };
    },
  };
}

function vectorLike(data: ColumnValues, length: number): ColumnValues {
  if (Array.isArray(data)) return new Array<string>(length).fill("");
  return new (data.constructor as Float32ArrayConstructor)(length);
}
