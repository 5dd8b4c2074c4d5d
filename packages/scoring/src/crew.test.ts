import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { differences } from "../test/difference.ts";
import { modelNames, randomColumns, readFixture } from "../test/fixture.ts";
import { random } from "../test/random.ts";
import { randomEnsemble } from "../test/random-ensemble.ts";
import { treeModel } from "../test/tree-model.ts";
import { isValid, type OutputColumn } from "./column.ts";
import { CHUNK_ROWS, type CrewChunk, type CrewScorer, openCrew } from "./crew.ts";
import { DESKS } from "./crew-model.ts";
import { blocksOf } from "./crew-queue.ts";
import { openScorer, type Scorer } from "./scorer.ts";
import type { NumericVector } from "./vector.ts";

const crew = openCrew({ sharedMsMin: 0, turnMs: 0, rowsBeforeHelp: 0 });
after(() => crew.close());

before(async () => {
  const bytes = readFixture("boosting-diabetes");
  const together = crew.open(bytes, openScorer(bytes), ["variable"]) as CrewScorer;
  while (crew.helpers().ready < 3) {
    scoreChunk(together, CHUNK_ROWS, 3);
    await setImmediate();
  }
  together.close();
});

const style = { scale: 1, edgeShare: 0.02, nullShare: 0.05 };

/** The outputs that are one number per row. */
function outputsOf(scorer: Scorer): string[] {
  return scorer.outputs
    .filter(({ width, type }) => width === 1 && type !== "string")
    .map(({ name }) => name);
}

type Columns = ReturnType<typeof randomColumns>;

