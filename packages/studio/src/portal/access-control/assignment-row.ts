// One line of the list of role assignments: who, which role, from where.

import { useQuery } from "@tanstack/react-query";
import {
  type DirectoryObject,
  kindLabels,
  kindOf,
  principalsQuery,
  subtitleOf,
} from "../../api/directory.ts";
import { isGroup, isSubscription, nameOf } from "../../api/scope.ts";
import { assignmentsQuery, type RoleAssignment, roleGuid, rolesQuery } from "./role.ts";

export interface AssignmentRow {
  readonly assignment: RoleAssignment;
  readonly name: string;
  readonly detail: string;
  readonly type: string;
  readonly role: string;
  /** "This resource", or the scope that it is inherited from. */
  readonly scope: string;
  readonly isInherited: boolean;
}

export function useAssignmentRows(
  scope: string,
  assignedTo?: string,
): { rows: readonly AssignmentRow[] | undefined; error: unknown; refetch(): void } {
  const assignments = useQuery(assignmentsQuery(scope, assignedTo));
  const roles = useQuery(rolesQuery(scope));
  const ids = assignments.data?.map(({ properties }) => properties.principalId) ?? [];
  const principals = useQuery(principalsQuery(ids));
  const isReady = principals.data !== undefined || ids.length === 0;
  const known = principals.data ?? new Map<string, DirectoryObject>();
  const names = new Map(roles.data?.map((role) => [role.name, role.properties.roleName]));
  return {
    rows:
      assignments.data && isReady
        ? assignments.data.map((assignment) => rowOf(assignment, { scope, known, names }))
        : undefined,
    error: assignments.error ?? principals.error,
    refetch: () => void Promise.all([assignments.refetch(), roles.refetch()]),
  };
}

function rowOf(
  assignment: RoleAssignment,
  context: {
    scope: string;
    known: ReadonlyMap<string, DirectoryObject>;
    names: ReadonlyMap<string, string>;
  },
): AssignmentRow {
  const { principalId, principalType, roleDefinitionId, scope } = assignment.properties;
  const principal = context.known.get(principalId);
  const guid = roleGuid(roleDefinitionId);
  const isInherited = scope.toLowerCase() !== context.scope.toLowerCase();
  return {
    assignment,
    name: principal?.displayName ?? "Identity not found",
    detail: principal ? subtitleOf(principal) : principalId,
    type: principal ? kindLabels[kindOf(principal)] : principalType,
    role: context.names.get(guid) ?? guid,
    scope: isInherited ? `${scopeLabel(scope)} (Inherited)` : ownLabel(scope),
    isInherited,
  };
}

function ownLabel(scope: string): string {
  if (isSubscription(scope)) return "This subscription";
  return isGroup(scope) ? "This resource group" : "This resource";
}

function scopeLabel(scope: string): string {
  if (scope === "/") return "Root";
  if (isSubscription(scope)) return "Subscription";
  return isGroup(scope) ? `Resource group ${nameOf(scope)}` : nameOf(scope);
}
