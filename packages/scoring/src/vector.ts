// Numbers in shared memory as typed vectors, by ONNX element type.
import type { ColumnValues } from "./column.ts";
import { ModelError } from "./model-error.ts";
import type { ElementType } from "./onnx/tensor.ts";

export type NumericVector = Exclude<ColumnValues, string[]>;

/** Bytes of one value. */
export const elementBytes: Readonly<Record<string, number>> = {
  float: 4,
  double: 8,
  int32: 4,
  int64: 8,
  bool: 1,
};

/** A vector in linear memory. */
export interface Place {
  type: ElementType;
  address: number;
}

export function viewOf(
  type: ElementType,
  buffer: SharedArrayBuffer,
  address: number,
  length: number,
): NumericVector {
  switch (type) {
    case "float":
      return new Float32Array(buffer, address, length);
    case "double":
      return new Float64Array(buffer, address, length);
    case "int32":
      return new Int32Array(buffer, address, length);
    case "int64":
      return new BigInt64Array(buffer, address, length);
    case "bool":
      return new Uint8Array(buffer, address, length);
    default:
      throw new ModelError("UnsupportedModel", `A column cannot hold ${type} values.`);
  }
}
