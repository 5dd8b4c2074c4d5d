// Carries a plan out: both directions side by side, each step as soon as what it needs is there.

import { putResource } from "@callosum/sdk/resource.ts";
import { builtInRoles, createRoleAssignment } from "@callosum/sdk/role-assignment.ts";
import type { ConnectivityResult } from "@callosum/sdk/synapse-workspace.ts";
import { synapseRoles } from "@callosum/sdk/synapse-workspace.ts";
import { groupOf, subscriptionOf } from "../find-resource.ts";
import { computeApiVersion, type LinkPlan, linkApiVersion, type StepKind } from "./link-plan.ts";
import type { Made } from "./link-record.ts";

export interface LinkOutcome {
  /** Milliseconds of each step that was done, by `kind name`. */
  readonly durations: ReadonlyMap<string, number>;
  readonly test: ConnectivityResult;
}

interface Work {
  readonly plan: LinkPlan;
  /** GUIDs chosen beforehand, so that the record knows them. */
  readonly contributorName: string;
  readonly sparkAdministratorName: string;
  /** Does a step unless it is there, and times it. */
  perform<Result>(
    kind: StepKind,
    name: string,
    run: () => Promise<Result>,
  ): Promise<Result | undefined>;
}

/** What the work is going to make, for the record; then the work itself. */
export function prepareWork(plan: LinkPlan): { made: Made[]; run(): Promise<LinkOutcome> } {
  const durations = new Map<string, number>();
  const work: Work = {
    plan,
    contributorName: crypto.randomUUID(),
    sparkAdministratorName: crypto.randomUUID(),
    async perform(kind, name, run) {
      const step = plan.steps.find((each) => each.kind === kind && each.name === name);
      if (!step || step.isThere) return undefined;
      const startedMs = performance.now();
      const result = await run();
      durations.set(`${kind} ${name}`, performance.now() - startedMs);
      return result;
    },
  };
  return {
    made: plan.steps.flatMap((step) => (step.isThere ? [] : madeBy(work, step))),
    async run() {
      const sides = await Promise.allSettled([linkSynapse(work), linkMachineLearning(work)]);
      for (const side of sides) if (side.status === "rejected") throw side.reason;
      const { workspace, serviceName } = plan;
      return { durations, test: await workspace.linkedServices.test(serviceName) };
    },
  };
}

function madeBy(work: Work, step: LinkPlan["steps"][number]): Made[] {
  const { kind, name, summary } = step;
  const { machineLearning } = work.plan;
  const assignments = `${machineLearning.id}/providers/Microsoft.Authorization/roleAssignments`;
  switch (kind) {
    case "application":
    case "linkedService":
      return [{ kind, summary, id: name }];
    case "contributor":
      return [{ kind, summary, id: `${assignments}/${work.contributorName}` }];
    case "machineLearningLink":
      return [{ kind, summary, id: `${machineLearning.id}/linkedServices/${name}` }];
    case "sparkAdministrator":
      return [{ kind, summary, id: work.sparkAdministratorName }];
    case "compute":
      return [{ kind, summary, id: `${machineLearning.id}/computes/${name}` }];
    case "servicePrincipal":
    case "secret":
      // Gone with their application.
      return [];
    default:
      return kind satisfies never;
  }
}

async function linkSynapse(work: Work): Promise<void> {
  const { plan, perform } = work;
  const signIn = plan.authentication === "msi" ? managed(plan) : await registered(work);
  await Promise.all([
    perform("contributor", plan.machineLearning.name, () =>
      createRoleAssignment(plan.api, {
        scope: plan.machineLearning.id,
        roleDefinitionId: builtInRoles.contributor,
        principalId: signIn.principalId,
        principalType: "ServicePrincipal",
        name: work.contributorName,
      }),
    ),
    perform("linkedService", plan.serviceName, () =>
      plan.workspace.linkedServices.create(plan.serviceName, {
        type: "AzureMLService",
        typeProperties: {
          subscriptionId: subscriptionOf(plan.machineLearning.id),
          resourceGroupName: groupOf(plan.machineLearning.id),
          mlWorkspaceName: plan.machineLearning.name,
          ...signIn.typeProperties,
        },
      }),
    ),
  ]);
}

interface SignIn {
  readonly principalId: string;
  readonly typeProperties: Readonly<Record<string, unknown>>;
}

function managed({ principalId = "" }: LinkPlan): SignIn {
  return { principalId, typeProperties: { authentication: "MSI" } };
}

/** The application with its service principal and, for a new linked service, a new secret. */
async function registered({ plan, perform }: Work): Promise<SignIn> {
  const { api, applicationName, application } = plan;
  const post = async <Answer>(path: string, body: unknown) =>
    (await api.send({ service: "graph", method: "POST", path: `/v1.0/${path}`, body }))
      .body as Answer;
  const made = await perform("application", applicationName, () =>
    post<{ id: string; appId: string }>("applications", { displayName: applicationName }),
  );
  const { id, appId } = made ?? application ?? { id: "", appId: "" };
  const [servicePrincipal, secret] = await Promise.all([
    perform("servicePrincipal", applicationName, () =>
      post<{ id: string }>("servicePrincipals", { appId }),
    ),
    perform("secret", applicationName, () =>
      post<{ secretText: string }>(`applications/${id}/addPassword`, {
        passwordCredential: { displayName: "callosum link" },
      }),
    ),
  ]);
  return {
    principalId: servicePrincipal?.id ?? plan.principalId ?? "",
    typeProperties: {
      servicePrincipalId: appId,
      servicePrincipalKey: { type: "SecureString", value: secret?.secretText ?? "" },
      tenant: plan.tenantId,
    },
  };
}

async function linkMachineLearning({ plan, perform, sparkAdministratorName }: Work): Promise<void> {
  const { api, workspace, synapse, machineLearning, linkName, pools } = plan;
  const { location } = machineLearning;
  const link = await perform("machineLearningLink", linkName, () =>
    putResource(api, {
      id: `${machineLearning.id}/linkedServices/${linkName}`,
      apiVersion: linkApiVersion,
      body: {
        name: linkName,
        location,
        identity: { type: "SystemAssigned" },
        properties: { linkedServiceResourceId: synapse.id },
      },
    }),
  );
  const principalId = link?.identity?.principalId ?? plan.linkIdentity ?? "";
  await Promise.all([
    perform("sparkAdministrator", synapse.name, () =>
      workspace.roleAssignments.create({
        roleId: synapseRoles.apacheSparkAdministrator,
        principalId,
        principalType: "ServicePrincipal",
        id: sparkAdministratorName,
      }),
    ),
    ...pools.map(({ poolName, alias }) =>
      perform("compute", alias, () =>
        putResource(api, {
          id: `${machineLearning.id}/computes/${alias}`,
          apiVersion: computeApiVersion,
          body: {
            location,
            properties: {
              computeType: "SynapseSpark",
              resourceId: `${synapse.id}/bigDataPools/${poolName}`,
            },
          },
        }),
      ),
    ),
  ]);
}
