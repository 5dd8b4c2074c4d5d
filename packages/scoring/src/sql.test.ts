import assert from "node:assert/strict";
import { test } from "node:test";
import { readFixture } from "../test/fixture.ts";
import { writeModel } from "./onnx/write-model.ts";
import { openScorer } from "./scorer.ts";

test("a linear model is a sum in SQL", () => {
  const model = writeModel({
    inputs: [
      { name: "a", type: "float", shape: [-1, 1] },
      { name: "b", type: "float", shape: [-1, 1] },
    ],
    outputs: [{ name: "y", type: "float", shape: [-1, 1] }],
    nodes: [
      { op: "Concat", inputs: ["a", "b"], outputs: ["x"], attributes: { axis: { int: 1 } } },
      {
        op: "LinearRegressor",
        domain: "ai.onnx.ml",
        inputs: ["x"],
        outputs: ["y"],
        attributes: { coefficients: { floats: [2, -0.5] }, intercepts: { floats: [1] } },
      },
    ],
  });
  const scorer = openScorer(model);
  assert.equal(scorer.kind, "linear");
  assert.equal(
    scorer.toSql(["t.a", "t.b"], "y"),
    "CAST((t.a * CAST(2 AS FLOAT) + t.b * CAST(-0.5 AS FLOAT) + CAST(1 AS FLOAT)) AS FLOAT)",
  );
  assert.equal(scorer.toSql(["t.a", "t.b"], "other"), null);
});

test("a small tree is a CASE that sends NaN and NULL where the tree does", () => {
  const scorer = openScorer(readFixture("tree-diabetes"));
  const sql = scorer.toSql(
    scorer.columns.map((_, i) => `c${i}`),
    "variable",
  ) as string;
  assert.match(sql, /CASE WHEN \(c\d > CAST\(\S+ AS FLOAT\) OR c\d IS NULL\) THEN/);
});

for (const name of ["boosting-diabetes", "mlp-diabetes", "svm-iris", "pipeline-ridge"]) {
  test(`${name} has no small expression`, () => {
    const scorer = openScorer(readFixture(name));
    const columns = scorer.columns.map((_, i) => `c${i}`);
    for (const { name: output } of scorer.outputs)
      assert.equal(scorer.toSql(columns, output), null);
  });
}
