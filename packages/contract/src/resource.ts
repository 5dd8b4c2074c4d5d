// A resource type of the resource manager is one value made by `defineResource`. The ARM host walks
// the values: routing, api-versions, RBAC, validation, identity, ETag, storage, long-running answers.

import type { Static, TObject, TSchema } from "typebox";
import { fail } from "./error-catalogue.ts";
import type { ModelIntake } from "./model-registry.ts";
import type {
  ArmResource,
  Clock,
  Directory,
  Random,
  ResourceIdentity,
  SecretBox,
  SynapseAuthorizer,
  Writer,
} from "./ports.ts";
import type { Principal } from "./principal.ts";
import type { ResourceId } from "./resource-id.ts";

export type Properties = Record<string, unknown>;

/** What a definition's functions may use. Bound to one request and one transaction. */
export interface ResourceContext {
  readonly principal: Principal;
  readonly id: ResourceId;
  readonly clock: Clock;
  readonly random: Random;
  readonly writer: Writer;
  readonly directory: Directory;
  readonly synapseRoles: SynapseAuthorizer;
  readonly secrets: SecretBox;
  /** The api-version of the request. */
  readonly apiVersion: string;
  readonly query: URLSearchParams;
  /** An absolute URL of a plane, in the form (host or path) in which the request came. */
  endpoint(plane: string, name: string): string;
  /** Whether the caller may; for a refusal that needs its own words. */
  allows(action: string, scope: string): Promise<boolean>;
  /** Linked-scope check: rejects with LinkedAuthorizationFailed naming what is missing. */
  authorizeLinked(actions: readonly string[], scope: string): Promise<void>;
  /** Any resource by id, own uncommitted writes included. */
  get(id: string): Promise<ArmResource | undefined>;
  children(parent: string, type: string): Promise<ArmResource[]>;
  /** Writes another resource of any defined type (a child that comes with its parent). */
  put(resource: ArmResource): Promise<void>;
  /** Removes another resource with all below it. */
  remove(id: string): Promise<void>;
}

/** The envelope of a PUT or PATCH as sent, canonical in casing and checked against the schema. */
export interface SentResource<Sent> {
  readonly properties: Sent;
  readonly location: string | undefined;
  readonly tags: Record<string, string>;
  readonly identity: ResourceIdentity | undefined;
  readonly sku: Properties | undefined;
  readonly kind: string | undefined;
}

export interface PutRequest<Sent> {
  readonly ctx: ResourceContext;
  readonly sent: SentResource<Sent>;
  /** Undefined on creation. */
  readonly existing: ArmResource | undefined;
  /** The identity after this request, principal ids filled in. */
  readonly identity: ResourceIdentity | undefined;
  /** A PATCH: `sent` holds what was before, the identity excepted, with what was sent laid over it. */
  readonly partial: boolean;
  /** What `prepare` gave. */
  readonly prepared: unknown;
}

/** A PUT before its transaction: the caller is authorized, the container was there just now. */
export interface PrepareRequest<Sent> {
  readonly principal: Principal;
  readonly id: ResourceId;
  readonly sent: SentResource<Sent>;
  readonly existing: ArmResource | undefined;
  readonly models: ModelIntake;
  get(id: string): Promise<ArmResource | undefined>;
}

/** What `put` gets as `prepared`; released when the transaction has ended, either way. */
export interface Prepared {
  readonly value: unknown;
  release(): void;
}

/** Which asynchronous headers the service sends with which status (protocols.md 5.1, 2.1). */
export interface LongRunning {
  readonly status: 200 | 201 | 202;
  readonly headers: readonly ("Azure-AsyncOperation" | "Location")[];
  /** `provisioningState` in the first answer; the resource itself is already final. */
  readonly accepted?: string;
  /** Status of the final answer of the Location URL; 200 unless recorded otherwise. */
  readonly resultStatus?: 200 | 201 | 204;
}

/** Plain answers of services that are done at once. */
export interface Immediate {
  readonly status: 200 | 201 | 204;
  /** A DELETE answers with what it removed. */
  readonly showsRemoved?: true;
}

export interface ActionRequest<Sent> {
  readonly ctx: ResourceContext;
  readonly sent: Sent;
  readonly resource: ArmResource;
}

export interface ActionDefinition<Body extends TSchema = TSchema> {
  readonly source: string;
  readonly summary: string;
  readonly method?: "POST" | "GET" | "PUT" | "PATCH" | "DELETE";
  /** RBAC action; `{type}/{name}/action` unless given. */
  readonly action?: string;
  readonly body?: Body;
  readonly answer?: LongRunning | Immediate;
  /** Gives the answer's body; undefined = none. Returning `{ store }` also replaces properties. */
  run(request: ActionRequest<Static<Body>>): Promise<ActionResult> | ActionResult;
}

export interface ActionResult {
  readonly body?: unknown;
  /** New stored properties of the resource, when the action changes it. */
  readonly properties?: Properties;
}

export interface ShowRequest {
  readonly resource: ArmResource;
  readonly now: Date;
  readonly apiVersion: string;
  /** An absolute URL of a plane, in the form (host or path) in which the request came. */
  endpoint(plane: string, name: string): string;
  /** Any resource by id, stored properties. */
  get(id: string): Promise<ArmResource | undefined>;
  children(parent: string, type: string): Promise<ArmResource[]>;
}

