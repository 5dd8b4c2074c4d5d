// The ports through which planes meet. Interfaces only: main.ts joins them to their makers, and
// each has a real implementation in exactly one folder of the server.

import type { Principal, PrincipalKind } from "./principal.ts";

export interface Clock {
  now(): Date;
}

export interface Random {
  guid(): string;
  bytes(length: number): Uint8Array;
  /** URL-safe text of `bits` random bits that never begins with a hyphen. */
  token(bits: number): string;
}

/** A stored thing of any plane. `id` and `parent` are keys (lower case); `body` is JSON. */
export interface StoredDocument<Body = unknown> {
  readonly id: string;
  readonly type: string;
  readonly parent: string;
  readonly etag: string;
  readonly body: Body;
}

export interface DocumentQuery {
  /** Exact type (canonical casing). */
  readonly type?: string;
  readonly parent?: string;
  /** Documents whose id starts with this key followed by `/`. */
  readonly under?: string;
  /** Resume after this id; results come in id order. */
  readonly after?: string;
  readonly limit?: number;
}

/** A name that leads to a document and is unique in its kind: DNS labels, app ids, user names. */
export interface Alias {
  readonly kind: string;
  readonly name: string;
  readonly id: string;
}

/** Something with an expiry: operations, authorization codes, refresh tokens. */
export interface Ticket<Body = unknown> {
  readonly kind: string;
  readonly id: string;
  readonly expiresMs: number;
  readonly body: Body;
}

export interface ActivityRecord {
  readonly timeMs: number;
  /** Key of the resource acted on. */
  readonly scope: string;
  readonly body: unknown;
}

/** Committed state. Never sees a transaction that is still open. */
export interface Reader {
  document<Body = unknown>(id: string): Promise<StoredDocument<Body> | undefined>;
  documents<Body = unknown>(query: DocumentQuery): Promise<StoredDocument<Body>[]>;
  alias(kind: string, name: string): Promise<string | undefined>;
  aliases(kind: string, id: string): Promise<Alias[]>;
  ticket<Body = unknown>(kind: string, id: string): Promise<Ticket<Body> | undefined>;
  activity(query: {
    scope: string;
    fromMs: number;
    toMs: number;
    limit: number;
    before?: number;
  }): Promise<(ActivityRecord & { sequence: number })[]>;
  /** The sealed bytes of a secret; `SecretBox` opens them. */
  sealed(owner: string, name: string): Promise<Uint8Array | undefined>;
}

/** One transaction's view: its own writes included. Nothing is visible to others until it commits. */
export interface Writer extends Reader {
  /** Inserts or replaces; gives the new etag. */
  put(document: Omit<StoredDocument, "etag"> & { etag?: string }): Promise<StoredDocument>;
  remove(id: string): Promise<boolean>;
  /** Removes the document, all below it, and their aliases and secrets; gives what was removed. */
  removeTree(id: string): Promise<StoredDocument[]>;
  /** Rejects with `AliasTaken` when another id holds the name. */
  claim(alias: Alias): Promise<void>;
  release(kind: string, name: string): Promise<void>;
  putTicket(ticket: Ticket): Promise<void>;
  /** Gives the ticket and deletes it, so that it is used once. */
  takeTicket<Body = unknown>(kind: string, id: string): Promise<Ticket<Body> | undefined>;
  appendActivity(record: ActivityRecord): Promise<void>;
  putSealed(owner: string, name: string, sealed: Uint8Array): Promise<void>;
  removeSealed(owner: string, name: string): Promise<void>;
}

export interface Store {
  readonly read: Reader;
  /**
   * Runs `work` alone and commits with whatever else is waiting (group commit); resolves when the
   * commit is on disk. `work` must not wait for anything but the store.
   */
  transaction<Result>(work: (writer: Writer) => Promise<Result>): Promise<Result>;
  /** Called after each commit with the ids of documents that changed, before callers are told. */
  onCommit(listener: (changedIds: readonly string[]) => void | Promise<void>): void;
  close(): Promise<void>;
}

export class AliasTaken extends Error {
  readonly alias: Alias;
  constructor(alias: Alias) {
    super(`The ${alias.kind} name '${alias.name}' is taken.`);
    this.name = "AliasTaken";
    this.alias = alias;
  }
}

/** Seals what must never be readable at rest. Owner and name are bound into the ciphertext. */
export interface SecretBox {
  seal(owner: string, name: string, clear: string): Uint8Array;
  /** Rejects when the ciphertext was moved to another owner or name, or the key differs. */
  open(owner: string, name: string, sealed: Uint8Array): string;
}

/** What a directory object looks like to other planes. */
export interface DirectoryPrincipal {
  readonly objectId: string;
  readonly kind: PrincipalKind | "Group";
  readonly displayName: string;
  readonly appId: string | undefined;
  readonly userPrincipalName: string | undefined;
  /** For managed identities: the id of the resource that they belong to. */
  readonly resourceId: string | undefined;
  readonly enabled: boolean;
}

/** What somebody's text turned out to be. `appId` is the client id that was probably meant. */
export interface DirectoryMatch {
  readonly kind:
    | "clientId"
    | "applicationObjectId"
    | "servicePrincipalObjectId"
    | "managedIdentity"
    | "secretId"
    | "displayName"
    | "userOrGroup";
  readonly appId: string | undefined;
  readonly displayName: string;
  /** Of the application with that client id; undefined when it has none in this tenant. */
  readonly servicePrincipal: DirectoryPrincipal | undefined;
}

