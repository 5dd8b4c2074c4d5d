// A pair of workspaces with everything that a link can need, and the means to break it.

import type { FixRequest } from "@callosum/contract/verdict.ts";
import type { Caller, TestServer } from "../../../../../tests/fixture/server.ts";
import { audiences } from "../../../../../tests/fixture/server.ts";
import { assignRole } from "../../../../../tests/registry/principal.ts";
import { createClientSecret } from "../../identity/client-secret.ts";
import { putApplication, putServicePrincipal } from "../../identity/directory.ts";
import { systemClock, systemRandom } from "../../platform/system.ts";
import { groupId, putResource, type TestWorkspace } from "./workspace.ts";

export const azureRole = {
  contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
  secretsUser: "4633458b-17de-408a-b874-0445c86b69e6",
} as const;

export const mlType = "Microsoft.MachineLearningServices/workspaces";

export interface TestApplication {
  readonly clientId: string;
  readonly objectId: string;
  readonly applicationObjectId: string;
  readonly secretId: string;
  readonly secretText: string;
  readonly displayName: string;
}

/** An app registration with a secret, and its service principal unless told otherwise. */
export async function putTestApplication(
  server: TestServer,
  options: {
    displayName: string;
    principal?: "enabled" | "disabled" | "none";
    endDateTime?: string;
  },
): Promise<TestApplication> {
  const { displayName, principal = "enabled", endDateTime } = options;
  const { credential, secretText } = createClientSecret({
    random: systemRandom,
    clock: systemClock,
    displayName: null,
    startDateTime: "2020-01-01T00:00:00Z",
    endDateTime: endDateTime ?? "2090-01-01T00:00:00Z",
  });
  const made: TestApplication = {
    clientId: systemRandom.guid(),
    objectId: systemRandom.guid(),
    applicationObjectId: systemRandom.guid(),
    secretId: credential.keyId,
    secretText,
    displayName,
  };
  await server.running.internals.store.transaction(async (writer) => {
    await putApplication(writer, {
      id: made.applicationObjectId,
      appId: made.clientId,
      displayName,
      createdDateTime: "2024-01-01T00:00:00.000Z",
      passwordCredentials: [credential],
      keyCredentials: [],
      settings: {},
    });
    if (principal === "none") return;
    await putServicePrincipal(writer, {
      id: made.objectId,
      appId: made.clientId,
      displayName,
      servicePrincipalType: "Application",
      accountEnabled: principal === "enabled",
      createdDateTime: "2024-01-01T00:00:00.000Z",
      resourceId: undefined,
      isExplicit: false,
      passwordCredentials: [],
      settings: {},
    });
  });
  return made;
}

/** An AML workspace. */
export function putMachineLearning(
  server: TestServer,
  name: string,
  properties: object = {},
): Promise<string> {
  return putResource(server, {
    type: mlType,
    name,
    properties: {
      provisioningState: "Succeeded",
      publicNetworkAccess: "Enabled",
      hbiWorkspace: false,
      ...properties,
    },
  });
}

/** A key vault that asks Azure RBAC, or access policies. */
export async function putVault(
  server: TestServer,
  options: { name: string; rbac: boolean },
): Promise<string> {
  const { name, rbac } = options;
  const path = `${groupId(server)}/providers/Microsoft.KeyVault/vaults/${name}?api-version=2023-07-01`;
  const permissions = { secrets: ["all"] };
  const { tenantId } = server.contract;
  const { status, text, body } = await server.admin.send("PUT", path, {
    location: "westeurope",
    properties: {
      tenantId,
      sku: { family: "A", name: "standard" },
      enableRbacAuthorization: rbac,
      accessPolicies: rbac ? [] : [{ tenantId, objectId: server.admin.objectId, permissions }],
    },
  });
  if (status !== 200 && status !== 201) throw new Error(text);
  if (rbac) {
    const { objectId: principalId } = server.admin;
    const officer = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7";
    await assignRole(server, { principalId, roleId: officer, scope: body.id });
  }
  return body.id;
}

export async function putSecret(
  server: TestServer,
  secret: { vault: string; name: string; value: string; attributes?: object },
): Promise<string> {
  const { vault, name, value, attributes } = secret;
  const path = `/secrets/${name}?api-version=7.4`;
  const extra = { audience: audiences.vault, host: `${vault}.vault.azure.net` };
  const { status, text, body } = await server.admin.send("PUT", path, { value, attributes }, extra);
  if (status !== 200) throw new Error(text);
  return body.id.split("/").at(-1);
}

/** Sends what a verdict's button would send. */
export function sendFix(
  caller: Caller,
  options: { workspace: TestWorkspace; request: FixRequest },
): ReturnType<Caller["send"]> {
  const { workspace, request } = options;
  const { plane, method, path, body } = request;
  if (plane === "synapse") return workspace.send(caller, method, path, body);
  if (plane === "vault") {
    const host = `${request.subject}.vault.azure.net`;
    return caller.send(method, path, body, { audience: audiences.vault, host });
  }
  if (plane === "graph") {
    return caller.send(method, `/graph/v1.0${path}`, body, { audience: audiences.graph });
  }
  return caller.send(method, path, body);
}
