// The Azure Machine Learning workspace that the address names, and what several of its pages read.

import { queryOptions, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { Endpoint } from "../api/request.ts";
import { childrenQuery, type Resource, resourceQuery } from "../api/resource.ts";
import type { Crumb } from "../control/page-frame.tsx";

export const machineLearningVersion = "2024-04-01";
/** The only versions that have linked services (protocols.md 1.1). */
export const linkVersion = "2020-09-01-preview";

export interface WorkspaceProperties {
  readonly workspaceId?: string;
  readonly discoveryUrl?: string;
  readonly storageAccount?: string;
  readonly keyVault?: string;
  readonly applicationInsights?: string;
  readonly friendlyName?: string;
  readonly description?: string;
  readonly publicNetworkAccess?: string;
}

export interface WorkspaceAddress {
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly workspace: string;
  /** Resource id of the workspace. */
  readonly id: string;
  /** Address of its studio, below /studio. */
  readonly path: string;
}

export function useWorkspaceAddress(): WorkspaceAddress {
  const given = useParams({ strict: false }) as Partial<WorkspaceAddress>;
  const { subscription = "", resourceGroup = "", workspace = "" } = given;
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

/** Breadcrumbs of a page of the workspace, and of a list above it. */
export function crumbsOf({ workspace, path }: WorkspaceAddress, ...lists: Crumb[]): Crumb[] {
  return [{ label: workspace, to: path }, ...lists];
}

export function regionalEndpoint(workspace: Resource<WorkspaceProperties>): Endpoint {
  return { plane: "ml", region: workspace.location ?? "" };
}

export interface LinkProperties {
  readonly linkedServiceResourceId: string;
  readonly linkType: string;
  readonly createdTime: string;
}

export type LinkedService = Resource<LinkProperties>;

export function linksQuery(workspaceId: string) {
  return childrenQuery<LinkProperties>(workspaceId, "linkedServices", linkVersion);
}

export interface ComputeProperties {
  readonly computeType: string;
  readonly resourceId?: string;
  readonly description?: string;
  readonly provisioningState?: string;
  readonly createdOn?: string;
  readonly properties?: {
    readonly sparkVersion?: string;
    readonly nodeCount?: number;
    readonly nodeSize?: string;
    readonly nodeSizeFamily?: string;
    readonly workspaceName?: string;
    readonly poolName?: string;
    readonly autoScaleProperties?: {
      readonly enabled?: boolean;
      readonly minNodeCount?: number;
      readonly maxNodeCount?: number;
    };
    readonly autoPauseProperties?: { readonly enabled?: boolean; readonly delayInMinutes?: number };
  };
  readonly provisioningErrors?:
    | readonly { readonly error: { readonly code: string; readonly message: string } }[]
    | null;
}

export type Compute = Resource<ComputeProperties>;

export function computesQuery(workspaceId: string) {
  return childrenQuery<ComputeProperties>(workspaceId, "computes", machineLearningVersion);
}

const synapseVersion = "2021-06-01";

export interface SparkPoolProperties {
  readonly sparkVersion?: string;
  readonly nodeSize?: string;
  readonly nodeCount?: number;
  readonly provisioningState?: string;
}

export type SparkPool = Resource<SparkPoolProperties>;

/** Spark pools of a Synapse workspace; asked for only when one is named. */
export function sparkPoolsQuery(synapseWorkspaceId: string | undefined) {
  return queryOptions({
    ...childrenQuery<SparkPoolProperties>(synapseWorkspaceId ?? "", "bigDataPools", synapseVersion),
    enabled: synapseWorkspaceId !== undefined && synapseWorkspaceId !== "",
  });
}
