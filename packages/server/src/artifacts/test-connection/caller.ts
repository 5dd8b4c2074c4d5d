// Whoever tests a link that carries a credential uses that credential and needs the right to: Synapse
// Credential User on it (features.md A-08, B-18).

import type { ConnectorTest } from "@callosum/contract/connector.ts";
import type { MissingRole, VerdictHop } from "@callosum/contract/verdict.ts";
import { grantSynapseRole } from "./fix.ts";
import { failed } from "./hop.ts";

const credentialUser = {
  role: "Synapse Credential User",
  roleDefinitionId: "5eb298b4-692c-4241-9cf0-f58a3b42bb25",
} as const;

/** The workspace's own identity as a credential. */
export const systemIdentity = "credentials/WorkspaceSystemIdentity";

/** Undefined when the caller may use the secret of `item`. */
export async function checkCredentialUse(
  test: ConnectorTest,
  item: string,
): Promise<VerdictHop | undefined> {
  const { caller, workspace, ports } = test;
  const [type] = item.split("/");
  const action = `Microsoft.Synapse/workspaces/${type}/useSecret/action`;
  const question = { workspaceId: workspace.id, action, item };
  if (await ports.synapseRoles.allows(caller, question)) return undefined;
  const scope = `workspaces/${workspace.name}/${item}`;
  const missing: MissingRole = { ...credentialUser, action, scope };
  return failed("token", {
    code: "4122",
    reason: "credentialUserMissing",
    message: `'${caller.displayName}' may not use the credential at ${scope}: the role ${missing.role} is missing.`,
    fault: { party: "caller", principalId: caller.objectId, displayName: caller.displayName },
    missing,
    fix: grantSynapseRole(test, { to: caller, role: missing }),
  });
}
