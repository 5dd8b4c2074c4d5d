// Azure role definitions: the built-in ones and custom ones, at any scope.

import { defineErrors } from "@callosum/contract/error.ts";
import { fail } from "@callosum/contract/error-catalogue.ts";
import { isWithin } from "@callosum/contract/resource-id.ts";
import { canonicalise } from "@callosum/contract/schema.ts";
import { Ajv } from "ajv";
import { Type } from "typebox";
import { roleDefinitionType, roleGuid } from "../../authz/azure.ts";
import type { Permission, RoleDefinition } from "../../authz/role.ts";
import type { Answer } from "../../http/route.ts";
import { recordActivity } from "../activity.ts";
import { invalidProperty } from "../envelope.ts";
import { defineExtension, type ExtensionRequest } from "../extension.ts";

const source = "OpenAPI authorization-RoleDefinitionsCalls 2022-04-01";
const readAction = "Microsoft.Authorization/roleDefinitions/read";
const writeAction = "Microsoft.Authorization/roleDefinitions/write";
const deleteAction = "Microsoft.Authorization/roleDefinitions/delete";

interface CustomRole extends RoleDefinition {
  readonly createdOn: string;
  readonly updatedOn: string;
  readonly createdBy: string;
  readonly updatedBy: string;
}

const refuse = defineErrors({
  RoleDefinitionDoesNotExist: {
    status: "notFound",
    source,
    text: (facts: { id: string }) =>
      `The specified role definition with ID '${facts.id}' does not exist.`,
  },
  RoleDefinitionWithSameNameExists: {
    status: "conflict",
    source,
    text: (facts: { name: string }) =>
      `The custom role name must be unique. A role named '${facts.name}' already exists. Role definition: '${facts.name}'.`,
  },
  RoleDefinitionHasAssignments: {
    status: "badRequest",
    source,
    text: (facts: { count: number }) =>
      `There are existing role assignments referencing role (${facts.count}). Remove them before deleting the role.`,
  },
  CannotModifyBuiltInRole: {
    status: "badRequest",
    source: "inferred",
    text: (facts: { name: string }) => `The built-in role '${facts.name}' cannot be changed.`,
  },
  InvalidRoleDefinitionId: {
    status: "badRequest",
    source: "inferred",
    text: (facts: { id: string }) => `The role definition ID '${facts.id}' is not a GUID.`,
  },
});

export const roleDefinition = defineExtension({
  type: roleDefinitionType,
  source,
  apiVersions: ["2015-07-01", "2018-01-01-preview", "2022-04-01", "2022-05-01-preview"],
  operations: [
    { method: "GET", named: false, action: readAction, run: list },
    { method: "GET", named: true, action: readAction, run: get },
    { method: "PUT", named: true, action: writeAction, run: put },
    { method: "DELETE", named: true, action: deleteAction, run: remove },
  ],
});

const schema = Type.Object({
  roleName: Type.String({ minLength: 1, maxLength: 512 }),
  description: Type.Optional(Type.String({ maxLength: 2048 })),
  assignableScopes: Type.Array(Type.String({ pattern: "^/" }), { minItems: 1, maxItems: 2000 }),
  permissions: Type.Array(
    Type.Object({
      actions: Type.Optional(Type.Array(Type.String())),
      notActions: Type.Optional(Type.Array(Type.String())),
      dataActions: Type.Optional(Type.Array(Type.String())),
      notDataActions: Type.Optional(Type.Array(Type.String())),
    }),
    { minItems: 1, maxItems: 100 },
  ),
});

interface SentRole {
  readonly roleName: string;
  readonly description?: string;
  readonly assignableScopes: string[];
  readonly permissions: Partial<Permission>[];
}

const validate = new Ajv({ strict: false }).compile(schema);
const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

function present(role: RoleDefinition & Partial<CustomRole>, scopePrefix: string) {
  const { createdOn, updatedOn, createdBy, updatedBy } = role;
  return {
    id: `${scopePrefix}/providers/${roleDefinitionType}/${role.id}`,
    name: role.id,
    type: roleDefinitionType,
    properties: {
      roleName: role.name,
      type: role.isBuiltIn ? "BuiltInRole" : "CustomRole",
      description: role.description,
      assignableScopes: role.assignableScopes,
      permissions: role.permissions,
      createdOn: createdOn ?? null,
      updatedOn: updatedOn ?? null,
      createdBy: createdBy ?? null,
      updatedBy: updatedBy ?? null,
    },
  };
}

function prefixOf(request: ExtensionRequest): string {
  const { subscriptionId } = request.scope;
  return subscriptionId === undefined ? "" : `/subscriptions/${subscriptionId}`;
}

async function get(request: ExtensionRequest): Promise<Answer> {
  const role = request.services.authorizer.role(request.name ?? "");
  if (!role) throw refuse.RoleDefinitionDoesNotExist({ id: request.name ?? "" });
  return { status: 200, body: present(role, prefixOf(request)) };
}

const nameFilter = /^roleName eq '((?:[^']|'')*)'$/i;
const typeFilter = /^type eq '(BuiltInRole|CustomRole)'$/i;

