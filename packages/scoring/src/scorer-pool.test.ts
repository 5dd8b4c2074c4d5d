import assert from "node:assert/strict";
import { test } from "node:test";
import { differences } from "../test/difference.ts";
import { randomColumns, readFixture } from "../test/fixture.ts";
import { random } from "../test/random.ts";
import { openScorer } from "./scorer.ts";
import { openScorerPool } from "./scorer-pool.ts";

const ROWS = 40_000;
const style = { scale: 1, edgeShare: 0.02, nullShare: 0.05 };

for (const name of [
  "lightgbm-diabetes",
  "pipeline-logistic",
  "mlp-iris-tanh",
  "svm-iris",
  "boosting-iris",
]) {
  test(`a pool scores ${name} as one scorer does`, async () => {
    const bytes = readFixture(name);
    const scorer = openScorer(bytes);
    const pool = await openScorerPool(bytes, { threads: 3 });
    const columns = randomColumns(scorer.columns, ROWS, random(5), style);
    const expected = scorer.score(columns, ROWS);
    const [first, second] = await Promise.all([
      pool.score(columns, ROWS),
      pool.score(columns, ROWS),
    ]);
    assert.deepEqual(differences(first, expected), []);
    assert.deepEqual(differences(second, expected), []);
    assert.deepEqual(first.validity, expected.validity);
    await pool.close();
  });
}

test("a pool scores columns in its own memory, also after that has grown", async () => {
  const bytes = readFixture("boosting-diabetes");
  const scorer = openScorer(bytes);
  const pool = await openScorerPool(bytes, { threads: 2 });
  for (const rowCount of [1000, 50_000, 200_001]) {
    const columns = randomColumns(scorer.columns, rowCount, random(rowCount), {
      ...style,
      nullShare: 0,
    });
    const own = columns.map(({ values }) => {
      const copy = pool.allocate("float", rowCount) as Float32Array;
      copy.set(values as Float32Array);
      return { values: copy };
    });
    assert.deepEqual(
      differences(await pool.score(own, rowCount), scorer.score(columns, rowCount)),
      [],
    );
    for (const { values } of own) pool.release(values);
  }
  const released = pool.allocate("float", 77);
  pool.release(released);
  assert.equal(pool.allocate("float", 77).byteOffset, released.byteOffset);
  await pool.close();
});

test("a pool refuses a column of another type by name", async () => {
  const pool = await openScorerPool(readFixture("tree-iris"), { threads: 1 });
  const columns = pool.columns.map(() => ({ values: new Float64Array(3) }));
  assert.throws(() => void pool.score(columns, 3), {
    code: "InvalidColumn",
    message: /'input\[2\]'|'input'/,
  });
  await pool.close();
});

test("a closed pool rejects", async () => {
  const pool = await openScorerPool(readFixture("tree-iris"), { threads: 1 });
  const columns = pool.columns.map(() => ({ values: new Float32Array(3) }));
  await pool.close();
  await assert.rejects(pool.score(columns, 3), /ended/);
});

test("no rows give empty outputs", async () => {
  const pool = await openScorerPool(readFixture("boosting-iris"), { threads: 2 });
  const columns = pool.columns.map(() => ({ values: new Float32Array(0) }));
  const { outputs } = await pool.score(columns, 0);
  assert.deepEqual(
    outputs.map(({ name, values }) => [name, values.length]),
    [
      ["label", 0],
      ["probabilities", 0],
    ],
  );
  await pool.close();
});

test("scores go into the vectors that the caller gives, if they fit", async () => {
  const bytes = readFixture("boosting-diabetes");
  const scorer = openScorer(bytes);
  const pool = await openScorerPool(bytes, { threads: 2 });
  const columns = randomColumns(scorer.columns, 9000, random(1), style);
  const into = pool.allocate("float", 10_000) as Float32Array;
  const result = await pool.score(columns, 9000, ["variable"], [into]);
  const values = result.outputs[0]?.values as Float32Array;
  assert.equal(values.byteOffset, into.byteOffset);
  assert.deepEqual(differences(result, scorer.score(columns, 9000)), []);
  const small = pool.allocate("float", 10) as Float32Array;
  const refused = pool.score(columns, 9000, ["variable"], [small]);
  await assert.rejects(refused, { message: /needs 9000 shared float values/ });
  await pool.close();
});
