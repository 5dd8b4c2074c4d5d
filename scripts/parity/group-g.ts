// G. SQL pool model scoring wizard and T-SQL PREDICT.

import { type Claim, later } from "./claim.ts";

export const groupG: readonly Claim[] = [
  later({
    id: "G-01",
    what: "Register an ONNX model",
    evidence: "docs",
    note: "coming with the SQL pools",
  }),
  later({
    id: "G-02",
    what: "Load data into the dedicated pool with COPY INTO",
    evidence: "docs",
    note: "coming with the SQL pools",
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
  later({
    id: "G-14",
    what: "PREDICT grammar",
    evidence: "docs",
    note: "coming with the SQL pools",
  }),
  later({ id: "G-15", what: "MODEL forms", evidence: "docs", note: "coming with the SQL pools" }),
  later({ id: "G-16", what: "DATA forms", evidence: "docs", note: "coming with the SQL pools" }),
  later({ id: "G-17", what: "Input types", evidence: "docs", note: "coming with the SQL pools" }),
  later({
    id: "G-18",
    what: "Name and type matching",
    evidence: "docs",
    note: "coming with the SQL pools",
  }),
  later({
    id: "G-19",
    what: "Pass-through columns",
    evidence: "docs",
    note: "coming with the SQL pools",
  }),
  later({
    id: "G-20",
    what: "Persisting results",
    evidence: "docs",
    note: "coming with the SQL pools",
  }),
  later({
    id: "G-21",
    what: "Manual model load",
    evidence: "docs",
    note: "coming with the SQL pools",
  }),
  later({
    id: "G-22",
    what: "ONNX sourcing rules",
    evidence: "docs",
    note: "coming with the SQL pools",
  }),
  later({
    id: "G-23",
    what: "Serverless pools refuse",
    evidence: "docs",
    note: "coming with the SQL pools",
  }),
  later({
    id: "G-24",
    what: "Permissions for PREDICT",
    evidence: "docs",
    note: "coming with the SQL pools",
  }),
  later({
    id: "G-25",
    what: "INSERT with PREDICT",
    evidence: "docs",
    note: "coming with the SQL pools",
  }),
];
