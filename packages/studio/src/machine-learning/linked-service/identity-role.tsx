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
import { call } from "../../api/request.ts";
import { Link } from "../../control/link.tsx";
import { Problem } from "../../control/problem.tsx";
import {
  sparkAdministrator,
  useSparkAdministratorGrant,
} from "../../control/spark-administrator.ts";

interface Assignments {
  readonly value: readonly { readonly roleDefinitionId: string }[];
}

/** Ids of the roles that a principal holds in a workspace. */
function heldRolesQuery(workspace: string, principalId: string) {
  return queryOptions({
    queryKey: ["synapse", workspace.toLowerCase(), "held-roles", principalId],
    async queryFn({ signal }) {
      const path = `/roleAssignments?api-version=2020-12-01&principalId=${principalId}`;
      const answer = await call<Assignments>({ plane: "synapse", workspace }, { path, signal });
      return answer.value.map(({ roleDefinitionId }) => roleDefinitionId);
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
  const { data: held, error: heldError } = useQuery(heldRolesQuery(synapseWorkspace, principalId));
  const { role, rolesError, grant } = useSparkAdministratorGrant({
    synapse: synapseWorkspace,
    identityId: principalId,
  });
  const error = heldError ?? rolesError;
  const accessControl = `/synapse/${synapseWorkspace}/manage/access-control`;
  if (error) {
    return isForbidden(error) ? (
      <MessageBar intent="info" layout="multiline">
        <MessageBarBody>
          The identity needs {sparkAdministrator} of {synapseWorkspace} before a session starts. You
          may not read that workspace's role assignments: ask its Synapse Administrator.
        </MessageBarBody>
      </MessageBar>
    ) : (
      <Problem error={error} />
    );
  }
  if (!held || !role) return null;
  if (held.includes(role.id)) {
    return (
      <MessageBar intent="success" layout="multiline">
        <MessageBarBody>
          The identity is {sparkAdministrator} of {synapseWorkspace}: sessions can start.
        </MessageBarBody>
      </MessageBar>
    );
  }
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{sparkAdministrator} is missing</MessageBarTitle>
        This managed identity must be granted the role in {synapseWorkspace} before a session
        starts, here or in its <Link to={accessControl}>Access control</Link>.
        {grant.error && <Problem error={grant.error} />}
      </MessageBarBody>
      <MessageBarActions>
        <Button disabledFocusable={grant.isPending} onClick={() => grant.mutate(undefined)}>
          Grant the role
        </Button>
      </MessageBarActions>
    </MessageBar>
  );
}
