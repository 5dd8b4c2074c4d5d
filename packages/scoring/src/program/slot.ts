// Where a step of a compiled model leaves its column.

/** A column of 512 floats. An input's address is another one while it is read where it lies. */
export interface Slot {
  address: number;
  view: Float32Array;
}