async function list(request: ExtensionRequest): Promise<Answer> {
  const filter = request.call.query.get("$filter") ?? "";
  const conditions = filter
    .split(/ and /i)
    .map((condition) => condition.trim())
    .filter(Boolean);
  const selects = conditions.map(selectionOf);
  const roles = request.services.authorizer
    .roles()
    .filter((role) => isUsable(role, request.scope.key))
    .filter((role) => selects.every((select) => select(role)));
  return { status: 200, body: { value: roles.map((role) => present(role, prefixOf(request))) } };
}

function isUsable(role: RoleDefinition, scopeKey: string): boolean {
  return (
    role.isBuiltIn || role.assignableScopes.some((scope) => isWithin(scopeKey, scope.toLowerCase()))
  );
}

function selectionOf(condition: string): (role: RoleDefinition) => boolean {
  const name = nameFilter.exec(condition)?.[1]?.replaceAll("''", "'").toLowerCase();
  if (name !== undefined) return (role) => role.name.toLowerCase() === name;
  const type = typeFilter.exec(condition)?.[1]?.toLowerCase();
  if (type !== undefined) return (role) => role.isBuiltIn === (type === "builtinrole");
  if (/^atScopeAndBelow\(\)$/i.test(condition)) return () => true;
  throw fail.InvalidParameter({
    parameter: "$filter",
    reason: `'${condition}' is none of roleName eq '…', type eq '…', atScopeAndBelow()`,
    target: "$filter",
  });
}

async function put(request: ExtensionRequest): Promise<Answer> {
  const { services, call, principal, name = "" } = request;
  if (!guid.test(name)) throw refuse.InvalidRoleDefinitionId({ id: name });
  const id = name.toLowerCase();
  const existing = services.authorizer.role(id) as CustomRole | undefined;
  if (existing?.isBuiltIn) throw refuse.CannotModifyBuiltInRole({ name: existing.name });
  const sent = readSent(call.body);
  for (const scope of sent.assignableScopes) {
    await services.authorizer.require(principal, { action: writeAction, scope });
  }
  const twin = services.authorizer
    .roles()
    .find((role) => role.name.toLowerCase() === sent.roleName.toLowerCase());
  if (twin && twin.id !== id)
    throw refuse.RoleDefinitionWithSameNameExists({ name: sent.roleName });
  const now = services.clock.now().toISOString();
  const role: CustomRole = {
    id,
    name: sent.roleName,
    description: sent.description ?? "",
    permissions: sent.permissions.map(completePermission),
    assignableScopes: sent.assignableScopes,
    isBuiltIn: false,
    source: "custom",
    createdOn: existing?.createdOn ?? now,
    updatedOn: now,
    createdBy: existing?.createdBy ?? principal.objectId,
    updatedBy: principal.objectId,
  };
  await store(request, role);
  return { status: 201, body: present(role, prefixOf(request)) };
}

function readSent(body: unknown): SentRole {
  const { properties } = (body ?? {}) as { properties?: unknown };
  const sent = canonicalise(schema, properties ?? {}, { unknown: "drop", defaults: true });
  if (!validate(sent)) throw invalidProperty(validate.errors?.[0], { properties: sent });
  return sent as SentRole;
}

function completePermission(permission: Partial<Permission>): Permission {
  const { actions = [], notActions = [], dataActions = [], notDataActions = [] } = permission;
  return { actions, notActions, dataActions, notDataActions };
}

function keyOf(id: string): string {
  return `/providers/${roleDefinitionType}/${id}`.toLowerCase();
}

async function store(request: ExtensionRequest, role: CustomRole): Promise<void> {
  await request.services.store.transaction(async (writer) => {
    await writer.put({ id: keyOf(role.id), type: roleDefinitionType, parent: "/", body: role });
    await recordActivity(writer, activityOf(request, writeAction, 201));
  });
}

async function remove(request: ExtensionRequest): Promise<Answer> {
  const { services } = request;
  const role = services.authorizer.role(request.name ?? "");
  if (!role) return { status: 204 };
  if (role.isBuiltIn) throw refuse.CannotModifyBuiltInRole({ name: role.name });
  const count = services.authorizer
    .assignments()
    .filter(({ roleId }) => roleId === roleGuid(role.id)).length;
  if (count > 0) throw refuse.RoleDefinitionHasAssignments({ count });
  await services.store.transaction(async (writer) => {
    await writer.remove(keyOf(role.id));
    await recordActivity(writer, activityOf(request, deleteAction, 200));
  });
  return { status: 200, body: present(role, prefixOf(request)) };
}

function activityOf(request: ExtensionRequest, action: string, httpStatus: number) {
  const { services, call, principal, name } = request;
  return {
    random: services.random,
    now: services.clock.now(),
    principal,
    action,
    resourceId: `${prefixOf(request)}/providers/${roleDefinitionType}/${name}`,
    status: "Succeeded" as const,
    httpStatus,
    correlationId: call.correlationId,
    remoteAddress: call.remoteAddress,
  };
}
