// Role assignments of Synapse RBAC on the wire (protocols.md 5.2). The decisions are authz/synapse.ts's.

import type { Reader, StoredDocument, Writer } from "@callosum/contract/ports.ts";
import {
  type StoredSynapseAssignment,
  synapseAssignmentKey,
  synapseRoleAssignmentType,
} from "../../authz/synapse.ts";
import type { Answer } from "../../http/route.ts";
import { recordActivity } from "../activity.ts";
import { failSynapse } from "../error-catalogue.ts";
import { requireObject } from "../validation.ts";
import { requireAction, type WorkspaceCall } from "../workspace.ts";
import { failAccess } from "./error-catalogue.ts";
import { findRole } from "./role-definition.ts";
import { parseScope, requireItem, type Scope } from "./scope.ts";

const pageSize = 100;
const guidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type Stored = StoredDocument<StoredSynapseAssignment>;

export function presentAssignment({ body }: Pick<Stored, "body">) {
  const { id, roleDefinitionId, principalId, scope, principalType } = body;
  return { id, roleDefinitionId, principalId, scope, principalType };
}

/** All of a workspace, in id order. */
export async function assignmentsOf(reader: Reader, opened: WorkspaceCall): Promise<Stored[]> {
  return reader.documents({ parent: opened.key, type: synapseRoleAssignmentType });
}

/** A scope filter also gives what is inherited from the workspace. */
export async function listAssignments(opened: WorkspaceCall): Promise<Answer> {
  await requireAction(opened, "read");
  const { call, workspace, services } = opened;
  const roleId = call.query.get("roleid")?.toLowerCase();
  const principalId = call.query.get("principalid")?.toLowerCase();
  const scopeText = call.query.get("scope");
  const scopes = scopeText === null ? undefined : inherited(parseScope(scopeText, workspace));
  const matching = (await assignmentsOf(services.store.read, opened)).filter(
    ({ body }) =>
      (roleId === undefined || body.roleDefinitionId === roleId) &&
      (principalId === undefined || body.principalId === principalId) &&
      (scopes === undefined || scopes.includes(body.scope.toLowerCase())),
  );
  const after = call.headers["x-ms-continuation"];
  const rest =
    typeof after === "string" ? matching.filter(({ body }) => body.id > after) : matching;
  const page = rest.slice(0, pageSize);
  const last = rest.length > pageSize ? page.at(-1)?.body.id : undefined;
  return {
    status: 200,
    headers: last === undefined ? {} : { "x-ms-continuation": last },
    body: { count: page.length, value: page.map(presentAssignment) },
  };
}

function inherited(scope: Scope): string[] {
  const [root = "", name = ""] = scope.text.split("/");
  return [...new Set([`${root}/${name}`, scope.text])].map((text) => text.toLowerCase());
}

export async function getAssignment(opened: WorkspaceCall): Promise<Answer> {
  await requireAction(opened, "read");
  const { services, workspace, call } = opened;
  const key = synapseAssignmentKey(workspace.id, call.params.id ?? "");
  const found = await services.store.read.document<StoredSynapseAssignment>(key);
  if (!found) throw failAccess.RoleAssignmentNotFound({});
  return { status: 200, body: presentAssignment(found) };
}

export async function putAssignment(opened: WorkspaceCall): Promise<Answer> {
  const { call, workspace } = opened;
  const id = requireGuid(call.params.id, "roleAssignmentId");
  const body = requireObject(call.body, "body");
  const scope = parseScope(requireText(body.scope, "scope"), workspace);
  const roleId = requireGuid(body.roleId, "roleId");
  const principalId = requireGuid(body.principalId, "principalId");
  const stored = await assign(opened, { id, roleId, principalId, scope });
  return { status: 200, body: presentAssignment(stored) };
}

/** Authorizes, checks and stores; gives the one that is already there when nothing would change. */
export async function assign(
  opened: WorkspaceCall,
  wanted: { id: string; roleId: string; principalId: string; scope: Scope },
): Promise<Stored> {
  const { id, roleId, principalId, scope } = wanted;
  const action = "roleAssignments/write";
  await requireAction(opened, action, scope.item);
  const role = findRole(roleId);
  if (!role) throw failAccess.RoleDefinitionNotFound({ id: roleId, target: "roleId" });
  if (!role.assignableScopes.includes(scope.template)) {
    throw failAccess.RoleNotAssignableAtScope({
      role: role.name,
      scope: scope.text,
      allowed: role.assignableScopes.join(", "),
      target: "scope",
    });
  }
  const { services, workspace } = opened;
  return services.store.transaction(async (writer) => {
    await requireItem(writer, { opened, scope });
    const principal = await services.directory.principal(principalId, writer);
    if (!principal) {
      const { tenantId } = services;
      throw failAccess.PrincipalNotFound({ principalId, tenantId, target: "principalId" });
    }
    const same = await findSame(writer, { opened, ...wanted });
    if (same) return same;
    await services.synapseRoles.assign(writer, {
      id,
      workspaceId: workspace.id,
      principalId,
      principalType: principal.kind === "ManagedIdentity" ? "ServicePrincipal" : principal.kind,
      roleId,
      scope: scope.text,
    });
    await recordActivity(writer, {
      opened,
      action,
      item: `roleAssignments/${id}`,
      httpStatus: 200,
    });
    return (await writer.document<StoredSynapseAssignment>(
      synapseAssignmentKey(workspace.id, id),
    )) as Stored;
  });
}

async function findSame(
  writer: Writer,
  wanted: {
    opened: WorkspaceCall;
    id: string;
    roleId: string;
    principalId: string;
    scope: Scope;
  },
): Promise<Stored | undefined> {
  const { opened, id, roleId, principalId, scope } = wanted;
  const all = await assignmentsOf(writer, opened);
  const same = all.find(
    ({ body }) =>
      body.roleDefinitionId === roleId &&
      body.principalId === principalId &&
      body.scope.toLowerCase() === scope.text.toLowerCase(),
  );
  if (same && same.body.id === id) return same;
  if (same) throw failAccess.RoleAssignmentExists({ id: same.body.id });
  if (all.some(({ body }) => body.id === id)) {
    throw failAccess.RoleAssignmentUpdateNotPermitted({ id });
  }
  return undefined;
}

/** 200 when it was there, 204 when it was not. */
export async function deleteAssignment(opened: WorkspaceCall): Promise<Answer> {
  const { services, workspace, call } = opened;
  const id = (call.params.id ?? "").toLowerCase();
  const key = synapseAssignmentKey(workspace.id, id);
  const scopeText = call.query.get("scope");
  const asked = scopeText === null ? undefined : parseScope(scopeText, workspace);
  const action = "roleAssignments/delete";
  return services.store.transaction(async (writer) => {
    const found = await writer.document<StoredSynapseAssignment>(key);
    const scope = found ? parseScope(found.body.scope, workspace) : asked;
    await requireAction(opened, action, scope?.item);
    if (!found || (asked && asked.text !== scope?.text)) return { status: 204 };
    await writer.remove(key);
    await recordActivity(writer, {
      opened,
      action,
      item: `roleAssignments/${id}`,
      httpStatus: 200,
    });
    return { status: 200 };
  });
}

export function requireGuid(value: unknown, target: string): string {
  if (typeof value === "string" && guidPattern.test(value)) return value.toLowerCase();
  throw failSynapse.BadRequest({ reason: `'${target}' must be a GUID.`, target });
}

export function requireText(value: unknown, target: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw failSynapse.BadRequest({ reason: `'${target}' must be a text.`, target });
}
