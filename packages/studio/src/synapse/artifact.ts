// Artifacts of the workspace endpoint: linked services, pipelines, credentials and the others. All are
// listed, written and deleted alike (protocols.md 4.1, 4.2).

import { queryOptions } from "@tanstack/react-query";
import { perform } from "../api/operation.ts";
import { listAll } from "../api/page.ts";
import { artifactsVersion, synapseEndpoint } from "./workspace.ts";

/** Collections as Synapse RBAC spells them; routes are in lower case. */
export type Collection =
  | "linkedServices"
  | "credentials"
  | "pipelines"
  | "datasets"
  | "dataFlows"
  | "triggers"
  | "notebooks"
  | "sparkJobDefinitions"
  | "sqlScripts";

export interface Artifact<Properties = Readonly<Record<string, unknown>>> {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly etag: string;
  readonly properties: Properties;
}

export function artifactsKey(workspace: string, collection: Collection) {
  return ["synapse", workspace.toLowerCase(), "artifacts", collection] as const;
}

export function artifactsQuery<Properties>(workspace: string, collection: Collection) {
  return queryOptions({
    queryKey: artifactsKey(workspace, collection),
    queryFn: ({ signal }) =>
      listAll<Artifact<Properties>>(
        synapseEndpoint(workspace),
        `/${collection.toLowerCase()}?api-version=${artifactsVersion}`,
        signal,
      ),
  });
}

interface Place {
  readonly workspace: string;
  readonly collection: Collection;
  readonly name: string;
  /** Of what was read: a change made meanwhile by somebody else is not overwritten. */
  readonly etag?: string | undefined;
}

function pathOf({ collection, name }: Place): string {
  const route = `/${collection.toLowerCase()}/${encodeURIComponent(name)}`;
  return `${route}?api-version=${artifactsVersion}`;
}

/** Creates or replaces, and waits until that is done; rejects with what the kind refused. */
export async function putArtifact(
  place: Place,
  properties: Readonly<Record<string, unknown>>,
): Promise<Artifact> {
  return await perform<Artifact>(synapseEndpoint(place.workspace), {
    method: "PUT",
    path: pathOf(place),
    body: { name: place.name, properties },
    ...(place.etag !== undefined && { headers: { "if-match": place.etag } }),
  });
}

/** Rejects with 409 while others use it, naming them. */
export async function deleteArtifact(place: Place): Promise<void> {
  await perform(synapseEndpoint(place.workspace), { method: "DELETE", path: pathOf(place) });
}

/** `AzureMLService1`, or the next number that is free. */
export function freeName(stem: string, taken: readonly string[]): string {
  const names = new Set(taken.map((name) => name.toLowerCase()));
  for (let number = 1; ; number++) {
    const name = `${stem}${number}`;
    if (!names.has(name.toLowerCase())) return name;
  }
}

const namePattern = /^[A-Za-z0-9_][^<>*#.%&:\\+?/]{0,259}$/;

/** The server's rule of artifact names; undefined when the name is right. */
export function artifactNameProblem(name: string): string | undefined {
  return namePattern.test(name)
    ? undefined
    : "A name has 1 to 260 characters, starts with a letter, a digit or '_' and contains none of < > * # . % & : \\ + ? /";
}
