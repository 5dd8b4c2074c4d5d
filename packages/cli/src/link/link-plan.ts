// Looks at both workspaces and says what is there and what has to be made. Changes nothing;
// link-work.ts carries it out.

import type { Connection } from "@callosum/sdk/connection.ts";
import { findResource, listPages, listResources, type Resource } from "@callosum/sdk/resource.ts";
import { builtInRoles, listRoleAssignments } from "@callosum/sdk/role-assignment.ts";
import {
  openSynapseWorkspace,
  type SynapseLinkedService,
  type SynapseWorkspace,
  synapseRoles,
} from "@callosum/sdk/synapse-workspace.ts";
import { CommandError, usageError } from "../command.ts";
import {
  groupOf,
  machineLearningType,
  requireByName,
  subscriptionOf,
  synapseType,
} from "../find-resource.ts";
import { type LinkRequest, linkNameOf, type PoolRequest } from "./link-request.ts";

export interface FoundApplication {
  /** Object id of the application. */
  readonly id: string;
  readonly appId: string;
}

export interface LinkPlan {
  readonly api: Connection;
  readonly workspace: SynapseWorkspace;
  readonly synapse: Resource;
  readonly machineLearning: Resource;
  readonly authentication: LinkRequest["authentication"];
  readonly serviceName: string;
  readonly linkName: string;
  /** Registered for this link by name; undefined where it has to be, and for managed identities. */
  readonly application: FoundApplication | undefined;
  readonly applicationName: string;
  readonly tenantId: string;
  /** Whose Contributor role the link needs; undefined where the principal has to be made. */
  readonly principalId: string | undefined;
  /** The link's own identity in the directory; undefined where the link has to be made. */
  readonly linkIdentity: string | undefined;
  readonly pools: readonly PoolRequest[];
  readonly steps: readonly LinkStep[];
}

export type StepKind =
  | "application"
  | "servicePrincipal"
  | "secret"
  | "contributor"
  | "linkedService"
  | "machineLearningLink"
  | "sparkAdministrator"
  | "compute";

export interface LinkStep {
  readonly kind: StepKind;
  /** What it is about; of computes the alias. */
  readonly name: string;
  readonly summary: string;
  readonly isThere: boolean;
}

export const linkApiVersion = "2020-09-01-preview";
export const computeApiVersion = "2022-10-01";
const poolApiVersion = "2021-06-01";

/** Throws where a workspace, pool or identity is missing, or a name is taken by something else. */
export async function planLink(
  api: Connection,
  request: LinkRequest & { subscriptionId: string; tenantId: string },
): Promise<LinkPlan> {
  const { subscriptionId, authentication, pools } = request;
  const [synapse, machineLearning] = await Promise.all([
    requireByName(api, { type: synapseType, text: request.synapse, subscriptionId }),
    requireByName(api, {
      type: machineLearningType,
      text: request.machineLearning,
      subscriptionId,
    }),
  ]);
  const names = {
    serviceName: request.serviceName ?? machineLearning.name,
    linkName: linkNameOf(request.linkName, synapse.name),
    applicationName: `callosum link ${synapse.name} to ${machineLearning.name}`,
  };
  const workspace = openSynapseWorkspace(synapse.name, api);
  const linkId = `${machineLearning.id}/linkedServices/${names.linkName}`;
  const [service, link, attached] = await Promise.all([
    workspace.linkedServices.find(names.serviceName),
    findResource(api, { id: linkId, apiVersion: linkApiVersion }),
    findAttached(api, { synapse, machineLearning, pools }),
  ]);
  requireOurs({ service, link, plan: { synapse, machineLearning, authentication, ...names } });
  const linkIdentity = link?.identity?.principalId;
  const [identity, isSparkAdministrator] = await Promise.all([
    authentication === "msi"
      ? workspaceIdentity(api, { synapse, machineLearning })
      : applicationIdentity(api, { service, machineLearning, name: names.applicationName }),
    holdsSparkAdministrator(workspace, linkIdentity),
  ]);
  const { application, principalId } = identity;
  const common = { synapse, machineLearning, authentication, ...names };
  return {
    ...{ api, workspace, ...common, application, principalId, linkIdentity, pools },
    tenantId: request.tenantId,
    steps: [
      ...synapseSteps({ ...common, service, ...identity }),
      ...machineLearningSteps({ ...common, link, isSparkAdministrator, pools, attached }),
    ],
  };
}

