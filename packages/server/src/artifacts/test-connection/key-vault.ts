// Test Connection of AzureKeyVault: the workspace's identity must be able to get secrets of the vault
// (features.md A-07).

import type { ConnectorTest } from "@callosum/contract/connector.ts";
import { ServiceError } from "@callosum/contract/error.ts";
import type { ArmResource } from "@callosum/contract/ports.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import type { VerdictHop } from "@callosum/contract/verdict.ts";
import { failed, passed } from "./hop.ts";
import { workspaceIdentity } from "./identity.ts";
import { checkEndpoint, checkRuntime } from "./runtime.ts";
import { accessFix, vaultNameOf } from "./vault-secret.ts";

/** No secret has this name; asking for it tells whether asking is allowed. */
const probe = "callosum-test-connection";

export async function testKeyVault(test: ConnectorTest): Promise<VerdictHop[]> {
  const vaultUrl = String(test.typeProperties.baseUrl);
  if (!/^https:\/\/[a-z0-9-]+\.vault\.azure\.net\/?$/i.test(vaultUrl)) {
    return [
      failed("definition", {
        code: "4112",
        reason: "valueInvalid",
        message: `baseUrl is '${vaultUrl}'; it must be https://{name}.vault.azure.net/.`,
        fault: { party: "linkedService" },
        fix: { description: "Correct baseUrl of the linked service." },
      }),
    ];
  }
  const vault = await test.ports.resources.byEndpoint("vault", vaultNameOf(vaultUrl));
  const runtime = await checkRuntime(test, { refusesProtection: false });
  const endpoint = await checkEndpoint(test, {
    resource: vault,
    groupId: "vault",
    apiVersion: "2023-07-01",
    needsEndpoint: "whenProtected",
  });
  const identity = await workspaceIdentity(test);
  const { principal } = identity;
  const isRefused = identity.findings.some(({ status }) => status === "failed");
  const reachable = passed("runtime", "The integration runtime can reach the target.");
  const network = [...runtime, ...(endpoint ? [endpoint] : [])];
  return [
    passed("definition", "The definition is complete."),
    ...(network.length > 0 ? network : [reachable]),
    ...identity.findings,
    vault
      ? passed("resource", `The vault '${vault.name}' exists.`)
      : failed("resource", {
          code: "4124",
          reason: "vaultNotFound",
          message: `There is no key vault at ${vaultUrl}.`,
          fault: { party: "linkedService" },
          fix: { description: "Correct baseUrl of the linked service, or create the vault." },
        }),
    ...(vault && principal && !isRefused
      ? await checkAccess(test, { vault, principal, vaultUrl })
      : []),
  ];
}

async function checkAccess(
  test: ConnectorTest,
  options: { vault: ArmResource; principal: Principal; vaultUrl: string },
): Promise<VerdictHop[]> {
  const { vault, principal, vaultUrl } = options;
  const error = await readProbe(test, { principal, vaultUrl });
  if (error?.status !== "forbidden") {
    return [
      passed("permission", `'${principal.displayName}' may get secrets of '${vault.name}'.`),
      passed("dataPlane", `The vault '${vault.name}' answers.`),
    ];
  }
  return [
    failed("permission", {
      code: "4122",
      reason: "vaultAccessMissing",
      message: `'${principal.displayName}' may not get secrets of '${vault.name}'.`,
      serviceMessage: error.message,
      fault: {
        party: "workspaceIdentity",
        principalId: principal.objectId,
        displayName: principal.displayName,
      },
      ...accessFix(test, { vault, reader: principal }),
    }),
  ];
}

async function readProbe(
  test: ConnectorTest,
  options: { principal: Principal; vaultUrl: string },
): Promise<ServiceError | undefined> {
  const { principal, vaultUrl } = options;
  try {
    await test.ports.secretReader.read(principal, { vaultUrl, name: probe });
    return undefined;
  } catch (error) {
    if (error instanceof ServiceError && error.status !== "notImplemented") return error;
    throw error;
  }
}
