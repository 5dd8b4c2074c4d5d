import assert from "node:assert/strict";
import { test } from "node:test";
import { byColumns } from "../../test/by-columns.ts";
import { differences } from "../../test/difference.ts";
import { randomColumns } from "../../test/fixture.ts";
import { normals, perceptron, shapes } from "../../test/perceptron.ts";
import { random } from "../../test/random.ts";
import { writeModel } from "../onnx/write-model.ts";
import { openScorer } from "../scorer.ts";

const styles = [
  { scale: 1, edgeShare: 0, nullShare: 0 },
  { scale: 20, edgeShare: 0, nullShare: 0.05 },
];

for (const [what, shape] of shapes) {
  test(`${what} score as ONNX Runtime does`, () => {
    const whole = perceptron(shape);
    const oracle = openScorer(whole, { engine: "onnxruntime" });
    const rowCount = 3003;
    for (const bytes of [whole, byColumns(whole, shape.sizes[0] as number)]) {
      const scorer = openScorer(bytes);
      assert.match(scorer.reason ?? "", /products per row/);
      for (const style of styles) {
        const columns = randomColumns(scorer.columns, rowCount, random(5), style);
        const expected = oracle.score(columns, rowCount);
        assert.deepEqual(differences(scorer.score(columns, rowCount), expected), []);
      }
      scorer.close();
    }
    oracle.close();
  });

  test(`${what}: a row that has NaN or infinity scores as in ONNX Runtime and touches no other`, () => {
    const bytes = perceptron(shape);
    const [scorer, oracle] = [openScorer(bytes), openScorer(bytes, { engine: "onnxruntime" })];
    const rowCount = 200;
    const columns = randomColumns(scorer.columns, rowCount, random(6), styles[0] as never);
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    columns.forEach(({ values }, at) => {
      for (let row = at; row < rowCount; row += 29) values[row] = odd[row % 3] as never;
    });
    const expected = oracle.score(columns, rowCount);
    assert.deepEqual(differences(scorer.score(columns, rowCount), expected), []);
  });
}

test("rows in the middle are written where the caller wants them, and no others", () => {
  const scorer = openScorer(perceptron({ sizes: [20, 64, 64, 2], activation: "Relu" }));
  const [rowCount, firstRow, count] = [4000, 1501, 1900];
  const columns = randomColumns(scorer.columns, rowCount, random(7), styles[0] as never);
  const all = scorer.score(columns, rowCount).outputs[0]?.values as Float32Array;
  const into = [new Float32Array(rowCount * 2).fill(-1)];
  const range = { firstRow, rowCount: count, outputs: ["y"], into };
  const expected = Float32Array.from(all, (value, at) => {
    const row = Math.floor(at / 2);
    return row < firstRow || row >= firstRow + count ? -1 : value;
  });
  assert.deepEqual(scorer.scoreRange(columns, range)[0]?.values, into[0]);
  assert.deepEqual(into[0], expected);
});

test("columns that are not used are not read", () => {
  const places = [5, 1, 2, 9, 11, 3];
  const bytes = writeModel({
    inputs: [{ name: "x", type: "float", shape: [-1, 12] }],
    outputs: [{ name: "y", type: "float", shape: [-1, 400] }],
    initializers: {
      places: { dims: [places.length], int64s: places },
      w: { dims: [places.length, 400], floats: normals(places.length * 400, random(1)) },
    },
    nodes: [
      { op: "Gather", inputs: ["x", "places"], outputs: ["p"], attributes: { axis: { int: 1 } } },
      { op: "MatMul", inputs: ["p", "w"], outputs: ["y"] },
    ],
  });
  const [scorer, oracle] = [openScorer(bytes), openScorer(bytes, { engine: "onnxruntime" })];
  const used = scorer.columns.flatMap(({ isUsed }, at) => (isUsed ? [at] : []));
  assert.deepEqual(used, [1, 2, 3, 5, 9, 11]);
  const columns = randomColumns(scorer.columns, 50, random(2), styles[0] as never);
  const expected = oracle.score(columns, 50);
  const some = columns.map((column, at) => (used.includes(at) ? column : null));
  assert.deepEqual(differences(scorer.score(some, 50), expected), []);
});

test("a column that is made once and stands twice is there twice", () => {
  const bytes = writeModel({
    inputs: [{ name: "x", type: "float", shape: [-1, 20] }],
    outputs: [{ name: "y", type: "float", shape: [-1, 2] }],
    initializers: {
      w: { dims: [20, 120], floats: normals(2400, random(1)) },
      first: { dims: [1], int64s: [7] },
      second: { dims: [1], int64s: [2] },
    },
    nodes: [
      { op: "MatMul", inputs: ["x", "w"], outputs: ["s"] },
      { op: "Gather", inputs: ["s", "first"], outputs: ["a"], attributes: { axis: { int: 1 } } },
      { op: "Gather", inputs: ["s", "second"], outputs: ["b"], attributes: { axis: { int: 1 } } },
      { op: "Sub", inputs: ["a", "b"], outputs: ["d"] },
      { op: "Concat", inputs: ["d", "d"], outputs: ["dd"], attributes: { axis: { int: 1 } } },
      { op: "Tanh", inputs: ["dd"], outputs: ["y"] },
    ],
  });
  const [scorer, oracle] = [openScorer(bytes), openScorer(bytes, { engine: "onnxruntime" })];
  assert.match(scorer.reason ?? "", /products per row/);
  const columns = randomColumns(scorer.columns, 100, random(2), styles[0] as never);
  assert.deepEqual(differences(scorer.score(columns, 100), oracle.score(columns, 100)), []);
});

test("layers beside what the graph cannot say run as the model is written", () => {
  const bytes = writeModel({
    inputs: [{ name: "x", type: "float", shape: [-1, 40] }],
    outputs: [{ name: "y", type: "float", shape: [-1, 60] }],
    initializers: {
      w: { dims: [40, 60], floats: normals(2400, random(1)) },
      zero: { dims: [1], floats: [0] },
    },
    nodes: [
      { op: "MatMul", inputs: ["x", "w"], outputs: ["s"] },
      { op: "Greater", inputs: ["s", "zero"], outputs: ["is"] },
      { op: "Where", inputs: ["is", "s", "zero"], outputs: ["y"] },
    ],
  });
  const [scorer, oracle] = [openScorer(bytes), openScorer(bytes, { engine: "onnxruntime" })];
  const columns = randomColumns(scorer.columns, 100, random(2), styles[0] as never);
  assert.deepEqual(scorer.score(columns, 100), oracle.score(columns, 100));
});
