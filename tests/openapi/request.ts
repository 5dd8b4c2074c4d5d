// From a documented operation to a request that an Owner of the subject would make: names for the
// path's parameters, the examples of the definitions as bodies, and a table for everything else.

import { artifactKinds } from "@callosum/server/artifacts/kinds/index.gen.ts";
import { audiences } from "../fixture/server.ts";
import { bodyOf, definitions, nameOf } from "../registry/resource-endpoint.ts";
import type { Operation } from "./document.ts";
import {
  artifactBody,
  assignmentId,
  azureAssignment,
  groupName,
  machineLearningType,
  networkedWorkspace,
  privateEndpoint,
  type Request,
  roleDefinition,
  roleDefinitionId,
  type Subject,
  sparkAdministrator,
  synapseAssignment,
  synapseAssignmentId,
  synapseType,
} from "./subject.ts";

/** The request of an operation, its parameters filled in. */
export function requestOf(subject: Subject, operation: Operation): Request {
  const isEndpoint = operation.document.startsWith("synapse/data-plane");
  const path = fillPath(subject, operation, isEndpoint);
  const query = queryOf(operation);
  const body = bodyFor(subject, operation, path);
  return {
    method: operation.method,
    path: `${isEndpoint ? `/synapse/${workspaceOf(subject, operation)}` : ""}${path}?${query}`,
    ...(body === undefined ? {} : { body }),
    audience: isEndpoint ? audiences.synapse : audiences.arm,
  };
}

function workspaceOf(subject: Subject, { path }: Operation): string {
  return path.startsWith("/managedVirtualNetworks/") ? networkedWorkspace : subject.synapse;
}

function queryOf({ id, apiVersion, parameters }: Operation): string {
  // Generic operations on a resource take the version of its type.
  const version = /^Resources_(?:Get|Create|Update|Delete|Check)/.test(id)
    ? "2021-06-01"
    : apiVersion;
  const query = new URLSearchParams({ "api-version": version });
  for (const { in: place, name, isRequired, enum: values } of parameters) {
    if (place !== "query" || !isRequired || name === "api-version") continue;
    query.set(name, queryValues[name] ?? String(values?.[0] ?? "example"));
  }
  return query.toString();
}

/** An attached Spark pool can be detached only. */
const queryValues: Readonly<Record<string, string>> = { underlyingResourceAction: "Detach" };

function fillPath(subject: Subject, operation: Operation, isEndpoint: boolean): string {
  const known = pathValues(subject, operation);
  const filled: string[] = [];
  for (const segment of operation.path.split("?")[0]?.split("/") ?? []) {
    filled.push(
      segment.replace(/\{([^}]+)\}/g, (_match, name: string) => {
        const fixed = known[`${operation.id} ${name}`] ?? known[name];
        if (fixed !== undefined) return fixed;
        const values = operation.parameters.find((one) => one.name === name)?.enum;
        return nameBehind(filled, isEndpoint) ?? String(values?.[0] ?? "example");
      }),
    );
  }
  return filled.join("/").replace(/\/{2,}/g, "/");
}

/** The example's name of the type or kind that the path has come to. */
function nameBehind(filled: readonly string[], isEndpoint: boolean): string | undefined {
  if (isEndpoint) {
    const collection = filled.at(-1)?.toLowerCase();
    const kind = artifactKinds.find((one) => one.collection.toLowerCase() === collection);
    return kind?.examples[0]?.name ?? childName(`Microsoft.Synapse/workspaces/${collection}`);
  }
  const provider = filled.lastIndexOf("providers");
  if (provider < 0) return undefined;
  const [namespace, ...rest] = filled.slice(provider + 1);
  return childName([namespace, ...rest.filter((_segment, index) => index % 2 === 0)].join("/"));
}

function childName(type: string): string | undefined {
  const definition = definitions.find((one) => one.type.toLowerCase() === type.toLowerCase());
  return definition && nameOf(definition);
}

