// Role assignments and role definitions of Azure RBAC as the access control pages read them.

import { queryOptions } from "@tanstack/react-query";
import { listAll } from "../../api/page.ts";
import { arm } from "../../api/request.ts";

export const authorizationVersion = "2022-04-01";
const provider = "providers/Microsoft.Authorization";

export interface RoleAssignment {
  readonly id: string;
  readonly name: string;
  readonly properties: {
    readonly roleDefinitionId: string;
    readonly principalId: string;
    readonly principalType: string;
    readonly scope: string;
    readonly description: string | null;
    readonly createdOn: string;
    readonly createdBy: string | null;
  };
}

export interface RoleDefinition {
  readonly id: string;
  readonly name: string;
  readonly properties: {
    readonly roleName: string;
    readonly description: string;
    readonly type: string;
    readonly assignableScopes: readonly string[];
    readonly permissions: readonly {
      readonly actions: readonly string[];
      readonly notActions: readonly string[];
      readonly dataActions: readonly string[];
      readonly notDataActions: readonly string[];
    }[];
  };
}

/** Assignments that reach the scope: its own and inherited ones; of one principal with `assignedTo`. */
export function assignmentsQuery(scope: string, assignedTo?: string) {
  const filter = [
    "atScope()",
    ...(assignedTo === undefined ? [] : [`assignedTo('${assignedTo}')`]),
  ].join(" and ");
  return queryOptions({
    queryKey: ["arm", "roleAssignments", scope.toLowerCase(), assignedTo ?? ""],
    queryFn: ({ signal }) =>
      listAll<RoleAssignment>(
        arm,
        `${scope}/${provider}/roleAssignments?api-version=${authorizationVersion}&$filter=${encodeURIComponent(filter)}`,
        signal,
      ),
  });
}

export function rolesQuery(scope: string) {
  return queryOptions({
    queryKey: ["arm", "roleDefinitions", scope.toLowerCase()],
    queryFn: async ({ signal }) => {
      const roles = await listAll<RoleDefinition>(
        arm,
        `${scope}/${provider}/roleDefinitions?api-version=${authorizationVersion}`,
        signal,
      );
      return roles.toSorted(
        (one, other) =>
          rankOf(one) - rankOf(other) ||
          one.properties.roleName.localeCompare(other.properties.roleName),
      );
    },
  });
}

/** Those that nearly every list begins with in Azure's portal. */
const first = ["Owner", "Contributor", "Reader", "User Access Administrator"];

function rankOf({ properties: { roleName } }: RoleDefinition): number {
  const rank = first.indexOf(roleName);
  return rank < 0 ? first.length : rank;
}

/** The GUID at the end, which is the same at every scope. */
export function roleGuid(roleDefinitionId: string): string {
  return roleDefinitionId.slice(roleDefinitionId.lastIndexOf("/") + 1).toLowerCase();
}

export function assignmentPath(scope: string, name: string): string {
  return `${scope}/${provider}/roleAssignments/${name}?api-version=${authorizationVersion}`;
}

export const roleWrite = "Microsoft.Authorization/roleAssignments/write";
export const roleDelete = "Microsoft.Authorization/roleAssignments/delete";
