// Service principals: of applications, made here, and of managed identities, made with their resource
// and found by its name (features.md B-01, B-07).

import type { Writer } from "@callosum/contract/ports.ts";
import {
  type Application,
  aliasKind,
  applicationType,
  objectKey,
  type ServicePrincipal,
  servicePrincipalType,
} from "../object.ts";
import { removeObject } from "../removal.ts";
import { bad, type PropertyKind, readObject, readProperties, requiredText } from "./body.ts";
import { writeDirectory } from "./directory-write.ts";
import { graphFail } from "./error-catalogue.ts";
import { allObjects, findObject } from "./find.ts";
import type { GraphCall, GraphOperation } from "./operation.ts";
import { requireCreator, requireWriter } from "./permission.ts";
import { answerCount, answerEntity, answerList, type Entity } from "./query.ts";
import { servicePrincipalShape } from "./shape.ts";

const set = "servicePrincipals";

const writable: Readonly<Record<string, PropertyKind>> = {
  accountEnabled: "boolean",
  alternativeNames: "string[]",
  appRoleAssignmentRequired: "boolean",
  description: "string",
  homepage: "string",
  loginUrl: "string",
  notes: "string",
  notificationEmailAddresses: "string[]",
  preferredSingleSignOnMode: "string",
  tags: "string[]",
};

export const servicePrincipalOperations: GraphOperation[] = [
  {
    method: "GET",
    set,
    path: "",
    summary: "Lists service principals",
    handle: async (graph) => answerList(graph, { set, entities: await entities(graph) }),
  },
  {
    method: "GET",
    set,
    path: "/$count",
    summary: "Counts service principals",
    handle: async (graph) => answerCount(graph, await entities(graph)),
  },
  { method: "POST", set, path: "", summary: "Makes a service principal", handle: create },
  { method: "GET", set, path: "/:key", summary: "Reads a service principal", handle: read },
  { method: "PATCH", set, path: "/:key", summary: "Changes a service principal", handle: update },
  { method: "DELETE", set, path: "/:key", summary: "Deletes a service principal", handle: remove },
];

async function entities({ services }: GraphCall): Promise<Entity[]> {
  const { read: reader } = services.store;
  const applications = await allObjects(reader, applicationType);
  const byAppId = new Map(applications.map((application) => [application.appId, application]));
  const all = await allObjects(reader, servicePrincipalType);
  return all.map((servicePrincipal) => {
    const application = byAppId.get(servicePrincipal.appId);
    return servicePrincipalShape(servicePrincipal, { ...services, application });
  });
}

/** A service principal in Graph's shape, with what its registration adds. */
export async function describeServicePrincipal(
  { services }: Pick<GraphCall, "services">,
  servicePrincipal: ServicePrincipal,
): Promise<Entity> {
  const { read: reader } = services.store;
  const key = await reader.alias(aliasKind.applicationByAppId, servicePrincipal.appId);
  const application =
    key === undefined ? undefined : (await reader.document<Application>(key))?.body;
  return servicePrincipalShape(servicePrincipal, { ...services, application });
}

async function read(graph: GraphCall) {
  const { services, key } = graph;
  const servicePrincipal = await findObject(services.store.read, servicePrincipalType, key);
  const entity = await describeServicePrincipal(graph, servicePrincipal);
  return answerEntity(graph, { set, entity });
}

async function create(graph: GraphCall) {
  const { services, principal, call } = graph;
  const { random, clock } = services;
  const sent = readProperties(readObject(call.body), { ...writable, appId: "string" });
  const { appId: _sent, accountEnabled, ...settings } = sent;
  const appId = requiredText(sent, "appId", "ServicePrincipal").toLowerCase();
  await requireCreator(graph, "applications");
  const id = random.guid();
  const key = objectKey(servicePrincipalType, id);
  const made = await writeDirectory(graph, { action: `${set}/create`, key }, async (writer) => {
    const applicationKey = await writer.alias(aliasKind.applicationByAppId, appId);
    const application = applicationKey && (await writer.document<Application>(applicationKey));
    await requireFree(writer, appId);
    if (!application) {
      throw bad(
        `The appId '${appId}' of the service principal does not reference a valid application object.`,
      );
    }
    const body: ServicePrincipal = {
      id,
      appId,
      displayName: application.body.displayName,
      servicePrincipalType: "Application",
      accountEnabled: accountEnabled !== false,
      createdDateTime: clock.now().toISOString(),
      resourceId: undefined,
      isExplicit: false,
      passwordCredentials: [],
      settings,
      owners: [principal.objectId],
    };
    await requireWriter(graph, { part: "applications", owners: application.body.owners });
    await writer.put({ id: key, type: servicePrincipalType, parent: "/directory", body });
    await writer.claim({ kind: aliasKind.servicePrincipalByAppId, name: appId, id: key });
    return body;
  });
  const entity = await describeServicePrincipal(graph, made);
  return answerEntity(graph, { set, entity, status: 201 });
}

async function requireFree(writer: Writer, appId: string): Promise<void> {
  if ((await writer.alias(aliasKind.servicePrincipalByAppId, appId)) === undefined) return;
  throw graphFail.Request_MultipleObjectsWithSameKeyValue({
    type: "service principal",
    property: "service principal name",
    value: appId,
  });
}

async function update(graph: GraphCall) {
  const { services, call } = graph;
  const { accountEnabled, ...settings } = readProperties(readObject(call.body), writable);
  const { id } = await findObject(services.store.read, servicePrincipalType, graph.key);
  const key = objectKey(servicePrincipalType, id);
  await writeDirectory(graph, { action: `${set}/update`, key }, async (writer) => {
    const existing = await findObject(writer, servicePrincipalType, id);
    await requireWriter(graph, { part: "applications", owners: existing.owners });
    const body: ServicePrincipal = {
      ...existing,
      accountEnabled:
        typeof accountEnabled === "boolean" ? accountEnabled : existing.accountEnabled,
      settings: { ...existing.settings, ...settings },
    };
    await writer.put({ id: key, type: servicePrincipalType, parent: "/directory", body });
  });
  return { status: 204 };
}

/** A managed identity lives and dies with its resource (features.md B-03). */
async function remove(graph: GraphCall) {
  const { services } = graph;
  const { id } = await findObject(services.store.read, servicePrincipalType, graph.key);
  const key = objectKey(servicePrincipalType, id);
  await writeDirectory(graph, { action: `${set}/delete`, key }, async (writer) => {
    const { owners, servicePrincipalType: kind } = await findObject(
      writer,
      servicePrincipalType,
      id,
    );
    await requireWriter(graph, { part: "applications", owners });
    if (kind === "ManagedIdentity") {
      throw bad("A managed identity cannot be deleted here: it is deleted with its resource.");
    }
    await removeObject(writer, { key, objectId: id });
  });
  return { status: 204 };
}
