// The narrow form of a model: trees without the branches that the rows at hand never take, because a WHERE clause or
// the data rules them out. The ranges are those of the values themselves, and each chunk is checked against them:
// a chunk outside is scored by the whole model, so a row that was not foreseen is scored no differently.
import type { ValueRange } from "./graph/value-range.ts";
import type { BoundsRun } from "./program/kernel-addon.ts";
import type { Scorer } from "./scorer.ts";
import type { Place } from "./vector.ts";
import type { Arena } from "./wasm/arena.ts";
import { openKernel } from "./wasm/kernel.ts";
import { BOUNDS_BYTES } from "./wasm/kernel-bounds.ts";

export interface Narrowing {
  /**
   * The narrow form, if there is one and the first `rowCount` rows keep to its ranges. `passed`: how many chunks there
   * were since the last call.
   */
  fitting(rowCount: number, passed: number): Scorer | null;
  /** For how many chunks nobody need ask. */
  rest(): number;
  close(): void;
}

type Ranges = (ValueRange | null)[];

/** A smaller model is not worth the look at its columns. */
export const SPLITS_MIN = 500;
/** Chunks before the first look, chunks of a look, and chunks between looks. */
const LOOK_AFTER = 256;
const LOOK_CHUNKS = 16;
const LOOK_EVERY = 256;
/** Opening a form takes as long as scoring two to four hundred chunks: it must leave out this share of the splits. */
const KEPT_MAX = 0.7;
/** Other rows are being scored when so many chunks in a row are outside. */
const MISSES_MAX = 8;

interface Model {
  splits: number;
  /** May be called again once the form before is closed. */
  open(ranges: Ranges): Scorer | null;
}

/** Where the columns' values are. */
interface Sight {
  columns: readonly (Place | null)[];
  /** Reads values outside the memory, too. Without it all of them are in it. */
  bounds: BoundsRun | null;
  /** How far from the memory a column's values are just now; null when they are in their place in it. */
  distanceOf(column: number): number | null;
}

export function narrowing(arena: Arena, sight: Sight, model: Model): Narrowing {
  const measure = model.splits < SPLITS_MIN ? null : rangeReader(arena, sight);
  let form: Scorer | null = null;
  let ranges: Ranges | null = null;
  /** Ranges that did not rule out enough; only others are tried again. */
  let tried: Ranges | null = null;
  let chunk = 0;
  let nextLook = LOOK_AFTER;
  let looked = 0;
  let misses = 0;
  const drop = (): void => {
    form?.close();
    form = null;
    ranges = null;
    looked = 0;
    misses = 0;
    nextLook = chunk + LOOK_EVERY;
  };
  const look = (seen: Ranges): void => {
    ranges = ranges ? union(ranges, seen) : seen;
    looked += 1;
    // They only get wider.
    if (tried && !isMuchNarrower(ranges, tried)) {
      drop();
      return;
    }
    if (looked < LOOK_CHUNKS) return;
    form = model.open(ranges);
    if (form && form.splits <= model.splits * KEPT_MAX) return;
    tried = ranges;
    drop();
  };
  return {
    fitting(rowCount, passed) {
      chunk += passed + 1;
      if (!measure || (!form && chunk < nextLook)) return null;
      const seen = measure(rowCount);
      if (!form) {
        look(seen);
        return null;
      }
      if (isInside(seen, ranges as Ranges)) {
        misses = 0;
        return form;
      }
      misses += 1;
      if (misses > MISSES_MAX) drop();
      return null;
    },
    rest() {
      if (!measure) return Number.POSITIVE_INFINITY;
      return form || looked > 0 ? 0 : Math.max(0, nextLook - chunk - 1);
    },
    close: drop,
  };
}

/** Ranges of the float columns' first rows; null for other columns. */
function rangeReader(arena: Arena, { columns, bounds, distanceOf }: Sight) {
  const rangeAt = bounds ? nativeReader(arena, bounds) : ownReader(arena);
  return (rowCount: number): Ranges =>
    columns.map((place, at) =>
      place?.type === "float" ? rangeAt(distanceOf(at) ?? place.address, rowCount) : null,
    );
}

type RangeAt = (address: number, rowCount: number) => ValueRange;

function nativeReader(arena: Arena, bounds: BoundsRun): RangeAt {
  const out = arena.allocate(12);
  const found = arena.float32(out, 3);
  return (address, rowCount) => {
    bounds(address, rowCount, out);
    return { min: found[0]!, max: found[1]!, mayBeMissing: found[2] !== 0 };
  };
}

function ownReader(arena: Arena): RangeAt {
  const kernel = openKernel(arena.memory);
  const out = arena.allocate(BOUNDS_BYTES);
  const bounds = arena.float32(out, 8);
  const missing = new Int32Array(arena.memory.buffer, out + 32, 4);
  return (address, rowCount) => {
    const fours = rowCount & ~3;
    let [min, max, mayBeMissing] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, false];
    if (fours > 0) {
      kernel.bounds(address, address + fours * 4, out);
      min = Math.min(bounds[0]!, bounds[1]!, bounds[2]!, bounds[3]!);
      max = Math.max(bounds[4]!, bounds[5]!, bounds[6]!, bounds[7]!);
      mayBeMissing = (missing[0]! | missing[1]! | missing[2]! | missing[3]!) !== 0;
    }
    for (const value of arena.float32(address + fours * 4, rowCount - fours)) {
      if (Number.isNaN(value)) mayBeMissing = true;
      else [min, max] = [Math.min(min, value), Math.max(max, value)];
    }
    return { min, max, mayBeMissing };
  };
}

function union(a: Ranges, b: Ranges): Ranges {
  return a.map((range, at) => {
    const other = b[at];
    return range && other
      ? {
          min: Math.min(range.min, other.min),
          max: Math.max(range.max, other.max),
          mayBeMissing: range.mayBeMissing || other.mayBeMissing,
        }
      : null;
  });
}

function isInside(ranges: Ranges, of: Ranges): boolean {
  return ranges.every((range, at) => {
    const other = of[at];
    if (!range || !other) return true;
    const isMissingFine = other.mayBeMissing || !range.mayBeMissing;
    return range.min >= other.min && range.max <= other.max && isMissingFine;
  });
}

/** Some column is at most two thirds as wide, or has lost its missing values. */
function isMuchNarrower(ranges: Ranges, than: Ranges): boolean {
  return ranges.some((range, at) => {
    const other = than[at];
    if (!range || !other) return false;
    const isNarrow = range.max - range.min < (other.max - other.min) * 0.67;
    return isNarrow || (other.mayBeMissing && !range.mayBeMissing);
  });
}
