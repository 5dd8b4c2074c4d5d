// A client secret that is kept in a key vault: the workspace's identity reads it when it is needed, so
// a missing right or secret shows at test time, not at save (features.md A-06).

import type { ConnectorTest, SecretSource } from "@callosum/contract/connector.ts";
import { ServiceError } from "@callosum/contract/error.ts";
import type { ArmResource } from "@callosum/contract/ports.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import type { Fix, MissingRole, VerdictHop } from "@callosum/contract/verdict.ts";
import { correctLink, grantAzureRole, renewSecret, sendRequest } from "./fix.ts";
import { failed } from "./hop.ts";

export type VaultSource = Extract<SecretSource, { kind: "vault" }>;

const secretsUser = {
  role: "Key Vault Secrets User",
  roleDefinitionId: "4633458b-17de-408a-b874-0445c86b69e6",
  action: "Microsoft.KeyVault/vaults/secrets/getSecret/action",
} as const;

/** The clear text, or what is in the way. An expired secret is both: a vault gives it out. */
export async function readVaultSecret(
  test: ConnectorTest,
  options: { source: VaultSource; reader: Principal; clientId: string | undefined },
): Promise<{ text?: string; problem?: VerdictHop }> {
  const { source, reader, clientId } = options;
  const { vaultUrl, secretName, secretVersion } = source;
  const { secretReader, now } = test.ports;
  try {
    const { text, expires } = await secretReader.read(reader, {
      vaultUrl,
      name: secretName,
      ...(secretVersion === undefined ? {} : { version: secretVersion }),
    });
    const isExpired = expires !== undefined && expires * 1000 <= now.getTime();
    return isExpired ? { text, problem: expired(test, { source, clientId }) } : { text };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (error.status === "notImplemented") throw error;
    return { problem: await explain(test, { error, source, reader, clientId }) };
  }
}

function expired(
  test: ConnectorTest,
  options: { source: VaultSource; clientId: string | undefined },
): VerdictHop {
  const { source, clientId } = options;
  return failed("token", {
    code: "4121",
    reason: "vaultSecretExpired",
    message: `The secret '${source.secretName}' in ${source.vaultUrl} is past its expiry date.`,
    fault: { party: "keyVault" },
    ...renewal(test, { source, clientId }),
  });
}

function renewal(
  test: ConnectorTest,
  options: { source: VaultSource; clientId: string | undefined },
): { fix?: Fix } {
  const { source, clientId } = options;
  if (clientId === undefined) return {};
  const vault = { url: source.vaultUrl, secretName: source.secretName };
  return { fix: renewSecret(test, { clientId, vault }) };
}

async function explain(
  test: ConnectorTest,
  options: {
    error: ServiceError;
    source: VaultSource;
    reader: Principal;
    clientId: string | undefined;
  },
): Promise<VerdictHop> {
  const { error, source, reader, clientId } = options;
  const { vaultUrl, secretName, secretVersion } = source;
  const common = { code: "4122", serviceMessage: error.message } as const;
  const name = vaultNameOf(vaultUrl);
  if (error.code === "VaultNotFound") {
    return failed("token", {
      ...common,
      reason: "vaultNotFound",
      message: `There is no key vault at ${vaultUrl}, where the linked service '${source.store}' leads.`,
      fault: { party: "linkedService" },
      fix: { description: `Correct baseUrl of the linked service '${source.store}'.` },
    });
  }
  if (error.code === "SecretNotFound" && secretVersion !== undefined) {
    return failed("token", {
      ...common,
      reason: "vaultSecretVersionMissing",
      message: `The secret '${secretName}' in ${vaultUrl} has no version '${secretVersion}', or there is no such secret.`,
      fault: { party: "linkedService" },
      fix: takeLatestVersion(test),
    });
  }
  if (error.code === "SecretNotFound") {
    return failed("token", {
      ...common,
      reason: "vaultSecretMissing",
      message: `There is no secret '${secretName}' in ${vaultUrl}.`,
      fault: { party: "keyVault" },
      ...renewal(test, { source, clientId }),
    });
  }
  if (error.facts.innerCode === "SecretDisabled") {
    return failed("token", {
      ...common,
      reason: "vaultSecretDisabled",
      message: `The secret '${secretName}' in ${vaultUrl} is disabled.`,
      fault: { party: "keyVault" },
      fix: sendRequest(`Enable the secret '${secretName}'.`, {
        plane: "vault",
        subject: name,
        method: "PATCH",
        path: `/secrets/${secretPath(source)}?api-version=7.4`,
        body: { attributes: { enabled: true } },
      }),
    });
  }
  const vault = await test.ports.resources.byEndpoint("vault", name);
  return failed("token", {
    ...common,
    reason: "vaultAccessMissing",
    message: `'${reader.displayName}' may not read the secret '${secretName}' in ${vaultUrl}.`,
    fault: {
      party: "workspaceIdentity",
      principalId: reader.objectId,
      displayName: reader.displayName,
    },
    ...(vault ? accessFix(test, { vault, reader }) : {}),
  });
}

/** The pinned version is the one that is asked for, and the one to enable. */
function secretPath({ secretName, secretVersion }: VaultSource): string {
  const parts = secretVersion === undefined ? [secretName] : [secretName, secretVersion];
  return parts.map(encodeURIComponent).join("/");
}

export function vaultNameOf(vaultUrl: string): string {
  return /^https:\/\/([^./]+)/i.exec(vaultUrl.trim())?.[1]?.toLowerCase() ?? vaultUrl;
}

function takeLatestVersion(test: ConnectorTest): Fix {
  const typeProperties = test.definition.typeProperties as Record<string, unknown>;
  const { secretVersion: _version, ...latest } = (typeProperties.servicePrincipalKey ??
    {}) as Record<string, unknown>;
  return correctLink(test, {
    property: "typeProperties.servicePrincipalKey",
    value: latest,
    description: "Take the latest version of the secret instead of a pinned one.",
  });
}

/** By the vault's own permission model: an RBAC role or an access policy. */
export function accessFix(
  test: ConnectorTest,
  options: { vault: ArmResource; reader: Principal },
): { fix: Fix; missing?: MissingRole } {
  const { vault, reader } = options;
  if (vault.properties.enableRbacAuthorization === true) {
    const missing: MissingRole = { ...secretsUser, scope: vault.id };
    return { missing, fix: grantAzureRole(test, { to: reader, role: missing }) };
  }
  const policy = {
    tenantId: reader.tenantId,
    objectId: reader.objectId,
    permissions: { secrets: ["get", "list"] },
  };
  return {
    fix: sendRequest(`Let '${reader.displayName}' get and list secrets of '${vault.name}'.`, {
      plane: "arm",
      method: "PUT",
      path: `${vault.id}/accessPolicies/add?api-version=2023-07-01`,
      body: { properties: { accessPolicies: [policy] } },
    }),
  };
}
