// Synapse RBAC over the store: workspace scopes and items below them. Served on the wire by the
// artifacts plane. Two rules join it to Azure RBAC (features.md B-10, B-15): any Synapse role implies
// Synapse User, and who may assign Azure roles on the workspace may assign Synapse roles.

import { ServiceError } from "@callosum/contract/error.ts";
import type {
  Authorizer,
  Clock,
  Random,
  Store,
  SynapseAuthorizer,
  SynapseQuestion,
  Writer,
} from "@callosum/contract/ports.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import { type AssignmentIndex, createAssignmentIndex } from "./assignment-index.ts";
import { decide, type RoleAssignment, type RoleDefinition } from "./role.ts";

export const synapseRoleAssignmentType = "Synapse/roleAssignments";

/** A stored Synapse role assignment, as answered, with what the index needs. */
export interface StoredSynapseAssignment {
  readonly id: string;
  readonly roleDefinitionId: string;
  readonly principalId: string;
  /** `workspaces/{name}` or `workspaces/{name}/linkedServices/{n}` and the like. */
  readonly scope: string;
  readonly principalType: string;
  readonly workspaceId: string;
  readonly createdOn: string;
}

export interface SynapseAuthorizerHost extends SynapseAuthorizer {
  readonly roles: readonly RoleDefinition[];
  load(): Promise<void>;
}

/** Key of the document of an assignment: below its workspace, so that it goes with it. */
export function synapseAssignmentKey(workspaceId: string, assignmentId: string): string {
  return `${workspaceId.toLowerCase()}/synapseroleassignments/${assignmentId.toLowerCase()}`;
}

const workspaceRead = "Microsoft.Synapse/workspaces/read";
const administersRoles = /^Microsoft\.Synapse\/workspaces\/roleAssignments\/(?:write|delete)$/i;

/** Who holds what in which workspace, and the questions that both RBAC systems answer together. */
export function createSynapseAuthorizer(options: {
  store: Store;
  clock: Clock;
  random: Random;
  azure: Authorizer;
  roles: readonly RoleDefinition[];
  propagationDelayMs: number;
}): SynapseAuthorizerHost {
  const { clock, random, azure, roles } = options;
  const roleById = new Map(roles.map((role) => [role.id, role]));
  const index = createAssignmentIndex<StoredSynapseAssignment>({
    ...options,
    type: synapseRoleAssignmentType,
    idMark: "/synapseroleassignments/",
    read: readAssignment,
  });
  const granting = (principal: Principal, question: SynapseQuestion) =>
    grantingAssignments({ principal, question, index, roleById });

  async function allows(principal: Principal, question: SynapseQuestion): Promise<boolean> {
    if (granting(principal, question).length > 0) return true;
    if (!administersRoles.test(question.action) && question.action !== workspaceRead) return false;
    return azure.allows(principal, {
      action: "Microsoft.Authorization/roleAssignments/write",
      scope: question.workspaceId,
    });
  }

  return {
    roles,
    load: index.load,
    allows,
    async grants(principal, question) {
      return granting(principal, question).map((assignment) => ({
        assignmentId: assignment.id,
        roleName: roleById.get(assignment.roleId)?.name ?? assignment.roleId,
        scope: assignment.scope,
        principalId: assignment.principalId,
      }));
    },
    async require(principal, question) {
      if (!(await allows(principal, question))) throw refused(principal, question);
    },
    assign: (writer, assignment) => putAssignment({ writer, assignment, clock, random }),
  };
}

function readAssignment(id: string, body: StoredSynapseAssignment) {
  return {
    id,
    scope: itemKey(body.workspaceId, body.scope.split("/").slice(2).join("/")),
    principalId: body.principalId.toLowerCase(),
    roleId: body.roleDefinitionId.toLowerCase(),
    createdMs: Date.parse(body.createdOn),
  };
}

function grantingAssignments(options: {
  principal: Principal;
  question: SynapseQuestion;
  index: AssignmentIndex;
  roleById: ReadonlyMap<string, RoleDefinition>;
}): RoleAssignment[] {
  const { principal, question, index, roleById } = options;
  const principalIds = [principal.objectId, ...principal.groupIds];
  const workspace = question.workspaceId.toLowerCase();
  if (question.action.toLowerCase() === workspaceRead.toLowerCase()) {
    // Any role at any scope of the workspace implies Synapse User (features.md B-10).
    return principalIds
      .flatMap((principalId) => index.of(principalId))
      .filter(({ scope }) => scope === workspace || scope.startsWith(`${workspace}/`));
  }
  return decide({
    principalIds,
    action: question.action,
    data: true,
    scope: itemKey(workspace, question.item ?? ""),
    assignmentsOf: index.of,
    role: (roleId) => roleById.get(roleId),
  });
}

async function putAssignment(options: {
  writer: Writer;
  assignment: Parameters<SynapseAuthorizer["assign"]>[1];
  clock: Clock;
  random: Random;
}): Promise<void> {
  const { writer, assignment, clock, random } = options;
  const id = (assignment.id ?? random.guid()).toLowerCase();
  const workspaceKey = assignment.workspaceId.toLowerCase();
  const body: StoredSynapseAssignment = {
    id,
    roleDefinitionId: assignment.roleId.toLowerCase(),
    principalId: assignment.principalId.toLowerCase(),
    scope: assignment.scope,
    principalType: assignment.principalType,
    workspaceId: assignment.workspaceId,
    createdOn: clock.now().toISOString(),
  };
  await writer.put({
    id: synapseAssignmentKey(workspaceKey, id),
    type: synapseRoleAssignmentType,
    parent: workspaceKey,
    body,
  });
}

function itemKey(workspaceId: string, item: string): string {
  const workspace = workspaceId.toLowerCase();
  return item === "" ? workspace : `${workspace}/${item.toLowerCase()}`;
}

/** The wording of the endpoint's own 403; it names the principal, the action and the scope. */
function refused(principal: Principal, question: SynapseQuestion): ServiceError {
  const name = question.workspaceId.split("/").at(-1) ?? "";
  const scope =
    question.item === undefined ? `workspaces/${name}` : `workspaces/${name}/${question.item}`;
  return new ServiceError({
    code: "Unauthorized",
    status: "forbidden",
    message: `The principal '${principal.objectId}' does not have the required Synapse RBAC permission to perform this action. Required permission: Action: ${question.action}, Scope: ${scope}.`,
    facts: { action: question.action, scope, principalId: principal.objectId },
  });
}
