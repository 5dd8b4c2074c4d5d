import assert from "node:assert/strict";
import { test } from "node:test";
import { newMemory, openArena } from "../wasm/arena.ts";
import { matrixWriter } from "./row-major.ts";

for (const width of [2, 3, 4, 5, 8, 11]) {
  for (const rowCount of [1, 4, 7, 64]) {
    test(`${width} columns of ${rowCount} rows become a matrix`, () => {
      const arena = openArena(newMemory());
      const fill = matrixWriter(arena, { width, rowsMax: 64 });
      const firstRow = 3;
      const columns = Array.from({ length: width }, (_, j) => {
        const length = firstRow + rowCount;
        const isShared = j % 2 === 0;
        const values = isShared
          ? arena.float32(arena.allocate(length * 4), length)
          : new Float32Array(length);
        values.forEach((_value, i) => {
          values[i] = i * 100 + j;
        });
        return { values };
      });
      const expected = Array.from({ length: rowCount * width }, (_, at) => {
        return (firstRow + Math.floor(at / width)) * 100 + (at % width);
      });
      assert.deepEqual([...fill({ columns, firstRow, rowCount })], expected);
    });
  }
}
