// Rows that keep to a part of a model's branches, chunk after chunk, and others among them.
import assert from "node:assert/strict";
import type { OutputColumn } from "../src/column.ts";
import { CHUNK_ROWS, type Desk, openDesk } from "../src/desk.ts";
import { openScorer, type Scorer } from "../src/scorer.ts";
import { fill, outputsOf } from "./desk-rows.ts";
import { random } from "./random.ts";
import { randomEnsemble } from "./random-ensemble.ts";
import { treeModel } from "./tree-model.ts";

/** Puts each column's values where the next one's would be, and says so, if the desk's model reads them anywhere. */
function fillElsewhere(desk: Desk, ...rest: [Scorer, Parameters<typeof fill>[2], number]): void {
  const [scorer, columns, rowCount] = rest;
  const { length } = columns;
  const targets = desk.columns.map((_, at) => desk.columns[(at + 1) % length] as Float32Array);
  for (const [at, place] of desk.places.entries()) {
    assert.ok(place, "the model reads its columns wherever they are");
    place[0] = (targets[at] as Float32Array).byteOffset;
  }
  fill({ ...desk, columns: targets }, scorer, columns, rowCount);
}

export function assertNarrows(options: { kernelsPath?: string }): void {
  const features = 6;
  const shape = { treeCount: 60, leafCount: 31, featureCount: features, thresholdCount: 100 };
  const rest = { targetCount: 1, equalShare: 0, nanRightShare: 0.5 };
  const ensemble = randomEnsemble({ ...shape, ...rest }, random(2));
  const modes = ["BRANCH_LEQ", "BRANCH_GT"] as const;
  const bytes = treeModel(ensemble, { featureCount: features, modes: [...modes] }, random(3));
  const scorer = openScorer(bytes);
  const desk = openDesk(bytes, outputsOf(scorer), options);
  const chance = random(7);
  const scoreLike = (values: { from: number; to: number; nanShare: number }) => {
    const rowCount = CHUNK_ROWS - chance.below(5);
    const columns = scorer.columns.map((_, at) => ({
      values: Float32Array.from({ length: rowCount }, () =>
        chance.next() < values.nanShare
          ? Number.NaN
          : at / 4 + values.from + (chance.below(101) / 100) * (values.to - values.from),
      ),
    }));
    const put = options.kernelsPath ? fillElsewhere : fill;
    put(desk, scorer, columns, rowCount);
    desk.score(rowCount);
    const expected = scorer.score(columns, rowCount).outputs[0] as OutputColumn;
    const scores = (desk.outputs[0] as Float32Array).subarray(0, rowCount);
    assert.deepEqual([...scores], [...(expected.values as Float32Array)]);
  };
  const few = { from: 0.4, to: 0.6, nanShare: 0 };
  // What an engine scores without JavaScript counts.
  for (let chunk = 0; chunk < 300; chunk += 1) {
    if (desk.direct && desk.budget[0]) desk.budget[0] -= 1;
    else scoreLike(few);
  }
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
}