type Names = Pick<
  LinkPlan,
  "synapse" | "machineLearning" | "authentication" | "serviceName" | "linkName" | "applicationName"
>;

/** A name that is taken by another link is the caller's to resolve, never ours to overwrite. */
function requireOurs(found: {
  service: SynapseLinkedService | undefined;
  link: Resource | undefined;
  plan: Names;
}): void {
  const { service, link, plan } = found;
  if (service && !leadsTo(service, plan)) {
    throw new CommandError({
      code: "NameTaken",
      message: `Synapse workspace '${plan.synapse.name}' has another linked service '${plan.serviceName}': it leads elsewhere or signs in otherwise.`,
      hint: "Choose another name with --service-name, or delete that one.",
    });
  }
  const target = String(link?.properties.linkedServiceResourceId ?? "");
  if (link && target.toLowerCase() !== plan.synapse.id.toLowerCase()) {
    throw new CommandError({
      code: "NameTaken",
      message: `Machine learning workspace '${plan.machineLearning.name}' has another link '${plan.linkName}', to ${target}.`,
      hint: "Choose another name with --link-name, or remove that one.",
    });
  }
}

function leadsTo({ properties }: SynapseLinkedService, plan: Names): boolean {
  const { type, typeProperties = {} } = properties;
  const is = (name: string, value: string) =>
    String(typeProperties[name] ?? "").toLowerCase() === value.toLowerCase();
  const isManaged = is("authentication", "MSI");
  return (
    type === "AzureMLService" &&
    is("subscriptionId", subscriptionOf(plan.machineLearning.id)) &&
    is("resourceGroupName", groupOf(plan.machineLearning.id)) &&
    is("mlWorkspaceName", plan.machineLearning.name) &&
    isManaged === (plan.authentication === "msi")
  );
}

interface LinkIdentity {
  readonly application: FoundApplication | undefined;
  readonly principalId: string | undefined;
  readonly isContributor: boolean;
}

async function workspaceIdentity(
  api: Connection,
  { synapse, machineLearning }: { synapse: Resource; machineLearning: Resource },
): Promise<LinkIdentity> {
  const principalId = synapse.identity?.principalId;
  if (principalId === undefined) {
    throw new CommandError({
      code: "NoManagedIdentity",
      message: `Synapse workspace '${synapse.name}' has no managed identity.`,
      hint: "Give it one (PATCH the workspace with identity.type SystemAssigned), or use --auth sp.",
    });
  }
  const isContributor = await holdsContributor(api, { scope: machineLearning.id, principalId });
  return { application: undefined, principalId, isContributor };
}

async function applicationIdentity(
  api: Connection,
  found: { service: SynapseLinkedService | undefined; machineLearning: Resource; name: string },
): Promise<LinkIdentity> {
  const saved = found.service?.properties.typeProperties?.servicePrincipalId;
  const filter =
    typeof saved === "string" ? `appId eq '${saved}'` : `displayName eq '${found.name}'`;
  const [application] = await listPages<FoundApplication>(api, {
    service: "graph",
    path: "/v1.0/applications",
    query: { $filter: filter },
  });
  const appId = typeof saved === "string" ? saved : application?.appId;
  if (appId === undefined) {
    return { application: undefined, principalId: undefined, isContributor: false };
  }
  const { status, body } = await api.send({
    service: "graph",
    path: `/v1.0/servicePrincipals(appId='${appId}')`,
    accept: [404],
  });
  const principalId = status === 404 ? undefined : (body as { id: string }).id;
  const isContributor =
    principalId !== undefined &&
    (await holdsContributor(api, { scope: found.machineLearning.id, principalId }));
  return { application, principalId, isContributor };
}

/** Owner includes it; an assignment above the workspace counts. */
async function holdsContributor(
  api: Connection,
  grant: { scope: string; principalId: string },
): Promise<boolean> {
  const enough: readonly string[] = [builtInRoles.contributor, builtInRoles.owner];
  const held = await listRoleAssignments(api, grant);
  return held.some(({ roleDefinitionId }) =>
    enough.includes(roleDefinitionId.split("/").at(-1)?.toLowerCase() ?? ""),
  );
}

