// Where a step of a compiled model leaves its column.

/** A column of 512 floats. Inputs that already lie in linear memory are pointed at, block by block. */
export interface Slot {
  address: number;
  view: Float32Array;
}
