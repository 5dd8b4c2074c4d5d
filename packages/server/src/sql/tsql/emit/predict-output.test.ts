// What PREDICT's WITH declares of a model's outputs holds for the rows (features.md G-14, G-18).
import { writeModel } from "../../../../../scoring/src/onnx/write-model.ts";
import { byColumns } from "../../../../../scoring/test/by-columns.ts";
import { readFixture } from "../../../../../scoring/test/fixture.ts";
import { testSqlCases } from "../tests/case.ts";

const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString("hex")}`;
const score = hex(
  writeModel({
    inputs: [{ name: "a", type: "float", shape: [-1, 1] }],
    outputs: [{ name: "score", type: "float", shape: [-1, 1] }],
    nodes: [{ op: "Mul", inputs: ["a", "two"], outputs: ["score"] }],
    initializers: { two: { dims: [1], floats: [2] } },
  }),
);
const label = hex(
  writeModel({
    inputs: [{ name: "s", type: "string", shape: [-1, 1] }],
    outputs: [{ name: "label", type: "string", shape: [-1, 1] }],
    nodes: [{ op: "Identity", inputs: ["s"], outputs: ["label"] }],
  }),
);
const whole = hex(
  writeModel({
    inputs: [{ name: "a", type: "float", shape: [-1, 1] }],
    outputs: [{ name: "sum", type: "float", shape: [1, 1] }],
    nodes: [{ op: "ReduceSum", inputs: ["a"], outputs: ["sum"] }],
  }),
);
const zipped = hex(byColumns(readFixture("logistic-iris-zipmap"), 4, "input"));

const predict = (model: string, outputs: string): string =>
  `FROM PREDICT(MODEL = ${model}, DATA = dbo.d AS d, RUNTIME = ONNX) WITH (${outputs}) AS p`;

testSqlCases(
  "PREDICT's outputs",
  [
    { sql: `SELECT p.score ${predict(score, "score real NOT NULL")} WHERE d.id = 1`, rows: "2" },
    {
      sql: `SELECT p.score ${predict(score, "score real NOT NULL")} WHERE d.id = 2`,
      error: 39051,
      message: "Output column 'score' is NOT NULL and got a NULL of the model.",
    },
    { sql: `SELECT p.label ${predict(label, "label varchar(3)")} WHERE d.id = 1`, rows: "one" },
    {
      sql: `SELECT p.label ${predict(label, "label varchar(2)")} WHERE d.id = 1`,
      error: 39051,
      message: "Output column 'label' is varchar(2), too short for a value of the model.",
    },
    {
      sql: `SELECT p.label + '|' ${predict(label, "label char(5)")} WHERE d.id = 1`,
      rows: "one  |",
    },
    { sql: `SELECT d.id ${predict(label, "label varchar(9)")} WHERE p.label = 'ONE'`, rows: "1" },
    {
      sql: `SELECT d.id ${predict(label, "label varchar(9) COLLATE Latin1_General_BIN2")} WHERE p.label = 'ONE'`,
      rows: [],
    },
    { sql: `SELECT d.id ${predict(label, "label varchar(9) COLLATE nonsense")}`, error: 448 },
    {
      sql: `WITH x AS (SELECT a AS c0, a AS c1, a AS c2, a AS c3 FROM dbo.d) SELECT p.output_label FROM PREDICT(MODEL = ${zipped}, DATA = x, RUNTIME = ONNX) WITH (output_label varchar(20), output_probability nvarchar(99)) AS p`,
      error: 39051,
      message: "Output column 'output_probability' is a sequence or a map which is not supported.",
    },
    { sql: `SELECT d.id ${predict(score, "score real DEFAULT 1")}`, error: 102 },
    {
      sql: `SELECT d.id ${predict(score, "score real PRIMARY KEY NONCLUSTERED NOT ENFORCED")}`,
      error: 102,
    },
    {
      sql: `SELECT p.sum ${predict(whole, "sum real")}`,
      error: 39051,
      message: "The model of PREDICT failed: Output 'sum' has shape [1,1] for 2 rows.",
    },
  ],
  [
    "CREATE TABLE dbo.d (id int NOT NULL, a real NULL, s varchar(20) NULL)",
    "INSERT dbo.d VALUES (1, 1, 'one'), (2, NULL, NULL)",
  ],
);
