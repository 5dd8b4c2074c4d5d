// Chapters 2 and 3: the Synapse side of the link, with the workspace's managed identity and with a
// service principal. Each fails first, says why, is repaired by what it printed, and passes.

import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestConnectivityAnswer } from "@callosum/contract/verdict.ts";
import {
  artifactsClient,
  authorizationClient,
  callosum,
  contributorRole,
  graphClient,
  machineLearningId,
} from "../client.ts";
import { type Chapter, expect, type StoryState, step } from "../step.ts";

interface Definition {
  readonly name: string;
  readonly properties: {
    readonly type: "AzureMLService";
    readonly typeProperties: Record<string, unknown>;
  };
}

function definitionOf(state: StoryState, name: string, rest: Record<string, unknown>): Definition {
  const { subscriptionId, names } = state;
  const typeProperties = {
    subscriptionId,
    resourceGroupName: names.group,
    mlWorkspaceName: names.ml,
    ...rest,
  };
  return { name, properties: { type: "AzureMLService", typeProperties } };
}

function managedIdentityDefinition(state: StoryState): Definition {
  return definitionOf(state, state.names.managedIdentityService, { authentication: "MSI" });
}

function servicePrincipalDefinition(state: StoryState): Definition {
  return definitionOf(state, state.names.servicePrincipalService, {
    servicePrincipalId: state.facts.clientId,
    servicePrincipalKey: { type: "SecureString", value: state.facts.clientSecret },
    tenant: state.tenantId,
  });
}

/** Tests a definition that is not saved yet, as the form's button does. */
async function test(state: StoryState, definition: Definition): Promise<TestConnectivityAnswer> {
  const file = join(tmpdir(), `callosum-story-${process.pid}.json`);
  await writeFile(file, JSON.stringify(definition), { mode: 0o600 });
  const { output } = await callosum([
    "test-connection",
    "--workspace",
    state.names.synapse,
    "--file",
    file,
    "--json",
  ]);
  try {
    return JSON.parse(output) as TestConnectivityAnswer;
  } catch {
    throw new Error(output);
  }
}

/** Expects the refusal that names the missing role, and keeps the command that repairs it. */
async function expectMissingContributor(
  state: StoryState,
  definition: Definition,
): Promise<string[]> {
  const answer = await test(state, definition);
  expect(!answer.succeeded, "the test passes although nothing is granted");
  const failed = answer.verdict.hops.find((hop) => hop.status === "failed");
  expect(failed?.hop === "permission", `it fails at '${failed?.hop}': ${failed?.message}`);
  const command = failed?.fix?.command;
  expect(command !== undefined, "no command is given");
  state.facts.fix = command;
  return [`fails at ${failed?.hop}: ${failed?.missing?.role} is missing`, command];
}

async function runFix(state: StoryState): Promise<string[]> {
  const command = state.facts.fix ?? "";
  const [program, ...parameters] = splitCommand(command);
  expect(program === "callosum", `the command is '${command}'`);
  const { code, output } = await callosum(parameters);
  expect(code === 0, output);
  return output.trim().split("\n").slice(0, 2);
}

/** As a shell would, for words and double quotes. */
function splitCommand(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? "",
  );
}

async function expectSuccess(state: StoryState, definition: Definition): Promise<string[]> {
  const answer = await test(state, definition);
  expect(
    answer.succeeded,
    JSON.stringify(answer.verdict.hops.find((hop) => hop.status === "failed")),
  );
  return answer.verdict.hops.map((hop) => `${hop.hop}: ${hop.status}`);
}

async function save(state: StoryState, definition: Definition): Promise<string[]> {
  const { linkedServiceOperations } = artifactsClient(state);
  // This release of the client drops `authentication` on the way out (protocols.md 4.3), so what it
  // sends has neither that nor a service principal: the workspace's managed identity.
  const saved = await linkedServiceOperations.beginCreateOrUpdateLinkedServiceAndWait(
    definition.name,
    definition as never,
  );
  expect(saved.name === definition.name, `it is ${saved.name}`);
  const read = await linkedServiceOperations.getLinkedService(definition.name);
  expect(!JSON.stringify(read).includes(String(state.facts.clientSecret)), "the secret comes back");
  return [`saved as ${read.name}`];
}

