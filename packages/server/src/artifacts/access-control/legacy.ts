// The first version of access control (2020-02-01-preview): workspace scope only, and an assignment's
// id is `{roleId}-{principalId}` (protocols.md 5.2).

import { synapseRoles } from "../../authz/roles/synapse/index.gen.ts";
import type { StoredSynapseAssignment } from "../../authz/synapse.ts";
import type { Answer } from "../../http/route.ts";
import { recordActivity } from "../activity.ts";
import { requireObject } from "../validation.ts";
import { requireAction, type WorkspaceCall } from "../workspace.ts";
import { failAccess } from "./error-catalogue.ts";
import { assign, assignmentsOf, requireGuid } from "./role-assignment.ts";
import { findRole } from "./role-definition.ts";
import { parseScope } from "./scope.ts";

function presentRole({ id, name, isBuiltIn }: (typeof synapseRoles)[number]) {
  return { id, name, isBuiltIn };
}

export async function listRoles(opened: WorkspaceCall): Promise<Answer> {
  await requireAction(opened, "read");
  return { status: 200, body: { value: synapseRoles.map(presentRole) } };
}

export async function getRole(opened: WorkspaceCall): Promise<Answer> {
  await requireAction(opened, "read");
  const id = opened.call.params.id ?? "";
  const role = findRole(id);
  if (!role) throw failAccess.RoleDefinitionNotFound({ id });
  return { status: 200, body: presentRole(role) };
}

function presentLegacy({ roleDefinitionId, principalId }: StoredSynapseAssignment) {
  return { id: `${roleDefinitionId}-${principalId}`, roleId: roleDefinitionId, principalId };
}

async function atWorkspace(opened: WorkspaceCall) {
  const scope = `workspaces/${opened.workspace.name}`.toLowerCase();
  const all = await assignmentsOf(opened.services.store.read, opened);
  return all.filter(({ body }) => body.scope.toLowerCase() === scope);
}

export async function listLegacyAssignments(opened: WorkspaceCall): Promise<Answer> {
  await requireAction(opened, "read");
  const roleId = opened.call.query.get("roleid")?.toLowerCase();
  const principalId = opened.call.query.get("principalid")?.toLowerCase();
  const value = (await atWorkspace(opened))
    .map(({ body }) => presentLegacy(body))
    .filter(
      (item) =>
        (roleId === undefined || item.roleId === roleId) &&
        (principalId === undefined || item.principalId === principalId),
    );
  return { status: 200, body: { value } };
}

async function findLegacy(opened: WorkspaceCall) {
  const id = (opened.call.params.id ?? "").toLowerCase();
  return (await atWorkspace(opened)).find(({ body }) => presentLegacy(body).id === id);
}

export async function getLegacyAssignment(opened: WorkspaceCall): Promise<Answer> {
  await requireAction(opened, "read");
  const found = await findLegacy(opened);
  if (!found) throw failAccess.RoleAssignmentNotFound({});
  return { status: 200, body: presentLegacy(found.body) };
}

export async function createLegacyAssignment(opened: WorkspaceCall): Promise<Answer> {
  const { workspace, services, call } = opened;
  const body = requireObject(call.body, "body");
  const stored = await assign(opened, {
    id: services.random.guid(),
    roleId: requireGuid(body.roleId, "roleId"),
    principalId: requireGuid(body.principalId, "principalId"),
    scope: parseScope(`workspaces/${workspace.name}`, workspace),
  });
  return { status: 200, body: presentLegacy(stored.body) };
}

export async function deleteLegacyAssignment(opened: WorkspaceCall): Promise<Answer> {
  const action = "roleAssignments/delete";
  await requireAction(opened, action);
  const found = await findLegacy(opened);
  if (!found) return { status: 204 };
  await opened.services.store.transaction(async (writer) => {
    await writer.remove(found.id);
    const item = `roleAssignments/${found.body.id}`;
    await recordActivity(writer, { opened, action, item, httpStatus: 200 });
  });
  return { status: 200 };
}

/** Ids of the caller's roles at the workspace, through groups too. */
export async function listMyRoles(opened: WorkspaceCall): Promise<Answer> {
  await requireAction(opened, "read");
  const { objectId, groupIds } = opened.principal;
  const own = new Set([objectId, ...groupIds]);
  const roles = (await atWorkspace(opened))
    .filter(({ body }) => own.has(body.principalId))
    .map(({ body }) => body.roleDefinitionId);
  return { status: 200, body: [...new Set(roles)] };
}
