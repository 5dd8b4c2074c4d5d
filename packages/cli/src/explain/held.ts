// Assignments of both kinds of RBAC with the permissions of their roles.

import type { Connection } from "@callosum/sdk/connection.ts";
import { listRoleAssignments, listRoleDefinitions } from "@callosum/sdk/role-assignment.ts";
import type { SynapseWorkspace } from "@callosum/sdk/synapse-workspace.ts";
import type { Held } from "./explanation.ts";
import { allows } from "./permission.ts";

/** Azure role assignments that count at a scope. */
export async function heldAt(api: Connection, scope: string): Promise<Held[]> {
  const [assignments, definitions] = await Promise.all([
    listRoleAssignments(api, { scope }),
    listRoleDefinitions(api, scope),
  ]);
  const roles = new Map(definitions.map((role) => [role.name.toLowerCase(), role]));
  return assignments.flatMap(({ id, principalId, roleDefinitionId, scope: at }) => {
    const role = roles.get(roleDefinitionId.split("/").at(-1)?.toLowerCase() ?? "");
    if (!role) return [];
    return {
      principalId,
      role: role.roleName,
      scope: at === "/" ? "the tenant" : at,
      assignment: id,
      allows: (action: string) => allows(role.permissions, action),
    };
  });
}

/** Synapse role assignments of a workspace, at every scope. */
export async function heldInSynapse(workspace: SynapseWorkspace): Promise<Held[]> {
  const [assignments, definitions] = await Promise.all([
    workspace.roleAssignments.list(),
    workspace.roleDefinitions.list(),
  ]);
  const roles = new Map(definitions.map((role) => [role.id.toLowerCase(), role]));
  return assignments.flatMap(({ id, principalId, roleDefinitionId, scope }) => {
    const role = roles.get(roleDefinitionId.toLowerCase());
    if (!role) return [];
    const permissions = role.permissions ?? [];
    return {
      principalId,
      role: role.name,
      scope,
      assignment: id,
      allows: (action: string) => allows(permissions, action),
    };
  });
}
