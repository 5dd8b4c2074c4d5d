// Chapter 4: the Azure ML side of the link: its own identity, the grant it needs, the pool attached.

import {
  accessControlClient,
  artifactsClient,
  groupId,
  machineLearningClient,
  machineLearningId,
  resourceClient,
  sparkAdministratorRole,
  synapseId,
} from "../client.ts";
import { type Chapter, expect, type StoryState, step } from "../step.ts";

const version = "2020-09-01-preview";

function linkId(state: StoryState): string {
  return `${machineLearningId(state)}/linkedServices/${state.names.link}`;
}

async function register(state: StoryState): Promise<string> {
  const link = await resourceClient(state).resources.beginCreateOrUpdateByIdAndWait(
    linkId(state),
    version,
    {
      location: state.location,
      identity: { type: "SystemAssigned" },
      properties: { linkedServiceResourceId: synapseId(state) },
    },
  );
  const principalId = link.identity?.principalId;
  expect(principalId !== undefined, "the link has no identity");
  return principalId;
}

async function grant(state: StoryState, principalId: string): Promise<void> {
  await accessControlClient(state).roleAssignments.createRoleAssignment(
    crypto.randomUUID(),
    sparkAdministratorRole,
    principalId,
    `workspaces/${state.names.synapse}`,
    { principalType: "ServicePrincipal" },
  );
}

async function attach(state: StoryState): Promise<string> {
  const { group, ml, compute, sparkPool } = state.names;
  const attached = await machineLearningClient(state).computeOperations.beginCreateOrUpdateAndWait(
    group,
    ml,
    compute,
    {
      location: state.location,
      properties: {
        computeType: "SynapseSpark",
        resourceId: `${synapseId(state)}/bigDataPools/${sparkPool}`,
      },
    },
  );
  expect(attached.properties?.computeType === "SynapseSpark", "it is no Spark pool");
  return `${attached.name} → ${attached.properties.resourceId?.split("/").at(-1)}`;
}

export const machineLearningLink: Chapter = {
  name: "machine-learning",
  title: "Azure ML → Synapse, with an identity of its own",
  steps: [
    step("the link is registered", "@azure/arm-resources", async (state) => {
      state.facts.linkPrincipalId = await register(state);
      return [`system_assigned_identity_principal_id ${state.facts.linkPrincipalId}`];
    }),
    step(
      "its identity becomes Synapse Apache Spark Administrator",
      "@azure/synapse-access-control",
      async (state) => {
        await grant(state, state.facts.linkPrincipalId ?? "");
        return [`at workspaces/${state.names.synapse}`];
      },
    ),
    step("the Spark pool is attached as compute", "@azure/arm-machinelearning", async (state) => [
      await attach(state),
    ]),
    step("everything is listed and read back", "@azure/arm-machinelearning", async (state) => {
      const { group, ml } = state.names;
      const computes: string[] = [];
      for await (const compute of machineLearningClient(state).computeOperations.list(group, ml))
        computes.push(String(compute.name));
      const services: string[] = [];
      for await (const service of artifactsClient(
        state,
      ).linkedServiceOperations.listLinkedServicesByWorkspace())
        services.push(String(service.name));
      expect(computes.includes(state.names.compute), `computes: ${computes}`);
      expect(services.includes(state.names.managedIdentityService), `linked services: ${services}`);
      return [`computes: ${computes.join(", ")}`, `linked services: ${services.join(", ")}`];
    }),
    step("the pool is detached", "@azure/arm-machinelearning", async (state) => {
      const { group, ml, compute } = state.names;
      await machineLearningClient(state).computeOperations.beginDeleteAndWait(
        group,
        ml,
        compute,
        "Detach",
      );
      return [`${compute} is gone, the pool stays`];
    }),
    step(
      "the workspaces are unlinked, the identity goes with the link",
      "@azure/arm-resources",
      async (state) => {
        await resourceClient(state).resources.beginDeleteByIdAndWait(linkId(state), version);
        return [groupId(state)];
      },
    ),
    step("and linked again", "@azure/arm-resources", async (state) => {
      const principalId = await register(state);
      expect(principalId !== state.facts.linkPrincipalId, "the identity is the old one");
      state.facts.linkPrincipalId = principalId;
      await grant(state, principalId);
      return [`a new identity ${principalId}`, await attach(state)];
    }),
  ],
};

export const afterRestart: Chapter = {
  name: "after-restart",
  title: "It is real: the server was killed and started again",
  steps: [
    step(
      "the link, its identity and the attached pool are there",
      "@azure/arm-resources",
      async (state) => {
        const link = await resourceClient(state).resources.getById(linkId(state), version);
        expect(link.identity?.principalId === state.facts.linkPrincipalId, "the identity changed");
        const compute = await resourceClient(state).resources.getById(
          `${machineLearningId(state)}/computes/${state.names.compute}`,
          "2022-10-01",
        );
        return [String(link.id), String(compute.id)];
      },
    ),
    step("the Synapse side too", "@azure/synapse-artifacts", async (state) => {
      const service = await artifactsClient(state).linkedServiceOperations.getLinkedService(
        state.names.servicePrincipalService,
      );
      return [`${service.name}, etag ${service.etag}`];
    }),
  ],
};