/** The tenant's directory, kept by the identity plane. */
export interface Directory {
  readonly tenantId: string;
  principal(objectId: string, from?: Reader): Promise<DirectoryPrincipal | undefined>;
  /** A service principal by application (client) id. */
  byAppId(appId: string, from?: Reader): Promise<DirectoryPrincipal | undefined>;
  /** An application registration's object id, to diagnose wrong kinds of id. */
  applicationObject(objectId: string): Promise<{ appId: string; displayName: string } | undefined>;
  search(text: string): Promise<DirectoryPrincipal[]>;
  /** What an id or a display name is in this directory, to diagnose a wrong kind of id. */
  identify(text: string): Promise<DirectoryMatch | undefined>;
  /** The caller as a Principal, groups resolved. Undefined when unknown or disabled. */
  asPrincipal(objectId: string): Promise<Principal | undefined>;
  /** Makes the identity of a resource (system- or user-assigned); same transaction as the resource. */
  createManagedIdentity(
    writer: Writer,
    identity: { resourceId: string; displayName: string; explicit: boolean },
  ): Promise<{ principalId: string; clientId: string }>;
  /** Removes the identities that belong to these resources; ids of others are ignored. */
  removeManagedIdentities(writer: Writer, resourceIds: readonly string[]): Promise<void>;
  /**
   * Checks a client secret as the token endpoint would, for a service principal of this tenant.
   * Rejects with ServiceError whose code is the AADSTS number (`AADSTS7000215`, `AADSTS700016`,
   * `AADSTS7000222`, `AADSTS90002`).
   */
  verifyClientSecret(credential: {
    tenant: string;
    clientId: string;
    clientSecret: string;
  }): Promise<Principal>;
}

export interface AccessQuestion {
  readonly action: string;
  readonly scope: string;
  readonly data?: boolean;
}

/** One reason why access is granted. */
export interface AccessGrant {
  readonly assignmentId: string;
  readonly roleName: string;
  readonly scope: string;
  readonly principalId: string;
}

/** Azure RBAC (resource manager scopes), deny by default. */
export interface Authorizer {
  allows(principal: Principal, question: AccessQuestion): Promise<boolean>;
  /** Every assignment that grants it; empty when refused. */
  grants(principal: Principal, question: AccessQuestion): Promise<AccessGrant[]>;
  /** Rejects with AuthorizationFailed. */
  require(principal: Principal, question: AccessQuestion): Promise<void>;
  /** Whether the principal holds any assignment at, above or below the scope. */
  sees(principal: Principal, scope: string): Promise<boolean>;
}

export interface SynapseQuestion {
  /** The workspace's ARM id, in any casing. */
  readonly workspaceId: string;
  /** A data action of the role definitions, `Microsoft.Synapse/workspaces/…`. */
  readonly action: string;
  /** `linkedServices/{n}`, `bigDataPools/{n}`, …: the item of the workspace asked about. */
  readonly item?: string;
}

/** Synapse RBAC (workspace scopes), deny by default. */
export interface SynapseAuthorizer {
  allows(principal: Principal, question: SynapseQuestion): Promise<boolean>;
  require(principal: Principal, question: SynapseQuestion): Promise<void>;
  /** Every assignment that grants it; empty when refused or granted by Azure RBAC alone. */
  grants(principal: Principal, question: SynapseQuestion): Promise<AccessGrant[]>;
  assign(
    writer: Writer,
    assignment: {
      /** GUID; made anew unless given. */
      id?: string;
      workspaceId: string;
      principalId: string;
      principalType: string;
      roleId: string;
      /** `workspaces/{name}` or an item below it. */
      scope: string;
    },
  ): Promise<void>;
}

/** The resource manager seen by other planes: what a principal may read of it. */
export interface ResourceManager {
  /**
   * Reads a resource as the principal would through the resource manager: authorizes first, then
   * looks. Rejects with AuthorizationFailed, ResourceNotFound, ResourceGroupNotFound, …
   */
  get(principal: Principal, id: string): Promise<ArmResource>;
  /** The resource without asking anyone, for the plane that owns it. */
  find(id: string, from?: Reader): Promise<ArmResource | undefined>;
  /** The resource that an endpoint's global name belongs to (`synapse`, `storage`, `vault`, …). */
  byEndpoint(kind: EndpointKind, name: string): Promise<ArmResource | undefined>;
  /**
   * The answer that a GET of the resource has, for a plane that serves it as its own and has asked who
   * may see it. `endpoint` writes absolute URLs in the form of the request.
   */
  show(id: string, endpoint: EndpointUrl): Promise<Record<string, unknown> | undefined>;
  /** The same for all children of a type, those included that exist without being created. */
  showChildren(
    parent: { id: string; type: string },
    endpoint: EndpointUrl,
  ): Promise<Record<string, unknown>[]>;
}

export type EndpointUrl = (plane: string, subject?: string) => string;

export type EndpointKind = "synapse" | "storage" | "vault" | "registry";

/** A resource as the resource manager answers it. */
export interface ArmResource {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly location?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly kind?: string;
  readonly sku?: Readonly<Record<string, unknown>>;
  readonly identity?: ResourceIdentity;
  readonly etag?: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly systemData?: SystemData;
}

export interface ResourceIdentity {
  readonly type: string;
  readonly principalId?: string;
  readonly tenantId?: string;
  readonly userAssignedIdentities?: Readonly<
    Record<string, { principalId?: string; clientId?: string }>
  >;
}

export interface SystemData {
  readonly createdBy: string;
  readonly createdByType: string;
  readonly createdAt: string;
  readonly lastModifiedBy: string;
  readonly lastModifiedByType: string;
  readonly lastModifiedAt: string;
}
