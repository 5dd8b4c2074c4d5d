// The client secret in Key Vault: an identity of its own, the vault, the secret, a link that reads it.

import { ManagedServiceIdentityClient } from "@azure/arm-msi";
import { SubscriptionClient } from "@azure/arm-resources-subscriptions";
import { DefaultAzureCredential } from "@azure/identity";
import { SecretClient } from "@azure/keyvault-secrets";
import { artifactsClient, callosum, groupId, resourceClient } from "../client.ts";
import { type Chapter, expect, type StoryState, step } from "../step.ts";

const secretName = "ml-key";
const vaultService = "AzureKeyVault1";
const linkService = "AzureMLService3";

function vaultName({ names }: StoryState): string {
  return `${names.storage}-kv`;
}

async function signedInObjectId(): Promise<string> {
  const { token } = await new DefaultAzureCredential().getToken(
    "https://management.azure.com/.default",
  );
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).oid;
}

export const keyVault: Chapter = {
  name: "key-vault",
  title: "The secret in a key vault",
  steps: [
    step("the subscription is found", "@azure/arm-resources-subscriptions", async (state) => {
      const found: string[] = [];
      for await (const subscription of new SubscriptionClient(
        new DefaultAzureCredential(),
      ).subscriptions.list()) {
        found.push(`${subscription.displayName} ${subscription.subscriptionId}`);
      }
      expect(
        found.some((line) => line.endsWith(state.subscriptionId)),
        `there is ${found}`,
      );
      return found;
    }),
    step("a user-assigned identity", "@azure/arm-msi", async (state) => {
      const client = new ManagedServiceIdentityClient(
        new DefaultAzureCredential(),
        state.subscriptionId,
      );
      const identity = await client.userAssignedIdentities.createOrUpdate(
        state.names.group,
        "story-identity",
        {
          location: state.location,
        },
      );
      return [`principal ${identity.principalId}`];
    }),
    step("a key vault that the workspace may read", "@azure/arm-resources", async (state) => {
      const id = `${groupId(state)}/providers/Microsoft.KeyVault/vaults/${vaultName(state)}`;
      const policy = (objectId: string, secrets: string[]) => ({
        tenantId: state.tenantId,
        objectId,
        permissions: { secrets },
      });
      const vault = await resourceClient(state).resources.beginCreateOrUpdateByIdAndWait(
        id,
        "2023-07-01",
        {
          location: state.location,
          properties: {
            tenantId: state.tenantId,
            sku: { family: "A", name: "standard" },
            accessPolicies: [
              policy(await signedInObjectId(), ["get", "list", "set", "delete"]),
              policy(state.facts.synapsePrincipalId ?? "", ["get", "list"]),
            ],
          },
        },
      );
      return [String(vault.properties?.vaultUri)];
    }),
    step("the client secret is put into it", "@azure/keyvault-secrets", async (state) => {
      const client = new SecretClient(
        `https://${vaultName(state)}.vault.azure.net`,
        new DefaultAzureCredential(),
      );
      await client.setSecret(secretName, state.facts.clientSecret ?? "");
      const read = await client.getSecret(secretName);
      expect(read.value === state.facts.clientSecret, "another value comes back");
      return [`version ${read.properties.version}`];
    }),
    step(
      "a link that takes its secret from the vault",
      "@azure/synapse-artifacts",
      async (state) => {
        const { linkedServiceOperations } = artifactsClient(state);
        await linkedServiceOperations.beginCreateOrUpdateLinkedServiceAndWait(vaultService, {
          properties: {
            type: "AzureKeyVault",
            baseUrl: `https://${vaultName(state)}.vault.azure.net/`,
          },
        });
        const saved = await linkedServiceOperations.beginCreateOrUpdateLinkedServiceAndWait(
          linkService,
          {
            properties: {
              type: "AzureMLService",
              subscriptionId: state.subscriptionId,
              resourceGroupName: state.names.group,
              mlWorkspaceName: state.names.ml,
              servicePrincipalId: state.facts.clientId,
              tenant: state.tenantId,
              servicePrincipalKey: {
                type: "AzureKeyVaultSecret",
                store: { type: "LinkedServiceReference", referenceName: vaultService },
                secretName,
              },
            },
          } as never,
        );
        return [`saved as ${saved.name}`];
      },
    ),
    step("Test Connection reads it and passes", "callosum", async (state) => {
      const { output } = await callosum([
        "test-connection",
        "--workspace",
        state.names.synapse,
        "--service",
        linkService,
        "--json",
      ]);
      const answer = JSON.parse(output) as { succeeded: boolean };
      expect(answer.succeeded, output);
      return ["passed"];
    }),
  ],
};
