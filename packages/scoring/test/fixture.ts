// The committed models (models/make.py) and rows to try them on.
import { readdirSync, readFileSync } from "node:fs";
import type { Column, ScorerColumn } from "../src/column.ts";
import type { Random } from "./random.ts";

const folder = new URL("../models/", import.meta.url);

export function modelNames(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".onnx"))
    .map((name) => name.slice(0, -".onnx".length))
    .sort();
}

export function readFixture(name: string): Uint8Array {
  return readFileSync(new URL(`${name}.onnx`, folder));
}

const edges = [0, -0, 1, -1, 0.5, Infinity, -Infinity, Number.NaN, 1e-45, -1e-45, 3.4e38, -3.4e38];

export interface RowStyle {
  /** Multiplies the normal deviates, column by column. */
  scale: number;
  /** How often a number is NaN, infinite, subnormal or the like. */
  edgeShare: number;
  /** How often a value is NULL. */
  nullShare: number;
}

/** Columns of random rows for a scorer. */
export function randomColumns(
  columns: readonly ScorerColumn[],
  rowCount: number,
  chance: Random,
  style: RowStyle,
): Column[] {
  return columns.map((column) => {
    const rows = Array.from({ length: rowCount }, () => chance.next());
    const column0 = { values: valuesOf(column.type, rows, chance, style) };
    if (style.nullShare === 0) return column0;
    const validity = new Uint8Array(Math.ceil(rowCount / 8)).fill(255);
    for (let i = 0; i < rowCount; i += 1) {
      if (chance.next() < style.nullShare)
        validity[i >> 3] = (validity[i >> 3] as number) & ~(1 << (i & 7));
    }
    return { ...column0, validity };
  });
}

function valuesOf(type: string, rows: number[], chance: Random, style: RowStyle): Column["values"] {
  const number = () =>
    chance.next() < style.edgeShare ? chance.pick(edges) : chance.normal() * style.scale;
  switch (type) {
    case "float":
      return Float32Array.from(rows, number);
    case "double":
      return Float64Array.from(rows, number);
    case "int64":
      return BigInt64Array.from(rows, () => BigInt(chance.below(7) - 1));
    case "int32":
      return Int32Array.from(rows, () => chance.below(7) - 1);
    case "bool":
      return Uint8Array.from(rows, () => chance.below(2));
    default:
      return rows.map(() => chance.pick(["Delft", "Leiden", "Gouda", "Zwolle", "Utrecht", ""]));
  }
}
