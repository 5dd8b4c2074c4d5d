// Azure RBAC over the store: who may do what at which scope of the resource manager. Assignments and
// custom roles are documents; arm/extensions/ serves them on the wire.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type {
  AccessGrant,
  AccessQuestion,
  Authorizer,
  Clock,
  Store,
} from "@callosum/contract/ports.ts";
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

interface RoleTable {
  get(roleId: string): RoleDefinition | undefined;
  all(): readonly RoleDefinition[];
  load(): Promise<void>;
}

/** Built-in and custom roles by GUID; custom ones are followed in the store. */
function createRoleTable(store: Store, builtInRoles: readonly RoleDefinition[]): RoleTable {
  let roles = new Map(builtInRoles.map((role) => [role.id, role]));

  async function load(): Promise<void> {
    const custom = await store.read.documents<RoleDefinition>({ type: roleDefinitionType });
    const all = [...builtInRoles, ...custom.map(({ body }) => body)];
    roles = new Map(all.map((role) => [role.id, role]));
  }

  store.onCommit(async (changed) => {
    const mark = "/microsoft.authorization/roledefinitions/";
    if (changed.some((id) => id.includes(mark))) await load();
  });
  return { get: (roleId) => roles.get(roleId), all: () => [...roles.values()], load };
}

function readAssignment(id: string, { properties }: StoredRoleAssignment) {
  return {
    id,
    scope: properties.scope.toLowerCase(),
    principalId: properties.principalId.toLowerCase(),
    roleId: roleGuid(properties.roleDefinitionId),
    createdMs: Date.parse(properties.createdOn),
  };
}

export function createAzureAuthorizer(options: {
  store: Store;
  clock: Clock;
  builtInRoles: readonly RoleDefinition[];
  propagationDelayMs: number;
}): AzureAuthorizer {
  const roles = createRoleTable(options.store, options.builtInRoles);
  const index = createAssignmentIndex<StoredRoleAssignment>({
    ...options,
    type: roleAssignmentType,
    idMark: "/microsoft.authorization/roleassignments/",
    read: readAssignment,
  });
  const granting = (principal: Principal, question: AccessQuestion): RoleAssignment[] =>
    decide({
      principalIds: [principal.objectId, ...principal.groupIds],
      action: question.action,
      data: question.data ?? false,
      scope: question.scope.toLowerCase(),
      assignmentsOf: index.of,
      role: roles.get,
    });
  return {
    role: (roleId) => roles.get(roleGuid(roleId)),
    roles: roles.all,
    assignments: index.all,
    async load() {
      await Promise.all([index.load(), roles.load()]);
    },
    async allows(principal, question) {
      return granting(principal, question).length > 0;
    },
    async grants(principal, question) {
      return granting(principal, question).map((assignment) => describeGrant(assignment, roles));
    },
    async require(principal, question) {
      if (granting(principal, question).length === 0) throw refused(principal, question);
    },
    async sees(principal, scope) {
      const key = scope.toLowerCase();
      const touches = (assignment: RoleAssignment) =>
        isWithin(key, assignment.scope) || isWithin(assignment.scope, key);
      const holders = [principal.objectId, ...principal.groupIds];
      return holders.some((holder) => index.of(holder).some(touches));
    },
  };
}

function describeGrant(assignment: RoleAssignment, roles: RoleTable): AccessGrant {
  return {
    assignmentId: assignment.id,
    roleName: roles.get(assignment.roleId)?.name ?? assignment.roleId,
    scope: assignment.scope,
    principalId: assignment.principalId,
  };
}

function refused(principal: Principal, question: AccessQuestion) {
  return fail.AuthorizationFailed({
    client: clientName(principal),
    objectId: principal.objectId,
    action: question.action,
    scope: question.scope,
  });
}
