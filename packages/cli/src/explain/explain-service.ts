// A linked service in Synapse: what its identity may do in the machine learning workspace, and who may
// use and change it in Synapse (features.md, B-10, B-17, B-18).

import type { Connection } from "@callosum/sdk/connection.ts";
import { listPages, type Resource } from "@callosum/sdk/resource.ts";
import { openSynapseWorkspace } from "@callosum/sdk/synapse-workspace.ts";
import { CommandError, exitCodes } from "../command.ts";
import { type AbilityRule, type Explanation, namesOf, partiesOf, partyOf } from "./explanation.ts";
import { heldAt, heldInSynapse } from "./held.ts";

const machineLearning = "Microsoft.MachineLearningServices/workspaces";
const synapse = "Microsoft.Synapse/workspaces";

const identityRules: readonly AbilityRule[] = [
  {
    ability: "sees the workspace, so that its test passes",
    applies: (held) => held.allows(`${machineLearning}/read`),
  },
  {
    ability: "runs pipelines and jobs",
    applies: (held) => held.allows(`${machineLearning}/experiments/runs/write`),
  },
];

function callerRules(scopes: {
  workspace: string;
  service: string;
  isManaged: boolean;
}): AbilityRule[] {
  const { workspace, service, isManaged } = scopes;
  const system = `${workspace}/credentials/workspacesystemidentity`;
  const isAt = (scope: string, ...accepted: string[]) => accepted.includes(scope.toLowerCase());
  return [
    {
      ability: "uses it",
      applies: (held) =>
        (isAt(held.scope, workspace, service) &&
          held.allows(`${synapse}/linkedServices/useSecret/action`)) ||
        (isManaged &&
          isAt(held.scope, system) &&
          held.allows(`${synapse}/credentials/useSecret/action`)),
    },
    {
      ability: "changes and deletes it",
      applies: (held) =>
        isAt(held.scope, workspace) && held.allows(`${synapse}/linkedServices/write`),
    },
    {
      ability: "gives others Synapse roles, and itself",
      applies: (held) =>
        (isAt(held.scope, workspace) && held.allows(`${synapse}/roleAssignments/write`)) ||
        // Whoever may assign Azure roles on the workspace manages Synapse roles too (B-15).
        (!held.scope.toLowerCase().startsWith("workspaces/") &&
          held.allows("Microsoft.Authorization/roleAssignments/write")),
    },
  ];
}

export async function explainService(
  api: Connection,
  { workspace, name }: { workspace: Resource; name: string },
): Promise<Explanation> {
  const opened = openSynapseWorkspace(workspace.name, api);
  const { properties } = await opened.linkedServices.get(name);
  if (properties.type !== "AzureMLService") {
    throw new CommandError({
      code: "NotExplained",
      message: `'${name}' is a linked service of the type ${properties.type}: only AzureMLService is explained.`,
    });
  }
  const { typeProperties } = properties;
  if (!typeProperties) {
    throw new CommandError({
      code: "NotShown",
      message: `You may see the name of '${name}', not what is in it.`,
      exitCode: exitCodes.refused,
    });
  }
  const { subscriptionId, resourceGroupName, mlWorkspaceName } = typeProperties;
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroupName}`;
  const target = `${group}/providers/${machineLearning}/${mlWorkspaceName}`;
  const appId = typeProperties.servicePrincipalId;
  const isManaged = appId === undefined;
  const [identityId, targetHeld, synapseHeld, azureHeld] = await Promise.all([
    isManaged ? workspace.identity?.principalId : servicePrincipalOf(api, String(appId)),
    heldAt(api, target),
    heldInSynapse(opened),
    heldAt(api, workspace.id),
  ]);
  const scope = `workspaces/${workspace.name}`.toLowerCase();
  const service = `${scope}/linkedservices/${name}`.toLowerCase();
  const held = [...synapseHeld, ...azureHeld];
  const names = await namesOf(api, held, [identityId]);
  const rules = callerRules({ workspace: scope, service, isManaged });
  return {
    link: name,
    from: workspace.id,
    to: target,
    identity:
      identityId === undefined
        ? undefined
        : partyOf(identityId, { held: targetHeld, rules: identityRules, names }),
    callers: partiesOf(held, { rules, names }),
  };
}

async function servicePrincipalOf(api: Connection, appId: string): Promise<string | undefined> {
  const [found] = await listPages<{ id: string }>(api, {
    service: "graph",
    path: "/v1.0/servicePrincipals",
    query: { $filter: `appId eq '${appId.replaceAll("'", "''")}'` },
  });
  return found?.id;
}
