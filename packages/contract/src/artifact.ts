// A kind of artifact of the Synapse workspace endpoint is one value made by `defineArtifact`. The
// host in server/src/artifacts walks the values: routes, api-versions, Synapse RBAC, references,
// storage, long-running answers.

import type { ArmResource, Reader } from "./ports.ts";
import type { Principal } from "./principal.ts";

export type ArtifactProperties = Record<string, unknown>;

/** Which of Azure's services answers for a kind; their dialects differ (recordings/artifacts.json). */
export type ArtifactBackend = "factory" | "document" | "notebook";

/** An artifact as stored. `created` and `changed` are ISO times. */
export interface StoredArtifact {
  readonly name: string;
  readonly artifactId: string;
  readonly recordId: number;
  readonly created: string;
  readonly changed: string;
  readonly properties: ArtifactProperties;
}

export interface ArtifactContext {
  readonly workspace: ArmResource;
  readonly principal: Principal;
  /** The transaction's view on writes, committed state on reads. */
  readonly reader: Reader;
  readonly now: Date;
  token(bits: number): string;
  /** An artifact of the same workspace by its collection (`linkedServices`), automatic ones too. */
  find(collection: string, name: string): Promise<StoredArtifact | undefined>;
  /** A child of the workspace in the resource manager, e.g. `integrationRuntimes`. */
  child(type: string, name: string): Promise<ArmResource | undefined>;
  /** A sealed secret of the artifact that is written, in clear. */
  openSecret(name: string): Promise<string | undefined>;
}

export interface ArtifactPut {
  readonly ctx: ArtifactContext;
  readonly name: string;
  readonly properties: ArtifactProperties;
  readonly existing: StoredArtifact | undefined;
}

/** What is stored: properties without secrets, and all secrets that the artifact has from now on. */
export interface PreparedArtifact {
  readonly properties: ArtifactProperties;
  readonly secrets?: Readonly<Record<string, string>>;
}

export interface ArtifactDefinition {
  /** `type` of operation records and stem of error codes: `LinkedService`. */
  readonly kind: string;
  /** Canonical casing, as in Synapse RBAC actions: `linkedServices`. Ids and routes are lower case. */
  readonly collection: string;
  readonly source: string;
  readonly summary: string;
  readonly apiVersions: readonly string[];
  readonly backend: ArtifactBackend;
  readonly rename: boolean;
  /** Path of the list without contents (`notebooksSummary`), and what it keeps of the properties. */
  readonly summaryList?: {
    readonly path: string;
    summarise(properties: ArtifactProperties): ArtifactProperties;
  };
  /** Type of the references that name such artifacts: `LinkedServiceReference`. */
  readonly referenceType?: string;
  /** Names that every workspace has without anyone creating them; they can't be deleted. */
  automatic?(workspace: ArmResource): readonly { name: string; properties: ArtifactProperties }[];
  /** Checks a write and gives what to store; a ServiceError becomes the operation's Failed body. */
  put?(request: ArtifactPut): Promise<PreparedArtifact> | PreparedArtifact;
  /** Properties as answered. */
  show?(properties: ArtifactProperties): ArtifactProperties;
  /** `POST …/{name}/{action}` that has nothing to do as long as nothing runs: 200, empty. */
  readonly idleActions?: readonly string[];
  /** `POST …/{name}/{action}` that Azure runs and we refuse by name, with the reason. */
  readonly refusedActions?: Readonly<Record<string, string>>;
  readonly examples: readonly {
    readonly name: string;
    readonly properties: ArtifactProperties;
  }[];
}

/** Makes an artifact kind. */
export function defineArtifact(definition: ArtifactDefinition): ArtifactDefinition {
  return definition;
}

/** A documented group of routes that is not run: refused by name. */
export interface RefusedArtifact {
  readonly name: string;
  readonly source: string;
  readonly reason: string;
  readonly apiVersions: readonly string[];
  readonly routes: readonly {
    readonly method: "GET" | "PUT" | "POST" | "DELETE";
    readonly path: string;
  }[];
}

export function refuseArtifact(refusal: RefusedArtifact): RefusedArtifact {
  return refusal;
}
