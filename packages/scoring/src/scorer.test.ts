import assert from "node:assert/strict";
import { test } from "node:test";
import { differences } from "../test/difference.ts";
import { modelNames, type RowStyle, randomColumns, readFixture } from "../test/fixture.ts";
import { random } from "../test/random.ts";
import { openScorer } from "./scorer.ts";

const styles: readonly (readonly [what: string, style: RowStyle])[] = [
  ["small numbers", { scale: 0.05, edgeShare: 0, nullShare: 0 }],
  ["numbers", { scale: 2, edgeShare: 0, nullShare: 0 }],
  ["large numbers", { scale: 20, edgeShare: 0, nullShare: 0 }],
  ["odd numbers", { scale: 1, edgeShare: 0.1, nullShare: 0 }],
  ["NULLs", { scale: 1, edgeShare: 0.02, nullShare: 0.2 }],
];

for (const name of modelNames()) {
  test(`${name} scores as ONNX Runtime does`, () => {
    const bytes = readFixture(name);
    const scorer = openScorer(bytes);
    const oracle = openScorer(bytes, { engine: "onnxruntime" });
    for (const [what, style] of styles) {
      const rowCount = 700;
      const columns = randomColumns(scorer.columns, rowCount, random(11), style);
      const actual = scorer.score(columns, rowCount);
      const expected = oracle.score(columns, rowCount);
      assert.deepEqual(actual.validity, expected.validity);
      assert.deepEqual(differences(actual, expected), [], `${what}, ${scorer.kind}`);
    }
    scorer.close();
    oracle.close();
  });
}
