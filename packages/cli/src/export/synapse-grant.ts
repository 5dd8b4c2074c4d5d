// Synapse roles of the pair's identities: no template has them, in Azure neither. They are told as the
// commands that grant them.

import type { Connection } from "@callosum/sdk/connection.ts";
import { openSynapseWorkspace, synapseRoles } from "@callosum/sdk/synapse-workspace.ts";
import { type FoundPair, ownPrincipal } from "./collect.ts";
import { topTypes } from "./exported-type.ts";

export interface SynapseGrants {
  /** With GROUP and SUBSCRIPTION where the new place comes. */
  readonly commands: readonly string[];
  readonly notes: readonly string[];
}

export async function synapseGrants(api: Connection, pair: FoundPair): Promise<SynapseGrants> {
  const { resources } = pair;
  const found = resources.find(({ exported }) => exported === topTypes.synapseWorkspace);
  if (!found) return { commands: [], notes: [] };
  const workspace = openSynapseWorkspace(found.resource.name, api);
  const [assignments, definitions] = await Promise.all([
    workspace.roleAssignments.list(),
    workspace.roleDefinitions.list(),
  ]);
  const owners = new Map(
    resources.flatMap((each) => {
      const principal = ownPrincipal(each);
      return principal === undefined ? [] : [[principal.toLowerCase(), each] as const];
    }),
  );
  let others = 0;
  const commands = assignments.flatMap(({ principalId, roleDefinitionId, scope }) => {
    const owner = owners.get(principalId.toLowerCase());
    // A workspace makes its own identity and whoever creates it administrators.
    const isAutomatic = roleDefinitionId.toLowerCase() === synapseRoles.administrator;
    if (isAutomatic && (owner === found || owner === undefined)) return [];
    if (!owner) {
      others += 1;
      return [];
    }
    const role = definitions.find(({ id }) => id.toLowerCase() === roleDefinitionId.toLowerCase());
    const id = owner.resource.id.replace(
      /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i,
      "/subscriptions/SUBSCRIPTION/resourceGroups/GROUP",
    );
    const item = scope.replace(/^\/?workspaces\/[^/]+\/?/i, "");
    const at = item === "" ? "" : ` --scope ${item}`;
    return [
      `callosum grant --synapse ${found.resource.name} --role "${role?.name ?? roleDefinitionId}" --to ${id}${at}`,
    ];
  });
  const notes =
    others === 0
      ? []
      : [`${others} Synapse roles of people, groups and applications are not taken along.`];
  return { commands, notes };
}
