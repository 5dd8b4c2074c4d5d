import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ScriptPlan, writeScript } from "./script.ts";

const plan: ScriptPlan = {
  kind: "procedure",
  object: { schema: "dbo", name: "predict_tip" },
  table: { schema: "dbo", name: "nyc_taxi" },
  modelTable: { schema: "dbo", name: "models" },
  modelId: "taxi_tip:1",
  inputs: [
    { input: "fareAmount", type: "real", column: { name: "fareAmount", type: "float" } },
    { input: "paymentType", type: "bigint", column: { name: "paymentType", type: "int" } },
    { input: "passengerCount", type: "bigint", column: { name: "passengerCount", type: "bigint" } },
    { input: "vendor", type: "varchar", column: { name: "vendorID", type: "nvarchar" } },
    { input: "hour", type: "bigint", column: { name: "startHour", type: "bigint" } },
  ],
  outputs: [{ output: "output_label", type: "bigint" }],
};

const scoring = `-- Select the input data and give its columns the names and types of the model's inputs.
WITH InputData AS
(
  SELECT
    CAST([fareAmount] AS [real]) AS [fareAmount],
    CAST([paymentType] AS [bigint]) AS [paymentType],
    [passengerCount],
    CAST([vendorID] AS [varchar](8000)) AS [vendor],
    [startHour] AS [hour]
  FROM [dbo].[nyc_taxi]
)
-- Score it with PREDICT.
SELECT *
FROM PREDICT
(
  MODEL = (SELECT [model] FROM [dbo].[models] WHERE [ID] = 'taxi_tip:1'),
  DATA = InputData,
  RUNTIME = ONNX
)
WITH ([output_label] [bigint])`;

describe("the generated script (features.md G-11, G-12)", () => {
  it("is a procedure, GO, and its execution", () => {
    assert.equal(
      writeScript(plan),
      `-- Create a stored procedure that scores the input data with the model.
CREATE PROCEDURE [dbo].[predict_tip]
AS
BEGIN

${scoring}

END
GO

-- Execute the stored procedure: all input columns and the predictions.
EXEC [dbo].[predict_tip]
`,
    );
  });

  it("is a view around the same query", () => {
    assert.equal(
      writeScript({ ...plan, kind: "view" }),
      `-- Create a view that scores the input data with the model.
CREATE VIEW [dbo].[predict_tip]
AS
${scoring}
GO

-- Read the view: all input columns and the predictions.
SELECT * FROM [dbo].[predict_tip]
`,
    );
  });

  const rows: [string, Partial<ScriptPlan>, string][] = [
    [
      "names with brackets",
      { object: { schema: "a]b", name: "c d" } },
      "CREATE PROCEDURE [a]]b].[c d]\n",
    ],
    [
      "columns with brackets",
      { inputs: [{ input: "a]", type: "real", column: { name: "b]", type: "float" } }] },
      "CAST([b]]] AS [real]) AS [a]]]",
    ],
    ["quotes in the model's name", { modelId: "it's:1" }, "WHERE [ID] = 'it''s:1')"],
    [
      "letters beyond ASCII in the model's name",
      { modelId: "prix_é:1" },
      "WHERE [ID] = N'prix_é:1')",
    ],
    [
      "several outputs, text among them",
      {
        outputs: [
          { output: "label", type: "varchar" },
          { output: "score", type: "real" },
        ],
      },
      "WITH ([label] [varchar](8000), [score] [real])",
    ],
    [
      "a column whose name differs in casing only",
      { inputs: [{ input: "Fare", type: "real", column: { name: "fare", type: "real" } }] },
      "    [fare] AS [Fare]\n",
    ],
  ];
  for (const [name, change, text] of rows) {
    it(`has ${name}`, () => {
      const script = writeScript({ ...plan, ...change });
      assert.ok(script.includes(text), script);
    });
  }
});
