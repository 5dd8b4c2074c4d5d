// G. SQL pool model scoring wizard and T-SQL PREDICT.

import { type Claim, works } from "./claim.ts";

export const groupG: readonly Claim[] = [
  works({
    id: "G-01",
    what: "Register an ONNX model, MLflow format with signature",
    evidence: "docs",
    witness: "tests/conformance/model-scoring.test.ts › lists the ONNX models of linked workspaces",
  }),
  works({
    id: "G-02",
    what: "Load data with COPY INTO from the lake",
    evidence: "docs",
    witness: "tests/conformance/sql-pool.test.ts › loads them as the Entra principal that asks",
  }),
  works({
    id: "G-03",
    what: "Open the wizard from a table's menu",
    evidence: "docs",
    witness:
      "tests/e2e/synapse-data.test.ts › Predict with a model leads from a table's menu to scored rows",
  }),
  works({
    id: "G-04",
    what: "Step 1: linked workspaces and their ONNX models",
    evidence: "docs",
    witness: "tests/conformance/model-scoring.test.ts › lists the ONNX models of linked workspaces",
  }),
  works({
    id: "G-05",
    what: "Step 2a: columns mapped by signature, choices above all",
    evidence: "docs",
    witness:
      "packages/server/src/wizard/mapping.test.ts › by similar names when the signature is populated",
  }),
  works({
    id: "G-06",
    what: "Step 2b: outputs; extra ones are left out and named",
    evidence: "docs",
    witness: "packages/server/src/wizard/mapping.test.ts › extra outputs are left out and named",
  }),
  works({
    id: "G-07",
    what: "Step 3: procedure or view, existing or new model table",
    evidence: "docs",
    witness:
      "tests/conformance/model-scoring.test.ts › deploys only into a table that exists or is asked for",
  }),
  works({
    id: "G-08",
    what: "Deploy the model and show the script",
    evidence: "docs",
    witness: "tests/conformance/score.test.ts › copies the model, and prints the script alone",
  }),
  works({
    id: "G-09",
    what: "The model table's shape",
    evidence: "docs",
    witness:
      "packages/server/src/wizard/model-table.test.ts › is made as the product's sample makes it",
  }),
  works({
    id: "G-10",
    what: "Redeploying replaces the row of name:version",
    evidence: "inferred",
    witness:
      "tests/conformance/model-scoring.test.ts › replaces the row when the same version is deployed again",
  }),
  works({
    id: "G-11",
    what: "The generated procedure",
    evidence: "docs",
    witness: "packages/server/src/wizard/script.test.ts › is a procedure, GO, and its execution",
  }),
  works({
    id: "G-12",
    what: "The generated view",
    evidence: "docs",
    witness: "packages/server/src/wizard/script.test.ts › is a view around the same query",
  }),
  works({
    id: "G-13",
    what: "The script runs unchanged",
    evidence: "docs",
    witness:
      "tests/conformance/model-scoring.test.ts › deploys, and the generated procedure runs unchanged and agrees with the Python model",
  }),
  works({
    id: "G-14",
    what: "PREDICT's grammar, RUNTIME = ONNX required",
    evidence: "docs",
    witness: "packages/server/src/sql/tsql/tests/predict.test.ts › RUNTIME is required",
  }),
  works({
    id: "G-15",
    what: "MODEL as literal, variable, scalar subquery",
    evidence: "docs",
    witness: "packages/server/src/sql/tsql/tests/predict.test.ts › a literal model",
  }),
  works({
    id: "G-16",
    what: "DATA as table, view, CTE, table function, temp table",
    evidence: "docs",
    witness: "packages/server/src/sql/tsql/tests/predict.test.ts › a table-valued function",
  }),
  works({
    id: "G-17",
    what: "Input types; tensors are refused",
    evidence: "docs",
    witness: "packages/server/src/sql/tsql/tests/predict.test.ts › a tensor input",
  }),
  works({
    id: "G-18",
    what: "Names and types are matched before any row is read",
    evidence: "docs",
    witness: "packages/server/src/sql/tsql/tests/predict.test.ts › a missing input",
  }),
  works({
    id: "G-19",
    what: "Pass-through columns",
    evidence: "docs",
    witness: "packages/server/src/sql/tsql/tests/predict.test.ts › pass-through columns",
  }),
  works({
    id: "G-20",
    what: "Persisting results: INSERT, SELECT INTO, MERGE",
    evidence: "docs",
    witness: "packages/server/src/sql/tsql/tests/predict.test.ts › MERGE of scores",
  }),
  works({
    id: "G-21",
    what: "Loading a model by hand, as a hexadecimal string",
    evidence: "docs",
    witness: "packages/server/src/sql/tsql/tests/copy.test.ts",
  }),
  works({
    id: "G-22",
    what: "Models come from outside: converters' ONNX files",
    evidence: "docs",
    witness: "packages/scoring/src/scorer.test.ts",
  }),
  works({
    id: "G-23",
    what: "Serverless pools refuse PREDICT",
    evidence: "docs",
    witness:
      "packages/server/src/sql/tsql/tests/openrowset.test.ts › PREDICT in a serverless SQL pool",
  }),
  works({
    id: "G-24",
    what: "Rights: SELECT on data and model table",
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
