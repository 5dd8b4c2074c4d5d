// What the link map is drawn from: both kinds of workspace, their links in both directions with the
// verdict of each, identities, roles and pools. Read with the person's own rights, part by part.

import type { TestConnectivityAnswer } from "@callosum/contract/verdict.ts";
import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { call } from "../api/request.ts";
import { childrenQuery, type Resource, resourcesQuery } from "../api/resource.ts";
import {
  type Compute,
  computesQuery,
  type LinkedService,
  linksQuery as mlLinksQuery,
} from "../machine-learning/workspace.ts";
import { linksQuery, testConnection } from "../synapse/linked-service/link.ts";
import { artifactsVersion, synapseEndpoint } from "../synapse/workspace.ts";

/** Of `GET /callosum/explain`: what the link's identity may do with its target. */
export interface Explanation {
  readonly identity: {
    readonly kind: string;
    readonly principalId: string | null;
    readonly displayName: string | null;
  };
  readonly target: {
    readonly id: string;
    readonly access: readonly {
      readonly action: string;
      readonly allowed: boolean;
      /** Empty for who may not see the target's role assignments. */
      readonly because: readonly { readonly roleName: string }[];
    }[];
  } | null;
}

export interface SynapseLink {
  readonly name: string;
  readonly targetId: string;
  readonly answer: TestConnectivityAnswer | undefined;
  readonly explanation: Explanation | undefined;
  readonly error: unknown;
}

export interface MachineLearningLink {
  readonly name: string;
  readonly targetId: string;
  readonly identityId: string | undefined;
  /** Whether the link's identity may start Spark sessions; undefined where one may not ask. */
  readonly canUseSpark: boolean | undefined;
  readonly error: unknown;
}

export interface SynapseFact {
  readonly kind: "synapse";
  readonly workspace: Resource;
  readonly links: readonly SynapseLink[];
  readonly pools: readonly Resource[];
  readonly problems: readonly unknown[];
}

export interface MachineLearningFact {
  readonly kind: "machineLearning";
  readonly workspace: Resource;
  readonly links: readonly MachineLearningLink[];
  readonly computes: readonly Compute[];
  readonly problems: readonly unknown[];
}

export type Fact = SynapseFact | MachineLearningFact;

export const factsQuery = queryOptions({
  queryKey: ["map"],
  // Roles change beside the map: what is shown is never old.
  staleTime: 0,
  queryFn: async ({ client }): Promise<readonly Fact[]> => {
    const resources = await client.fetchQuery(resourcesQuery());
    return await Promise.all(
      resources.flatMap((resource): Promise<Fact>[] => {
        switch (resource.type.toLowerCase()) {
          case "microsoft.synapse/workspaces":
            return [readSynapse(client, resource)];
          case "microsoft.machinelearningservices/workspaces":
            return [readMachineLearning(client, resource)];
          default:
            return [];
        }
      }),
    );
  },
});

/** A part that the person may not see leaves a problem and an empty list. */
async function part<Value>(
  problems: unknown[],
  read: Promise<readonly Value[]>,
): Promise<readonly Value[]> {
  try {
    return await read;
  } catch (error) {
    problems.push(error);
    return [];
  }
}

async function readSynapse(client: QueryClient, workspace: Resource): Promise<SynapseFact> {
  const problems: unknown[] = [];
  const [links, pools] = await Promise.all([
    part(problems, client.fetchQuery(linksQuery(workspace.name))),
    part(
      problems,
      client.fetchQuery(
        childrenQuery<Record<string, unknown>>(workspace.id, "bigDataPools", "2021-06-01"),
      ),
    ),
  ]);
  const toMachineLearning = links.filter(({ properties }) => properties.type === "AzureMLService");
  return {
    kind: "synapse",
    workspace,
    pools,
    problems,
    links: await Promise.all(
      toMachineLearning.map((link) => readSynapseLink(workspace.name, link)),
    ),
  };
}

async function readSynapseLink(
  workspace: string,
  link: {
    readonly name: string;
    readonly properties: Parameters<typeof testConnection>[1]["properties"];
  },
): Promise<SynapseLink> {
  const { name, properties } = link;
  const values = (properties.typeProperties ?? {}) as Readonly<Record<string, unknown>>;
  // Who may list linked services may not always open them: then nothing can be tested either.
  if (values.mlWorkspaceName === undefined) {
    return { name, targetId: "", answer: undefined, explanation: undefined, error: undefined };
  }
  const targetId = `/subscriptions/${values.subscriptionId}/resourceGroups/${values.resourceGroupName}/providers/Microsoft.MachineLearningServices/workspaces/${values.mlWorkspaceName}`;
  const path = `/callosum/explain?linkedService=${encodeURIComponent(name)}&api-version=${artifactsVersion}`;
  const [answer, explanation] = await Promise.allSettled([
    testConnection(workspace, { name, properties }),
    call<Explanation>(synapseEndpoint(workspace), { path }),
  ]);
  return {
    name,
    targetId,
    answer: answer.status === "fulfilled" ? answer.value : undefined,
    explanation: explanation.status === "fulfilled" ? explanation.value : undefined,
    error: answer.status === "rejected" ? answer.reason : undefined,
  };
}

async function readMachineLearning(
  client: QueryClient,
  workspace: Resource,
): Promise<MachineLearningFact> {
  const problems: unknown[] = [];
  const [links, computes] = await Promise.all([
    part(problems, client.fetchQuery(mlLinksQuery(workspace.id))),
    part(problems, client.fetchQuery(computesQuery(workspace.id))),
  ]);
  return {
    kind: "machineLearning",
    workspace,
    computes: computes.filter(({ properties }) => properties?.computeType === "SynapseSpark"),
    problems,
    links: await Promise.all(links.map(readMachineLearningLink)),
  };
}

const useSpark = "Microsoft.Synapse/workspaces/bigDataPools/useCompute/action";

async function readMachineLearningLink(link: LinkedService): Promise<MachineLearningLink> {
  const targetId = link.properties?.linkedServiceResourceId ?? "";
  const synapse = targetId.slice(targetId.lastIndexOf("/") + 1);
  const identityId = link.identity?.principalId;
  const known = { name: link.name, targetId, identityId };
  try {
    const answer = await call<{ AccessDecisions: readonly { accessDecision: string }[] }>(
      synapseEndpoint(synapse),
      {
        method: "POST",
        path: `/checkAccessSynapseRbac?api-version=${artifactsVersion}`,
        body: {
          subject: { principalId: identityId },
          actions: [{ id: useSpark }],
          scope: `workspaces/${synapse}`,
        },
      },
    );
    const canUseSpark = answer.AccessDecisions[0]?.accessDecision === "Allowed";
    return { ...known, canUseSpark, error: undefined };
  } catch (error) {
    return { ...known, canUseSpark: undefined, error };
  }
}
