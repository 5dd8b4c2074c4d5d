// Azure role assignments at any scope. The decisions are authz/azure.ts's; this is their wire.

import { defineErrors } from "@callosum/contract/error.ts";
import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Reader, Writer } from "@callosum/contract/ports.ts";
import { isWithin, type ResourceId } from "@callosum/contract/resource-id.ts";
import { roleAssignmentType, roleGuid, type StoredRoleAssignment } from "../../authz/azure.ts";
import type { Answer } from "../../http/route.ts";
import { recordActivity } from "../activity.ts";
import { defineExtension, type ExtensionRequest } from "../extension.ts";
import { page } from "../read.ts";
import { requireScope } from "../scope.ts";

const source = "recordings/azure-rbac-and-msi.json";
const readAction = "Microsoft.Authorization/roleAssignments/read";
const writeAction = "Microsoft.Authorization/roleAssignments/write";
const deleteAction = "Microsoft.Authorization/roleAssignments/delete";

interface Assignment extends StoredRoleAssignment {
  readonly id: string;
  readonly name: string;
}

const refuse = defineErrors({
  RoleAssignmentExists: {
    status: "conflict",
    source,
    text: (facts: { name: string }) =>
      `The role assignment already exists. The ID of the existing role assignment is ${facts.name.replaceAll("-", "")}.`,
  },
  PrincipalNotFound: {
    status: "badRequest",
    source,
    text: (facts: { principalId: string; tenantId: string }) =>
      `Principal ${facts.principalId.replaceAll("-", "")} does not exist in the directory ${facts.tenantId}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype`,
  },
  UnmatchedPrincipalType: {
    status: "badRequest",
    source: "OpenAPI authorization-RoleAssignmentsCalls 2022-04-01; text inferred",
    text: (facts: { principalId: string; given: string; actual: string }) =>
      `The PrincipalId '${facts.principalId}' has type '${facts.actual}', which is different from the specified PrincipalType '${facts.given}'.`,
  },
  RoleDefinitionDoesNotExist: {
    status: "badRequest",
    source: "OpenAPI authorization-RoleAssignmentsCalls 2022-04-01; text inferred",
    text: (facts: { roleId: string }) =>
      `The specified role definition with ID '${facts.roleId}' does not exist.`,
  },
  RoleAssignmentUpdateNotPermitted: {
    status: "conflict",
    source: "OpenAPI authorization-RoleAssignmentsCalls 2022-04-01; text inferred",
    text: (_: object) =>
      "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
  },
  InvalidRoleAssignmentId: {
    status: "badRequest",
    source: "OpenAPI authorization-RoleAssignmentsCalls 2022-04-01; text inferred",
    text: (facts: { name: string }) =>
      `The role assignment ID '${facts.name}' is not valid. The role assignment ID must be a GUID.`,
  },
  RoleAssignmentNotFound: {
    status: "notFound",
    source: "OpenAPI authorization-RoleAssignmentsCalls 2022-04-01; text inferred",
    text: (facts: { name: string }) => `The role assignment '${facts.name}' is not found.`,
  },
});

export const roleAssignment = defineExtension({
  type: roleAssignmentType,
  source,
  apiVersions: [
    "2015-07-01",
    "2018-01-01-preview",
    "2018-07-01",
    "2018-09-01-preview",
    "2020-03-01-preview",
    "2020-04-01-preview",
    "2020-08-01-preview",
    "2020-10-01-preview",
    "2022-01-01-preview",
    "2022-04-01",
  ],
  operations: [
    { method: "GET", named: false, action: readAction, run: list },
    { method: "GET", named: true, action: readAction, run: get },
    { method: "PUT", named: true, action: writeAction, run: put },
    { method: "DELETE", named: true, action: deleteAction, run: remove },
  ],
});

function keyOf(scope: ResourceId, name: string): string {
  const base = scope.key === "/" ? "" : scope.key;
  return `${base}/providers/${roleAssignmentType}/${name}`.toLowerCase();
}

const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

