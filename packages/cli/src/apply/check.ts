// What each thing of a repository would be once it is written, found with the instance's own rules
// before anything is: the same code that answers the request, over the workspace as it is going to be.

import type { ArtifactContext, ArtifactDefinition } from "@callosum/contract/artifact.ts";
import { ServiceError } from "@callosum/contract/error.ts";
import type { ArmResource, Reader } from "@callosum/contract/ports.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import { kindOfReference } from "@callosum/server/artifacts/artifact-document.ts";
import { type ArtifactReference, referencesIn } from "@callosum/server/artifacts/reference.ts";
import type { Fault } from "./fault.ts";
import { mask } from "./secret.ts";
import { type Kind, keyOf, type Properties, type SourceItem, titleOf } from "./source.ts";
import type { HeldItem, WorkspaceState } from "./workspace-state.ts";

/** An item with its secrets filled in: what is sent. */
export interface ReadyItem extends SourceItem {
  /** It writes a secret, which cannot be compared. */
  readonly writesSecret: boolean;
}

export interface Surroundings {
  readonly state: WorkspaceState;
  /** Everything of the repository, by key. */
  readonly planned: ReadonlyMap<string, ReadyItem>;
  /** Whether what only the workspace has will still be there. */
  readonly keepsOthers: boolean;
}

export interface Checked {
  readonly item: ReadyItem;
  readonly held: HeldItem | undefined;
  /** As it would be stored; compared with what is. */
  readonly stored: Properties;
  /** Keys of the repository's items that must be there first. */
  readonly needs: readonly string[];
  readonly faults: readonly Fault[];
  readonly warnings: readonly string[];
}

/** Checks one item; what is wrong is in `faults`, with its place. */
export async function checkItem(item: ReadyItem, around: Surroundings): Promise<Checked> {
  const held = around.state.items.get(keyOf(item));
  const faults: Fault[] = [];
  const fault = (path: string, error: { code: string; message: string }) =>
    faults.push({ place: item.place(path), code: error.code, message: error.message });
  const found = { item, held, stored: item.properties, faults };
  if (item.name.includes("/")) {
    fault("name", { code: "InvalidRepository", message: `The name '${item.name}' has a '/'.` });
    return { ...found, needs: [], warnings: [] };
  }
  try {
    const stored = await storedForm(item, { around, held });
    return { ...found, stored, ...resolveReferences(item, around, faults) };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    fault(error.target ?? "properties", {
      code: error.code,
      message: `${titleOf(item)}: ${error.message}`,
    });
    return { ...found, needs: [], warnings: [] };
  }
}

type Surrounded = { around: Surroundings; held: HeldItem | undefined };

function storedForm(item: ReadyItem, surrounded: Surrounded): Promise<Properties> | Properties {
  const { kind } = item;
  switch (kind.how) {
    case "artifact":
      return storedArtifact(item, { ...surrounded, definition: kind.definition });
    case "resource":
      return storedResource(item, kind.label);
    case "endpoint":
      return storedEndpoint(item, surrounded.around.state);
    default:
      return kind satisfies never;
  }
}

async function storedArtifact(
  item: ReadyItem,
  { around, held, definition }: Surrounded & { definition: ArtifactDefinition },
): Promise<Properties> {
  const { name, properties } = item;
  const existing = held && !held.isAutomatic ? asStored(held) : undefined;
  const put = { ctx: contextOf(around, existing?.properties), name, properties, existing };
  const prepared = (await definition.put?.(put)) ?? { properties };
  return definition.show?.(prepared.properties) ?? prepared.properties;
}

function asStored({ name, properties }: { name: string; properties: Properties }) {
  return { name, properties, artifactId: "", recordId: 0, created: "", changed: "" };
}

/** The context that kinds get from the workspace's endpoint, over the repository and the workspace. */
function contextOf(around: Surroundings, existing: Properties | undefined): ArtifactContext {
  const { state, planned } = around;
  return {
    workspace: state.workspace as unknown as ArmResource,
    principal: undefined as unknown as Principal,
    reader: undefined as unknown as Reader,
    now: new Date(0),
    token: () => mask,
    async find(collection, name) {
      const key = `${collection}/${name}`.toLowerCase();
      const found = planned.get(key) ?? heldAfter(around, key);
      return found && asStored(found);
    },
    async child(type, name) {
      const key = `${type}/${name}`.toLowerCase();
      const found = planned.get(key) ?? state.items.get(key);
      return found && ({ name, properties: found.properties } as unknown as ArmResource);
    },
    // The workspace has it sealed; that it is there is all that a check asks.
    openSecret: async () => (existing === undefined ? undefined : mask),
  };
}

function heldAfter({ state, keepsOthers }: Surroundings, key: string): HeldItem | undefined {
  const held = state.items.get(key);
  return keepsOthers || held?.isAutomatic ? held : undefined;
}