function pathValues(subject: Subject, operation: Operation): Readonly<Record<string, string>> {
  const { server, synapse } = subject;
  const group = `${server.subscription}/resourceGroups/${groupName}`;
  const azure = `${group.slice(1)}/providers/Microsoft.Authorization`;
  const definition = `${azure}/roleDefinitions/${roleDefinitionId}`;
  const assignment = `${azure}/roleAssignments/${assignmentId}`;
  const workspace = `${group.slice(1)}/providers/Microsoft.Synapse/workspaces/${synapse}`;
  return {
    subscriptionId: server.contract.subscriptionId,
    resourceGroupName: groupName,
    sourceResourceGroupName: groupName,
    scope: group.slice(1),
    roleAssignmentName: assignmentId,
    roleDefinitionId,
    "RoleDefinitions_GetById roleId": definition,
    "RoleDefinitions_GetRoleDefinitionById roleDefinitionId": sparkAdministrator,
    "RoleAssignments_CreateById roleAssignmentId": assignment,
    "RoleAssignments_GetById roleAssignmentId": assignment,
    "RoleAssignments_DeleteById roleAssignmentId": assignment,
    roleAssignmentId: synapseAssignmentId,
    "DenyAssignments_GetById denyAssignmentId": `${azure}/denyAssignments/${assignmentId}`,
    "Resources_GetById resourceId": workspace,
    "Resources_CreateOrUpdateById resourceId": workspace,
    "Resources_UpdateById resourceId": workspace,
    "Resources_DeleteById resourceId": workspace,
    "Resources_CheckExistenceById resourceId": workspace,
    resourceProviderNamespace: "Microsoft.Synapse",
    parentResourcePath: "",
    resourceType: "workspaces",
    resourceName: synapse,
    location: "westeurope",
    privateEndpointConnectionName: subject.connections.get(workspaceType(operation)) ?? "example",
    managedVirtualNetworkName: "default",
    managedPrivateEndpointName: "endpoint1",
    sparkPoolName: childName("Microsoft.Synapse/workspaces/bigDataPools") ?? "",
    livyApiVersion: "2019-11-01-preview",
  };
}

function workspaceType({ path }: Operation): string {
  return path.includes(machineLearningType) ? machineLearningType : synapseType;
}

function bodyFor(subject: Subject, operation: Operation, path: string): unknown {
  const special = bodies[operation.id];
  if (special) return special(subject);
  if (operation.id.includes("_Rename")) {
    return { newName: `renamed${operation.apiVersion.replaceAll("-", "")}` };
  }
  if (operation.method === "PUT") return exampleFor(subject, operation, path);
  if (operation.method === "PATCH") return { tags: { walked: "yes" } };
  return operation.method === "POST" ? {} : undefined;
}

function exampleFor({ server }: Subject, { document }: Operation, path: string): unknown {
  if (document.startsWith("synapse/data-plane")) {
    const collection = path.split("/").at(-2)?.toLowerCase() ?? "";
    return artifactBody(collection) ?? {};
  }
  const type = typeOf(path).toLowerCase();
  const definition = definitions.find((one) => one.type.toLowerCase() === type);
  return (definition && bodyOf(server, definition)) ?? {};
}

function typeOf(path: string): string {
  const provider = path.lastIndexOf("/providers/");
  if (provider < 0) return "Microsoft.Resources/subscriptions/resourceGroups";
  const [namespace, ...rest] = path.slice(provider + "/providers/".length).split("/");
  return [namespace, ...rest.filter((_segment, index) => index % 2 === 0)].join("/");
}

const nameQuestion = { name: "free-name", type: "Microsoft.Synapse/workspaces" };
const assessment = {
  properties: { storageContainerPath: "https://examplelake.blob.core.windows.net/assessments/" },
};
const approval = {
  properties: { privateLinkServiceConnectionState: { status: "Approved", description: "Known" } },
};
const synapseWorkspace = ({ server, synapse }: Subject) => {
  const definition = definitions.find(({ type }) => type === "Microsoft.Synapse/workspaces");
  return synapse && definition ? bodyOf(server, definition) : undefined;
};

const bodies: Readonly<Record<string, (subject: Subject) => unknown>> = {
  RoleAssignments_Create: ({ server }) => azureAssignment(server),
  RoleAssignments_CreateById: ({ server }) => azureAssignment(server),
  RoleDefinitions_CreateOrUpdate: ({ server }) =>
    roleDefinition(`${server.subscription}/resourceGroups/${groupName}`),
  RoleAssignments_CreateRoleAssignment: synapseAssignment,
  ManagedPrivateEndpoints_Create: privateEndpoint,
  RoleAssignments_CheckPrincipalAccess: ({ server, synapse }) => ({
    subject: { principalId: server.contract.user.objectId },
    actions: [{ id: "Microsoft.Synapse/workspaces/read", isDataAction: true }],
    scope: `workspaces/${synapse}`,
  }),
  SqlPoolVulnerabilityAssessments_CreateOrUpdate: () => assessment,
  WorkspaceManagedSqlServerVulnerabilityAssessments_CreateOrUpdate: () => assessment,
  Operations_CheckNameAvailability: () => nameQuestion,
  IntegrationRuntimeAuthKeys_Regenerate: () => ({ keyName: "authKey1" }),
  PrivateEndpointConnections_Create: () => approval,
  PrivateEndpointConnections_Put: () => approval,
  PrivateEndpointConnections_CreateOrUpdate: () => approval,
  Resources_CreateOrUpdate: synapseWorkspace,
  Resources_CreateOrUpdateById: synapseWorkspace,
  Tags_CreateOrUpdateAtScope: () => ({ properties: { tags: { walked: "yes" } } }),
  Tags_UpdateAtScope: () => ({ operation: "Merge", properties: { tags: { walked: "twice" } } }),
};