/** Synapse Administrator includes it. */
async function holdsSparkAdministrator(
  workspace: SynapseWorkspace,
  principalId: string | undefined,
): Promise<boolean> {
  if (principalId === undefined) return false;
  const enough: readonly string[] = [
    synapseRoles.apacheSparkAdministrator,
    synapseRoles.administrator,
  ];
  const held = await workspace.roleAssignments.list({ principalId });
  const scope = `workspaces/${workspace.name}`.toLowerCase();
  return held.some(
    (each) =>
      enough.includes(each.roleDefinitionId.toLowerCase()) && each.scope.toLowerCase() === scope,
  );
}

/** Aliases that are attached already. Throws for pools that are not there and aliases in other use. */
async function findAttached(
  api: Connection,
  linked: { synapse: Resource; machineLearning: Resource; pools: readonly PoolRequest[] },
): Promise<ReadonlySet<string>> {
  const { synapse, machineLearning, pools } = linked;
  if (pools.length === 0) return new Set();
  const [known, computes] = await Promise.all([
    listResources(api, { id: `${synapse.id}/bigDataPools`, apiVersion: poolApiVersion }),
    listResources(api, { id: `${machineLearning.id}/computes`, apiVersion: computeApiVersion }),
  ]);
  const attached = new Set<string>();
  for (const { poolName, alias } of pools) {
    const pool = known.find(({ name }) => name.toLowerCase() === poolName.toLowerCase());
    if (!pool) {
      const names = known.map(({ name }) => name).join(", ") || "none";
      throw usageError(`'${synapse.name}' has no Spark pool '${poolName}'. It has: ${names}.`);
    }
    const compute = computes.find(({ name }) => name.toLowerCase() === alias.toLowerCase());
    if (!compute) continue;
    if (String(compute.properties.resourceId).toLowerCase() !== pool.id.toLowerCase()) {
      throw usageError(
        `'${alias}' is another compute of '${machineLearning.name}'.`,
        `Give the pool another name: --pools ${poolName}=<name>`,
      );
    }
    attached.add(alias);
  }
  return attached;
}

function synapseSteps(
  found: Names & LinkIdentity & { service: SynapseLinkedService | undefined },
): LinkStep[] {
  const { synapse, machineLearning, authentication, service, principalId, application } = found;
  const isManaged = authentication === "msi";
  const who = isManaged ? `the identity of '${synapse.name}'` : `'${found.applicationName}'`;
  // A link that is there has its application, whoever registered it.
  const needsApplication = !isManaged && service === undefined;
  return [
    ...(needsApplication
      ? [
          step("application", found.applicationName, {
            summary: `application '${found.applicationName}'`,
            isThere: application !== undefined,
          }),
          step("servicePrincipal", found.applicationName, {
            summary: `service principal of '${found.applicationName}'`,
            isThere: principalId !== undefined,
          }),
          step("secret", found.applicationName, {
            summary: `client secret of '${found.applicationName}', kept in the linked service only`,
            isThere: false,
          }),
        ]
      : []),
    step("contributor", machineLearning.name, {
      summary: `Contributor on '${machineLearning.name}' for ${who}`,
      isThere: found.isContributor,
    }),
    step("linkedService", found.serviceName, {
      summary: `linked service '${found.serviceName}' in Synapse workspace '${synapse.name}', with ${isManaged ? "its managed identity" : "that application"}`,
      isThere: service !== undefined,
    }),
  ];
}

function machineLearningSteps(
  found: Names & {
    link: Resource | undefined;
    isSparkAdministrator: boolean;
    pools: readonly PoolRequest[];
    attached: ReadonlySet<string>;
  },
): LinkStep[] {
  const { synapse, machineLearning, linkName, link, isSparkAdministrator } = found;
  return [
    step("machineLearningLink", linkName, {
      summary: `link '${linkName}' in machine learning workspace '${machineLearning.name}'`,
      isThere: link !== undefined,
    }),
    step("sparkAdministrator", synapse.name, {
      summary: `Synapse Apache Spark Administrator on '${synapse.name}' for the link's identity`,
      isThere: isSparkAdministrator,
    }),
    ...found.pools.map(({ poolName, alias }) =>
      step("compute", alias, {
        summary: `Spark pool '${poolName}' attached as '${alias}'`,
        isThere: found.attached.has(alias),
      }),
    ),
  ];
}

function step(
  kind: StepKind,
  name: string,
  { summary, isThere }: { summary: string; isThere: boolean },
): LinkStep {
  return { kind, name, summary, isThere };
}
