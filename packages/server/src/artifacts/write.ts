// PUT, DELETE and rename of artifacts. All checks that decide are made inside the transaction; what a
// kind refuses becomes the operation's Failed body, before anything is stored.

import type {
  ArtifactContext,
  ArtifactDefinition,
  PreparedArtifact,
} from "@callosum/contract/artifact.ts";
import { ServiceError } from "@callosum/contract/error.ts";
import type { Reader, Writer } from "@callosum/contract/ports.ts";
import type { Answer } from "../http/route.ts";
import { moveItemAssignments, removeItemAssignments } from "./access-control/item-assignment.ts";
import { recordActivity } from "./activity.ts";
import {
  type ArtifactBody,
  artifactContext,
  artifactKey,
  documentType,
  type FoundArtifact,
  findArtifact,
  isAutomaticName,
  kindOfReference,
  listArtifacts,
} from "./artifact-document.ts";
import { artifactNotFound, failSynapse } from "./error-catalogue.ts";
import { artifactKinds } from "./kinds/index.gen.ts";
import { acceptOperation, noRecord } from "./operation.ts";
import { requirePrecondition } from "./precondition.ts";
import { type ArtifactReference, referencesIn, renameReferences } from "./reference.ts";
import { protectProperties } from "./secret.ts";
import { requireObject } from "./validation.ts";
import { requireAction, type WorkspaceCall } from "./workspace.ts";

