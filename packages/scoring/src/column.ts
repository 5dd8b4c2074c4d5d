// Column vectors: what goes into a scorer and what comes out, one vector per scalar column.

import { ModelError } from "./model-error.ts";
import type { ElementType } from "./onnx/tensor.ts";

export type ColumnValues =
  | Float32Array
  | Float64Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | string[];

/**
 * One column of rows. `validity` is a bitmap, least significant bit first, 1 = the row has a value
 * (DuckDB's and Arrow's layout); absent or null means that every row has one.
 */
export interface Column {
  values: ColumnValues;
  validity?: Uint8Array | null;
  /** Makes `values` (an Int32Array) places in this list, for a text column; -1 is a text outside it. */
  texts?: readonly string[];
  /** For a column that is `isReferable`: how many bytes from the scorer's memory its values are, instead of `values`. */
  place?: Float64Array;
}

/** One scalar column that a scorer reads. */
export interface ScorerColumn {
  /** The model input that it belongs to. */
  input: string;
  /** Its place inside the input: 0 unless the input is a [rows, N] tensor. */
  index: number;
  type: ElementType;
  /** False when no output depends on it: the caller need not read it (pass null). */
  isUsed: boolean;
  /** The texts that the model tells apart. Absent where it must have every text as it is. */
  texts?: readonly string[];
  /** It may lie outside the scorer's memory: see `Column.place`. */
  isReferable?: boolean;
}

export interface ScorerInput {
  name: string;
  type: ElementType;
  kind: "tensor" | "sequence" | "map" | "other";
  /** As in the model; null is an open dimension. Null altogether: the model does not say. */
  shape: (number | null)[] | null;
  /** Columns that the input takes, or 0 when no table can feed it. */
  width: number;
}

export interface ScorerOutput {
  name: string;
  type: ElementType;
  kind: "tensor" | "sequence" | "map" | "other";
  shape: (number | null)[] | null;
  /** Values per row; 0 when the output is no tensor of rows and cannot be asked for. Null: known only after a run. */
  width: number | null;
}

/** One output, row-major: `width` values per row. */
export interface OutputColumn {
  name: string;
  width: number;
  values: ColumnValues;
}

export interface ScoreResult {
  outputs: OutputColumn[];
  /** 1 = the row has a score. Null: all rows have. A row lacks one when a column that cannot hold NaN was NULL. */
  validity: Uint8Array | null;
}

/** Typed arrays that hold an element type; undefined for types that no column carries. */
export function isVectorOf(type: ElementType, values: ColumnValues): boolean {
  switch (type) {
    case "float":
      return values instanceof Float32Array;
    case "double":
      return values instanceof Float64Array;
    case "int32":
      return values instanceof Int32Array;
    case "int64":
      return values instanceof BigInt64Array;
    case "bool":
      return values instanceof Uint8Array;
    case "string":
      return Array.isArray(values);
    default:
      return false;
  }
}

export function newVector(type: ElementType, length: number): ColumnValues {
  switch (type) {
    case "float":
      return new Float32Array(length);
    case "double":
      return new Float64Array(length);
    case "int32":
      return new Int32Array(length);
    case "int64":
      return new BigInt64Array(length);
    case "bool":
      return new Uint8Array(length);
    case "string":
      return new Array<string>(length).fill("");
    default:
      throw new ModelError("UnsupportedModel", `A column cannot hold ${type} values.`);
  }
}

export function columnTypes(): readonly ElementType[] {
  return ["float", "double", "int32", "int64", "bool", "string"];
}

export function isValid(validity: Uint8Array, row: number): boolean {
  return (((validity[row >> 3] as number) >> (row & 7)) & 1) === 1;
}

/** Refuses columns that do not fit; names the column, so that the caller need not add anything. */
export function checkColumns(
  wanted: readonly ScorerColumn[],
  given: readonly (Column | null)[],
  rowCount: number,
): void {
  if (given.length !== wanted.length) {
    throw new ModelError(
      "InvalidColumn",
      `The model reads ${wanted.length} columns; ${given.length} were given.`,
    );
  }
  wanted.forEach((column, at) => {
    const name = column.index === 0 ? column.input : `${column.input}[${column.index}]`;
    const source = given[at];
    if (!source) {
      if (column.isUsed) throw new ModelError("InvalidColumn", `Column '${name}' is missing.`);
      return;
    }
    const isCoded = column.texts && source.texts && source.values instanceof Int32Array;
    if (!isCoded && !isVectorOf(column.type, source.values)) {
      throw new ModelError(
        "InvalidColumn",
        `Column '${name}' does not hold ${column.type} values.`,
      );
    }
    if (source.values.length < rowCount) {
      throw new ModelError(
        "InvalidColumn",
        `Column '${name}' has ${source.values.length} rows where ${rowCount} are scored.`,
      );
    }
    if (source.validity && source.validity.length * 8 < rowCount) {
      throw new ModelError("InvalidColumn", `The validity of column '${name}' is too short.`);
    }
  });
}

/**
 * Rows that have a score. NULL is NaN to a float or double input, as sklearn and the boosters mean it;
 * integers, booleans and text have no such value, so there a NULL makes the row's outputs NULL.
 */
export function scoredRows(
  wanted: readonly ScorerColumn[],
  given: readonly (Column | null)[],
  rowCount: number,
): Uint8Array | null {
  let result: Uint8Array | null = null;
  wanted.forEach((column, at) => {
    const validity = given[at]?.validity;
    if (!validity || !column.isUsed || column.type === "float" || column.type === "double") return;
    result ??= new Uint8Array(Math.ceil(rowCount / 8)).fill(255);
    for (let i = 0; i < result.length; i += 1) {
      result[i] = (result[i] as number) & (validity[i] as number);
    }
  });
  return result;
}