async function put(request: ExtensionRequest): Promise<Answer> {
  const { services, call, principal, scope, name = "" } = request;
  if (!guid.test(name)) throw refuse.InvalidRoleAssignmentId({ name });
  const wanted = readWanted(call.body);
  const role = services.authorizer.role(wanted.roleDefinitionId);
  if (!role) throw refuse.RoleDefinitionDoesNotExist({ roleId: roleGuid(wanted.roleDefinitionId) });
  return services.store.transaction(async (writer) => {
    await requireScope(writer, services, scope);
    const principalType = await principalTypeOf(request, wanted, writer);
    const existing = await writer.document<Assignment>(keyOf(scope, name));
    if (existing) return replace(existing.body, wanted);
    await requireNew(writer, scope, wanted);
    const now = services.clock.now();
    const body = createdAssignment({
      ...wanted,
      principalType,
      scope,
      name,
      now,
      by: principal.objectId,
    });
    await writer.put({ id: keyOf(scope, name), type: roleAssignmentType, parent: scope.key, body });
    await record(writer, request, writeAction, 201);
    // The answer to the PUT has no creator; later reads do (as recorded).
    return { status: 201, body: { ...body, properties: { ...body.properties, createdBy: null } } };
  });
}

interface Wanted {
  readonly roleDefinitionId: string;
  readonly principalId: string;
  readonly principalType: string | undefined;
  readonly description: string | null;
}

function readWanted(body: unknown): Wanted {
  const { properties } = (body ?? {}) as { properties?: Record<string, unknown> };
  const text = (property: string) => {
    const value = properties?.[property];
    if (typeof value === "string" && value !== "") return value;
    const target = `properties.${property}`;
    throw fail.InvalidParameter({ parameter: target, reason: "it is required", target });
  };
  if (typeof properties?.condition === "string" && properties.condition !== "") {
    throw fail.NotSupportedHere({
      what: "The property 'properties.condition'",
      reason: "role assignment conditions are not evaluated, so one that has them is not accepted",
      target: "properties.condition",
    });
  }
  const principalType = properties?.principalType;
  return {
    roleDefinitionId: text("roleDefinitionId"),
    principalId: text("principalId").toLowerCase(),
    principalType: typeof principalType === "string" ? principalType : undefined,
    description: typeof properties?.description === "string" ? properties.description : null,
  };
}

const wireKind = {
  User: "User",
  Group: "Group",
  ServicePrincipal: "ServicePrincipal",
  ManagedIdentity: "ServicePrincipal",
};

/** A given type skips the existence check, so that principals made a moment ago can be assigned. */
async function principalTypeOf(
  request: ExtensionRequest,
  wanted: Wanted,
  from: Reader,
): Promise<string> {
  const { directory, tenantId } = request.services;
  const { principalId, principalType } = wanted;
  const found = await directory.principal(principalId, from);
  if (!found) {
    if (principalType !== undefined) return principalType;
    throw refuse.PrincipalNotFound({ principalId, tenantId });
  }
  const actual = wireKind[found.kind];
  if (principalType !== undefined && principalType.toLowerCase() !== actual.toLowerCase()) {
    throw refuse.UnmatchedPrincipalType({ principalId, given: principalType, actual });
  }
  return actual;
}

function replace(existing: Assignment, wanted: Wanted): Answer {
  const { properties } = existing;
  const isSame =
    properties.principalId === wanted.principalId &&
    roleGuid(properties.roleDefinitionId) === roleGuid(wanted.roleDefinitionId);
  if (!isSame) throw refuse.RoleAssignmentUpdateNotPermitted({});
  return { status: 200, body: existing };
}

/** The same grant under another name is a conflict. */
async function requireNew(writer: Writer, scope: ResourceId, wanted: Wanted): Promise<void> {
  const siblings = await writer.documents<Assignment>({
    parent: scope.key,
    type: roleAssignmentType,
  });
  const twin = siblings.find(
    ({ body: { properties } }) =>
      properties.principalId === wanted.principalId &&
      roleGuid(properties.roleDefinitionId) === roleGuid(wanted.roleDefinitionId),
  );
  if (twin) throw refuse.RoleAssignmentExists({ name: twin.body.name });
}