export interface ResourceExample {
  readonly name: string;
  readonly location?: string;
  readonly identity?: { type: string };
  readonly sku?: Properties;
  readonly kind?: string;
  readonly properties: Properties;
  /** Names of examples of the parent chain are taken from the parents' first examples. */
  readonly resourceName?: string;
}

export interface NameRule {
  readonly pattern: RegExp;
  /** One sentence for the error: what a name must look like. */
  readonly rule: string;
}

export interface ResourceDefinition<Schema extends TObject = TObject> {
  /** Canonical casing; the parent is the type without its last segment. */
  readonly type: string;
  /** Where the rules come from: a section of the reference or an OpenAPI document. */
  readonly source: string;
  readonly summary: string;
  readonly apiVersions: readonly string[];
  readonly name: NameRule;
  /** The type in answers where it differs from the one in ids (`Microsoft.Resources/resourceGroups`). */
  readonly wireType?: string;
  /** Answers carry `systemData`. */
  readonly systemData?: boolean;
  readonly location: "required" | "optional" | "none";
  readonly tags: boolean;
  /** Identity kinds that may be sent; absent = no identity. */
  readonly identity?: readonly ("None" | "SystemAssigned" | "UserAssigned")[];
  /** The identity that a new resource gets when the request says nothing about one. */
  readonly identityDefault?: "SystemAssigned";
  /** The display name of the system-assigned identity; the resource's name unless given. */
  identityName?(id: ResourceId): string;
  readonly sku?: TSchema;
  readonly kind?: boolean;
  readonly properties: Schema;
  /** The global endpoint name claimed by such a resource (lower case, unique). */
  readonly endpoint?: "synapse" | "storage" | "vault" | "registry";
  /** Names that exist without being created (`default`), with the properties they start with. */
  readonly preset?: {
    readonly names: readonly string[];
    properties(parent: ArmResource): Properties;
  };
  readonly methods?: readonly (
    | "get"
    | "list"
    | "listBySubscription"
    | "put"
    | "patch"
    | "delete"
  )[];
  /** The type whose rights stand for this one's, where the provider names none for it. */
  readonly rightsOf?: string;
  /** With these properties a missing parent comes into being with its first child. */
  readonly impliedParent?: Properties;
  /** Names of a list's paging parameters where they are not `$top` and `$skipToken`. */
  readonly paging?: { readonly size: readonly string[]; readonly token: string };
  readonly answers: {
    readonly create: LongRunning | Immediate;
    readonly update: LongRunning | Immediate;
    readonly patch?: LongRunning | Immediate;
    readonly remove: LongRunning | Immediate;
  };
  /** DELETE of what is not there: 204 (the ARM rule) or 404. */
  readonly removeMissing?: "noContent" | "notFound";
  /** Work of a PUT that waits for more than the store: done before the transaction. */
  prepare?(request: PrepareRequest<Static<Schema>>): Promise<Prepared | undefined>;
  /**
   * Checks what the schema can't and gives the properties to store. Throws ServiceError to refuse.
   * Runs inside the transaction: no waiting for anything outside the store.
   */
  put(request: PutRequest<Static<Schema>>): Promise<Properties> | Properties;
  /** After the resource is stored, same transaction: children and roles that come with it. */
  created?(request: { ctx: ResourceContext; resource: ArmResource }): Promise<void>;
  /** Before removal: throws to refuse, or removes what depends on it. */
  remove?(request: { ctx: ResourceContext; resource: ArmResource }): Promise<void>;
  /** What a list's query parameters ask for, and in which order. Throws ServiceError. */
  select?(resources: readonly ArmResource[], query: URLSearchParams): readonly ArmResource[];
  /** Properties as answered; for what passes with time, lies in other resources or never leaves. */
  show?(request: ShowRequest): Promise<Properties> | Properties;
  readonly actions?: Readonly<Record<string, ActionDefinition>>;
  /** Actions on the collection's scope, e.g. `checkNameAvailability` at the subscription. */
  readonly examples: readonly ResourceExample[];
}

/** Makes a resource type. Types flow from the schema into `put`. */
export function defineResource<const Schema extends TObject>(
  definition: ResourceDefinition<Schema>,
): ResourceDefinition {
  return definition as unknown as ResourceDefinition;
}

/** A documented action that we don't run: refused by name, for callers who would be allowed it. */
export function refuseAction(refusal: {
  what: string;
  source: string;
  reason: string;
  method?: ActionDefinition["method"];
}): ActionDefinition {
  const { what, source, reason, method } = refusal;
  return {
    source,
    summary: `Refused: ${what}`,
    ...(method ? { method } : {}),
    run() {
      throw fail.NotSupportedHere({ what, reason });
    },
  };
}

/** An action with its body's type known to `run`. */
export function defineAction<const Body extends TSchema>(
  action: ActionDefinition<Body>,
): ActionDefinition {
  return action as unknown as ActionDefinition;
}

/** A documented resource type that we don't run: refused by name. */
export interface RefusedResource {
  readonly type: string;
  readonly source: string;
  readonly reason: string;
}

export function refuseResource(refusal: RefusedResource): RefusedResource {
  return refusal;
}
