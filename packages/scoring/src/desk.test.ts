import assert from "node:assert/strict";
import { test } from "node:test";
import { assertNarrows } from "../test/desk-narrowing.ts";
import { fill, outputsOf } from "../test/desk-rows.ts";
import { differences } from "../test/difference.ts";
import { modelNames, randomColumns, readFixture } from "../test/fixture.ts";
import { random } from "../test/random.ts";
import { CHUNK_ROWS, isForDesk, openDesk } from "./desk.ts";
import { openScorer } from "./scorer.ts";

const style = { scale: 1, edgeShare: 0.02, nullShare: 0.05 };

for (const name of modelNames()) {
  test(`a desk scores ${name} as the scorer does`, () => {
    const bytes = readFixture(name);
    const scorer = openScorer(bytes);
    const outputs = outputsOf(scorer);
    if (outputs.length === 0 || !isForDesk(scorer, outputs)) return;
    const desk = openDesk(bytes, outputs);
    for (const [seed, rowCount] of [CHUNK_ROWS, 1, 1999, 512, CHUNK_ROWS].entries()) {
      const columns = randomColumns(scorer.columns, rowCount, random(seed), style);
      fill(desk, scorer, columns, rowCount);
      desk.score(rowCount);
      const actual = outputs.map((output, at) => ({
        name: output,
        width: 1,
        values: desk.outputs[at]!.slice(0, rowCount) as Float32Array,
      }));
      const expected = scorer.score(columns, rowCount, outputs);
      assert.deepEqual(differences({ outputs: actual, validity: null }, expected), []);
    }
    desk.close();
    scorer.close();
  });
}

test("text that a model does not just look up, and outputs that are not one number, are not for a desk", () => {
  assert.equal(isForDesk(openScorer(readFixture("logistic-iris-names")), ["label"]), false);
  const oracle = openScorer(readFixture("pipeline-logistic"), { engine: "onnxruntime" });
  assert.ok(oracle.columns.some(({ type }) => type === "string"));
  assert.equal(isForDesk(oracle, outputsOf(oracle)), false);
});

test("rows that never take most branches are scored by what is left of the model, others by all of it", () => {
  assertNarrows({});
});
