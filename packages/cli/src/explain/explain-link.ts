// A link in machine learning: what its identity may do in Synapse, and who may use and change it
// (features.md D-03, D-05, D-16, B-16).

import type { Connection } from "@callosum/sdk/connection.ts";
import { getResource, type Resource } from "@callosum/sdk/resource.ts";
import { openSynapseWorkspace } from "@callosum/sdk/synapse-workspace.ts";
import { linkApiVersion } from "../link/link-plan.ts";
import { type AbilityRule, type Explanation, namesOf, partiesOf, partyOf } from "./explanation.ts";
import { heldAt, heldInSynapse } from "./held.ts";

const machineLearning = "Microsoft.MachineLearningServices/workspaces";

const identityRules: readonly AbilityRule[] = [
  {
    ability: "starts Spark sessions and submits jobs",
    applies: (held) =>
      held.allows("Microsoft.Synapse/workspaces/bigDataPools/useCompute/action") &&
      // A grant on one pool is enough for that pool.
      /^workspaces\/[^/]+(?:\/bigdatapools\/[^/]+)?$/i.test(held.scope),
  },
];

const callerRules: readonly AbilityRule[] = [
  {
    ability: "reads and uses it",
    applies: (held) => held.allows(`${machineLearning}/linkedServices/read`),
  },
  {
    ability: "attaches pools through it",
    applies: (held) => held.allows(`${machineLearning}/computes/write`),
  },
  {
    ability: "changes and removes it",
    applies: (held) => held.allows(`${machineLearning}/linkedServices/write`),
  },
];

export async function explainLink(
  api: Connection,
  { workspace, name }: { workspace: Resource; name: string },
): Promise<Explanation> {
  const id = `${workspace.id}/linkedServices/${name}`;
  const { identity, properties } = await getResource(api, { id, apiVersion: linkApiVersion });
  const target = String(properties.linkedServiceResourceId);
  const synapse = openSynapseWorkspace(target.split("/").at(-1) ?? "", api);
  const [held, synapseHeld] = await Promise.all([
    heldAt(api, workspace.id),
    heldInSynapse(synapse),
  ]);
  const identityId = identity?.principalId;
  const names = await namesOf(api, held, [identityId]);
  return {
    link: name,
    from: workspace.id,
    to: target,
    identity:
      identityId === undefined
        ? undefined
        : partyOf(identityId, { held: synapseHeld, rules: identityRules, names }),
    callers: partiesOf(held, { rules: callerRules, names }),
  };
}
