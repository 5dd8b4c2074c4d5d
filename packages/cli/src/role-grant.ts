// A role for a principal at a scope: what `grant` makes and `revoke` takes back. Azure roles go to
// Resource Manager, Synapse roles (with --synapse) to the workspace's endpoint.

import type { Connection } from "@callosum/sdk/connection.ts";
import {
  createRoleAssignment,
  deleteRoleAssignment,
  findRoleDefinition,
  listRoleAssignments,
  listRoleDefinitions,
} from "@callosum/sdk/role-assignment.ts";
import {
  openSynapseWorkspace,
  type SynapseRoleDefinition,
} from "@callosum/sdk/synapse-workspace.ts";
import { CommandError, usageError } from "./command.ts";
import { nearest } from "./nearest.ts";
import { type FoundPrincipal, requirePrincipal } from "./principal.ts";

export interface GrantRequest {
  /** Name or GUID. */
  readonly role: string;
  readonly principal: string;
  /** Azure: a resource id, or `/`. Synapse: `workspaces/{name}/…` or an item; the workspace unless given. */
  readonly scope: string | undefined;
  /** Name or id of the Synapse workspace whose role it is; undefined = an Azure role. */
  readonly synapse: string | undefined;
}

export interface Grant {
  readonly role: { readonly id: string; readonly name: string };
  readonly principal: FoundPrincipal;
  readonly scope: string;
  /** Assignments of exactly this grant; empty where it is not made. */
  readonly assignments: readonly string[];
  /** Gives the assignment's id. */
  create(): Promise<string>;
  removeAll(): Promise<void>;
}

/** Resolves names and looks whether the grant is there. Changes nothing. */
export async function findGrant(api: Connection, request: GrantRequest): Promise<Grant> {
  return request.synapse === undefined
    ? findAzureGrant(api, request)
    : findSynapseGrant(api, { ...request, synapse: request.synapse });
}

async function findAzureGrant(api: Connection, request: GrantRequest): Promise<Grant> {
  const { scope } = request;
  if (scope === undefined || !scope.startsWith("/")) {
    throw usageError("--scope is a resource id, of a subscription, group or resource.");
  }
  const [definition, principal] = await Promise.all([
    findRoleDefinition(api, { scope, role: request.role }),
    requirePrincipal(api, request.principal),
  ]);
  if (!definition) {
    const names = (await listRoleDefinitions(api, scope)).map(({ roleName }) => roleName);
    throw noRole(request.role, names);
  }
  const { objectId: principalId, type: principalType } = principal;
  const held = await listRoleAssignments(api, { scope, principalId });
  const assignments = held.filter(
    (each) =>
      each.principalId.toLowerCase() === principalId.toLowerCase() &&
      each.roleDefinitionId.toLowerCase().endsWith(`/${definition.name.toLowerCase()}`) &&
      trimmed(each.scope) === trimmed(scope),
  );
  return {
    role: { id: definition.name, name: definition.roleName },
    principal,
    scope,
    assignments: assignments.map(({ id }) => id),
    async create() {
      const roleDefinitionId = definition.id;
      const grant = { scope, roleDefinitionId, principalId, principalType };
      return (await createRoleAssignment(api, grant)).id;
    },
    async removeAll() {
      await Promise.all(assignments.map(({ id }) => deleteRoleAssignment(api, id)));
    },
  };
}

async function findSynapseGrant(
  api: Connection,
  request: GrantRequest & { synapse: string },
): Promise<Grant> {
  const workspace = openSynapseWorkspace(request.synapse.split("/").at(-1) ?? "", api);
  const scope = synapseScope(request.scope, workspace.name);
  const { roleDefinitions, roleAssignments } = workspace;
  const [definitions, principal] = await Promise.all([
    roleDefinitions.list(),
    requirePrincipal(api, request.principal),
  ]);
  const role = definitions.find((each) => isSynapseRole(each, request.role));
  if (!role)
    throw noRole(
      request.role,
      definitions.map(({ name }) => name),
    );
  const { objectId: principalId, type: principalType } = principal;
  const held = await roleAssignments.list({ principalId });
  const assignments = held.filter(
    (each) =>
      each.roleDefinitionId.toLowerCase() === role.id.toLowerCase() &&
      trimmed(each.scope) === trimmed(scope),
  );
  return {
    role: { id: role.id, name: role.name },
    principal,
    scope,
    assignments: assignments.map(({ id }) => id),
    async create() {
      const grant = { roleId: role.id, principalId, principalType, scope };
      return (await roleAssignments.create(grant)).id;
    },
    async removeAll() {
      await Promise.all(assignments.map(({ id }) => roleAssignments.delete(id)));
    },
  };
}

/** The workspace itself, one of its items (`linkedServices/link1`), or the whole scope as Azure has it. */
function synapseScope(scope: string | undefined, workspace: string): string {
  const text = (scope ?? "").replace(/^\/+|\/+$/g, "");
  if (text === "") return `workspaces/${workspace}`;
  // The id of the workspace, or of an item below it, names the same.
  const [, below] = /\/workspaces\/[^/]+\/?(.*)$/i.exec(`/${text}`) ?? [];
  const item = below ?? text;
  return item === "" ? `workspaces/${workspace}` : `workspaces/${workspace}/${item}`;
}

/** `Synapse Apache Spark Administrator` and `Apache Spark Administrator` are one role. */
function isSynapseRole({ id, name }: SynapseRoleDefinition, wanted: string): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/^synapse\s+/, "");
  return id.toLowerCase() === wanted.toLowerCase() || plain(name) === plain(wanted);
}

function noRole(role: string, names: readonly string[]): CommandError {
  const close = nearest(role, names);
  return new CommandError({
    code: "RoleNotFound",
    message: `There is no role '${role}'.${close ? ` Did you mean '${close}'?` : ""}`,
    hint: `There are: ${[...names].sort().join(", ")}.`,
  });
}

function trimmed(scope: string): string {
  return scope.toLowerCase().replace(/^\/+|\/+$/g, "");
}
