// Whether the link's identity holds the role that sessions need, and the button that grants it
// (features.md B-16, D-05).

import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
} from "@fluentui/react-components";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { isForbidden } from "../../api/api-error.ts";
import { call, type Endpoint } from "../../api/request.ts";
import { Link } from "../../control/link.tsx";
import { Problem } from "../../control/problem.tsx";
import { useTask } from "../../shell/notification.tsx";

const roleName = "Synapse Apache Spark Administrator";
/** The catalogue of the endpoint leaves the product's name out (recorded). */
const catalogueName = "Apache Spark Administrator";
const apiVersion = "2020-12-01";

interface RoleDefinition {
  readonly id: string;
  readonly name: string;
}

interface Assignments {
  readonly value: readonly { readonly roleDefinitionId: string; readonly scope: string }[];
}

const synapse = (workspace: string): Endpoint => ({ plane: "synapse", workspace });

function roleQuery(workspace: string, principalId: string) {
  return queryOptions({
    queryKey: ["synapse", workspace, "identity-role", principalId],
    async queryFn({ signal }) {
      const roles = await call<readonly RoleDefinition[]>(synapse(workspace), {
        path: `/roleDefinitions?api-version=${apiVersion}`,
        signal,
      });
      const assigned = await call<Assignments>(synapse(workspace), {
        path: `/roleAssignments?api-version=${apiVersion}&principalId=${principalId}`,
        signal,
      });
      const roleId = roles.find(({ name }) => name === catalogueName)?.id;
      if (roleId === undefined) throw new Error(`The endpoint knows no role '${catalogueName}'.`);
      const isHeld = assigned.value.some(({ roleDefinitionId }) => roleDefinitionId === roleId);
      return { roleId, isHeld };
    },
  });
}

export function IdentityRole({
  synapseWorkspace,
  principalId,
}: {
  synapseWorkspace: string;
  principalId: string;
}) {
  const { data, error } = useQuery(roleQuery(synapseWorkspace, principalId));
  const grant = useTask({
    run: (roleId: string) =>
      call(synapse(synapseWorkspace), {
        method: "PUT",
        path: `/roleAssignments/${crypto.randomUUID()}?api-version=${apiVersion}`,
        body: {
          roleId,
          principalId,
          principalType: "ServicePrincipal",
          scope: `workspaces/${synapseWorkspace}`,
        },
      }),
    done: () => `The linked service's identity is ${roleName} of ${synapseWorkspace}`,
    failed: () => `${roleName} could not be granted`,
    changes: [["synapse", synapseWorkspace]],
  });
  const accessControl = `/synapse/${synapseWorkspace}/manage/access-control`;
  if (error) {
    return isForbidden(error) ? (
      <MessageBar intent="info" layout="multiline">
        <MessageBarBody>
          The identity needs {roleName} of {synapseWorkspace} before a session starts. You may not
          read that workspace's role assignments: ask its Synapse Administrator.
        </MessageBarBody>
      </MessageBar>
    ) : (
      <Problem error={error} />
    );
  }
  if (!data) return null;
  if (data.isHeld) {
    return (
      <MessageBar intent="success" layout="multiline">
        <MessageBarBody>
          The identity is {roleName} of {synapseWorkspace}: sessions can start.
        </MessageBarBody>
      </MessageBar>
    );
  }
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{roleName} is missing</MessageBarTitle>
        This managed identity must be granted the role in {synapseWorkspace} before a session
        starts, here or in its <Link to={accessControl}>Access control</Link>.
        {grant.error && <Problem error={grant.error} />}
      </MessageBarBody>
      <MessageBarActions>
        <Button disabledFocusable={grant.isPending} onClick={() => grant.mutate(data.roleId)}>
          Grant the role
        </Button>
      </MessageBarActions>
    </MessageBar>
  );
}
