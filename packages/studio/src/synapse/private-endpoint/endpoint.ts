// Managed private endpoints of the workspace (protocols.md 4.7; features.md C-05 to C-08).

import { queryOptions } from "@tanstack/react-query";
import { call, send } from "../../api/request.ts";
import { takenProblem } from "../../control/taken-name.ts";
import { artifactsVersion, synapseEndpoint } from "../workspace.ts";

export interface ManagedPrivateEndpoint {
  readonly id: string;
  readonly name: string;
  readonly properties: {
    readonly privateLinkResourceId: string;
    readonly groupId: string;
    readonly provisioningState: string;
    readonly connectionState?: { readonly status?: string; readonly description?: string };
    readonly isReserved?: boolean;
  };
}

/** What an endpoint can lead to: the tile, the type of the resource and its sub-resource. */
export interface TargetKind {
  readonly label: string;
  readonly type: string;
  readonly groupId: string;
  /** Beginning of the name that is offered. */
  readonly stem: string;
}

export const targetKinds: readonly TargetKind[] = [
  {
    label: "Azure Machine Learning",
    type: "Microsoft.MachineLearningServices/workspaces",
    groupId: "amlworkspace",
    stem: "AzureMachineLearning",
  },
  {
    label: "Azure Data Lake Storage Gen2",
    type: "Microsoft.Storage/storageAccounts",
    groupId: "dfs",
    stem: "AzureDataLakeStorage",
  },
  {
    label: "Azure Blob Storage",
    type: "Microsoft.Storage/storageAccounts",
    groupId: "blob",
    stem: "AzureBlobStorage",
  },
  {
    label: "Azure Files",
    type: "Microsoft.Storage/storageAccounts",
    groupId: "file",
    stem: "AzureFiles",
  },
  {
    label: "Azure Key Vault",
    type: "Microsoft.KeyVault/vaults",
    groupId: "vault",
    stem: "AzureKeyVault",
  },
  {
    label: "Azure Container Registry",
    type: "Microsoft.ContainerRegistry/registries",
    groupId: "registry",
    stem: "AzureContainerRegistry",
  },
  {
    label: "Azure Synapse Analytics (dedicated SQL)",
    type: "Microsoft.Synapse/workspaces",
    groupId: "sql",
    stem: "AzureSynapseSql",
  },
];

const collection = "/managedVirtualNetworks/default/managedPrivateEndpoints";
/** While something is being provisioned the list is asked for again after this long. */
const refreshMs = 2_000;

function pathOf(name: string): string {
  return `${collection}/${encodeURIComponent(name)}?api-version=${artifactsVersion}`;
}

export function endpointsQuery(workspace: string) {
  return queryOptions({
    queryKey: ["synapse", workspace.toLowerCase(), "managedPrivateEndpoints"],
    queryFn: async ({ signal }) => {
      const { value } = await call<{ value: ManagedPrivateEndpoint[] }>(
        synapseEndpoint(workspace),
        { path: `${collection}?api-version=${artifactsVersion}`, signal },
      );
      return value;
    },
    refetchInterval: ({ state }) =>
      state.data?.some(({ properties }) => properties.provisioningState === "Provisioning")
        ? refreshMs
        : false,
  });
}

export function createEndpoint(
  workspace: string,
  wanted: { name: string; privateLinkResourceId: string; groupId: string },
): Promise<ManagedPrivateEndpoint> {
  const { name, ...properties } = wanted;
  return call<ManagedPrivateEndpoint>(synapseEndpoint(workspace), {
    method: "PUT",
    path: pathOf(name),
    body: { properties },
  });
}

export async function deleteEndpoint(workspace: string, name: string): Promise<void> {
  await send(synapseEndpoint(workspace), { method: "DELETE", path: pathOf(name) });
}

const namePattern = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?$/;

/** The server's rule; undefined when the name is right. */
export function endpointNameProblem(name: string, taken: readonly string[]): string | undefined {
  const problem = takenProblem(name, { what: "a managed private endpoint", taken });
  if (problem !== undefined) return problem;
  return namePattern.test(name)
    ? undefined
    : "A name has 1 to 64 letters, digits, '.', '_' and '-' and starts with a letter or digit.";
}
