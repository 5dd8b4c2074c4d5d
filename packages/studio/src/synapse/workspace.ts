// The workspace that the address names, and its own endpoint.

import { queryOptions, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { call, type Endpoint } from "../api/request.ts";
import type { Resource } from "../api/resource.ts";

/** Version of the workspace endpoint's artifacts, as @azure/synapse-artifacts sends it. */
export const artifactsVersion = "2020-12-01";

export interface WorkspaceProperties {
  readonly managedVirtualNetwork?: string;
  readonly defaultDataLakeStorage?: { readonly accountUrl?: string; readonly filesystem?: string };
  readonly connectivityEndpoints?: Readonly<Record<string, string>>;
  readonly sqlAdministratorLogin?: string;
}

export function useWorkspaceName(): string {
  return (useParams({ strict: false }) as { workspace?: string }).workspace ?? "";
}

export function synapseEndpoint(workspace: string): Endpoint {
  return { plane: "synapse", workspace };
}

/** The workspace as its own endpoint describes it: for who has a Synapse role but no Azure one, too. */
export function workspaceQuery(workspace: string) {
  return queryOptions({
    queryKey: ["synapse", workspace.toLowerCase(), "workspace"],
    queryFn: ({ signal }) =>
      call<Resource<WorkspaceProperties>>(synapseEndpoint(workspace), {
        path: `/workspace?api-version=${artifactsVersion}`,
        signal,
      }),
  });
}

export function useWorkspace() {
  return useQuery(workspaceQuery(useWorkspaceName()));
}
