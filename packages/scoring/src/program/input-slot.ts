// A float column of the caller's, block after block: read where it lies, else copied.
import type { Column, ColumnValues } from "../column.ts";
import type { Arena } from "../wasm/arena.ts";
import { KERNEL_ROWS } from "../wasm/kernel-rank.ts";
import { copyFloats } from "./read-column.ts";
import type { Slot } from "./slot.ts";
import type { Block } from "./step.ts";

/** `slot` points at the column, or at its copy, which is its view. */
export interface InputSlot {
  column: number;
  slot: Slot;
  copyAddress: number;
  /** Something in JavaScript reads the view. */
  isViewed: boolean;
  /** Something reads it that can do so in memory only. */
  isRead: boolean;
  /** The vector of the last call and its address, null outside linear memory: mostly the next call brings it again. */
  values: ColumnValues | null;
  address: number | null;
  /** Whether this call's vector is read where it lies. */
  isInPlace: boolean;
}

/** Finds where the inputs' vectors lie; returns how many rows those in linear memory have. */
export function findInputs(
  arena: Arena,
  inputs: readonly InputSlot[],
  columns: readonly (Column | null)[],
): number {
  let rows = Number.POSITIVE_INFINITY;
  for (const input of inputs) {
    const { values, validity, place } = columns[input.column] as Column;
    if (place) input.address = place[0] as number;
    else if (values !== input.values) {
      input.values = values;
      input.address = arena.addressOf(values as Float32Array);
    }
    input.isInPlace = input.address !== null && !validity && !input.isViewed;
    if (input.isInPlace) rows = Math.min(rows, values.length);
  }
  return rows;
}

/** Points the inputs at a block. Float columns that lie in linear memory are read in place; the rest is copied. */
export function pointInputs(inputs: readonly InputSlot[], block: Block, rowsInPlace: number): void {
  const { columns, firstRow } = block;
  // Kernels read 512 rows, so a last, shorter block is copied unless the columns go on behind it.
  const isInside = firstRow + KERNEL_ROWS <= rowsInPlace;
  for (const { column, slot, copyAddress, address, isInPlace } of inputs) {
    if (isInPlace && isInside) slot.address = (address as number) + firstRow * 4;
    else {
      slot.address = copyAddress;
      copyFloats(columns[column] as Column, block, slot.view);
    }
  }
}
