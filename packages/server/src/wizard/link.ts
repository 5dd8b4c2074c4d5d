// Linked services of type AzureMLService as the wizard uses them: which workspace each leads to and as
// whom. The Synapse SQL administrators may use any; others need the right to its credential (B-18).

import type { ArtifactProperties } from "@callosum/contract/artifact.ts";
import { ServiceError } from "@callosum/contract/error.ts";
import type { ArmResource } from "@callosum/contract/ports.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import type { SecretReader } from "@callosum/contract/secret-reader.ts";
import type { PlaneServices } from "@callosum/contract/services.ts";
import type { MachineLearningLink, MachineLearningLinks } from "@callosum/contract/wizard.ts";
import { artifactKey, findArtifact, listArtifacts } from "../artifacts/artifact-document.ts";
import { linkedService } from "../artifacts/kinds/linked-service.ts";
import { resolveLink } from "../artifacts/test-connection/resolve.ts";
import { type VaultSecret, vaultSource } from "../artifacts/test-connection/vault-source.ts";
import { failWizard } from "./error-catalogue.ts";

const linkType = "AzureMLService";
const administratorRoles = new Set(["Synapse Administrator", "Synapse SQL Administrator"]);

export interface LinkServices extends PlaneServices {
  readonly secretReader: SecretReader;
}

export function createMachineLearningLinks(services: LinkServices): MachineLearningLinks {
  return {
    async list(workspace) {
      const { read } = services.store;
      const found = await listArtifacts(read, { workspace, definition: linkedService });
      return found
        .map(({ artifact }) => artifact)
        .filter(({ properties }) => properties.type === linkType)
        .map(({ name, properties }) => toLink(services, name, properties));
    },
    async open(caller, { workspace, name }) {
      const { read } = services.store;
      const found = await findArtifact(read, { workspace, definition: linkedService, name });
      if (found?.artifact.properties.type !== linkType)
        throw failWizard.LinkedServiceNotFound({ name });
      const { properties } = found.artifact;
      const link = toLink(services, found.artifact.name, properties);
      await requireUse(services, { caller, workspace, link });
      if (link.workspaceId === undefined) {
        throw failWizard.LinkedServiceUnusable({
          name,
          reason: "a parameter that its workspace depends on has no default.",
        });
      }
      const identity =
        link.authentication === "MSI"
          ? await workspaceIdentity(services, { workspace, name })
          : await servicePrincipal(services, { workspace, name, properties });
      return { link, workspaceId: link.workspaceId, identity };
    },
  };
}

function resolved(services: PlaneServices, properties: ArtifactProperties) {
  const environment = {
    now: () => services.clock.now(),
    newGuid: () => services.random.guid(),
    random: () => 0,
  };
  return resolveLink({ properties, given: {}, environment });
}

function toLink(
  services: PlaneServices,
  name: string,
  properties: ArtifactProperties,
): MachineLearningLink {
  const resolution = resolved(services, properties);
  const own = resolution.problem ? {} : resolution.typeProperties;
  const { subscriptionId, resourceGroupName, mlWorkspaceName, authentication, servicePrincipalId } =
    own as Readonly<Record<string, unknown>>;
  const isManaged =
    String(authentication ?? "").toLowerCase() === "msi" || servicePrincipalId === undefined;
  return {
    name,
    workspaceId: resolution.problem
      ? undefined
      : `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroupName}/providers/Microsoft.MachineLearningServices/workspaces/${mlWorkspaceName}`,
    authentication: isManaged ? "MSI" : "ServicePrincipal",
  };
}

async function requireUse(
  services: PlaneServices,
  question: { caller: Principal; workspace: ArmResource; link: MachineLearningLink },
): Promise<void> {
  const { caller, workspace, link } = question;
  const { synapseRoles } = services;
  const workspaceId = workspace.id;
  const grants = await synapseRoles.grants(caller, {
    workspaceId,
    action: "Microsoft.Synapse/workspaces/read",
  });
  const isAdministrator = grants.some(
    ({ roleName, scope }) =>
      scope === workspaceId.toLowerCase() && administratorRoles.has(roleName),
  );
  if (isAdministrator) return;
  const item =
    link.authentication === "MSI"
      ? "credentials/WorkspaceSystemIdentity"
      : `linkedServices/${link.name}`;
  const action = `Microsoft.Synapse/workspaces/${item.split("/")[0]}/useSecret/action`;
  await synapseRoles.require(caller, { workspaceId, action, item });
}

async function workspaceIdentity(
  services: PlaneServices,
  { workspace, name }: { workspace: ArmResource; name: string },
): Promise<Principal> {
  const principalId = workspace.identity?.principalId;
  const identity = principalId && (await services.directory.asPrincipal(principalId));
  if (identity) return identity;
  throw failWizard.LinkedServiceUnusable({
    name,
    reason: "the workspace has no managed identity.",
  });
}

async function servicePrincipal(
  services: LinkServices,
  question: { workspace: ArmResource; name: string; properties: ArtifactProperties },
): Promise<Principal> {
  const { name, properties } = question;
  const resolution = resolved(services, properties);
  if (resolution.problem) {
    throw failWizard.LinkedServiceUnusable({ name, reason: resolution.problem.message });
  }
  const { servicePrincipalId, tenant, servicePrincipalKey } = resolution.typeProperties;
  const clientSecret = await openSecret(services, { ...question, key: servicePrincipalKey });
  try {
    return await services.directory.verifyClientSecret({
      tenant: String(tenant ?? services.tenantId),
      clientId: String(servicePrincipalId),
      clientSecret,
    });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw failWizard.LinkedServiceUnusable({ name, reason: `${error.code}: ${error.message}` });
  }
}

/** Stored sealed with the link, or in a vault that the workspace's identity reads. */
async function openSecret(
  services: LinkServices,
  question: { workspace: ArmResource; name: string; key: unknown },
): Promise<string> {
  const { workspace, name } = question;
  const key = question.key as (VaultSecret & { readonly type?: string }) | undefined;
  if (key?.type?.toLowerCase() === "azurekeyvaultsecret") {
    const source = await vaultSource({ services, workspace }, key);
    if (source.kind === "unusable") {
      throw failWizard.LinkedServiceUnusable({ name, reason: source.message });
    }
    const { vaultUrl, secretName, secretVersion } = source;
    const identity = await workspaceIdentity(services, question);
    const { text } = await services.secretReader.read(identity, {
      vaultUrl,
      name: secretName,
      ...(secretVersion === undefined ? {} : { version: secretVersion }),
    });
    return text;
  }
  const owner = artifactKey(workspace.id, linkedService, name);
  const path = "typeProperties.servicePrincipalKey";
  const sealed = await services.store.read.sealed(owner, path);
  if (sealed) return services.secrets.open(owner, path, sealed);
  throw failWizard.LinkedServiceUnusable({ name, reason: "it has no secret." });
}
