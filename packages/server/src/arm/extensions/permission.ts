// What the caller may do at a scope: the permissions of all roles that reach it. And the two lists of
// the old model, which are always empty here.

import { fail } from "@callosum/contract/error-catalogue.ts";
import { isWithin } from "@callosum/contract/resource-id.ts";
import type { Answer } from "../../http/route.ts";
import { defineExtension, type ExtensionRequest } from "../extension.ts";

export const permission = defineExtension({
  type: "Microsoft.Authorization/permissions",
  source: "OpenAPI authorization-RoleDefinitionsCalls 2022-04-01",
  apiVersions: [
    "2015-07-01",
    "2018-01-01-preview",
    "2018-07-01",
    "2022-04-01",
    "2022-05-01-preview",
  ],
  operations: [{ method: "GET", named: false, action: "none", run: list }],
});

async function list({ services, principal, scope }: ExtensionRequest): Promise<Answer> {
  const holders = new Set([principal.objectId, ...principal.groupIds]);
  const value = services.authorizer
    .assignments()
    .filter(
      (assignment) => holders.has(assignment.principalId) && isWithin(scope.key, assignment.scope),
    )
    .flatMap((assignment) => services.authorizer.role(assignment.roleId)?.permissions ?? []);
  return { status: 200, body: { value } };
}

export const denyAssignment = defineExtension({
  type: "Microsoft.Authorization/denyAssignments",
  source: "OpenAPI authorization-DenyAssignmentCalls 2022-04-01",
  apiVersions: ["2018-07-01-preview", "2022-04-01"],
  operations: [
    {
      method: "GET",
      named: false,
      action: "Microsoft.Authorization/denyAssignments/read",
      run: none,
    },
    {
      method: "GET",
      named: true,
      action: "Microsoft.Authorization/denyAssignments/read",
      run: notThere,
    },
  ],
});

async function none(): Promise<Answer> {
  return { status: 200, body: { value: [] } };
}

async function notThere({ scope, name = "" }: ExtensionRequest): Promise<Answer> {
  throw fail.ResourceNotFound({
    type: "Microsoft.Authorization/denyAssignments",
    name,
    resourceGroup: scope.resourceGroup,
  });
}
