// Application registrations (recordings/graph.json). Any user may register one and then owns it.

import type { Writer } from "@callosum/contract/ports.ts";
import {
  type Application,
  aliasKind,
  applicationType,
  objectKey,
  type ServicePrincipal,
} from "../object.ts";
import { removeObject } from "../removal.ts";
import {
  type Body,
  bad,
  type PropertyKind,
  readObject,
  readProperties,
  requiredText,
} from "./body.ts";
import { createPasswords, readKeyCredentials } from "./credential.ts";
import { writeDirectory } from "./directory-write.ts";
import { allObjects, findObject } from "./find.ts";
import type { GraphCall, GraphOperation } from "./operation.ts";
import { requireCreator, requireWriter } from "./permission.ts";
import { answerCount, answerEntity, answerList } from "./query.ts";
import { requireIdentifierUris, requireRedirectUris } from "./redirect-uri.ts";
import { applicationShape, passwordCredentialShape } from "./shape.ts";

const set = "applications";

const writable: Readonly<Record<string, PropertyKind>> = {
  displayName: "string",
  description: "string",
  addIns: "object[]",
  api: "object",
  appRoles: "object[]",
  groupMembershipClaims: "string",
  identifierUris: "string[]",
  info: "object",
  isDeviceOnlyAuthSupported: "boolean",
  isFallbackPublicClient: "boolean",
  keyCredentials: "object[]",
  notes: "string",
  optionalClaims: "object",
  parentalControlSettings: "object",
  passwordCredentials: "object[]",
  publicClient: "object",
  requiredResourceAccess: "object[]",
  serviceManagementReference: "string",
  signInAudience: "string",
  spa: "object",
  tags: "string[]",
  web: "object",
};

export const applicationOperations: GraphOperation[] = [
  {
    method: "GET",
    set,
    path: "",
    summary: "Lists applications",
    handle: async (graph) => answerList(graph, { set, entities: await entities(graph) }),
  },
  {
    method: "GET",
    set,
    path: "/$count",
    summary: "Counts applications",
    handle: async (graph) => answerCount(graph, await entities(graph)),
  },
  { method: "POST", set, path: "", summary: "Registers an application", handle: create },
  { method: "GET", set, path: "/:key", summary: "Reads an application", handle: read },
  { method: "PATCH", set, path: "/:key", summary: "Changes an application", handle: update },
  { method: "DELETE", set, path: "/:key", summary: "Deletes an application", handle: remove },
];

async function entities({ services }: GraphCall) {
  const applications = await allObjects(services.store.read, applicationType);
  return applications.map((application) => applicationShape(application, services));
}

async function read(graph: GraphCall) {
  const { services, key } = graph;
  const application = await findObject(services.store.read, applicationType, key);
  return answerEntity(graph, { set, entity: applicationShape(application, services) });
}

async function create(graph: GraphCall) {
  const { services, principal, call } = graph;
  const { random, clock } = services;
  await requireCreator(graph, "applications");
  const sent = readProperties(readObject(call.body), writable);
  const displayName = requiredText(sent, "displayName", "Application");
  const passwords = createPasswords({ random, clock }, sent.passwordCredentials);
  const application: Application = {
    id: random.guid(),
    appId: random.guid(),
    displayName,
    createdDateTime: clock.now().toISOString(),
    passwordCredentials: passwords.map(({ credential }) => credential),
    keyCredentials: readKeyCredentials(sent.keyCredentials ?? [], services),
    settings: {},
    owners: [principal.objectId],
  };
  const stored = { ...application, settings: settingsOf(graph, application, sent) };
  const key = objectKey(applicationType, stored.id);
  await writeDirectory(graph, { action: `${set}/create`, key }, (writer) => put(writer, stored));
  const shape = applicationShape(stored, services);
  const shown = passwords.map(({ credential, secretText }) => ({
    ...passwordCredentialShape(credential),
    secretText,
  }));
  const entity = passwords.length > 0 ? { ...shape, passwordCredentials: shown } : shape;
  return answerEntity(graph, { set, entity, status: 201 });
}

async function update(graph: GraphCall) {
  const { services, call } = graph;
  const sent = readProperties(readObject(call.body), writable);
  if (sent.passwordCredentials !== undefined) {
    throw bad("Password credentials are changed through addPassword and removePassword.");
  }
  const { id } = await findObject(services.store.read, applicationType, graph.key);
  const key = objectKey(applicationType, id);
  await writeDirectory(graph, { action: `${set}/update`, key }, async (writer) => {
    const existing = await findObject(writer, applicationType, id);
    await requireWriter(graph, { part: "applications", owners: existing.owners });
    const displayName =
      sent.displayName === undefined
        ? existing.displayName
        : requiredText(sent, "displayName", "Application");
    const settings = { ...existing.settings, ...settingsOf(graph, existing, sent) };
    const keyCredentials = sent.keyCredentials
      ? readKeyCredentials(sent.keyCredentials, services)
      : existing.keyCredentials;
    await put(writer, { ...existing, displayName, keyCredentials, settings });
  });
  return { status: 204 };
}

/** An application's service principal in its own tenant goes with it, as in Entra. */
async function remove(graph: GraphCall) {
  const { services } = graph;
  const { id } = await findObject(services.store.read, applicationType, graph.key);
  const key = objectKey(applicationType, id);
  await writeDirectory(graph, { action: `${set}/delete`, key }, async (writer) => {
    const { owners, appId } = await findObject(writer, applicationType, id);
    await requireWriter(graph, { part: "applications", owners });
    const principalKey = await writer.alias(aliasKind.servicePrincipalByAppId, appId);
    const principal = principalKey && (await writer.document<ServicePrincipal>(principalKey));
    if (principal) await removeObject(writer, { key: principal.id, objectId: principal.body.id });
    await removeObject(writer, { key, objectId: id });
  });
  return { status: 204 };
}

/** What is kept as sent; addresses in it are checked, as sign-in trusts them later. */
function settingsOf(graph: GraphCall, { appId }: Application, sent: Body): Record<string, unknown> {
  const { displayName, keyCredentials, passwordCredentials, ...settings } = sent;
  for (const platform of ["web", "spa", "publicClient"] as const) {
    requireRedirectUris(platform, settings[platform]);
  }
  if (settings.identifierUris) {
    requireIdentifierUris(settings.identifierUris as string[], {
      appId,
      domain: graph.services.domain,
      tenantId: graph.services.tenantId,
    });
  }
  return settings;
}

async function put(writer: Writer, application: Application): Promise<void> {
  const id = objectKey(applicationType, application.id);
  await writer.put({ id, type: applicationType, parent: "/directory", body: application });
  await writer.claim({ kind: aliasKind.applicationByAppId, name: application.appId, id });
  const wanted = (application.settings.identifierUris ?? []) as readonly string[];
  for (const { kind, name } of await writer.aliases(aliasKind.applicationByUri, id)) {
    await writer.release(kind, name);
  }
  for (const name of wanted) await writer.claim({ kind: aliasKind.applicationByUri, name, id });
}
