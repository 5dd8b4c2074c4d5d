// Test Connection of AzureBlobFS with the workspace's identity or a service principal: whether it may
// read blobs of the account, or of the workspace's own file system on it (features.md B-09).

import type { ConnectorTest } from "@callosum/contract/connector.ts";
import { fail } from "@callosum/contract/error-catalogue.ts";
import type { ArmResource } from "@callosum/contract/ports.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import type { MissingRole, VerdictHop } from "@callosum/contract/verdict.ts";
import { grantAzureRole } from "./fix.ts";
import { failed, passed } from "./hop.ts";
import { type Identity, mayTell, servicePrincipal, workspaceIdentity } from "./identity.ts";
import { checkEndpoint, checkRuntime } from "./runtime.ts";

const dataContributor = {
  role: "Storage Blob Data Contributor",
  roleDefinitionId: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  action: "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
} as const;
const accountHost = /^https:\/\/([a-z0-9]{3,24})\.dfs\.core\.windows\.net\/?/i;
const keyProperties = [
  "accountKey",
  "sasUri",
  "sasToken",
  "servicePrincipalCredential",
  "credential",
];

export async function testStorage(test: ConnectorTest): Promise<VerdictHop[]> {
  const { typeProperties } = test;
  const used = keyProperties.find((name) => typeProperties[name]);
  if (used !== undefined) {
    throw fail.NotSupportedHere({
      what: `Test Connection of AzureBlobFS with '${used}'`,
      reason: "only the workspace's identity and service principals are tested.",
    });
  }
  const url = String(typeProperties.url ?? "");
  const accountName = accountHost.exec(url)?.[1];
  if (accountName === undefined) {
    return [
      failed("definition", {
        code: "4112",
        reason: "valueInvalid",
        message: `url is '${url}'; it must be https://{account}.dfs.core.windows.net.`,
        fault: { party: "linkedService" },
        fix: { description: "Correct url of the linked service." },
      }),
    ];
  }
  const account = await test.ports.resources.byEndpoint("storage", accountName);
  const identity = await identify(test);
  const runtime = await checkRuntime(test, { refusesProtection: false });
  const endpoint = await checkEndpoint(test, {
    resource: account,
    groupId: "dfs",
    apiVersion: "2023-05-01",
    needsEndpoint: "whenProtected",
  });
  const network = [...runtime, ...(endpoint ? [endpoint] : [])];
  const reachable = passed("runtime", "The integration runtime can reach the target.");
  return [
    passed("definition", "The definition is complete."),
    ...(network.length > 0 ? network : [reachable]),
    ...identity.findings,
    account
      ? passed("resource", `The storage account '${account.name}' exists.`)
      : failed("resource", {
          code: "4124",
          reason: "storageAccountNotFound",
          message: `There is no storage account '${accountName}'.`,
          fault: { party: "linkedService" },
          fix: { description: "Correct url of the linked service, or create the account." },
        }),
    ...(account ? await checkPermission(test, { account, identity }) : []),
  ];
}

async function identify(test: ConnectorTest): Promise<Identity> {
  const { servicePrincipalId, tenant } = test.typeProperties;
  if (!servicePrincipalId) return workspaceIdentity(test);
  return servicePrincipal(test, {
    clientId: String(servicePrincipalId),
    tenant: String(tenant ?? ""),
  });
}

async function checkPermission(
  test: ConnectorTest,
  options: { account: ArmResource; identity: Identity },
): Promise<VerdictHop[]> {
  const { account, identity } = options;
  const { principal } = identity;
  if (!principal) return [];
  if (!(await mayTell(test, { identity, scope: account.id }))) return [];
  for (const scope of [account.id, ...ownFileSystem(test, account)]) {
    if (await mayRead(test, { principal, scope })) {
      return [passed("permission", `'${principal.displayName}' may read ${scope}.`)];
    }
  }
  const missing: MissingRole = { ...dataContributor, scope: account.id };
  return [
    failed("permission", {
      code: "4122",
      reason: "roleMissing",
      message: `'${principal.displayName}' may not read blobs of '${account.name}': the role ${missing.role} is missing.`,
      fault: {
        party: identity.party,
        principalId: principal.objectId,
        displayName: principal.displayName,
      },
      missing,
      fix: grantAzureRole(test, { to: principal, role: missing }),
    }),
  ];
}

function mayRead(
  test: ConnectorTest,
  options: { principal: Principal; scope: string },
): Promise<boolean> {
  const { principal, scope } = options;
  const { action } = dataContributor;
  return test.ports.authorizer.allows(principal, { action, scope, data: true });
}

/** The container that the workspace keeps its own files in, when it is on this account. */
function ownFileSystem(test: ConnectorTest, account: ArmResource): string[] {
  const { accountUrl = "", filesystem } = (test.workspace.properties.defaultDataLakeStorage ??
    {}) as { accountUrl?: string; filesystem?: string };
  const isOwn = accountHost.exec(accountUrl)?.[1]?.toLowerCase() === account.name.toLowerCase();
  return isOwn && filesystem ? [`${account.id}/blobServices/default/containers/${filesystem}`] : [];
}