export const managedIdentityLink: Chapter = {
  name: "managed-identity",
  title: "Synapse → Azure ML, with the workspace's managed identity",
  steps: [
    step("Test Connection fails and says what is missing", "callosum", (state) =>
      expectMissingContributor(state, managedIdentityDefinition(state)),
    ),
    step("the printed command is run", "callosum", runFix),
    step("Test Connection passes", "callosum", (state) =>
      expectSuccess(state, managedIdentityDefinition(state)),
    ),
    step("the link is saved", "@azure/synapse-artifacts", (state) =>
      save(state, managedIdentityDefinition(state)),
    ),
  ],
};

export const servicePrincipalLink: Chapter = {
  name: "service-principal",
  title: "Synapse → Azure ML, with a service principal",
  steps: [
    step(
      "an app registration, a client secret, a service principal",
      "@microsoft/microsoft-graph-client",
      async (state) => {
        const graph = graphClient();
        const application = await graph
          .api("/applications")
          .post({ displayName: state.names.application });
        const secret = await graph
          .api(`/applications/${application.id}/addPassword`)
          .post({ passwordCredential: { displayName: "story" } });
        const principal = await graph.api("/servicePrincipals").post({ appId: application.appId });
        Object.assign(state.facts, {
          clientId: application.appId,
          clientSecret: secret.secretText,
          servicePrincipalObjectId: principal.id,
        });
        return [`client id ${application.appId}`, `object id ${principal.id}`];
      },
    ),
    step("Test Connection fails and says what is missing", "callosum", (state) =>
      expectMissingContributor(state, servicePrincipalDefinition(state)),
    ),
    step("Contributor is assigned", "@azure/arm-authorization", async (state) => {
      const assignment = await authorizationClient(state).roleAssignments.create(
        machineLearningId(state),
        crypto.randomUUID(),
        {
          principalId: state.facts.servicePrincipalObjectId ?? "",
          principalType: "ServicePrincipal",
          roleDefinitionId: `/subscriptions/${state.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${contributorRole}`,
        },
      );
      return [String(assignment.id)];
    }),
    step("Test Connection passes", "callosum", (state) =>
      expectSuccess(state, servicePrincipalDefinition(state)),
    ),
    step(
      "the link is saved, its secret is never shown again",
      "@azure/synapse-artifacts",
      (state) => save(state, servicePrincipalDefinition(state)),
    ),
  ],
};

async function testSaved(state: StoryState): Promise<TestConnectivityAnswer> {
  const { names } = state;
  const { output } = await callosum([
    "test-connection",
    "--workspace",
    names.synapse,
    "--service",
    names.managedIdentityService,
    "--json",
  ]);
  return JSON.parse(output) as TestConnectivityAnswer;
}

export const revocation: Chapter = {
  name: "revocation",
  title: "It is real: a grant is taken away",
  steps: [
    step(
      "the grant of the managed identity is revoked",
      "@azure/arm-authorization",
      async (state) => {
        const client = authorizationClient(state);
        for await (const assignment of client.roleAssignments.listForScope(
          machineLearningId(state),
          {
            filter: `principalId eq '${state.facts.synapsePrincipalId}'`,
          },
        )) {
          await client.roleAssignments.deleteById(String(assignment.id));
        }
        return [`for principal ${state.facts.synapsePrincipalId}`];
      },
    ),
    step("the saved link's test fails, naming it", "callosum", async (state) => {
      const answer = await testSaved(state);
      const failed = answer.verdict.hops.find((hop) => hop.status === "failed");
      expect(
        failed?.hop === "permission" && failed.missing?.role === "Contributor",
        JSON.stringify(answer),
      );
      expect(
        failed.fault?.principalId === state.facts.synapsePrincipalId,
        "another principal is named",
      );
      state.facts.fix = failed.fix?.command ?? "";
      return [failed.message];
    }),
    step("the grant is restored, the test passes", "callosum", async (state) => {
      await runFix(state);
      const answer = await testSaved(state);
      expect(answer.succeeded, JSON.stringify(answer));
      return ["passed"];
    }),
  ],
};
