// The range of a float column or value; graph/range.ts finds it, tree/prune.ts uses it.

/** Numbers from `min` to `max`, both included, and NaN (or NULL) when `mayBeMissing`. */
export interface ValueRange {
  min: number;
  max: number;
  mayBeMissing: boolean;
}

export const anything: ValueRange = {
  min: Number.NEGATIVE_INFINITY,
  max: Number.POSITIVE_INFINITY,
  mayBeMissing: true,
};
