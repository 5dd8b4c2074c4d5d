// Application permissions granted to principals (recordings/graph.json). Those of Graph count here
// (app-role.ts); others are kept for the applications that read them.

import {
  type AppRoleAssignment,
  appRoleAssignmentKey,
  appRoleAssignmentType,
  type DirectoryType,
  groupType,
  servicePrincipalType,
  userType,
} from "../object.ts";
import { bad, readObject, readProperties, requiredText } from "./body.ts";
import { writeDirectory } from "./directory-write.ts";
import { graphFail } from "./error-catalogue.ts";
import { findAny, findObject } from "./find.ts";
import type { GraphCall, GraphOperation } from "./operation.ts";
import { requireWriter } from "./permission.ts";
import { answerEntity, answerList, type Entity } from "./query.ts";
import { describeServicePrincipal } from "./service-principal.ts";

const set = "servicePrincipals";
/** Without any role of the resource's own, as Graph has it. */
const defaultRole = "00000000-0000-0000-0000-000000000000";

type Side = "principalId" | "resourceId";

const lists: readonly { set: string; type: DirectoryType; name: string; side: Side }[] = [
  { set, type: servicePrincipalType, name: "appRoleAssignments", side: "principalId" },
  { set, type: servicePrincipalType, name: "appRoleAssignedTo", side: "resourceId" },
  { set: "users", type: userType, name: "appRoleAssignments", side: "principalId" },
  { set: "groups", type: groupType, name: "appRoleAssignments", side: "principalId" },
];

export const appRoleAssignmentOperations: GraphOperation[] = lists.flatMap((place) => [
  {
    method: "GET",
    set: place.set,
    path: `/:key/${place.name}`,
    summary: "Lists granted application permissions",
    handle: (graph) => list(graph, place),
  },
  {
    method: "POST",
    set: place.set,
    path: `/:key/${place.name}`,
    source: "recordings/graph.json",
    summary: "Grants an application permission",
    handle: (graph) => create(graph, place),
  },
  {
    method: "DELETE",
    set: place.set,
    path: `/:key/${place.name}/:other`,
    summary: "Takes an application permission back",
    handle: (graph) => remove(graph, place),
  },
]);

async function list(graph: GraphCall, { type, side }: { type: DirectoryType; side: Side }) {
  const { read } = graph.services.store;
  const { id } = await findObject(read, type, graph.key);
  const all = await read.documents<AppRoleAssignment>({ type: appRoleAssignmentType });
  const entities: Entity[] = [];
  for (const { body } of all) if (body[side] === id) entities.push(await shape(graph, body));
  return answerList(graph, { set: "appRoleAssignments", entities });
}

async function create(graph: GraphCall, { type, side }: { type: DirectoryType; side: Side }) {
  const { services, call } = graph;
  const { store, random, clock } = services;
  const sent = readProperties(readObject(call.body), {
    appRoleId: "string",
    principalId: "string",
    resourceId: "string",
  });
  const { id: ownId } = await findObject(store.read, type, graph.key);
  const ids = {
    principalId: requiredText(sent, "principalId", "AppRoleAssignment").toLowerCase(),
    resourceId: requiredText(sent, "resourceId", "AppRoleAssignment").toLowerCase(),
    appRoleId: requiredText(sent, "appRoleId", "AppRoleAssignment").toLowerCase(),
  };
  if (ids[side] !== ownId) throw bad(`The ${side} is not the object that the address names.`);
  await requireWriter(graph, { part: "appRoleAssignments" });
  const body: AppRoleAssignment = {
    id: random.token(256),
    ...ids,
    createdDateTime: clock.now().toISOString(),
  };
  await requireRole(graph, body);
  const key = appRoleAssignmentKey(body.id);
  await writeDirectory(
    graph,
    { action: `${set}/appRoleAssignedTo/update`, key },
    async (writer) => {
      if (!(await findAny(writer, body.principalId))) {
        throw graphFail.Request_ResourceNotFound({ id: body.principalId });
      }
      for (const { body: other } of await writer.documents<AppRoleAssignment>({
        type: appRoleAssignmentType,
      })) {
        const isSame =
          other.principalId === body.principalId &&
          other.resourceId === body.resourceId &&
          other.appRoleId === body.appRoleId;
        if (isSame) throw bad("Permission being assigned already exists on the object");
      }
      await writer.put({ id: key, type: appRoleAssignmentType, parent: "/directory", body });
    },
  );
  const entity = await shape(graph, body);
  return answerEntity(graph, { set: "appRoleAssignments", entity, status: 201 });
}

/** The role must be one of the resource's. */
async function requireRole(graph: GraphCall, body: AppRoleAssignment): Promise<void> {
  const { read } = graph.services.store;
  const resource = await findObject(read, servicePrincipalType, body.resourceId);
  const { appRoles } = await describeServicePrincipal(graph, resource);
  const known = (appRoles as readonly { id?: unknown }[]).map(({ id }) => String(id).toLowerCase());
  if (body.appRoleId === defaultRole || known.includes(body.appRoleId)) return;
  throw bad("Permission being assigned was not found on application");
}

async function remove(graph: GraphCall, { type, side }: { type: DirectoryType; side: Side }) {
  const { other = "" } = graph.params;
  const { id } = await findObject(graph.services.store.read, type, graph.key);
  const key = appRoleAssignmentKey(other);
  await writeDirectory(
    graph,
    { action: `${set}/appRoleAssignedTo/update`, key },
    async (writer) => {
      await requireWriter(graph, { part: "appRoleAssignments" });
      const document = await writer.document<AppRoleAssignment>(key);
      if (document?.body[side] !== id) throw graphFail.Request_ResourceNotFound({ id: other });
      await writer.remove(key);
    },
  );
  return { status: 204 };
}

async function shape(graph: GraphCall, body: AppRoleAssignment): Promise<Entity> {
  const { directory } = graph.services;
  const principal = await directory.principal(body.principalId);
  const resource = await directory.principal(body.resourceId);
  return {
    id: body.id,
    deletedDateTime: null,
    appRoleId: body.appRoleId,
    createdDateTime: body.createdDateTime,
    principalDisplayName: principal?.displayName ?? null,
    principalId: body.principalId,
    principalType: principal?.kind === "ManagedIdentity" ? "ServicePrincipal" : principal?.kind,
    resourceDisplayName: resource?.displayName ?? null,
    resourceId: body.resourceId,
  };
}
