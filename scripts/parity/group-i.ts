// I. AutoML and Cognitive wizards: secondary scope.

import { type Claim, later } from "./claim.ts";

export const groupI: readonly Claim[] = [
  later({ id: "I-01", what: "AutoML wizard: open", evidence: "docs", note: "secondary scope" }),
  later({
    id: "I-02",
    what: "AutoML: model type and experiment",
    evidence: "docs",
    note: "secondary scope",
  }),
  later({
    id: "I-03",
    what: "AutoML: settings and run",
    evidence: "docs",
    note: "secondary scope",
  }),
  later({
    id: "I-04",
    what: "Predict with a pretrained model",
    evidence: "docs",
    note: "secondary scope",
  }),
  later({ id: "I-05", what: "Sentiment panel", evidence: "docs", note: "secondary scope" }),
  later({ id: "I-06", what: "Anomaly panel", evidence: "docs", note: "secondary scope" }),
  later({ id: "I-07", what: "Cognitive set-up", evidence: "docs", note: "secondary scope" }),
  later({ id: "I-08", what: "Code-first AutoML", evidence: "docs", note: "secondary scope" }),
  later({
    id: "I-09",
    what: "SynapseML and MLlib training",
    evidence: "docs",
    note: "secondary scope",
  }),
];
