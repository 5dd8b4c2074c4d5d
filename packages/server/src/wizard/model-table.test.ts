import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RegisteredModel } from "@callosum/contract/model-registry.ts";
import { modelRow, shapeProblems, writeModelRow, writeModelTable } from "./model-table.ts";

const table = { schema: "dbo", name: "models" };

describe("the model table (features.md G-09)", () => {
  it("is made as the product's sample makes it", () => {
    assert.equal(
      writeModelTable(table),
      `CREATE TABLE [dbo].[models]
(
  [ID] [nvarchar](1024) NOT NULL,
  [name] [nvarchar](1024) NOT NULL,
  [description] [nvarchar](1024) NULL,
  [version] [int] NULL,
  [created_time] [datetime2](7) NULL,
  [created_by] [nvarchar](128) NULL,
  [framework] [nvarchar](64) NULL,
  [model] [varbinary](max) NOT NULL,
  [inputs_schema] [nvarchar](max) NULL,
  [outputs_schema] [nvarchar](max) NULL
)
WITH
(
  DISTRIBUTION = REPLICATE,
  HEAP
)
`,
    );
  });

  const whole = [...writeModelTable(table).matchAll(/\[(\w+)\] \[(\w+)\]/g)].map(
    ([, name = "", type = ""]) => ({ name, type }),
  );

  it("fits when it has the columns, in any casing and order, and more", () => {
    const found = [...whole]
      .reverse()
      .map(({ name, type }) => ({ name: name.toUpperCase(), type }));
    assert.deepEqual(shapeProblems([...found, { name: "note", type: "nvarchar" }]), []);
  });

  it("does not fit when one is missing or another type, by name", () => {
    assert.equal(whole.length, 10);
    for (const { name, type } of whole) {
      const without = whole.filter((column) => column.name !== name);
      assert.deepEqual(shapeProblems(without), [`the column '${name}' is missing`]);
      const other = whole.map((column) => (column.name === name ? { name, type: "date" } : column));
      assert.deepEqual(shapeProblems(other), [`the column '${name}' is date and not ${type}`]);
    }
  });

  it("replaces the row of the id", () => {
    assert.equal(
      writeModelRow({ schema: "ml", name: "m]x" }),
      `IF EXISTS (SELECT 1 FROM [ml].[m]]x] WHERE [ID] = @ID) DELETE FROM [ml].[m]]x] WHERE [ID] = @ID;
INSERT INTO [ml].[m]]x] ([ID], [name], [description], [version], [created_time], [created_by], [framework], [model], [inputs_schema], [outputs_schema]) VALUES (@ID, @name, @description, @version, @created_time, @created_by, @framework, @model, @inputs_schema, @outputs_schema);`,
    );
  });

  const model: RegisteredModel = {
    id: "",
    workspaceId: "",
    name: "tip",
    version: "12",
    modelType: "custom_model",
    description: "d".repeat(2000),
    createdAt: "2026-01-02T03:04:05.678Z",
    createdBy: "b".repeat(200),
    framework: "Onnx",
    isArchived: false,
    tags: {},
    length: 3,
    mlflow: undefined,
    onnx: {
      path: "m.onnx",
      framework: "Onnx",
      inputs: [{ name: "x", element: "float", kind: "tensor", shape: [null, 1] }],
      outputs: [{ name: "y", element: "int64", kind: "tensor", shape: null }],
    },
  };

  it("a row has what the model says, cut to the columns", () => {
    const bytes = new Uint8Array([1, 2, 3]);
    const row = Object.fromEntries(modelRow(model, bytes).map(({ name, value }) => [name, value]));
    assert.deepEqual(row, {
      ID: "tip:12",
      name: "tip",
      description: "d".repeat(1024),
      version: 12,
      created_time: "2026-01-02T03:04:05.678",
      created_by: "b".repeat(128),
      framework: "Onnx",
      model: bytes,
      inputs_schema: '[{"name":"x","type":"real","shape":[null,1]}]',
      outputs_schema: '[{"name":"y","type":"bigint","shape":null}]',
    });
  });

  it("a version that is no number is none in the column of numbers", () => {
    const row = modelRow({ ...model, version: "beta" }, new Uint8Array());
    assert.equal(row.find(({ name }) => name === "version")?.value, null);
    assert.equal(row[0]?.value, "tip:beta");
  });
});
