// What a workspace holds, read once: a plan compares against it and checks are made as the workspace
// itself makes them.

import type { Connection } from "@callosum/sdk/connection.ts";
import { listPages, type Resource } from "@callosum/sdk/resource.ts";
import { artifactKinds } from "@callosum/server/artifacts/kinds/index.gen.ts";
import { isKnownType, readAny } from "../find-resource.ts";
import {
  artifactKind,
  comesWithWorkspace,
  type Kind,
  keyOf,
  type Properties,
  resourceLabels,
} from "./source.ts";

export const armVersion = "2021-06-01";
export const endpointVersion = "2020-12-01";
export const endpointPath = "/managedVirtualNetworks/default/managedPrivateEndpoints";

export interface HeldItem {
  readonly kind: Kind;
  readonly name: string;
  readonly properties: Properties;
  readonly envelope: Properties;
  /** Nobody made it: it comes with the workspace. */
  readonly isAutomatic: boolean;
}

export interface WorkspaceState {
  readonly workspace: Resource;
  readonly items: ReadonlyMap<string, HeldItem>;
  readonly hasManagedNetwork: boolean;
  /** Whether a resource is there that the caller may see; undefined for types that nobody knows. */
  hasResource(id: string): Promise<boolean | undefined>;
}

interface Listed {
  readonly name: string;
  readonly properties: Properties;
}

/** Reads the collections of every kind, side by side. */
export async function readWorkspace(api: Connection, workspace: Resource): Promise<WorkspaceState> {
  const network = String(workspace.properties.managedVirtualNetwork ?? "").toLowerCase();
  const hasManagedNetwork = network === "default";
  const lists = [
    ...artifactKinds.map(({ collection, apiVersions: [version = ""] }) =>
      readList(api, {
        kind: artifactKind(collection),
        request: synapseRequest(workspace, `/${collection.toLowerCase()}`, version),
      }),
    ),
    ...resourceLabels.map((label) =>
      readList(api, {
        kind: { how: "resource", label },
        request: {
          service: "resourceManager" as const,
          path: encodeURI(`${workspace.id}/${label}`),
          query: { "api-version": armVersion },
        },
      }),
    ),
    ...(hasManagedNetwork
      ? [
          readList(api, {
            kind: { how: "endpoint", label: "managedPrivateEndpoints" },
            request: synapseRequest(workspace, endpointPath, endpointVersion),
          }),
        ]
      : []),
  ];
  const held = (await Promise.all(lists)).flat();
  return {
    workspace,
    hasManagedNetwork,
    items: new Map(held.map((each) => [keyOf(each), each])),
    async hasResource(id) {
      if (!isKnownType(id)) return undefined;
      return (await readAny(api, id)) !== undefined;
    },
  };
}

export function synapseRequest({ name }: Pick<Resource, "name">, path: string, version: string) {
  const service = "synapse" as const;
  return { service, subject: name, path, query: { "api-version": version } };
}

async function readList(
  api: Connection,
  list: { kind: Kind | undefined; request: Parameters<Connection["send"]>[0] },
): Promise<HeldItem[]> {
  const { kind, request } = list;
  if (!kind) return [];
  return (await listPages<Listed & Properties>(api, request)).map((listed) => {
    const { name, properties, sku } = listed;
    const envelope = sku === undefined ? {} : { sku };
    const item = { kind, name, properties, envelope };
    return { ...item, isAutomatic: comesWithWorkspace(item) };
  });
}
