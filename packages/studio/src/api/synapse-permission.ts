// What the signed-in person may do in a Synapse workspace by Synapse RBAC (protocols.md 5.2), the other
// half of permission.ts. The server remains the judge.

import { queryOptions } from "@tanstack/react-query";
import { call } from "./request.ts";

/** What pages ask about, below `Microsoft.Synapse/workspaces/`; one request asks for all. */
const actions = [
  "read",
  "roleAssignments/write",
  "roleAssignments/delete",
  "managedPrivateEndpoints/write",
  "managedPrivateEndpoints/delete",
  "linkedServices/write",
  "linkedServices/delete",
  "credentials/write",
  "credentials/delete",
  "pipelines/write",
  "pipelines/delete",
  "sqlScripts/write",
  "sqlScripts/delete",
  "notebooks/write",
  "notebooks/delete",
  "sparkJobDefinitions/write",
  "sparkJobDefinitions/delete",
  "datasets/write",
  "datasets/delete",
  "dataFlows/write",
  "dataFlows/delete",
] as const;

export type SynapseAction = (typeof actions)[number];

export interface SynapseRole {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly { readonly dataActions?: readonly string[] }[];
  readonly scopes: readonly string[];
}

const version = "2020-12-01";
const prefix = "Microsoft.Synapse/workspaces/";

/** The actions that a principal may do in the workspace, or at an item of it, `credentials/name`. */
export function synapseAccessQuery(workspace: string, principalId: string, item = "") {
  return queryOptions({
    queryKey: ["synapse", workspace.toLowerCase(), "access", principalId, item],
    queryFn: async ({ signal }) => {
      const answer = await call<{
        AccessDecisions: readonly { accessDecision: string; actionId: string }[];
      }>(
        { plane: "synapse", workspace },
        {
          method: "POST",
          path: `/checkAccessSynapseRbac?api-version=${version}`,
          body: {
            subject: { principalId },
            actions: actions.map((action) => ({ id: prefix + action })),
            scope: `workspaces/${workspace}${item && `/${item}`}`,
          },
          signal,
        },
      );
      return answer.AccessDecisions.filter(
        ({ accessDecision }) => accessDecision === "Allowed",
      ).map(({ actionId }) => actionId.slice(prefix.length));
    },
  });
}

/** The roles of Synapse RBAC; `scopes` are templates such as `workspaces/{workspaceName}`. */
export function synapseRolesQuery(workspace: string) {
  return queryOptions({
    queryKey: ["synapse", workspace.toLowerCase(), "roleDefinitions"],
    queryFn: ({ signal }) =>
      call<readonly SynapseRole[]>(
        { plane: "synapse", workspace },
        { path: `/roleDefinitions?api-version=${version}`, signal },
      ),
  });
}

/** Names of the roles that hold an action. */
export function rolesWith(roles: readonly SynapseRole[], action: SynapseAction): string[] {
  return roles
    .filter(({ permissions }) =>
      permissions.some(({ dataActions = [] }) => dataActions.includes(prefix + action)),
    )
    .map(({ name }) => name);
}