/** As a caller fills a chunk's columns: NaN for a NULL float, places for texts. */
function fill(chunk: CrewChunk, scorer: Scorer, columns: Columns, rowCount: number): void {
  chunk.columns.forEach((target, at) => {
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

function collect(chunk: CrewChunk, rowCount: number): NumericVector[] {
  const scores = chunk.collect().map((values) => values.slice(0, rowCount) as NumericVector);
  chunk.release();
  return scores;
}

/** One chunk at a time. */
function scoreChunk(
  together: CrewScorer,
  rowCount: number,
  helpers: number,
  prepare: (chunk: CrewChunk) => void = () => {},
): NumericVector[] {
  const chunk = together.take();
  prepare(chunk);
  chunk.submit(rowCount, helpers);
  return collect(chunk, rowCount);
}

for (const name of modelNames()) {
  test(`a crew scores ${name} as one scorer does, however many help`, () => {
    const bytes = readFixture(name);
    const scorer = openScorer(bytes);
    const outputs = outputsOf(scorer);
    const together = outputs.length > 0 ? crew.open(bytes, scorer, outputs) : null;
    if (!together) return;
    const before = crew.helpers().blocks;
    // Until somebody has helped; the odd ones end inside a block.
    for (let chunk = 0; chunk < 12 || crew.helpers().blocks === before; chunk += 1) {
      const rowCount = chunk % 3 === 0 ? CHUNK_ROWS - 7 * (chunk % 100) : CHUNK_ROWS;
      const columns = randomColumns(scorer.columns, rowCount, random(chunk), style);
      const scores = scoreChunk(together, rowCount, chunk % 4, (room) =>
        fill(room, scorer, columns, rowCount),
      );
      const expected = scorer.score(columns, rowCount, outputs);
      const actual = outputs.map((output, at) => ({
        name: output,
        width: 1,
        values: scores[at] as Float32Array,
      }));
      assert.deepEqual(differences({ outputs: actual, validity: null }, expected), []);
    }
    together.close();
    scorer.close();
  });
}

test("a model that is closed is forgotten by the helpers, and the next one is scored right", () => {
  for (const name of ["boosting-diabetes", "tree-diabetes", "boosting-diabetes"]) {
    const bytes = readFixture(name);
    const scorer = openScorer(bytes);
    const together = crew.open(bytes, scorer, ["variable"]) as CrewScorer;
    const columns = randomColumns(scorer.columns, CHUNK_ROWS, random(1), style);
    const [values] = scoreChunk(together, CHUNK_ROWS, 3, (room) =>
      fill(room, scorer, columns, CHUNK_ROWS),
    ) as [Float32Array];
    const actual = { outputs: [{ name: "variable", width: 1, values }], validity: null };
    assert.deepEqual(differences(actual, scorer.score(columns, CHUNK_ROWS)), []);
    together.close();
  }
});

test("text that a model does not just look up, and outputs that are not one number, are not for a crew", () => {
  const names = readFixture("logistic-iris-names");
  const scorer = openScorer(names);
  assert.equal(crew.open(names, scorer, ["label"]), null);
  const bytes = readFixture("pipeline-logistic");
  const oracle = openScorer(bytes, { engine: "onnxruntime" });
  assert.ok(oracle.columns.some(({ type }) => type === "string"));
  assert.equal(crew.open(bytes, oracle, outputsOf(oracle)), null);
});

test("rows that never take most branches are scored by what is left of the model, others by all of it", () => {
  const features = 6;
  const shape = { treeCount: 60, leafCount: 31, featureCount: features, thresholdCount: 100 };
  const rest = { targetCount: 1, equalShare: 0, nanRightShare: 0.5 };
  const ensemble = randomEnsemble({ ...shape, ...rest }, random(2));
  const modes = ["BRANCH_LEQ", "BRANCH_GT"] as const;
  const bytes = treeModel(ensemble, { featureCount: features, modes: [...modes] }, random(3));
  const scorer = openScorer(bytes);
  const output = scorer.outputs[0]?.name as string;
  const together = crew.open(bytes, scorer, [output]) as CrewScorer;
  const chance = random(7);
  const scoreLike = (style: { from: number; to: number; nanShare: number }) => {
    const rowCount = CHUNK_ROWS - chance.below(5);
    const columns = scorer.columns.map(() => ({
      values: Float32Array.from({ length: rowCount }, () =>
        chance.next() < style.nanShare
          ? Number.NaN
          : style.from + chance.next() * (style.to - style.from),
      ),
    }));
    const [scores] = scoreChunk(together, rowCount, 3, (room) =>
      fill(room, scorer, columns, rowCount),
    ) as [Float32Array];
    const expected = scorer.score(columns, rowCount).outputs[0] as OutputColumn;
    assert.deepEqual([...scores], [...(expected.values as Float32Array)]);
  };
  const few = { from: 0.4, to: 0.6, nanShare: 0 };
  for (let chunk = 0; chunk < 80; chunk += 1) scoreLike(few);
  const narrow = together.splits();
  assert.ok(narrow < 0.7 * scorer.splits, `${narrow} of ${scorer.splits} splits`);
  scoreLike({ ...few, nanShare: 0.1 });
  scoreLike({ ...few, to: 3 });
  scoreLike(few);
  assert.equal(together.splits(), narrow);
  for (let chunk = 0; chunk < 150; chunk += 1) scoreLike({ from: -3, to: 3, nanShare: 0.1 });
  assert.equal(together.splits(), scorer.splits);
  for (let chunk = 0; chunk < 100; chunk += 1) scoreLike({ from: 1, to: 1.1, nanShare: 0 });
  assert.ok(together.splits() < 0.7 * scorer.splits);
  together.close();
});

test("chunks in flight are collected in any order, even after their model was closed", async () => {
  const bytes = readFixture("boosting-diabetes");
  const scorer = openScorer(bytes);
  const together = crew.open(bytes, scorer, ["variable"]) as CrewScorer;
  // Nobody helps before it is known what a chunk takes.
  scoreChunk(together, CHUNK_ROWS, 3);
  const before = crew.helpers().blocks;
  const chunks = Array.from({ length: 80 }, (_, seed) => {
    const rowCount = CHUNK_ROWS - seed;
    const columns = randomColumns(scorer.columns, rowCount, random(seed), style);
    const chunk = together.take();
    fill(chunk, scorer, columns, rowCount);
    chunk.submit(rowCount, 3);
    return { chunk, columns, rowCount };
  });
  // As many as wait at once are scored by others; the rest is when it is collected.
  const waiting = DESKS * blocksOf(CHUNK_ROWS);
  while (crew.helpers().blocks - before < waiting) await setImmediate();
  const check = ({ chunk, columns, rowCount }: (typeof chunks)[number]): void => {
    const [values] = collect(chunk, rowCount) as [Float32Array];
    const actual = { outputs: [{ name: "variable", width: 1, values }], validity: null };
    assert.deepEqual(differences(actual, scorer.score(columns, rowCount)), []);
  };
  chunks.filter((_, at) => at % 3 === 1).forEach(check);
  together.close();
  chunks
    .filter((_, at) => at % 3 !== 1)
    .reverse()
    .forEach(check);
  assert.equal(crew.helpers().blocks - before, waiting);
});