/** A role assignment as stored and answered. */
export function createdAssignment(options: {
  roleDefinitionId: string;
  principalId: string;
  principalType: string;
  description: string | null;
  scope: ResourceId;
  name: string;
  now: Date;
  by: string;
}): Assignment {
  const { roleDefinitionId, principalId, principalType, description, scope, name, now, by } =
    options;
  const scopeText = scope.text === "/" ? "" : scope.text;
  const subscription =
    scope.subscriptionId === undefined ? "" : `/subscriptions/${scope.subscriptionId}`;
  return {
    id: `${scopeText}/providers/${roleAssignmentType}/${name}`,
    name,
    properties: {
      roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleGuid(roleDefinitionId)}`,
      principalId,
      principalType,
      scope: scope.text,
      condition: null,
      conditionVersion: null,
      createdOn: now.toISOString(),
      updatedOn: now.toISOString(),
      createdBy: by,
      updatedBy: by,
      delegatedManagedIdentityResourceId: null,
      description,
    },
    ...{ type: roleAssignmentType },
  };
}

async function get(request: ExtensionRequest): Promise<Answer> {
  const { services, scope, name = "" } = request;
  const found = await services.store.read.document<Assignment>(keyOf(scope, name));
  if (!found) throw refuse.RoleAssignmentNotFound({ name });
  return { status: 200, body: withType(found.body) };
}

/** Those of the first start are stored without the wire's `type`. */
function withType(body: Assignment) {
  return { ...body, type: roleAssignmentType };
}

async function remove(request: ExtensionRequest): Promise<Answer> {
  const { services, scope, name = "" } = request;
  return services.store.transaction(async (writer) => {
    const found = await writer.document<Assignment>(keyOf(scope, name));
    if (!found) return { status: 204 };
    await writer.remove(found.id);
    await record(writer, request, deleteAction, 200);
    return { status: 200, body: withType(found.body) };
  });
}

function record(
  writer: Writer,
  request: ExtensionRequest,
  action: string,
  httpStatus: number,
): Promise<void> {
  const { services, call, principal, scope, name } = request;
  return recordActivity(writer, {
    random: services.random,
    now: services.clock.now(),
    principal,
    action,
    resourceId: `${scope.text === "/" ? "" : scope.text}/providers/${roleAssignmentType}/${name}`,
    status: "Succeeded",
    httpStatus,
    correlationId: call.correlationId,
    remoteAddress: call.remoteAddress,
  });
}

async function list(request: ExtensionRequest): Promise<Answer> {
  const { services, call, scope } = request;
  const select = await createSelection(request, call.query.get("$filter") ?? "");
  const documents = await services.store.read.documents<Assignment>({ type: roleAssignmentType });
  const matching = documents
    .map(({ body }) => withType(body))
    .filter((assignment) => select(assignment, scope.key));
  const { items, nextLink } = page(matching, call);
  return {
    status: 200,
    body: nextLink === undefined ? { value: items } : { value: items, nextLink },
  };
}

type Selection = (assignment: Assignment, scopeKey: string) => boolean;

const principalFilter = /^principalId eq '?([0-9a-f-]{36})'?$/i;
const assignedFilter = /^assignedTo\('([0-9a-f-]{36})'\)$/i;

/** The documented filters; `and` joins them. Anything else is refused by name. */
async function createSelection(request: ExtensionRequest, filter: string): Promise<Selection> {
  const conditions = filter
    .split(/ and /i)
    .map((condition) => condition.trim())
    .filter(Boolean);
  const selections: Selection[] = [near];
  for (const condition of conditions) selections.push(await selectionOf(request, condition));
  return (assignment, scopeKey) => selections.every((select) => select(assignment, scopeKey));
}

/** At, above or below the scope. */
const near: Selection = ({ properties }, scopeKey) => {
  const own = properties.scope.toLowerCase();
  return isWithin(scopeKey, own) || isWithin(own, scopeKey);
};

const atOrAbove: Selection = ({ properties }, scopeKey) =>
  isWithin(scopeKey, properties.scope.toLowerCase());

async function selectionOf(request: ExtensionRequest, condition: string): Promise<Selection> {
  if (/^atScope\(\)$/i.test(condition)) return atOrAbove;
  const principal = principalFilter.exec(condition)?.[1]?.toLowerCase();
  if (principal) return ({ properties }) => properties.principalId === principal;
  const assigned = assignedFilter.exec(condition)?.[1]?.toLowerCase();
  if (assigned) {
    const found = await request.services.directory.asPrincipal(assigned);
    const holders = new Set([assigned, ...(found?.groupIds ?? [])]);
    return ({ properties }) => holders.has(properties.principalId);
  }
  throw fail.InvalidParameter({
    parameter: "$filter",
    reason: `'${condition}' is none of atScope(), principalId eq '…', assignedTo('…')`,
    target: "$filter",
  });
}
