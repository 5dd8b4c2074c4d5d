// Thresholds of one feature → the table by which wasm/kernel-rank.ts turns floats into ranks.
// A monotone function puts a float into a cell; a cell knows how many thresholds lie below it; few lie inside.
import type { Arena } from "../wasm/arena.ts";
import { rankHeader } from "../wasm/kernel-rank.ts";

export interface RankTable {
  address: number;
  isKeyed: boolean;
}

interface Cells {
  isKeyed: boolean;
  /** Bits of the header's three words. */
  low: number;
  scaleOrShift: number;
  high: number;
  cellCount: number;
  cellOf(threshold: number): number;
}

const { fround } = Math;
const floatView = new Float32Array(1);
const bitsView = new Int32Array(floatView.buffer);

export function bitsOf(value: number): number {
  floatView[0] = value;
  return bitsView[0] as number;
}

/** A float's bits as an integer of the same order, as the kernel computes it. */
function keyOf(value: number): number {
  const bits = bitsOf(value);
  return bits ^ ((bits >> 31) >>> 1);
}

function linearCells(low: number, high: number, cellCount: number): Cells | null {
  const scale = high === low ? 0 : fround((cellCount - 1) / fround(high - low));
  if (!Number.isFinite(scale) || !Number.isFinite(low) || !Number.isFinite(high)) return null;
  if (!Number.isFinite(fround(high - low)) || (scale === 0 && high !== low)) return null;
  const last = cellCount - 1;
  return {
    isKeyed: false,
    low: bitsOf(low),
    scaleOrShift: bitsOf(scale),
    high: bitsOf(last),
    cellCount,
    cellOf: (t) => Math.trunc(Math.min(last, Math.max(0, fround(fround(t - low) * scale)))),
  };
}

function keyedCells(low: number, high: number, cellCount: number): Cells | null {
  // A shift by 32 would be one by 0.
  if (cellCount === 1) return null;
  const [lowKey, highKey] = [keyOf(low), keyOf(high)];
  let shift = 0;
  while ((highKey - lowKey) / 2 ** shift >= cellCount) shift += 1;
  return {
    isKeyed: true,
    low: lowKey,
    scaleOrShift: shift,
    high: highKey,
    cellCount: Math.floor((highKey - lowKey) / 2 ** shift) + 1,
    cellOf: (t) => Math.floor((keyOf(t) - lowKey) / 2 ** shift),
  };
}

/** Steps of the binary search that the fullest cell needs. */
function stepsOf(cells: Cells, thresholds: readonly number[]): number {
  const counts = new Map<number, number>();
  let fullest = 1;
  for (const threshold of thresholds) {
    const cell = cells.cellOf(threshold);
    const count = (counts.get(cell) ?? 0) + 1;
    counts.set(cell, count);
    fullest = Math.max(fullest, count);
  }
  return Math.ceil(Math.log2(fullest + 1));
}

/** The smallest table among those with the fewest steps. Small tables stay in the first cache. */
function chooseCells(thresholds: readonly number[]): { cells: Cells; steps: number } {
  const [low, high] = [thresholds[0] as number, thresholds.at(-1) as number];
  let best: { cells: Cells; steps: number } | null = null;
  for (const cellCount of [1, 64, 256, 1024, 4096, 16_384, 65_536]) {
    for (const cells of [linearCells(low, high, cellCount), keyedCells(low, high, cellCount)]) {
      if (!cells) continue;
      const steps = stepsOf(cells, thresholds);
      if (!best || steps < best.steps) best = { cells, steps };
    }
    if (best?.steps === 1) break;
  }
  return best as { cells: Cells; steps: number };
}

/**
 * Writes the table of at most 255 ascending, distinct float32 thresholds. `nanRank` is 0 or their number:
 * NaN is then below or above all of them.
 */
export function writeRankTable(
  arena: Arena,
  thresholds: readonly number[],
  nanRank: number,
): RankTable {
  const { cells, steps } = chooseCells(thresholds);
  const count = thresholds.length;
  const listLength = count + 2 ** steps;
  const address = arena.allocate(rankHeader.bytes + listLength * 4 + cells.cellCount);
  const listAddress = address + rankHeader.bytes;
  const cellsAddress = listAddress + listLength * 4;
  const { buffer } = arena.memory;
  const list = new Float32Array(buffer, listAddress, listLength).fill(Number.POSITIVE_INFINITY);
  list.set(thresholds);
  const counts = new Uint8Array(buffer, cellsAddress, cells.cellCount);
  let below = 0;
  for (let cell = 0; cell < cells.cellCount; cell += 1) {
    counts[cell] = below;
    while (below < count && cells.cellOf(thresholds[below] as number) <= cell) below += 1;
  }
  const header = new Int32Array(buffer, address, rankHeader.bytes / 4);
  header[rankHeader.low / 4] = cells.low;
  header[rankHeader.scaleOrShift / 4] = cells.scaleOrShift;
  header[rankHeader.high / 4] = cells.high;
  header[rankHeader.cells / 4] = cellsAddress;
  header[rankHeader.thresholds / 4] = listAddress;
  header[rankHeader.firstStep / 4] = 2 ** (steps - 1);
  header[rankHeader.nanRank / 4] = nanRank;
  return { address, isKeyed: cells.isKeyed };
}
