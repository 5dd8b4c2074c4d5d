// The official clients, unmodified, with their default endpoints and DefaultAzureCredential: what they
// find out, they find out from the environment that `exec` makes.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { AzureMachineLearningWorkspaces } from "@azure/arm-machinelearning";
import { ResourceManagementClient } from "@azure/arm-resources";
import { SynapseManagementClient } from "@azure/arm-synapse";
import { DefaultAzureCredential } from "@azure/identity";
import { DataLakeServiceClient } from "@azure/storage-file-datalake";
import { AccessControlClient } from "@azure/synapse-access-control";
import { ArtifactsClient } from "@azure/synapse-artifacts";
import { Client as GraphClient } from "@microsoft/microsoft-graph-client";
import { TokenCredentialAuthenticationProvider } from "@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js";
import type { StoryState } from "./step.ts";

const credential = new DefaultAzureCredential();
const launcher = fileURLToPath(new URL("../../packages/cli/bin/callosum.js", import.meta.url));

export const resourceClient = ({ subscriptionId }: StoryState) =>
  new ResourceManagementClient(credential, subscriptionId);

export const synapseClient = ({ subscriptionId }: StoryState) =>
  new SynapseManagementClient(credential, subscriptionId);

export const machineLearningClient = ({ subscriptionId }: StoryState) =>
  new AzureMachineLearningWorkspaces(credential, subscriptionId);

export const authorizationClient = ({ subscriptionId }: StoryState) =>
  new AuthorizationManagementClient(credential, subscriptionId);

export const artifactsClient = ({ names }: StoryState) =>
  new ArtifactsClient(credential, `https://${names.synapse}.dev.azuresynapse.net`);

export const accessControlClient = ({ names }: StoryState) =>
  new AccessControlClient(credential, `https://${names.synapse}.dev.azuresynapse.net`);

export const lakeClient = ({ names }: StoryState) =>
  new DataLakeServiceClient(`https://${names.storage}.dfs.core.windows.net`, credential);

export function graphClient(): GraphClient {
  const scopes = ["https://graph.microsoft.com/.default"];
  return GraphClient.initWithMiddleware({
    authProvider: new TokenCredentialAuthenticationProvider(credential, { scopes }),
  });
}

/** Runs our own command; gives what it printed and how it ended. */
export function callosum(parameters: readonly string[]): Promise<{ code: number; output: string }> {
  const data = process.env.STORY_DATA ?? "";
  const child = spawn(process.execPath, [launcher, ...parameters, "--data", data], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

export function groupId({ subscriptionId, names }: StoryState): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${names.group}`;
}

export function synapseId(state: StoryState): string {
  return `${groupId(state)}/providers/Microsoft.Synapse/workspaces/${state.names.synapse}`;
}

export function machineLearningId(state: StoryState): string {
  return `${groupId(state)}/providers/Microsoft.MachineLearningServices/workspaces/${state.names.ml}`;
}

export const contributorRole = "b24988ac-6180-42a0-ab88-20f7382dd24c";
export const sparkAdministratorRole = "c3a6d2f1-a26f-4810-9b0f-591308d5cbf1";
