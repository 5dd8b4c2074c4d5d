// Blocks of floats → rows of the caller's outputs: numbers row-major, indices as integers, labels as what they name.
import type { ColumnValues } from "../column.ts";
import type { TensorValue } from "../graph/tensor-value.ts";
import type { Slot } from "./slot.ts";

export interface OutputRange {
  values: ColumnValues;
  firstRow: number;
  rowCount: number;
}

/** Where `length` values of an output go when the caller does not say. */
export function emptyOutput(tensor: TensorValue, length: number): ColumnValues {
  if (tensor.kind === "labels" && tensor.type === "string")
    return new Array<string>(length).fill("");
  if (tensor.kind === "numbers") return new Float32Array(length);
  return new BigInt64Array(length);
}

export function writeOutput(
  tensor: TensorValue,
  slots: readonly Slot[],
  target: OutputRange,
): void {
  if (tensor.kind === "labels") writeLabels(tensor.labels, slots[0] as Slot, target);
  else if (tensor.kind === "indices") writeIndices(slots, target);
  else writeNumbers(slots, target);
}

function writeNumbers(slots: readonly Slot[], { values, firstRow, rowCount }: OutputRange): void {
  const out = values as Float32Array;
  const width = slots.length;
  const [only] = slots;
  if (width === 1 && only) {
    const { view } = only;
    out.set(rowCount === view.length ? view : view.subarray(0, rowCount), firstRow);
    return;
  }
  slots.forEach(({ view }, j) => {
    let at = firstRow * width + j;
    for (let i = 0; i < rowCount; i += 1) {
      out[at] = view[i] as number;
      at += width;
    }
  });
}

function writeIndices(slots: readonly Slot[], { values, firstRow, rowCount }: OutputRange): void {
  const out = values as BigInt64Array;
  slots.forEach(({ view }, j) => {
    for (let i = 0; i < rowCount; i += 1) {
      out[(firstRow + i) * slots.length + j] = BigInt(view[i] as number);
    }
  });
}

function writeLabels(
  labels: readonly (bigint | string)[],
  { view }: Slot,
  { values, firstRow, rowCount }: OutputRange,
): void {
  const out = values as unknown as (bigint | string)[];
  for (let i = 0; i < rowCount; i += 1) {
    out[firstRow + i] = labels[view[i] as number] as bigint | string;
  }
}
