// Errors of Synapse RBAC on the wire.

import { defineErrors } from "@callosum/contract/error.ts";

export const failAccess = defineErrors({
  RoleAssignmentNotFound: {
    status: "notFound",
    source: "protocols.md 5.2 (recorded): code and message alike",
    text: (_: object) => "RoleAssignmentNotFound",
  },
  RoleDefinitionNotFound: {
    status: "notFound",
    source: "inferred",
    text: (facts: { id: string }) => `The role definition '${facts.id}' does not exist.`,
  },
  RoleNotAssignableAtScope: {
    status: "badRequest",
    source: "features.md B-11, B-13",
    text: (facts: { role: string; scope: string; allowed: string }) =>
      `The role '${facts.role}' cannot be assigned at the scope '${facts.scope}'. It can be assigned at ${facts.allowed}.`,
  },
  RoleAssignmentExists: {
    status: "conflict",
    source: "protocols.md 5.3, in Azure RBAC's words",
    text: (facts: { id: string }) => `The role assignment already exists. Its id is '${facts.id}'.`,
  },
  RoleAssignmentUpdateNotPermitted: {
    status: "conflict",
    source: "Azure RBAC's rule: an assignment is never changed",
    text: (facts: { id: string }) =>
      `The role assignment '${facts.id}' exists with another role, principal or scope, and assignments cannot be updated.`,
  },
  PrincipalNotFound: {
    status: "badRequest",
    source: "protocols.md 5.3",
    text: (facts: { principalId: string; tenantId: string }) =>
      `The principal '${facts.principalId}' does not exist in the directory '${facts.tenantId}'.`,
  },
});
