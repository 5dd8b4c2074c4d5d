// Compares scores to float32 tolerance: NaN equals NaN, infinities must agree, labels must be the same.
import type { ScoreResult } from "../src/column.ts";
import { isValid } from "../src/column.ts";

const RELATIVE = 1e-5;

/** Up to five differences, each as a sentence. */
export function differences(actual: ScoreResult, expected: ScoreResult): string[] {
  const found: string[] = [];
  expected.outputs.forEach((output, at) => {
    const other = actual.outputs[at];
    if (!other || other.name !== output.name || other.width !== output.width) {
      found.push(`output ${output.name} × ${output.width} is ${other?.name} × ${other?.width}`);
      return;
    }
    if (other.values.constructor !== output.values.constructor) {
      found.push(`output ${output.name} is a ${other.values.constructor.name}`);
    }
    const tolerance = typicalSize(output.values) * 1e-6;
    for (let i = 0; i < output.values.length; i += 1) {
      if (expected.validity && !isValid(expected.validity, Math.floor(i / output.width))) continue;
      const [want, got] = [output.values[i], other.values[i]];
      if (want === got || isClose(want, got, tolerance)) continue;
      found.push(`${output.name}[${i}] is ${got}, expected ${want}`);
      if (found.length >= 5) return;
    }
  });
  return found;
}

function isClose(want: unknown, got: unknown, tolerance: number): boolean {
  if (typeof want !== "number" || typeof got !== "number") return false;
  if (Number.isNaN(want) || Number.isNaN(got)) return Number.isNaN(want) && Number.isNaN(got);
  return Math.abs(want - got) <= tolerance + RELATIVE * Math.abs(want);
}

/** A large but not odd magnitude of the values: sums of cancelling terms are exact only to that. */
function typicalSize(values: ArrayLike<unknown>): number {
  const sizes: number[] = [];
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i];
    if (typeof value === "number" && Number.isFinite(value)) sizes.push(Math.abs(value));
  }
  sizes.sort((a, b) => a - b);
  return sizes[Math.floor(sizes.length * 0.8)] ?? 0;
}
