// What every request of the endpoint needs first: the caller, the workspace behind the host name, a
// known api-version, and a permission of Synapse RBAC. In this order (401, 404, 400, 403).

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { ArmResource } from "@callosum/contract/ports.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import type { PlaneServices } from "@callosum/contract/services.ts";
import type { Call } from "../http/route.ts";
import { failSynapse } from "./error-catalogue.ts";

/** Artifacts, as clients of all ages send it (protocols.md 4.1; operations/*.tsv). */
export const artifactApiVersions = [
  "2019-06-01-preview",
  "2019-11-01-preview",
  "2020-12-01",
  "2021-06-01-preview",
  "2022-03-01-preview",
] as const;

export interface WorkspaceCall {
  readonly services: PlaneServices;
  readonly call: Call;
  readonly principal: Principal;
  readonly workspace: ArmResource;
  /** The workspace's id in lower case: what keys of all that it owns start with. */
  readonly key: string;
  readonly apiVersion: string;
}

/** Rejects with 401, WorkspaceNotFound, or the api-version's error. */
export async function openWorkspace(
  services: PlaneServices,
  options: { call: Call; apiVersions: readonly string[] },
): Promise<WorkspaceCall> {
  const { call, apiVersions } = options;
  const principal = await call.principal();
  const name = call.params.workspace ?? "";
  const workspace = await services.resources.byEndpoint("synapse", name);
  return opened(services, { call, apiVersions, principal, workspace, name });
}

/** The same for a request that names the workspace by its id. */
export async function openWorkspaceById(
  services: PlaneServices,
  options: { call: Call; apiVersions: readonly string[]; id: string },
): Promise<WorkspaceCall> {
  const { call, apiVersions, id } = options;
  const principal = await call.principal();
  const workspace = await services.resources.find(id);
  return opened(services, { call, apiVersions, principal, workspace, name: id });
}

function opened(
  services: PlaneServices,
  options: {
    call: Call;
    apiVersions: readonly string[];
    principal: Principal;
    workspace: ArmResource | undefined;
    name: string;
  },
): WorkspaceCall {
  const { call, apiVersions, principal, workspace, name } = options;
  if (!workspace) throw failSynapse.WorkspaceNotFound({ name });
  const apiVersion = requireApiVersion(call, apiVersions);
  return { services, call, principal, workspace, key: workspace.id.toLowerCase(), apiVersion };
}

function requireApiVersion(call: Call, apiVersions: readonly string[]): string {
  const given = call.query.get("api-version");
  if (given === null || given === "") throw fail.MissingApiVersionParameter({});
  const known = apiVersions.find((version) => version === given.toLowerCase());
  if (known !== undefined) return known;
  throw fail.InvalidApiVersionParameter({ given, supported: apiVersions.join(", ") });
}

/** Rejects with the endpoint's 403. `action` is below `Microsoft.Synapse/workspaces/`. */
export async function requireAction(
  opened: WorkspaceCall,
  action: string,
  item?: string,
): Promise<void> {
  const { services, principal, workspace } = opened;
  await services.synapseRoles.require(principal, {
    workspaceId: workspace.id,
    action: `Microsoft.Synapse/workspaces/${action}`,
    ...(item === undefined ? {} : { item }),
  });
}

export async function allowsAction(
  opened: WorkspaceCall,
  action: string,
  item?: string,
): Promise<boolean> {
  const { services, principal, workspace } = opened;
  return services.synapseRoles.allows(principal, {
    workspaceId: workspace.id,
    action: `Microsoft.Synapse/workspaces/${action}`,
    ...(item === undefined ? {} : { item }),
  });
}
