// Ids that lead from a machine learning workspace into Microsoft.Synapse: workspaces that are linked,
// pools that are attached. Clients send them in any casing (protocols.md 2.5).

import type { ArmResource } from "@callosum/contract/ports.ts";
import { canonicalId, parseResourceId, type ResourceId } from "@callosum/contract/resource-id.ts";
import { invalidProperty } from "./invalid-property.ts";

export const synapseWorkspaceType = "Microsoft.Synapse/workspaces";
export const sparkPoolType = "Microsoft.Synapse/workspaces/bigDataPools";
export const linkedServiceType = "Microsoft.MachineLearningServices/workspaces/linkedServices";
export const computeType = "Microsoft.MachineLearningServices/workspaces/computes";

/** Parses an id of the type; anything else is a 400 that says what is expected. */
export function requireIdOf(
  type: string,
  sent: { text: string | undefined; target: string },
): ResourceId {
  const { text, target } = sent;
  if (!text) throw invalidProperty(target, "it is required");
  const id = parseResourceId(text);
  if (id?.resourceGroup === undefined || id.type.toLowerCase() !== type.toLowerCase()) {
    throw invalidProperty(target, `'${text}' is not the id of a resource of type '${type}'`);
  }
  return canonicalId(id, type);
}

/** The computes that can reach their pools through a link to `workspaceKey` only. */
export function dependingComputes(options: {
  computes: readonly ArmResource[];
  links: readonly ArmResource[];
  /** The link that goes. */
  linkId: string;
  /** The Synapse workspace that it leads to. */
  workspaceKey: string;
}): ArmResource[] {
  const { computes, links, linkId, workspaceKey } = options;
  const another = links.some(
    (link) =>
      link.id.toLowerCase() !== linkId.toLowerCase() &&
      String(link.properties.linkedServiceResourceId).toLowerCase() === workspaceKey,
  );
  if (another) return [];
  return computes.filter(
    (compute) =>
      compute.identity === undefined &&
      String(compute.properties.resourceId).toLowerCase().startsWith(`${workspaceKey}/`),
  );
}
