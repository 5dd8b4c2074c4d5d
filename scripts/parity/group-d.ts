// D. The Azure ML side: linking a Synapse workspace.

import { type Claim, works } from "./claim.ts";

const link = "packages/server/src/arm/resources/machine-learning/linked-service.test.ts";
const sdk = "tests/conformance/sdk.test.ts";

export const groupD: readonly Claim[] = [
  works({
    id: "D-01",
    what: "Both workspaces, a Spark pool, an SDK",
    evidence: "docs",
    witness: "tests/conformance/story.test.ts",
  }),
  works({
    id: "D-02",
    what: "SynapseWorkspaceLinkedServiceConfiguration, any group or subscription",
    evidence: "client",
    witness:
      "tests/clients/azureml-core.test.ts › runs the document's Python, signed in as its user in a browser",
  }),
  works({
    id: "D-03",
    what: "LinkedService.register needs an Owner of the Synapse workspace",
    evidence: "client",
    witness: `${link} › need an Owner of the Synapse workspace`,
  }),
  works({
    id: "D-04",
    what: "One identity per link, gone with it",
    evidence: "client",
    witness: `${link} › have one identity each`,
  }),
  works({
    id: "D-05",
    what: "The identity's Synapse Apache Spark Administrator role",
    evidence: "docs",
    note: "granted and kept; sessions that need it come later",
    witness:
      "tests/story/steps/machine-learning-link.ts › its identity becomes Synapse Apache Spark Administrator",
  }),
  works({ id: "D-06", what: "LinkedService.get", evidence: "client", witness: sdk }),
  works({ id: "D-07", what: "LinkedService.list", evidence: "client", witness: sdk }),
  works({
    id: "D-08",
    what: "unregister; attached pools that depend on the link keep it (409) unless asked to cascade",
    evidence: "inferred",
    witness: `${link} › stay while attached pools need them`,
  }),
  works({
    id: "D-09",
    what: "name, type, linked_service_resource_id, system_assigned_identity_principal_id",
    evidence: "client",
    witness: `${link} › are registered with 200 in both api-versions`,
  }),
  works({
    id: "D-10",
    what: "Studio: Add integration",
    evidence: "docs",
    witness:
      "tests/e2e/link-from-azure-ml.test.ts › The wizard links without Spark pools, and attaches nothing",
  }),
  works({
    id: "D-11",
    what: "Studio: Link workspace",
    evidence: "docs",
    witness:
      "tests/e2e/link-from-azure-ml.test.ts › The wizard links without Spark pools, and attaches nothing",
  }),
  works({
    id: "D-12",
    what: "Studio: Select Spark pools",
    evidence: "docs",
    witness:
      "tests/e2e/link-from-azure-ml.test.ts › The wizard links and attaches the pool that was selected",
  }),
  works({
    id: "D-13",
    what: "Studio: Review",
    evidence: "docs",
    witness:
      "tests/e2e/machine-learning.test.ts › The wizard links a workspace without Spark pools",
  }),
  works({
    id: "D-14",
    what: "One ARM template links and attaches",
    evidence: "docs",
    witness: "tests/conformance/deployment.test.ts › links and attaches with our own template",
  }),
  works({
    id: "D-15",
    what: "Output SaiPrincipalId",
    evidence: "docs",
    witness: "tests/conformance/deployment.test.ts › links and attaches with our own template",
  }),
  works({
    id: "D-16",
    what: "Contributor uses, Owner creates",
    evidence: "docs",
    witness:
      "tests/registry/resource-walk.test.ts › lets a Contributor write what does not need an Owner",
  }),
  works({
    id: "D-17",
    what: "The REST resource",
    evidence: "client",
    witness: `${link} › are registered with 200 in both api-versions`,
  }),
  works({
    id: "D-18",
    what: "Link details page",
    evidence: "docs",
    witness:
      "tests/e2e/machine-learning.test.ts › Pools are attached and detached from the link's page",
  }),
];
