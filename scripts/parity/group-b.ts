// B. Granting permission: managed identities, app registrations, secrets, both kinds of roles.

import { type Claim, later, works } from "./claim.ts";

const art = "packages/server/src/artifacts";
const access = `${art}/access-control`;
const syn = "packages/server/src/arm/resources/synapse/workspace.test.ts";
const story = "tests/story/steps/synapse-link.ts";
const roles = "packages/server/src/arm/extensions/role-assignment.test.ts › take effect at once";

export const groupB: readonly Claim[] = [
  works({
    id: "B-01",
    what: "The workspace's identity is found by the workspace's name",
    evidence: "docs",
    witness: "tests/conformance/cli.test.ts",
  }),
  works({
    id: "B-02",
    what: "Contributor for the workspace's identity on the Azure ML workspace",
    evidence: "recorded",
    witness: roles,
  }),
  works({
    id: "B-03",
    what: "Life cycle of the workspace's identity",
    evidence: "docs",
    witness: `${syn} › have no identity unless one is sent`,
  }),
  works({
    id: "B-04",
    what: "User-assigned identities",
    evidence: "recorded",
    witness: "tests/registry/resource-walk.test.ts",
  }),
  works({
    id: "B-05",
    what: "App registration",
    evidence: "docs",
    witness: `${story} › an app registration, a client secret, a service principal`,
  }),
  works({
    id: "B-06",
    what: "Client secret, shown once",
    evidence: "docs",
    witness: `${story} › an app registration, a client secret, a service principal`,
  }),
  works({
    id: "B-07",
    what: "Service principal of an application",
    evidence: "docs",
    witness: `${story} › an app registration, a client secret, a service principal`,
  }),
  works({
    id: "B-08",
    what: "Contributor for the service principal",
    evidence: "recorded",
    witness: `${story} › Contributor is assigned`,
  }),
  works({
    id: "B-09",
    what: "Storage Blob Data roles on the workspace's lake",
    evidence: "docs",
    witness: "tests/conformance/story.test.ts",
  }),
  works({
    id: "B-10",
    what: "The eleven Synapse roles",
    evidence: "recorded",
    witness: `${access}/access-control.test.ts › lists the eleven roles as a bare array`,
  }),
  works({
    id: "B-11",
    what: "Scopes and the roles that they take",
    evidence: "recorded",
    witness: `${access}/access-control.test.ts › refuses what cannot be, naming it`,
  }),
  works({
    id: "B-12",
    what: "Role assignment at workspace scope",
    evidence: "recorded",
    witness: `${access}/access-control.test.ts › assigns, reads, filters with inheritance and removes`,
  }),
  works({
    id: "B-13",
    what: "Role assignment at an item",
    evidence: "recorded",
    witness: `${access}/access-control.test.ts › takes assignments at an item away with the item`,
  }),
  works({
    id: "B-14",
    what: "Removing access",
    evidence: "recorded",
    witness: `${access}/access-control.test.ts › assigns, reads, filters with inheritance and removes`,
  }),
  works({
    id: "B-15",
    what: "Who may assign Azure roles may assign Synapse roles",
    evidence: "docs",
    witness: `${access}/access-control.test.ts › lets who may assign Azure roles administer Synapse roles`,
  }),
  works({
    id: "B-16",
    what: "Synapse Apache Spark Administrator for the link's identity",
    evidence: "docs",
    witness:
      "tests/story/steps/machine-learning-link.ts › its identity becomes Synapse Apache Spark Administrator",
  }),
  works({
    id: "B-17",
    what: "The role that each task on linked services needs",
    evidence: "docs",
    witness: `${art}/artifact.test.ts › ask Synapse RBAC on every call`,
  }),
  later({
    id: "B-18",
    what: "Roles to run pipelines",
    evidence: "docs",
    note: "needs the pipeline engine",
  }),
  later({ id: "B-19", what: "Roles to monitor and cancel", evidence: "docs", note: "needs runs" }),
  later({
    id: "B-20",
    what: "Azure ML rights for runs and published pipelines",
    evidence: "docs",
    note: "custom roles exist; what they guard does not yet",
  }),
  later({
    id: "B-21",
    what: "The notebook user's role",
    evidence: "docs",
    note: "needs notebooks",
  }),
];
