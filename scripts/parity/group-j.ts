// J. Monitoring hubs, logs and audit.

import { type Claim, later, refused, works } from "./claim.ts";

export const groupJ: readonly Claim[] = [
  works({
    id: "J-01",
    what: "Synapse Monitor hub",
    evidence: "docs",
    note: "SQL requests; pipeline runs and Spark applications show the server's refusal by name",
    witness:
      "tests/e2e/synapse-manage.test.ts › Monitor shows SQL requests and names what is not run",
  }),
  later({
    id: "J-02",
    what: "Spark applications from Azure ML",
    evidence: "docs",
    note: "needs Spark",
  }),
  later({ id: "J-03", what: "Azure ML run history", evidence: "docs", note: "needs runs" }),
  later({ id: "J-04", what: "Synapse metrics", evidence: "docs", note: "needs runs" }),
  refused({
    id: "J-05",
    what: "Log categories and diagnostic settings",
    evidence: "docs",
    note: "diagnostic settings are refused by name",
  }),
  works({
    id: "J-06",
    what: "Audit: activity log of every write with principal, action, scope and outcome",
    evidence: "docs",
    witness: "tests/registry/activity-log.test.ts › has every write, refused ones included",
  }),
  later({ id: "J-07", what: "Azure ML logs", evidence: "docs", note: "needs runs" }),
  later({ id: "J-08", what: "Alerts", evidence: "docs", note: "needs metrics" }),
  later({
    id: "J-09",
    what: "Annotations and user properties in monitoring",
    evidence: "docs",
    note: "needs runs",
  }),
  later({ id: "J-10", what: "Secure input and output", evidence: "docs", note: "needs runs" }),
  works({
    id: "J-11",
    what: "Private endpoints' provisioning and approval",
    evidence: "recorded",
    witness:
      "packages/server/src/artifacts/private-endpoint/managed-private-endpoint.test.ts › begin provisioning, then wait for the target's owner",
  }),
];
