// C. Limitations, networking and runtimes.

import { type Claim, later, works } from "./claim.ts";

const art = "packages/server/src/artifacts";
const test = `${art}/test-connection/test-connection.test.ts`;
const endpoint = `${art}/private-endpoint/managed-private-endpoint.test.ts`;
const linked = `${art}/linked-service.test.ts`;

export const groupC: readonly Claim[] = [
  works({
    id: "C-01",
    what: "Data exfiltration protection refuses the link at save",
    evidence: "docs",
    witness: `${linked} › of Azure Machine Learning are refused with data exfiltration protection`,
  }),
  works({
    id: "C-02",
    what: "Managed network and protection are chosen once; linkable tenants change",
    evidence: "docs",
    witness:
      "packages/server/src/arm/resources/synapse/workspace.test.ts › let the tenants that may be linked change",
  }),
  works({
    id: "C-03",
    what: "A self-hosted runtime refuses the link at save",
    evidence: "docs",
    witness: `${linked} › fail through the operation's body, before anything is stored`,
  }),
  works({
    id: "C-04",
    what: "AutoResolveIntegrationRuntime is there by itself",
    evidence: "recorded",
    witness:
      "packages/server/src/arm/resources/synapse/integration-runtime.test.ts › include Azure's own one",
  }),
  works({
    id: "C-05",
    what: "Managed private endpoint to an Azure ML workspace",
    evidence: "recorded",
    witness: `${endpoint} › begin provisioning, then wait for the target's owner`,
  }),
  works({
    id: "C-06",
    what: "Approval by the target's owner, both states",
    evidence: "recorded",
    witness: `${endpoint} › are approved through the resource manager on the target`,
  }),
  works({
    id: "C-07",
    what: "A failed test leads to the missing endpoint",
    evidence: "docs",
    witness: `${test} › leads from a missing private endpoint through approval to a connection`,
  }),
  works({
    id: "C-08",
    what: "The workspace's own SQL endpoints",
    evidence: "recorded",
    witness: `${endpoint} › of the workspace's own SQL are listed first and stay`,
  }),
  later({
    id: "C-09",
    what: "Azure ML behind a network of its own",
    evidence: "docs",
    note: "endpoints and approval work; inbound networks are not simulated",
  }),
  later({
    id: "C-10",
    what: "Connectivity check from a Spark notebook",
    evidence: "docs",
    note: "needs notebooks",
  }),
  later({
    id: "C-11",
    what: "Spark 3.3 and 3.4: no MLflow tracking through the link",
    evidence: "docs",
    note: "needs notebooks",
  }),
  later({ id: "C-12", what: "Explicit tracking URI", evidence: "docs", note: "needs MLflow" }),
  later({
    id: "C-13",
    what: "MLflow tracking through the link",
    evidence: "docs",
    note: "needs MLflow",
  }),
  later({ id: "C-14", what: "Runtime facts", evidence: "docs", note: "needs Spark" }),
  later({
    id: "C-15",
    what: "Jobs on attached pools need public access",
    evidence: "docs",
    note: "needs jobs",
  }),
  works({
    id: "C-16",
    what: "New SDK v1 links are still made",
    evidence: "client",
    note: "Azure stopped that in 2022",
    witness:
      "packages/server/src/arm/resources/machine-learning/linked-service.test.ts › are registered with 200 in both api-versions",
  }),
];
