// What a repository says about a workspace: one item for each thing, whichever form it is written in.
// folder.ts reads the Git folder, publish-template.ts the publish branch.

import type { ArtifactDefinition } from "@callosum/contract/artifact.ts";
import { kindOfCollection } from "@callosum/server/artifacts/artifact-document.ts";

export type Properties = Record<string, unknown>;

/** How a thing gets into a workspace. */
export type Kind =
  | { readonly how: "artifact"; readonly label: string; readonly definition: ArtifactDefinition }
  /** A child in the resource manager; `label` is its collection. */
  | { readonly how: "resource"; readonly label: ResourceLabel }
  | { readonly how: "endpoint"; readonly label: "managedPrivateEndpoints" };

export type ResourceLabel = (typeof resourceLabels)[number];

/** Where others refer to them, they must be there first. */
export const resourceLabels = ["integrationRuntimes", "bigDataPools", "sqlPools"] as const;

export interface SourceItem {
  readonly kind: Kind;
  readonly name: string;
  readonly properties: Properties;
  /** Of a resource: what stands beside the properties (`sku`, `location`). */
  readonly envelope: Properties;
  /** Relative to the directory. */
  readonly file: string;
  /** `file:line:column` of a path that starts with `properties` or `name`. */
  place(path: string): string;
}

/** What a repository holds that a workspace here does not take. */
export interface Refusal {
  readonly place: string;
  readonly what: string;
  readonly reason: string;
}

export interface Source {
  readonly form: "gitFolder" | "publishBranch";
  readonly items: readonly SourceItem[];
  readonly refusals: readonly Refusal[];
  /** For people: what else was found. */
  readonly notes: readonly string[];
}

export const artifactKind = (collection: string): Kind | undefined => {
  const definition = kindOfCollection(collection);
  return definition && { how: "artifact", label: definition.collection, definition };
};

/** `linkedServices/link1`, the form in which plans and errors name things. */
export function titleOf({ kind, name }: Pick<SourceItem, "kind" | "name">): string {
  return `${kind.label}/${name}`;
}

export function keyOf(item: Pick<SourceItem, "kind" | "name">): string {
  return titleOf(item).toLowerCase();
}

/** Things that every workspace has from the start; a repository names them all the same. */
export function comesWithWorkspace({ kind, name }: Pick<SourceItem, "kind" | "name">): boolean {
  switch (kind.label) {
    case "linkedServices":
      return defaultLink.test(name);
    case "credentials":
      return /^WorkspaceSystemIdentity$/i.test(name);
    case "integrationRuntimes":
      return /^AutoResolveIntegrationRuntime$/i.test(name);
    case "managedPrivateEndpoints":
      return /^synapse-ws-(?:sql|sqlOnDemand)--/i.test(name);
    default:
      return false;
  }
}

/** Linked services that bear the name of the workspace that they were written in. */
export const defaultLink = /^(.+)(-WorkspaceDefault(?:Storage|SqlServer))$/i;
