// Artifacts in the store and as answered: keys below the workspace's key, so that they go with it, and
// ids with lower-case plurals (recordings/artifacts.json).

import type {
  ArtifactContext,
  ArtifactDefinition,
  StoredArtifact,
} from "@callosum/contract/artifact.ts";
import type { ArmResource, Reader, StoredDocument } from "@callosum/contract/ports.ts";
import { artifactKinds } from "./kinds/index.gen.ts";
import type { WorkspaceCall } from "./workspace.ts";

export interface ArtifactBody extends StoredArtifact {
  /** Names of its sealed secrets. */
  readonly secrets?: readonly string[];
}

export interface FoundArtifact {
  readonly definition: ArtifactDefinition;
  readonly artifact: ArtifactBody;
  readonly etag: string;
  /** Comes with the workspace and nobody has written it. */
  readonly isAutomatic: boolean;
}

const kindByCollection = new Map(
  artifactKinds.map((definition) => [definition.collection.toLowerCase(), definition]),
);
const kindByReference = new Map(
  artifactKinds.flatMap((definition) =>
    definition.referenceType ? [[definition.referenceType.toLowerCase(), definition]] : [],
  ),
);

export function kindOfCollection(collection: string): ArtifactDefinition | undefined {
  return kindByCollection.get(collection.toLowerCase());
}

export function kindOfReference(referenceType: string): ArtifactDefinition | undefined {
  return kindByReference.get(referenceType.toLowerCase());
}

export function documentType(definition: ArtifactDefinition): string {
  return `Synapse/${definition.collection}`;
}

export function artifactKey(
  workspaceId: string,
  definition: ArtifactDefinition,
  name: string,
): string {
  return `${workspaceId}/${definition.collection}/${name}`.toLowerCase();
}

/** Finds an artifact, stored or automatic. */
export async function findArtifact(
  reader: Reader,
  options: { workspace: ArmResource; definition: ArtifactDefinition; name: string },
): Promise<FoundArtifact | undefined> {
  const { workspace, definition, name } = options;
  const key = artifactKey(workspace.id, definition, name);
  const document = await reader.document<ArtifactBody>(key);
  if (document) return fromDocument(definition, document);
  return automaticArtifacts(workspace, definition).find(
    ({ artifact }) => artifact.name.toLowerCase() === name.toLowerCase(),
  );
}

function fromDocument(
  definition: ArtifactDefinition,
  document: StoredDocument<ArtifactBody>,
): FoundArtifact {
  return { definition, artifact: document.body, etag: document.etag, isAutomatic: false };
}

/** All artifacts of a kind, by name. */
export async function listArtifacts(
  reader: Reader,
  options: { workspace: ArmResource; definition: ArtifactDefinition },
): Promise<FoundArtifact[]> {
  const { workspace, definition } = options;
  const documents = await reader.documents<ArtifactBody>({
    parent: workspace.id.toLowerCase(),
    type: documentType(definition),
  });
  const stored = documents.map((document) => fromDocument(definition, document));
  const names = new Set(stored.map(({ artifact }) => artifact.name.toLowerCase()));
  const automatic = automaticArtifacts(workspace, definition).filter(
    ({ artifact }) => !names.has(artifact.name.toLowerCase()),
  );
  return [...automatic, ...stored];
}

export function isAutomaticName(
  workspace: ArmResource,
  options: { definition: ArtifactDefinition; name: string },
): boolean {
  const { definition, name } = options;
  return automaticArtifacts(workspace, definition).some(
    ({ artifact }) => artifact.name.toLowerCase() === name.toLowerCase(),
  );
}

function automaticArtifacts(
  workspace: ArmResource,
  definition: ArtifactDefinition,
): FoundArtifact[] {
  const created = workspace.systemData?.createdAt ?? "0001-01-01T00:00:00";
  return (definition.automatic?.(workspace) ?? []).map(({ name, properties }) => ({
    definition,
    artifact: { name, artifactId: "", recordId: 0, created, changed: created, properties },
    etag: workspace.etag ?? "00000000-0000-0000-0000-000000000000",
    isAutomatic: true,
  }));
}

/** The id in the casing of answers. */
export function artifactId(
  workspace: ArmResource,
  definition: ArtifactDefinition,
  name: string,
): string {
  return `${workspace.id}/${definition.collection.toLowerCase()}/${name}`;
}

/** The resource as answered. `properties` replaces the shown ones where the caller sees less. */
export function presentArtifact(
  workspace: ArmResource,
  found: Pick<FoundArtifact, "definition" | "artifact" | "etag">,
  properties?: Record<string, unknown>,
): Record<string, unknown> {
  const { definition, artifact, etag } = found;
  return {
    id: artifactId(workspace, definition, artifact.name),
    name: artifact.name,
    type: `Microsoft.Synapse/workspaces/${definition.collection.toLowerCase()}`,
    properties: properties ?? definition.show?.(artifact.properties) ?? artifact.properties,
    etag,
  };
}

/** What kinds and connectors work with, over the given view of the store. */
export function artifactContext(
  opened: Pick<WorkspaceCall, "services" | "workspace" | "principal">,
  options: { reader: Reader; ownKey: string },
): ArtifactContext {
  const { services, workspace, principal } = opened;
  const { reader, ownKey } = options;
  return {
    workspace,
    principal,
    reader,
    now: services.clock.now(),
    token: (bits) => services.random.token(bits),
    async find(collection, name) {
      const definition = kindOfCollection(collection);
      const found = definition && (await findArtifact(reader, { workspace, definition, name }));
      return found?.artifact;
    },
    child: (type, name) => services.resources.find(`${workspace.id}/${type}/${name}`, reader),
    async openSecret(name) {
      const sealed = await reader.sealed(ownKey, name);
      return sealed && services.secrets.open(ownKey, name, sealed);
    },
  };
}
