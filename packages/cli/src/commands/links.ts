// `callosum links`: every link between Synapse and machine learning workspaces, in both directions.

import type { Connection } from "@callosum/sdk/connection.ts";
import type { Resource } from "@callosum/sdk/resource.ts";
import { asOption, asPrincipal } from "../as-principal.ts";
import { defineCommand } from "../command.ts";
import { tableLines } from "../terminal.ts";

export interface FoundLink {
  readonly direction: "synapseToMachineLearning" | "machineLearningToSynapse";
  readonly name: string;
  /** Resource ids; the far one as the link names it, there or not. */
  readonly synapse: string;
  /** Undefined where the caller may see the link's name only. */
  readonly machineLearning: string | undefined;
  /** How the Synapse side signs in; object id of the machine learning side's identity. */
  readonly identity: string;
  /** Names of attached Spark pools, of a link from machine learning. */
  readonly pools: readonly string[];
}

export const links = defineCommand({
  name: "links",
  summary: "List the links between workspaces, in both directions",
  arguments: [],
  options: {
    as: asOption("Whose view"),
  },
  examples: [{ command: "callosum links", summary: "All that the Owner application sees" }],
  async run(request) {
    return asPrincipal(request, async ({ api, contract }) => {
      const found = await findLinks(api, contract.subscriptionId);
      const rows = found.map((link) => {
        const [from, to] = [link.synapse, link.machineLearning].map(
          (id) => id?.split("/").at(-1) ?? "?",
        );
        const isFromSynapse = link.direction === "synapseToMachineLearning";
        const arrow = isFromSynapse ? `${from} → ${to}` : `${to} → ${from}`;
        const pools = link.pools.length === 0 ? "" : `pools ${link.pools.join(", ")}`;
        return [arrow, link.name, link.identity, pools];
      });
      const head = ["LINK", "NAME", "IDENTITY", ""];
      return {
        json: { links: found },
        text: found.length === 0 ? ["There are no links."] : tableLines([head, ...rows]),
      };
    });
  },
});

async function findLinks(api: Connection, subscriptionId: string): Promise<FoundLink[]> {
  const { listByType, machineLearningType, synapseType } = await import("../find-resource.ts");
  const [synapses, machineLearnings] = await Promise.all([
    listByType(api, { type: synapseType, subscriptionId }),
    listByType(api, { type: machineLearningType, subscriptionId }),
  ]);
  const found = await Promise.all([
    ...synapses.map((workspace) => linksFromSynapse(api, workspace)),
    ...machineLearnings.map((workspace) => linksFromMachineLearning(api, workspace)),
  ]);
  return found.flat();
}

async function linksFromSynapse(api: Connection, workspace: Resource): Promise<FoundLink[]> {
  const { openSynapseWorkspace } = await import("@callosum/sdk/synapse-workspace.ts");
  const services = await openSynapseWorkspace(workspace.name, api).linkedServices.list();
  return services.flatMap(({ name, properties }) => {
    if (properties.type !== "AzureMLService") return [];
    return {
      direction: "synapseToMachineLearning" as const,
      name,
      synapse: workspace.id,
      ...targetOf(properties.typeProperties),
      pools: [],
    };
  });
}

function targetOf(
  typeProperties: Readonly<Record<string, unknown>> | undefined,
): Pick<FoundLink, "machineLearning" | "identity"> {
  if (!typeProperties) return { machineLearning: undefined, identity: "not shown to you" };
  const { subscriptionId, resourceGroupName, mlWorkspaceName, servicePrincipalId } = typeProperties;
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroupName}`;
  return {
    machineLearning: `${group}/providers/Microsoft.MachineLearningServices/workspaces/${mlWorkspaceName}`,
    identity:
      servicePrincipalId === undefined ? "managed identity" : `application ${servicePrincipalId}`,
  };
}

async function linksFromMachineLearning(
  api: Connection,
  workspace: Resource,
): Promise<FoundLink[]> {
  const { listResources } = await import("@callosum/sdk/resource.ts");
  const { computeApiVersion, linkApiVersion } = await import("../link/link-plan.ts");
  const [linked, computes] = await Promise.all([
    listResources(api, { id: `${workspace.id}/linkedServices`, apiVersion: linkApiVersion }),
    listResources(api, { id: `${workspace.id}/computes`, apiVersion: computeApiVersion }),
  ]);
  return linked.map(({ name, identity, properties }) => {
    const synapse = String(properties.linkedServiceResourceId);
    const pools = computes.filter((compute) =>
      String(compute.properties.resourceId).toLowerCase().startsWith(`${synapse}/`.toLowerCase()),
    );
    return {
      direction: "machineLearningToSynapse" as const,
      name,
      synapse,
      machineLearning: workspace.id,
      identity: identity?.principalId ?? "none",
      pools: pools.map((pool) => pool.name),
    };
  });
}
