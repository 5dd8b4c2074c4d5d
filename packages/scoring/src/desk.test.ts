import assert from "node:assert/strict";
import { test } from "node:test";
import { differences } from "../test/difference.ts";
import { modelNames, randomColumns, readFixture } from "../test/fixture.ts";
import { random } from "../test/random.ts";
import { randomEnsemble } from "../test/random-ensemble.ts";
import { treeModel } from "../test/tree-model.ts";
import { isValid, type OutputColumn } from "./column.ts";
import { CHUNK_ROWS, type Desk, isForDesk, openDesk } from "./desk.ts";
import { openScorer, type Scorer } from "./scorer.ts";

const style = { scale: 1, edgeShare: 0.02, nullShare: 0.05 };

/** The outputs that are one number per row. */
function outputsOf(scorer: Scorer): string[] {
  return scorer.outputs
    .filter(({ width, type }) => width === 1 && type !== "string")
    .map(({ name }) => name);
}

type Columns = ReturnType<typeof randomColumns>;

/** As a caller fills a desk's columns: NaN for a NULL float, places for texts. */
function fill(desk: Desk, scorer: Scorer, columns: Columns, rowCount: number): void {
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
  const features = 6;
  const shape = { treeCount: 60, leafCount: 31, featureCount: features, thresholdCount: 100 };
  const rest = { targetCount: 1, equalShare: 0, nanRightShare: 0.5 };
  const ensemble = randomEnsemble({ ...shape, ...rest }, random(2));
  const modes = ["BRANCH_LEQ", "BRANCH_GT"] as const;
  const bytes = treeModel(ensemble, { featureCount: features, modes: [...modes] }, random(3));
  const scorer = openScorer(bytes);
  const desk = openDesk(bytes, outputsOf(scorer));
  const chance = random(7);
  const scoreLike = (values: { from: number; to: number; nanShare: number }) => {
    const rowCount = CHUNK_ROWS - chance.below(5);
    const columns = scorer.columns.map(() => ({
      values: Float32Array.from({ length: rowCount }, () =>
        chance.next() < values.nanShare
          ? Number.NaN
          : values.from + (chance.below(101) / 100) * (values.to - values.from),
      ),
    }));
    fill(desk, scorer, columns, rowCount);
    desk.score(rowCount);
    const expected = scorer.score(columns, rowCount).outputs[0] as OutputColumn;
    const scores = (desk.outputs[0] as Float32Array).subarray(0, rowCount);
    assert.deepEqual([...scores], [...(expected.values as Float32Array)]);
  };
  const few = { from: 0.4, to: 0.6, nanShare: 0 };
  for (let chunk = 0; chunk < 300; chunk += 1) scoreLike(few);
  const narrow = desk.splits();
  assert.ok(narrow < 0.7 * scorer.splits, `${narrow} of ${scorer.splits} splits`);
  for (const others of [
    { ...few, nanShare: 0.1 },
    { ...few, to: 3 },
  ]) {
    scoreLike(others);
    assert.equal(desk.splits(), scorer.splits);
  }
  scoreLike(few);
  assert.equal(desk.splits(), narrow);
  for (let chunk = 0; chunk < 320; chunk += 1) scoreLike({ from: -3, to: 3, nanShare: 0.1 });
  assert.equal(desk.splits(), scorer.splits);
  for (let chunk = 0; chunk < 320; chunk += 1) scoreLike({ from: 1, to: 1.1, nanShare: 0 });
  assert.ok(desk.splits() < 0.7 * scorer.splits);
  desk.close();
});
