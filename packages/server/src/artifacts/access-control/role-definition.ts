// Role definitions of Synapse RBAC on the wire: a bare array, as recorded (protocols.md 5.2).

import type { RoleDefinition } from "../../authz/role.ts";
import { synapseRoles } from "../../authz/roles/synapse/index.gen.ts";
import type { Answer } from "../../http/route.ts";
import { requireAction, type WorkspaceCall } from "../workspace.ts";
import { failAccess } from "./error-catalogue.ts";
import { parseScope, scopeTemplates } from "./scope.ts";

const roleById = new Map<string, RoleDefinition>(synapseRoles.map((role) => [role.id, role]));

export function findRole(roleId: string): RoleDefinition | undefined {
  return roleById.get(roleId.toLowerCase());
}

export async function listRoleDefinitions(opened: WorkspaceCall): Promise<Answer> {
  await requireAction(opened, "read");
  const { call, workspace } = opened;
  const scopeText = call.query.get("scope");
  const scope = scopeText === null ? undefined : parseScope(scopeText, workspace);
  const isBuiltIn = call.query.get("isbuiltin")?.toLowerCase();
  const roles = synapseRoles.filter(
    (role) =>
      (!scope || role.assignableScopes.includes(scope.template)) &&
      (isBuiltIn === undefined || String(role.isBuiltIn) === isBuiltIn),
  );
  return { status: 200, body: roles.map(present) };
}

export async function getRoleDefinition(opened: WorkspaceCall): Promise<Answer> {
  await requireAction(opened, "read");
  const id = opened.call.params.id ?? "";
  const role = findRole(id);
  if (!role) throw failAccess.RoleDefinitionNotFound({ id });
  return { status: 200, body: present(role) };
}

export async function listScopes(opened: WorkspaceCall): Promise<Answer> {
  await requireAction(opened, "read");
  return { status: 200, body: scopeTemplates };
}

function present(role: RoleDefinition) {
  const { id, name, isBuiltIn, description, permissions, assignableScopes } = role;
  return {
    id,
    name,
    isBuiltIn,
    description,
    permissions,
    scopes: assignableScopes,
    availabilityStatus: "Available",
  };
}
