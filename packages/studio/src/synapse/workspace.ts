// The workspace that the address names, and its own endpoint.

import { queryOptions, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useMemo } from "react";
import { listAll } from "../api/page.ts";
import { call, type Endpoint } from "../api/request.ts";
import type { Resource } from "../api/resource.ts";
import type { Crumb } from "../control/page-frame.tsx";

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

/** Pools and runtimes with the resource manager's own JSON, also for who has a Synapse role only. */
export function childrenQuery<Properties>(
  workspace: string,
  child: "sqlPools" | "bigDataPools" | "integrationRuntimes",
) {
  return queryOptions({
    queryKey: ["synapse", workspace.toLowerCase(), "children", child],
    queryFn: ({ signal }) =>
      listAll<Resource<Properties>>(
        synapseEndpoint(workspace),
        `/${child}?api-version=${artifactsVersion}`,
        signal,
      ),
  });
}

export function useWorkspace() {
  return useQuery(workspaceQuery(useWorkspaceName()));
}

/** The way back from a page of the Manage hub. */
export function useManageCrumbs(): readonly Crumb[] {
  const workspace = useWorkspaceName();
  return useMemo(
    () => [
      { label: workspace, to: `/synapse/${workspace}` },
      { label: "Manage", to: `/synapse/${workspace}/manage` },
    ],
    [workspace],
  );
}
