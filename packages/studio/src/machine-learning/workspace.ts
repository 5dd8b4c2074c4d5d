// The Azure Machine Learning workspace that the address names.

import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { resourceQuery } from "../api/resource.ts";

export const machineLearningVersion = "2024-04-01";

export interface WorkspaceProperties {
  readonly workspaceId?: string;
  readonly discoveryUrl?: string;
  readonly storageAccount?: string;
  readonly keyVault?: string;
  readonly friendlyName?: string;
  readonly description?: string;
  readonly publicNetworkAccess?: string;
}

interface WorkspaceAddress {
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly workspace: string;
}

export function useWorkspaceAddress(): WorkspaceAddress & { id: string; path: string } {
  const address = useParams({ strict: false }) as Partial<WorkspaceAddress>;
  const { subscription = "", resourceGroup = "", workspace = "" } = address;
  return {
    subscription,
    resourceGroup,
    workspace,
    id: `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${workspace}`,
    path: `/ml/${subscription}/${resourceGroup}/${workspace}`,
  };
}

export function useWorkspace() {
  const { id } = useWorkspaceAddress();
  return useQuery(resourceQuery<WorkspaceProperties>(id, machineLearningVersion));
}
