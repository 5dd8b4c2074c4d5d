// G. SQL pool model scoring wizard and T-SQL PREDICT.

import { type Claim, later, refused, works } from "./claim.ts";

export const groupG: readonly Claim[] = [
  later({
    id: "G-01",
    what: "Register an ONNX model",
    evidence: "docs",
    note: "coming with the SQL pools",
  }),
  works({
    id: "G-02",
    what: "Load data into the dedicated pool with COPY INTO",
    evidence: "docs",
    witness:
      "tests/conformance/sql-pool.test.ts › loads the lake's files with a shared access signature",
  }),
  later({
    id: "G-03",
    what: "Open the wizard",
    evidence: "docs",
    note: "coming with the SQL pools",
  }),
  later({
    id: "G-04",
    what: "Step 1: choose workspace and model",
    evidence: "docs",
    note: "coming with the SQL pools",
  }),
  later({
    id: "G-05",
    what: "Step 2a: input mapping",
    evidence: "docs",
    note: "coming with the SQL pools",
  }),
  later({
    id: "G-06",
    what: "Step 2b: output mapping",
    evidence: "docs",
    note: "coming with the SQL pools",
  }),
  later({
    id: "G-07",
    what: "Step 3: store objects",
    evidence: "docs",
    note: "coming with the SQL pools",
  }),
  later({
    id: "G-08",
    what: "Deploy model and open script",
    evidence: "docs",
    note: "coming with the SQL pools",
  }),
  later({
    id: "G-09",
    what: "Model table's shape",
    evidence: "docs",
    note: "coming with the SQL pools",
  }),
  later({
    id: "G-10",
    what: "Redeploying the same model",
    evidence: "docs",
    note: "coming with the SQL pools",
  }),
  later({
    id: "G-11",
    what: "Generated procedure",
    evidence: "docs",
    note: "coming with the SQL pools",
  }),
  later({
    id: "G-12",
    what: "Generated view",
    evidence: "docs",
    note: "coming with the SQL pools",
  }),
  later({ id: "G-13", what: "Run", evidence: "docs", note: "coming with the SQL pools" }),
  works({
    id: "G-14",
    what: "PREDICT grammar",
    evidence: "docs",
    witness: "packages/server/src/sql/tsql/tests/predict.test.ts › PREDICT: ${row.title}",
    note: "an omitted RUNTIME is refused by name",
  }),
  works({
    id: "G-15",
    what: "MODEL forms",
    evidence: "docs",
    witness: "packages/server/src/sql/tsql/tests/predict.test.ts › a literal model",
  }),
  works({
    id: "G-16",
    what: "DATA forms",
    evidence: "docs",
    witness: "packages/server/src/sql/tsql/tests/predict.test.ts › a table-valued function",
  }),
  works({
    id: "G-17",
    what: "Input types",
    evidence: "docs",
    witness: "packages/server/src/sql/tsql/tests/predict.test.ts › an unsupported input type",
  }),
  works({
    id: "G-18",
    what: "Name and type matching",
    evidence: "docs",
    witness: "packages/server/src/sql/tsql/tests/predict.test.ts › an input of another type",
    note: "names and types are checked before a row is read",
  }),
  works({
    id: "G-19",
    what: "Pass-through columns",
    evidence: "docs",
    witness: "packages/server/src/sql/tsql/tests/predict.test.ts › pass-through columns",
  }),
  works({
    id: "G-20",
    what: "Persisting results",
    evidence: "docs",
    witness: "packages/server/src/sql/tsql/tests/predict.test.ts › SELECT INTO of scores",
  }),
  works({
    id: "G-21",
    what: "Manual model load",
    evidence: "docs",
    witness: "packages/server/src/sql/tsql/tests/copy.test.ts › a model as hexadecimal text",
    note: "PolyBase is refused",
  }),
  later({
    id: "G-22",
    what: "ONNX sourcing rules",
    evidence: "docs",
    note: "coming with the SQL pools",
  }),
  refused({
    id: "G-23",
    what: "Serverless pools refuse",
    evidence: "docs",
    note: "there are no serverless pools: their address is refused at login",
    witness:
      "packages/server/src/sql/front.test.ts › the address of a serverless pool is refused by its name",
  }),
  works({
    id: "G-24",
    what: "Permissions for PREDICT",
    evidence: "docs",
    witness:
      "tests/conformance/sql-pool.test.ts › scores for who may execute, and may read both the data and the models",
  }),
  works({
    id: "G-25",
    what: "INSERT with PREDICT",
    evidence: "docs",
    witness: "packages/server/src/sql/tsql/tests/predict.test.ts › INSERT of scores",
  }),
];
