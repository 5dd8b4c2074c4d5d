// The grant that the document asks for before a Spark session is started: the link's identity becomes
// Synapse Apache Spark Administrator of the workspace that the link leads to (features.md B-16, D-05).

import { useQuery } from "@tanstack/react-query";
import { call } from "../api/request.ts";
import { type SynapseRole, synapseRolesQuery } from "../api/synapse-permission.ts";
import { useTask } from "../shell/notification.tsx";

export const sparkAdministrator = "Synapse Apache Spark Administrator";

/** The role among a workspace's; the endpoint's catalogue leaves "Synapse" out of its name (recorded). */
function sparkAdministratorIn(roles: readonly SynapseRole[]): SynapseRole | undefined {
  return roles.find(
    ({ name }) => name === sparkAdministrator || `Synapse ${name}` === sparkAdministrator,
  );
}

/** `role` is undefined while the workspace's roles are loading. */
export function useSparkAdministratorGrant(options: {
  synapse: string;
  identityId: string;
  onDone?: () => void;
}) {
  const { synapse, identityId, onDone } = options;
  const { data: roles, error } = useQuery(synapseRolesQuery(synapse));
  const role = roles && sparkAdministratorIn(roles);
  const isUnknown = roles !== undefined && role === undefined;
  const rolesError = isUnknown
    ? new Error(`The endpoint knows no role '${sparkAdministrator}'.`)
    : error;
  const grant = useTask({
    run: () =>
      call(
        { plane: "synapse", workspace: synapse },
        {
          method: "PUT",
          path: `/roleAssignments/${crypto.randomUUID()}?api-version=2020-12-01`,
          body: {
            roleId: role?.id,
            principalId: identityId,
            principalType: "ServicePrincipal",
            scope: `workspaces/${synapse}`,
          },
        },
      ),
    done: () => `The link's identity is ${sparkAdministrator} of ${synapse}`,
    failed: () => `${sparkAdministrator} could not be granted`,
    changes: [["synapse", synapse.toLowerCase()]],
    ...(onDone && { onDone }),
  });
  return { role, rolesError, grant };
}
