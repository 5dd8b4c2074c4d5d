// How a caller fills a desk.
import { isValid } from "../src/column.ts";
import type { Desk } from "../src/desk.ts";
import type { Scorer } from "../src/scorer.ts";
import type { randomColumns } from "./fixture.ts";

/** The outputs that are one number per row. */
export function outputsOf(scorer: Scorer): string[] {
  return scorer.outputs
    .filter(({ width, type }) => width === 1 && type !== "string")
    .map(({ name }) => name);
}

type Columns = ReturnType<typeof randomColumns>;

/** As a caller fills a desk's columns: NaN for a NULL float, places for texts. */
export function fill(desk: Desk, scorer: Scorer, columns: Columns, rowCount: number): void {
  desk.columns.forEach((target, at) => {
    if (!target) return;
    const { values, validity } = columns[at] as Columns[number];
    const texts = scorer.columns[at]?.texts;
    for (let row = 0; row < rowCount; row += 1) {
      const hasValue = !validity || isValid(validity, row);
      const value = texts ? texts.indexOf(String(values[row])) : values[row];
      const isFloat = target instanceof Float32Array || target instanceof Float64Array;
      (target as unknown as unknown[])[row] = hasValue || !isFloat ? value : Number.NaN;
    }
  });
}
