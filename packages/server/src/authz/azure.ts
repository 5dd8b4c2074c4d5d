// Azure RBAC over the store: who may do what at which scope of the resource manager. Assignments and
// custom roles are documents; arm/extensions/ serves them on the wire.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { AccessQuestion, Authorizer, Clock, Store } from "@callosum/contract/ports.ts";
import { clientName, type Principal } from "@callosum/contract/principal.ts";
import { isWithin } from "@callosum/contract/resource-id.ts";
import { createAssignmentIndex } from "./assignment-index.ts";
import { decide, type RoleAssignment, type RoleDefinition } from "./role.ts";

export const roleAssignmentType = "Microsoft.Authorization/roleAssignments";
export const roleDefinitionType = "Microsoft.Authorization/roleDefinitions";

/** A stored role assignment, as answered. */
export interface StoredRoleAssignment {
  readonly properties: {
    readonly roleDefinitionId: string;
    readonly principalId: string;
    readonly principalType: string;
    readonly scope: string;
    readonly createdOn: string;
    readonly [property: string]: unknown;
  };
}

export interface AzureAuthorizer extends Authorizer {
  role(roleId: string): RoleDefinition | undefined;
  roles(): readonly RoleDefinition[];
  assignments(): readonly RoleAssignment[];
  load(): Promise<void>;
}

/** The last segment of any form of a role definition id (protocols.md 5.3). */
export function roleGuid(roleDefinitionId: string): string {
  return (roleDefinitionId.split("/").at(-1) ?? "").toLowerCase();
}

export function createAzureAuthorizer(options: {
  store: Store;
  clock: Clock;
  builtInRoles: readonly RoleDefinition[];
  propagationDelayMs: number;
}): AzureAuthorizer {
  const { store, builtInRoles } = options;
  const index = createAssignmentIndex<StoredRoleAssignment>({
    ...options,
    type: roleAssignmentType,
    idMark: "/microsoft.authorization/roleassignments/",
    read: (id, { properties }) => ({
      id,
      scope: properties.scope.toLowerCase(),
      principalId: properties.principalId.toLowerCase(),
      roleId: roleGuid(properties.roleDefinitionId),
      createdMs: Date.parse(properties.createdOn),
    }),
  });
  let roles = new Map(builtInRoles.map((role) => [role.id, role]));

  async function loadRoles(): Promise<void> {
    const custom = await store.read.documents<RoleDefinition>({ type: roleDefinitionType });
    roles = new Map(
      [...builtInRoles, ...custom.map(({ body }) => body)].map((role) => [role.id, role]),
    );
  }

  store.onCommit(async (changed) => {
    if (changed.some((id) => id.includes("/microsoft.authorization/roledefinitions/")))
      await loadRoles();
  });

  function granting(principal: Principal, question: AccessQuestion): RoleAssignment[] {
    return decide({
      principalIds: [principal.objectId, ...principal.groupIds],
      action: question.action,
      data: question.data ?? false,
      scope: question.scope.toLowerCase(),
      assignmentsOf: index.of,
      role: (roleId) => roles.get(roleId),
    });
  }

  return {
    role: (roleId) => roles.get(roleGuid(roleId)),
    roles: () => [...roles.values()],
    assignments: index.all,
    async load() {
      await Promise.all([index.load(), loadRoles()]);
    },
    async allows(principal, question) {
      return granting(principal, question).length > 0;
    },
    async grants(principal, question) {
      return granting(principal, question).map((assignment) => ({
        assignmentId: assignment.id,
        roleName: roles.get(assignment.roleId)?.name ?? assignment.roleId,
        scope: assignment.scope,
        principalId: assignment.principalId,
      }));
    },
    async require(principal, question) {
      if (granting(principal, question).length > 0) return;
      throw fail.AuthorizationFailed({
        client: clientName(principal),
        objectId: principal.objectId,
        action: question.action,
        scope: question.scope,
      });
    },
    async sees(principal, scope) {
      const key = scope.toLowerCase();
      return [principal.objectId, ...principal.groupIds].some((principalId) =>
        index
          .of(principalId)
          .some((assignment) => isWithin(key, assignment.scope) || isWithin(assignment.scope, key)),
      );
    },
  };
}
