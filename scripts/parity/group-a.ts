// A. The linked service of type AzureMLService in a Synapse workspace.

import { type Claim, later, refused, works } from "./claim.ts";

const art = "packages/server/src/artifacts";
const linked = `${art}/linked-service.test.ts`;
const test = `${art}/test-connection/test-connection.test.ts`;

export const groupA: readonly Claim[] = [
  works({
    id: "A-01",
    what: "The tile that starts a new Azure Machine Learning linked service",
    evidence: "docs",
    witness:
      "tests/e2e/link-from-synapse.test.ts › By the workspace's managed identity: role first, then the form",
  }),
  works({
    id: "A-02",
    what: "The form's common fields",
    evidence: "docs",
    witness:
      "tests/e2e/synapse-linked-service.test.ts › Parameters and dynamic contents are written in the form",
  }),
  works({
    id: "A-03",
    what: "Managed identity of the workspace as authentication",
    evidence: "client",
    witness: `${test} › names the true cause of every broken link`,
  }),
  works({
    id: "A-04",
    what: "Service principal with client id, secret and tenant",
    evidence: "OpenAPI",
    witness: `${test} › names the true cause of every broken link`,
  }),
  works({
    id: "A-05",
    what: "An inline secret is write-only and sealed",
    evidence: "inferred",
    witness: `${linked} › give no secret back and keep it sealed`,
  }),
  works({
    id: "A-06",
    what: "A secret from Key Vault, latest or pinned, read when tested",
    evidence: "docs",
    witness: `${test} › names the true cause of every broken link`,
  }),
  works({
    id: "A-07",
    what: "The Key Vault linked service that it is taken from, with its own test",
    evidence: "docs",
    witness: `${art}/test-connection/store-connection.test.ts`,
  }),
  works({
    id: "A-08",
    what: "Test Connection",
    evidence: "docs",
    note: "Azure's shape plus a verdict hop by hop; the studio's own URL is not public",
    witness: `${test} › names the true cause of every broken link`,
  }),
  works({
    id: "A-09",
    what: "Saving does not need a passing test",
    evidence: "docs",
    witness: `${linked} › of every listed type are stored and come back`,
  }),
  works({
    id: "A-10",
    what: "Publishing needs linkedServices/write",
    evidence: "recorded",
    note: "every PUT publishes; there is no draft",
    witness: `${art}/artifact.test.ts › ask Synapse RBAC on every call`,
  }),
  works({
    id: "A-11",
    what: "The JSON contract, expressions included",
    evidence: "OpenAPI",
    witness: `${art}/bad-input.test.ts › of every connector too`,
  }),
  refused({
    id: "A-12",
    what: "Git mode",
    evidence: "docs",
    note: "the workspace's repository configuration is refused by name; callosum apply puts such a repository into a workspace",
  }),
  works({
    id: "A-13",
    what: "Secrets never in Git",
    evidence: "docs",
    note: "callosum apply takes no secret from a repository",
    witness: `tests/conformance/apply.test.ts › a secret comes from a Key Vault reference, never from the repository`,
  }),
  works({
    id: "A-14",
    what: "Editing the whole JSON",
    evidence: "docs",
    witness: `${linked} › of every listed type are stored and come back`,
  }),
  works({
    id: "A-15",
    what: "Parameters, resolved when used",
    evidence: "docs",
    witness: `${test} › fills in parameters`,
  }),
  works({
    id: "A-16",
    what: "Annotations",
    evidence: "OpenAPI",
    witness: `${art}/artifact.test.ts › keep unknown properties`,
  }),
  works({
    id: "A-17",
    what: "List, open, edit, delete; what is still referenced stays, dependants named",
    evidence: "inferred",
    witness: `${art}/artifact.test.ts › are not deleted while others use them`,
  }),
  works({
    id: "A-18",
    what: "A linked service opens the Machine Learning menu of a table",
    evidence: "docs",
    witness:
      "tests/e2e/synapse-data.test.ts › Without a linked service a table has no Machine Learning menu",
  }),
  later({
    id: "A-19",
    what: "azureML.getWorkspace in a Synapse notebook",
    evidence: "docs",
    note: "needs notebooks",
  }),
  later({
    id: "A-20",
    what: "mssparkutils.credentials",
    evidence: "docs",
    note: "needs notebooks",
  }),
  works({
    id: "A-21",
    what: "The link's identity is used, not the author's",
    evidence: "docs",
    witness: "tests/conformance/story.test.ts",
  }),
];
