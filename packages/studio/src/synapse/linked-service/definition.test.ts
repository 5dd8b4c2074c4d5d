import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { buildDefinition, type LinkProperties, readDefinition } from "./definition.ts";
import type { LinkContext } from "./link-kind.ts";
import { isTargetChanged } from "./link-kind.ts";

const subscription = "00000000-0000-0000-0000-000000000001";
const group = `/subscriptions/${subscription}/resourceGroups/group`;
const workspaceId = `${group}/providers/Microsoft.MachineLearningServices/workspaces/ml1`;
const client = "10000000-0000-4000-8000-000000000000";
const place = { subscriptionId: subscription, resourceGroupName: "group", mlWorkspaceName: "ml1" };

function contextOf(saved?: LinkContext["saved"]): LinkContext {
  return {
    workspace: { name: "ws1" },
    connector: {
      type: "AzureMLService",
      summary: "",
      source: "",
      frame: {},
      secrets: ["servicePrincipalKey"],
      target: ["subscriptionId", "authentication", "servicePrincipalId", "tenant"],
      canBeTested: true,
    },
    tenantId: "tenant1",
    subscriptions: [
      {
        id: `/subscriptions/${subscription}`,
        subscriptionId: subscription,
        displayName: "One",
        state: "Enabled",
      },
    ],
    machineLearning: [{ id: workspaceId, name: "ml1", type: "" }],
    vaults: ["Vault1"],
    credentials: [],
    saved,
  };
}

/** What the form makes of a stored definition that nobody changed. */
function unchanged(properties: LinkProperties): LinkProperties | undefined {
  const context = contextOf(properties.typeProperties);
  const values = readDefinition(properties, { name: "link1", context });
  return buildDefinition(values, { type: properties.type, context });
}

const connectVia = {
  referenceName: "AutoResolveIntegrationRuntime",
  type: "IntegrationRuntimeReference",
};

describe("A linked service's definition", () => {
  const stored = { type: "SecureString", value: "**********" };
  const rows: readonly (readonly [string, Record<string, unknown>])[] = [
    ["a managed identity", { ...place, authentication: "MSI" }],
    [
      "a stored key",
      {
        ...place,
        servicePrincipalId: client,
        servicePrincipalKey: stored,
        encryptedCredential: "sealed",
        tenant: "tenant1",
      },
    ],
    [
      "a word of another client for its authentication",
      {
        ...place,
        authentication: "ServicePrincipal",
        servicePrincipalId: client,
        servicePrincipalKey: stored,
        encryptedCredential: "sealed",
        tenant: "tenant1",
      },
    ],
    [
      "a key in a vault",
      {
        ...place,
        servicePrincipalId: client,
        servicePrincipalKey: {
          type: "AzureKeyVaultSecret",
          store: { referenceName: "Vault1", type: "LinkedServiceReference" },
          secretName: "key",
          secretVersion: "1",
        },
        tenant: "tenant1",
      },
    ],
    [
      "an expression for its workspace",
      { ...place, mlWorkspaceName: "@{linkedService().w}", authentication: "MSI" },
    ],
    [
      "a value that no field shows",
      { ...place, authentication: { value: "@x", type: "Expression" } },
    ],
    ["a property that no field shows", { ...place, authentication: "MSI", unknown: 1 }],
  ];
  for (const [what, typeProperties] of rows) {
    it(`with ${what} goes through the form unchanged`, () => {
      const properties: LinkProperties = {
        type: "AzureMLService",
        description: "d",
        annotations: ["a", "b"],
        parameters: { p: { type: "Int", defaultValue: 3 }, q: { type: "String" } },
        connectVia,
        typeProperties,
        ...{ version: "1.0" },
      };
      assert.deepEqual(unchanged(properties), properties);
    });
  }

  it("of a new link takes the group from the workspace that was picked", () => {
    const context = contextOf();
    const values = readDefinition({ type: "AzureMLService" }, { name: "link1", context });
    assert.equal(values.subscription, subscription, "the only subscription is chosen");
    const built = buildDefinition(
      { ...values, workspace: workspaceId },
      { type: "AzureMLService", context },
    );
    assert.deepEqual(built?.typeProperties, { ...place, authentication: "MSI" });
  });

  it("needs its key again when its target is another one, and only then", () => {
    const saved = { ...place, servicePrincipalId: client, servicePrincipalKey: stored };
    const context = contextOf(saved);
    assert.equal(isTargetChanged(saved, context), false);
    assert.equal(isTargetChanged({ ...saved, tenant: "other" }, context), true);
    assert.equal(isTargetChanged({ ...saved, mlWorkspaceName: "other" }, context), false);
  });
});