const namePattern = /^[A-Za-z0-9_][^<>*#.%&:\\+?/]*$/;
const nameLengthMax = 260;
/** `recordId` is the service's row number; ours is any number of that size. */
const recordIdBytes = 3;

function requireName(name: string, target: string): string {
  if (name.length <= nameLengthMax && namePattern.test(name)) return name;
  throw failSynapse.BadRequest({
    reason: `The name '${name.slice(0, 80)}' is not valid: it has 1 to ${nameLengthMax} characters, starts with a letter, a digit or '_' and contains none of <>*#.%&:\\+?/.`,
    target,
  });
}

/** `PUT /{collection}/{name}`: 202 always, for creation and update alike. */
export async function putArtifact(
  opened: WorkspaceCall,
  definition: ArtifactDefinition,
): Promise<Answer> {
  const action = `${definition.collection}/write`;
  await requireAction(opened, action);
  const { services, call } = opened;
  const sentName = requireName(call.params.name ?? "", "name");
  const body = requireObject(call.body, "body");
  const properties = requireObject(body.properties, "properties");
  return services.store.transaction(async (writer) => {
    const { workspace } = opened;
    const found = await findArtifact(writer, { workspace, definition, name: sentName });
    requirePrecondition(call.headers, found?.etag);
    const name = found?.artifact.name ?? sentName;
    const written = await storeArtifact(writer, { opened, definition, name, properties, found });
    const { artifact, error } = written;
    await recordActivity(writer, {
      opened,
      action,
      item: `${definition.collection}/${name}`,
      httpStatus: 202,
      error,
    });
    const state = found ? "Updating" : "Creating";
    const gives = "artifact";
    const facts = artifact;
    return acceptOperation(writer, {
      opened,
      definition,
      name,
      action,
      state,
      facts,
      gives,
      error,
    });
  });
}

async function storeArtifact(
  writer: Writer,
  options: {
    opened: WorkspaceCall;
    definition: ArtifactDefinition;
    name: string;
    properties: Record<string, unknown>;
    found: FoundArtifact | undefined;
  },
): Promise<{ artifact: ArtifactBody; error: ServiceError | undefined }> {
  const { opened, definition, name, properties, found } = options;
  const key = artifactKey(opened.workspace.id, definition, name);
  const existing = found?.isAutomatic ? undefined : found?.artifact;
  const base = newArtifact(opened, { definition, name, existing });
  try {
    await requireReferences(writer, { opened, definition, name, properties });
    const ctx = artifactContext(opened, { reader: writer, ownKey: key });
    const prepared = await prepare(ctx, { definition, name, properties, existing });
    const secrets = Object.entries(prepared.secrets);
    const artifact: ArtifactBody = {
      ...base,
      properties: prepared.properties,
      ...(secrets.length === 0 ? {} : { secrets: secrets.map(([secret]) => secret) }),
    };
    const type = documentType(definition);
    await writer.put({ id: key, type, parent: opened.key, body: artifact });
    for (const secret of existing?.secrets ?? []) await writer.removeSealed(key, secret);
    for (const [secret, text] of secrets) {
      await writer.putSealed(key, secret, opened.services.secrets.seal(key, secret, text));
    }
    return { artifact, error: undefined };
  } catch (error) {
    if (error instanceof ServiceError) return { artifact: { ...base, properties }, error };
    throw error;
  }
}

/** Kinds that know nothing of secrets still never store one in clear. */
async function prepare(
  ctx: ArtifactContext,
  put: {
    definition: ArtifactDefinition;
    name: string;
    properties: Record<string, unknown>;
    existing: ArtifactBody | undefined;
  },
): Promise<Required<PreparedArtifact>> {
  const { definition, name, properties, existing } = put;
  const prepared = (await definition.put?.({ ctx, name, properties, existing })) ?? { properties };
  if (prepared.secrets) return { ...prepared, secrets: prepared.secrets };
  const { value, secrets } = await protectProperties(ctx, {
    properties: prepared.properties,
    existing: existing?.properties,
  });
  return { properties: value, secrets };
}

function newArtifact(
  opened: WorkspaceCall,
  options: { definition: ArtifactDefinition; name: string; existing: ArtifactBody | undefined },
): Omit<ArtifactBody, "properties" | "secrets"> {
  const { definition, name, existing } = options;
  const { random, clock } = opened.services;
  const now = clock.now().toISOString();
  const guid = random.guid();
  return {
    name,
    artifactId:
      existing?.artifactId ?? (definition.backend === "notebook" ? guid : guid.toUpperCase()),
    recordId:
      existing?.recordId ?? Buffer.from(random.bytes(recordIdBytes)).readUIntBE(0, recordIdBytes),
    created: existing?.created ?? now,
    changed: now,
  };
}

/** Whatever the properties name must be there (features.md A-07); the artifact itself counts. */
async function requireReferences(
  reader: Reader,
  options: {
    opened: WorkspaceCall;
    definition: ArtifactDefinition;
    name: string;
    properties: Record<string, unknown>;
  },
): Promise<void> {
  const { opened, definition, properties } = options;
  const { workspace } = opened;
  for (const { type, name, path } of referencesIn(properties)) {
    const kind = kindOfReference(type);
    if (!kind || (kind === definition && name.toLowerCase() === options.name.toLowerCase())) {
      continue;
    }
    const found = await findArtifact(reader, { workspace, definition: kind, name });
    if (!found) throw failSynapse.InvalidReference({ type, name, target: path });
  }
}

/** Everything in the workspace that names the artifact. */
async function dependentsOf(
  reader: Reader,
  options: { opened: WorkspaceCall; definition: ArtifactDefinition; name: string },
): Promise<FoundArtifact[]> {
  const { opened, definition, name } = options;
  const { workspace } = opened;
  const names = (reference: ArtifactReference) =>
    kindOfReference(reference.type) === definition &&
    reference.name.toLowerCase() === name.toLowerCase();
  const dependents: FoundArtifact[] = [];
  for (const kind of artifactKinds) {
    for (const found of await listArtifacts(reader, { workspace, definition: kind })) {
      const isItself =
        kind === definition && found.artifact.name.toLowerCase() === name.toLowerCase();
      if (!isItself && referencesIn(found.artifact.properties).some(names)) dependents.push(found);
    }
  }
  return dependents;
}

/** The artifact that is to be changed; undefined when there is none. */
async function findStored(
  writer: Writer,
  options: { opened: WorkspaceCall; definition: ArtifactDefinition; change: string },
): Promise<FoundArtifact | undefined> {
  const { opened, definition, change } = options;
  const { workspace, call } = opened;
  const name = call.params.name ?? "";
  const found = await findArtifact(writer, { workspace, definition, name });
  if (isAutomaticName(workspace, { definition, name })) {
    throw failSynapse.ArtifactIsAutomatic({ name, change });
  }
  requirePrecondition(call.headers, found?.etag);
  return found;
}

/**
 * `DELETE /{collection}/{name}`: refused at once while others use it, naming them; 204 when there is
 * none (OpenAPI).
 */
export async function removeArtifact(
  opened: WorkspaceCall,
  definition: ArtifactDefinition,
): Promise<Answer> {
  const action = `${definition.collection}/delete`;
  await requireAction(opened, action);
  const { workspace, services } = opened;
  return services.store.transaction(async (writer) => {
    const found = await findStored(writer, { opened, definition, change: "deleted" });
    if (!found) return { status: 204 };
    const { name } = found.artifact;
    const key = artifactKey(workspace.id, definition, name);
    const dependents = await dependentsOf(writer, { opened, definition, name });
    if (dependents.length > 0) {
      throw failSynapse.ArtifactIsReferenced({
        name,
        dependents: dependents
          .map((dependent) => `${dependent.definition.kind} '${dependent.artifact.name}'`)
          .join(", "),
        target: `${workspace.id}/${definition.collection}/${name}`,
      });
    }
    await writer.remove(key);
    const item = `${definition.collection}/${name}`;
    await removeItemAssignments(writer, { workspace, item });
    await recordActivity(writer, { opened, action, item, httpStatus: 202 });
    const [state, facts, gives] = ["Deleting", noRecord, "nothing"] as const;
    return acceptOperation(writer, { opened, definition, name, action, state, facts, gives });
  });
}

/** `POST /{collection}/{name}/rename`: whatever names the artifact is rewritten with it. */
export async function renameArtifact(
  opened: WorkspaceCall,
  definition: ArtifactDefinition,
): Promise<Answer> {
  const action = `${definition.collection}/write`;
  await requireAction(opened, action);
  const { call, workspace, services } = opened;
  const { newName } = requireObject(call.body, "body");
  if (typeof newName !== "string") {
    throw failSynapse.BadRequest({ reason: "'newName' must be a text.", target: "newName" });
  }
  const to = requireName(newName, "newName");
  return services.store.transaction(async (writer) => {
    const found = await findStored(writer, { opened, definition, change: "renamed" });
    if (!found) {
      throw artifactNotFound({ ...definition, name: call.params.name ?? "", workspace });
    }
    const from = found.artifact.name;
    const taken = await findArtifact(writer, { workspace, definition, name: to });
    if (taken && to.toLowerCase() !== from.toLowerCase()) {
      throw failSynapse.ArtifactNameInUse({ kind: definition.kind, name: to, target: "newName" });
    }
    const changed = services.clock.now().toISOString();
    await rewriteDependents(writer, { opened, definition, from, to, changed });
    await moveArtifact(writer, { opened, found, to, changed });
    const item = `${definition.collection}/${from}`;
    await recordActivity(writer, { opened, action, item, httpStatus: 202 });
    return acceptOperation(writer, {
      opened,
      definition,
      name: to,
      action,
      state: "Updating",
      facts: { ...found.artifact, changed },
      gives: "artifact",
    });
  });
}

async function rewriteDependents(
  writer: Writer,
  change: {
    opened: WorkspaceCall;
    definition: ArtifactDefinition;
    from: string;
    to: string;
    changed: string;
  },
): Promise<void> {
  const { opened, definition, from, to, changed } = change;
  const type = definition.referenceType;
  if (type === undefined) return;
  for (const dependent of await dependentsOf(writer, { opened, definition, name: from })) {
    const { artifact } = dependent;
    const properties = renameReferences(artifact.properties, { type, from, to });
    await writer.put({
      id: artifactKey(opened.workspace.id, dependent.definition, artifact.name),
      type: documentType(dependent.definition),
      parent: opened.key,
      body: { ...artifact, properties, changed },
    });
  }
}

/** Secrets are bound to their owner's key, so they are opened and sealed anew. */
async function moveArtifact(
  writer: Writer,
  options: { opened: WorkspaceCall; found: FoundArtifact; to: string; changed: string },
): Promise<void> {
  const { opened, found, to, changed } = options;
  const { definition, artifact } = found;
  const { secrets } = opened.services;
  const from = artifactKey(opened.workspace.id, definition, artifact.name);
  const key = artifactKey(opened.workspace.id, definition, to);
  const clear = new Map<string, string>();
  for (const name of artifact.secrets ?? []) {
    const sealed = await writer.sealed(from, name);
    if (sealed) clear.set(name, secrets.open(from, name, sealed));
  }
  await writer.remove(from);
  const body: ArtifactBody = { ...artifact, name: to, changed };
  await writer.put({ id: key, type: documentType(definition), parent: opened.key, body });
  for (const [name, text] of clear)
    await writer.putSealed(key, name, secrets.seal(key, name, text));
  const { workspace } = opened;
  const { collection } = definition;
  const item = `${collection}/${artifact.name}`;
  await moveItemAssignments(writer, { workspace, item, to: `${collection}/${to}` });
}
