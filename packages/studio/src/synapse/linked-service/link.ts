// Reading, writing and testing linked services of the workspace.

import type { TestConnectivityAnswer } from "@callosum/contract/verdict.ts";
import { queryOptions } from "@tanstack/react-query";
import { call } from "../../api/request.ts";
import { type Artifact, artifactsQuery, type Collection } from "../artifact.ts";
import { artifactsVersion, synapseEndpoint } from "../workspace.ts";
import type { LinkProperties } from "./definition.ts";

export type Link = Artifact<LinkProperties>;

export function linksQuery(workspace: string) {
  return artifactsQuery<LinkProperties>(workspace, "linkedServices");
}

/** Tests what is in the form, saved or not; changes nothing. */
export function testConnection(
  workspace: string,
  link: { readonly name: string; readonly properties: LinkProperties },
  parameters: Readonly<Record<string, unknown>> = {},
): Promise<TestConnectivityAnswer> {
  return call<TestConnectivityAnswer>(synapseEndpoint(workspace), {
    method: "POST",
    path: `/testConnectivity?api-version=${artifactsVersion}`,
    body: { linkedService: link, parameters },
  });
}

/** The two that come with every workspace and can't be changed (protocols.md 4.2). */
export function isAutomatic(workspace: string, name: string): boolean {
  const [start, end = ""] = [name.slice(0, workspace.length + 1), name.slice(workspace.length + 1)];
  return (
    start.toLowerCase() === `${workspace.toLowerCase()}-` &&
    ["workspacedefaultsqlserver", "workspacedefaultstorage"].includes(end.toLowerCase())
  );
}

export interface Dependant {
  readonly kind: string;
  readonly name: string;
}

const dependantKinds: readonly (readonly [Collection, string])[] = [
  ["linkedServices", "Linked service"],
  ["pipelines", "Pipeline"],
  ["datasets", "Dataset"],
  ["dataFlows", "Data flow"],
  ["notebooks", "Notebook"],
  ["sparkJobDefinitions", "Spark job definition"],
];

/** By lower-case name of a linked service: everything in the workspace that refers to it. */
export function dependantsQuery(workspace: string) {
  return queryOptions({
    queryKey: ["synapse", workspace.toLowerCase(), "artifacts", "linkedServices", "dependants"],
    queryFn: async ({ client }) => {
      const found = new Map<string, Dependant[]>();
      for (const [collection, kind] of dependantKinds) {
        const artifacts = await client.fetchQuery(artifactsQuery(workspace, collection));
        for (const { name, properties } of artifacts) {
          for (const link of new Set(linksNamedIn(properties))) {
            found.set(link, [...(found.get(link) ?? []), { kind, name }]);
          }
        }
      }
      return found;
    },
  });
}

function linksNamedIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const { type, referenceName } = value as { type?: unknown; referenceName?: unknown };
  const own =
    type === "LinkedServiceReference" && typeof referenceName === "string"
      ? [referenceName.toLowerCase()]
      : [];
  return [...own, ...Object.values(value).flatMap(linksNamedIn)];
}