async function storedResource(item: ReadyItem, label: string): Promise<Properties> {
  // Every type of the resource manager: loaded where a repository has a resource at all.
  const { resources } = await import("@callosum/server/arm/resources/index.gen.ts");
  const { compileEnvelope } = await import("@callosum/server/arm/envelope.ts");
  const type = `microsoft.synapse/workspaces/${label}`.toLowerCase();
  const definition = resources.find((each) => each.type.toLowerCase() === type);
  if (!definition) throw new Error(`There is no resource type '${type}'.`);
  const { pattern, rule } = definition.name;
  if (!pattern.test(item.name)) throw refusal({ message: rule, target: "name" });
  refuseUnrun(item.properties);
  const body = { ...item.envelope, properties: item.properties };
  return compileEnvelope(definition).read(body, "optional").properties;
}

function refusal(error: { message: string; target: string; code?: string }): ServiceError {
  return new ServiceError({ code: "InvalidRepository", status: "badRequest", ...error });
}

/** What the resource manager refuses of an integration runtime when it is written. */
function refuseUnrun({ typeProperties }: Properties): void {
  for (const name of ["ssisProperties", "linkedInfo"]) {
    if ((typeProperties as Properties | undefined)?.[name] === undefined) continue;
    const target = `properties.typeProperties.${name}`;
    const message = `'${name}' is not supported: no such runtime is run here.`;
    throw refusal({ message, target, code: "NotSupported" });
  }
}

async function storedEndpoint(item: ReadyItem, state: WorkspaceState): Promise<Properties> {
  const { privateLinkResourceId, groupId } = item.properties;
  const refuse = (message: string, code = "InvalidRepository", target = "properties") =>
    refusal({ message, target, code });
  if (!state.hasManagedNetwork) {
    const message = `the workspace '${state.workspace.name}' has no managed virtual network.`;
    throw refuse(message, "ManagedVirtualNetworkRequired");
  }
  for (const [name, value] of Object.entries({ privateLinkResourceId, groupId })) {
    if (typeof value !== "string" || value === "") throw refuse(`'${name}' is missing.`);
  }
  if ((await state.hasResource(String(privateLinkResourceId))) === false) {
    const message = `there is no resource '${privateLinkResourceId}' to lead to.`;
    throw refuse(message, "ResourceNotFound", "properties.privateLinkResourceId");
  }
  return { privateLinkResourceId, groupId };
}

const pools: Readonly<Record<string, string>> = {
  bigdatapoolreference: "bigDataPools",
  sqlpoolreference: "sqlPools",
  integrationruntimereference: "integrationRuntimes",
};

function resolveReferences(
  item: ReadyItem,
  around: Surroundings,
  faults: Fault[],
): { needs: readonly string[]; warnings: readonly string[] } {
  const needs = new Set<string>();
  const warnings: string[] = [];
  for (const reference of referencesIn(item.properties)) {
    const collection = collectionOf(reference);
    if (collection === undefined) continue;
    const key = `${collection}/${reference.name}`.toLowerCase();
    if (key === keyOf(item)) continue;
    if (around.planned.has(key)) needs.add(key);
    else if (collection.endsWith("Pools")) {
      if (!around.state.items.has(key) && reference.name !== "")
        warnings.push(
          `${item.file}: there is no ${collection}/${reference.name} in the workspace.`,
        );
    } else if (!heldAfter(around, key) && collection !== "integrationRuntimes") {
      const message = `${titleOf(item)} names ${collection}/${reference.name}, which is neither in the repository nor in the workspace.`;
      faults.push({ place: item.place(reference.path), code: "InvalidReference", message });
    }
  }
  return { needs: [...needs], warnings };
}

function collectionOf({ type }: ArtifactReference): string | undefined {
  return kindOfReference(type)?.collection ?? pools[type.toLowerCase()];
}

/** Set by the service at each write, or known to it alone. */
const ownMembers = new Set(["lastpublishtime", "runtimestate", "encryptedcredential"]);

/** Whether writing the item would leave the workspace as it is. */
export function isSame({ item, held, stored }: Checked): boolean {
  if (!held || item.writesSecret) return false;
  const before = held.properties;
  // The resource manager answers more than was sent; an artifact is answered as it is stored.
  return item.kind.how === "artifact"
    ? textOf(stored) === textOf(before)
    : isPart(stored, before) && isPart(item.envelope.sku, held.envelope.sku);
}

function textOf(value: unknown, depth = 0): string {
  if (Array.isArray(value)) return `[${value.map((item) => textOf(item, depth + 1)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value)
    .filter(([name]) => depth > 1 || !ownMembers.has(name.toLowerCase()))
    .sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${entries.map(([name, item]) => `${JSON.stringify(name)}:${textOf(item, depth + 1)}`).join(",")}}`;
}

/** Casing of texts is the service's own. */
function isPart(part: unknown, whole: unknown): boolean {
  if (part === undefined || part === null) return true;
  if (typeof part !== "object") return String(part).toLowerCase() === String(whole).toLowerCase();
  if (typeof whole !== "object" || whole === null) return false;
  const members = new Map(
    Object.entries(whole).map(([name, value]) => [name.toLowerCase(), value] as const),
  );
  return Object.entries(part).every(([name, value]) =>
    isPart(value, members.get(name.toLowerCase())),
  );
}

/** In which order kinds come where nothing else decides. */
export function rankOf({ how }: Kind): number {
  return how === "resource" ? 0 : how === "endpoint" ? 1 : 2;
}
