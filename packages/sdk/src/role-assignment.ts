// Azure role assignments and the definitions that they name (protocols.md 5.3).

import type { Connection } from "./connection.ts";
import { RequestFailed } from "./request-failed.ts";
import { deleteResource, findResource, listResources, type Resource } from "./resource.ts";

const apiVersion = "2022-04-01";
const provider = "providers/Microsoft.Authorization";

export type PrincipalType = "User" | "Group" | "ServicePrincipal";

export interface RoleAssignment {
  readonly id: string;
  readonly name: string;
  readonly scope: string;
  readonly roleDefinitionId: string;
  readonly principalId: string;
  readonly principalType: string;
}

export interface RoleDefinition {
  readonly id: string;
  /** GUID. */
  readonly name: string;
  readonly roleName: string;
  readonly roleType: string;
  readonly permissions: readonly {
    readonly actions: readonly string[];
    readonly notActions: readonly string[];
    readonly dataActions?: readonly string[];
    readonly notDataActions?: readonly string[];
  }[];
}

type AssignmentProperties = Omit<RoleAssignment, "id" | "name">;

/** GUIDs of built-in roles that links need. */
export const builtInRoles = {
  owner: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
  contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
} as const;

/** Assignments that count at a scope: there and above; only a principal's own where one is named. */
export async function listRoleAssignments(
  connection: Connection,
  { scope, principalId }: { scope: string; principalId?: string },
): Promise<RoleAssignment[]> {
  const filter = principalId === undefined ? "atScope()" : `principalId eq '${principalId}'`;
  const found = await listResources<Resource<AssignmentProperties>>(connection, {
    id: `${scope.replace(/\/$/, "")}/${provider}/roleAssignments`,
    apiVersion,
    filter,
  });
  // A filter on the principal also gives assignments below the scope.
  return found.map(toAssignment).filter((assignment) => isAtOrAbove(assignment.scope, scope));
}

/**
 * Grants a role. `name` is the assignment's GUID, a random one unless given. The same grant under
 * another name counts as made: its assignment is given.
 */
export async function createRoleAssignment(
  connection: Connection,
  grant: {
    scope: string;
    roleDefinitionId: string;
    principalId: string;
    principalType?: PrincipalType;
    name?: string;
  },
): Promise<RoleAssignment> {
  const { scope, principalId, principalType, name = crypto.randomUUID() } = grant;
  const role = grant.roleDefinitionId.split("/").at(-1) ?? "";
  const roleDefinitionId = `/${provider}/roleDefinitions/${role}`;
  try {
    const { body } = await connection.send({
      service: "resourceManager",
      method: "PUT",
      path: `${encodeURI(scope.replace(/\/$/, ""))}/${provider}/roleAssignments/${name}`,
      query: { "api-version": apiVersion },
      body: { properties: { roleDefinitionId, principalId, principalType } },
    });
    return toAssignment(body as Resource<AssignmentProperties>);
  } catch (error) {
    const isThere = error instanceof RequestFailed && error.code === "RoleAssignmentExists";
    if (!isThere) throw error;
    const existing = (await listRoleAssignments(connection, { scope, principalId })).find(
      (assignment) =>
        assignment.roleDefinitionId.toLowerCase().endsWith(role.toLowerCase()) &&
        sameScope(assignment.scope, scope),
    );
    if (!existing) throw error;
    return existing;
  }
}

/** Takes a grant back; false where there was none. */
export async function deleteRoleAssignment(connection: Connection, id: string): Promise<boolean> {
  return deleteResource(connection, { id, apiVersion });
}

/** The role of a name (`Contributor`) or GUID at a scope; undefined where there is none. */
export async function findRoleDefinition(
  connection: Connection,
  { scope, role }: { scope: string; role: string },
): Promise<RoleDefinition | undefined> {
  const base = `${scope.replace(/\/$/, "")}/${provider}/roleDefinitions`;
  if (/^[0-9a-f-]{36}$/i.test(role)) {
    const found = await findResource<Omit<RoleDefinition, "id" | "name">>(connection, {
      id: `${base}/${role}`,
      apiVersion,
    });
    return found && toDefinition(found);
  }
  const filter = `roleName eq '${role.replaceAll("'", "''")}'`;
  const [found] = await listResources<Resource<Omit<RoleDefinition, "id" | "name">>>(connection, {
    id: base,
    apiVersion,
    filter,
  });
  return found && toDefinition(found);
}

/** All roles that can be assigned at a scope. */
export async function listRoleDefinitions(
  connection: Connection,
  scope: string,
): Promise<RoleDefinition[]> {
  const id = `${scope.replace(/\/$/, "")}/${provider}/roleDefinitions`;
  type Item = Resource<Omit<RoleDefinition, "id" | "name">>;
  return (await listResources<Item>(connection, { id, apiVersion })).map(toDefinition);
}

function toAssignment({ id, name, properties }: Resource<AssignmentProperties>): RoleAssignment {
  const { scope, roleDefinitionId, principalId, principalType } = properties;
  return { id, name, scope, roleDefinitionId, principalId, principalType };
}

function toDefinition({
  id,
  name,
  properties,
}: Resource<Omit<RoleDefinition, "id" | "name">>): RoleDefinition {
  const { roleName, permissions } = properties;
  const roleType = properties.roleType ?? (properties as { type?: string }).type ?? "";
  return { id, name, roleName, roleType, permissions };
}

function sameScope(one: string, other: string): boolean {
  return one.replace(/\/$/, "").toLowerCase() === other.replace(/\/$/, "").toLowerCase();
}

function isAtOrAbove(assigned: string, scope: string): boolean {
  const above = assigned.replace(/\/$/, "").toLowerCase();
  return sameScope(assigned, scope) || `${scope.toLowerCase()}/`.startsWith(`${above}/`);
}
