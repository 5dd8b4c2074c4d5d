// Role assignments of Synapse RBAC as the page reads and writes them (protocols.md 5.2; features.md
// B-10 to B-13).

import { queryOptions } from "@tanstack/react-query";
import { call, readJson, send } from "../../api/request.ts";
import type { SynapseRole } from "../../api/synapse-permission.ts";
import { synapseEndpoint } from "../workspace.ts";

const version = "2020-12-01";

export interface RoleAssignment {
  readonly id: string;
  readonly roleDefinitionId: string;
  readonly principalId: string;
  /** `workspaces/{name}` or `workspaces/{name}/linkedServices/{item}`. */
  readonly scope: string;
  readonly principalType: string;
}

/** What can be a scope below the workspace, with its name on the page. */
export const itemTypes = [
  { type: "bigDataPools", label: "Apache Spark pool", parameter: "bigDataPoolName" },
  {
    type: "integrationRuntimes",
    label: "Integration runtime",
    parameter: "integrationRuntimeName",
  },
  { type: "linkedServices", label: "Linked service", parameter: "linkedServiceName" },
  { type: "credentials", label: "Credential", parameter: "credentialName" },
] as const;

export type ItemType = (typeof itemTypes)[number]["type"];

export function roleAssignmentsKey(workspace: string) {
  return ["synapse", workspace.toLowerCase(), "roleAssignments"] as const;
}

/** All of the workspace; pages are asked for by a header. */
export function roleAssignmentsQuery(workspace: string) {
  return queryOptions({
    queryKey: roleAssignmentsKey(workspace),
    queryFn: async ({ signal }) => {
      const found: RoleAssignment[] = [];
      let next: string | null = "";
      while (next !== null) {
        const response: Response = await send(synapseEndpoint(workspace), {
          path: `/roleAssignments?api-version=${version}`,
          ...(next !== "" && { headers: { "x-ms-continuation": next } }),
          signal,
        });
        next = response.headers.get("x-ms-continuation");
        found.push(...(await readJson<{ value: RoleAssignment[] }>(response)).value);
      }
      return found;
    },
  });
}

export function assignRole(
  workspace: string,
  wanted: { roleId: string; principalId: string; scope: string },
): Promise<RoleAssignment> {
  return call<RoleAssignment>(synapseEndpoint(workspace), {
    method: "PUT",
    path: `/roleAssignments/${crypto.randomUUID()}?api-version=${version}`,
    body: wanted,
  });
}

export async function removeAssignment(
  workspace: string,
  { id, scope }: RoleAssignment,
): Promise<void> {
  await send(synapseEndpoint(workspace), {
    method: "DELETE",
    path: `/roleAssignments/${id}?api-version=${version}&scope=${encodeURIComponent(scope)}`,
  });
}

/** Roles that can be given at the workspace (`type` undefined) or at items of a type. */
export function rolesAt(
  roles: readonly SynapseRole[],
  type: ItemType | undefined,
): readonly SynapseRole[] {
  const item = itemTypes.find((known) => known.type === type);
  const template = `workspaces/{workspaceName}${item ? `/${item.type}/{${item.parameter}}` : ""}`;
  return roles.filter(({ scopes }) => scopes.includes(template));
}

/** The recorded name of one role has no "Synapse"; everybody's documents have. */
export function roleLabel(name: string): string {
  return name.startsWith("Synapse ") ? name : `Synapse ${name}`;
}

/** `workspaces/ws1/linkedServices/link1` is "Linked service: link1". */
export function scopeLabel(scope: string): string {
  const [, name = "", type, item] = scope.split("/");
  const known = itemTypes.find((one) => one.type.toLowerCase() === type?.toLowerCase());
  return item === undefined ? `Workspace: ${name}` : `${known?.label ?? type}: ${item}`;
}
