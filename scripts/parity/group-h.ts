// H. Spark PREDICT and MLflow in Synapse Spark.

import { type Claim, later } from "./claim.ts";

export const groupH: readonly Claim[] = [
  later({ id: "H-01", what: "Prerequisites", evidence: "docs", note: "needs Spark" }),
  later({ id: "H-02", what: "Model sources", evidence: "docs", note: "needs Spark" }),
  later({ id: "H-03", what: "aml:// model URI", evidence: "docs", note: "needs Spark" }),
  later({ id: "H-04", what: "Service principal in code", evidence: "docs", note: "needs Spark" }),
  later({ id: "H-05", what: "Through the linked service", evidence: "docs", note: "needs Spark" }),
  later({
    id: "H-06",
    what: "Default lake without authentication",
    evidence: "docs",
    note: "needs Spark",
  }),
  later({
    id: "H-07",
    what: "spark.synapse.ml.predict.enabled",
    evidence: "docs",
    note: "needs Spark",
  }),
  later({ id: "H-08", what: "bind_model", evidence: "docs", note: "needs Spark" }),
  later({ id: "H-09", what: "Scoring by SQL", evidence: "docs", note: "needs Spark" }),
  later({ id: "H-10", what: "Scoring by UDF", evidence: "docs", note: "needs Spark" }),
  later({ id: "H-11", what: "Scoring by Transformer", evidence: "docs", note: "needs Spark" }),
  later({ id: "H-12", what: "End-to-end sklearn sample", evidence: "docs", note: "needs Spark" }),
  later({ id: "H-13", what: "MLflow experiment tracking", evidence: "docs", note: "needs Spark" }),
];
