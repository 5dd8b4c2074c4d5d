// E. Spark pools from Azure ML: attach, sessions, steps, training.

import { type Claim, later, works } from "./claim.ts";

export const groupE: readonly Claim[] = [
  works({
    id: "E-01",
    what: "Attach a pool with SDK v1's shapes",
    evidence: "client",
    witness:
      "packages/server/src/arm/resources/machine-learning/compute.test.ts › with what every client reads",
  }),
  works({
    id: "E-02",
    what: "wait_for_completion",
    evidence: "client",
    witness:
      "packages/server/src/arm/resources/machine-learning/compute.test.ts › is readable at once on both paths",
  }),
  works({
    id: "E-03",
    what: "Attached computes are listed and read",
    evidence: "client",
    witness: "tests/conformance/arm-machinelearning.test.ts",
  }),
  works({
    id: "E-04",
    what: "Attach from the link's page",
    evidence: "docs",
    witness:
      "tests/e2e/machine-learning.test.ts › Pools are attached and detached from the link's page",
  }),
  works({
    id: "E-05",
    what: "Attach from the Compute page",
    evidence: "docs",
    witness:
      "tests/e2e/machine-learning.test.ts › Compute attaches a Synapse Spark pool with an identity that can be changed",
  }),
  works({
    id: "E-06",
    what: "az ml compute attach's shape, identity included",
    evidence: "docs",
    witness:
      "packages/server/src/arm/resources/machine-learning/compute.test.ts › with what every client reads",
  }),
  works({
    id: "E-07",
    what: "show, list, update, detach of the CLI's shapes",
    evidence: "docs",
    witness:
      "packages/server/src/arm/resources/machine-learning/compute.test.ts › change identity and tags, never the pool",
  }),
  works({
    id: "E-08",
    what: "SDK v2 SynapseSparkCompute",
    evidence: "client",
    witness:
      "tests/clients/azure-python.test.ts › azure-ai-ml attaches a Spark pool with an identity, reads, updates, lists and detaches it",
  }),
  works({
    id: "E-09",
    what: "Synapse Administrator at the pool for the compute's identity",
    evidence: "docs",
    witness:
      "packages/server/src/artifacts/access-control/access-control.test.ts › takes assignments at an item away with the item",
  }),
  works({
    id: "E-10",
    what: "Changing the identity of an attached pool",
    evidence: "docs",
    witness:
      "packages/server/src/arm/resources/machine-learning/compute.test.ts › change identity and tags, never the pool",
  }),
  works({
    id: "E-11",
    what: "Detach only; delete is refused",
    evidence: "client",
    witness:
      "packages/server/src/arm/resources/machine-learning/compute.test.ts › are detached only, and only when that is said",
  }),
  later({
    id: "E-12",
    what: "Installing the magics",
    evidence: "docs",
    note: "needs Spark sessions",
  }),
  later({ id: "E-13", what: "%synapse start", evidence: "docs", note: "needs Spark sessions" }),
  later({
    id: "E-14",
    what: "Workspace selection for start",
    evidence: "docs",
    note: "needs Spark sessions",
  }),
  later({ id: "E-15", what: "Sizing options", evidence: "docs", note: "needs Spark sessions" }),
  later({
    id: "E-16",
    what: "Session and start timeouts",
    evidence: "docs",
    note: "needs Spark sessions",
  }),
  later({
    id: "E-17",
    what: "Environment for a session",
    evidence: "docs",
    note: "needs Spark sessions",
  }),
  later({
    id: "E-18",
    what: "Extra Spark configuration",
    evidence: "docs",
    note: "needs Spark sessions",
  }),
  later({
    id: "E-19",
    what: "One session at a time",
    evidence: "docs",
    note: "needs Spark sessions",
  }),
  later({ id: "E-20", what: "Running code", evidence: "docs", note: "needs Spark sessions" }),
  later({ id: "E-21", what: "Session metadata", evidence: "docs", note: "needs Spark sessions" }),
  later({ id: "E-22", what: "Stop", evidence: "docs", note: "needs Spark sessions" }),
  later({ id: "E-23", what: "List and help", evidence: "docs", note: "needs Spark sessions" }),
  later({
    id: "E-24",
    what: "Reading by HDFS path",
    evidence: "docs",
    note: "needs Spark sessions",
  }),
  later({
    id: "E-25",
    what: "Reading a registered TabularDataset",
    evidence: "docs",
    note: "needs datasets",
  }),
  later({
    id: "E-26",
    what: "Writing prepared data",
    evidence: "docs",
    note: "needs Spark sessions",
  }),
  later({ id: "E-27", what: "The result as a dataset", evidence: "docs", note: "needs datasets" }),
  later({ id: "E-28", what: "ScriptRunConfig jobs", evidence: "docs", note: "needs jobs" }),
  later({ id: "E-29", what: "File and tabular inputs", evidence: "docs", note: "needs jobs" }),
  later({ id: "E-30", what: "Output as a dataset", evidence: "docs", note: "needs jobs" }),
  later({ id: "E-31", what: "SynapseSparkStep", evidence: "docs", note: "needs jobs" }),
  later({ id: "E-32", what: "Source upload", evidence: "docs", note: "needs jobs" }),
  later({ id: "E-33", what: "Argument binding", evidence: "docs", note: "needs jobs" }),
  later({ id: "E-34", what: "Chaining to a training step", evidence: "docs", note: "needs jobs" }),
  later({ id: "E-35", what: "Submitting a pipeline", evidence: "docs", note: "needs jobs" }),
  later({ id: "E-36", what: "Reuse of step results", evidence: "docs", note: "needs jobs" }),
  later({ id: "E-37", what: "Step logs", evidence: "docs", note: "needs jobs" }),
  later({ id: "E-38", what: "Scala jobs", evidence: "docs", note: "needs jobs" }),
  later({
    id: "E-39",
    what: "Training on Spark in the notebook",
    evidence: "docs",
    note: "needs Spark sessions",
  }),
  later({ id: "E-40", what: "SDK v2 Spark jobs", evidence: "OpenAPI", note: "needs jobs" }),
  later({ id: "E-41", what: "Spark job form", evidence: "docs", note: "studio" }),
  later({
    id: "E-42",
    what: "Spark component in a pipeline",
    evidence: "docs",
    note: "needs jobs",
  }),
  later({ id: "E-43", what: "Notebook on an attached pool", evidence: "docs", note: "studio" }),
  works({
    id: "E-44",
    what: "The Synapse lake from Azure ML: a datastore",
    evidence: "docs",
    witness:
      "packages/server/src/arm/resources/machine-learning/secret-holder.test.ts › datastores keep their secret sealed",
  }),
];
