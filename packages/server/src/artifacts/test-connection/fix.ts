// What repairs a finding: a description, a command that is complete, and the request that it amounts to.

import type { ArtifactProperties } from "@callosum/contract/artifact.ts";
import type { ConnectorTest } from "@callosum/contract/connector.ts";
import type { DirectoryPrincipal } from "@callosum/contract/ports.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import { parseResourceId } from "@callosum/contract/resource-id.ts";
import type { Fix, FixRequest, MissingRole } from "@callosum/contract/verdict.ts";
import { callosum, newSecretCommand, restCommand, withNewSecret } from "./command.ts";

type Grantee = Pick<Principal | DirectoryPrincipal, "objectId" | "kind" | "displayName">;

/** Role assignments know identities and applications alike as service principals. */
function principalType({ kind }: Grantee): string {
  return kind === "ManagedIdentity" ? "ServicePrincipal" : kind;
}

/** Grants an Azure role at an ARM scope. */
export function grantAzureRole(
  test: ConnectorTest,
  grant: { to: Grantee; role: MissingRole },
): Fix {
  const { to, role } = grant;
  const subscription = parseResourceId(role.scope)?.subscriptionId;
  const prefix = subscription === undefined ? "" : `/subscriptions/${subscription}`;
  const name = test.ports.guid();
  return {
    description: `Give '${to.displayName}' the role ${role.role} at ${role.scope}.`,
    command: callosum("grant", { role: role.role, principal: to.objectId, scope: role.scope }),
    request: {
      plane: "arm",
      method: "PUT",
      path: `${role.scope}/providers/Microsoft.Authorization/roleAssignments/${name}?api-version=2022-04-01`,
      body: {
        properties: {
          roleDefinitionId: `${prefix}/providers/Microsoft.Authorization/roleDefinitions/${role.roleDefinitionId}`,
          principalId: to.objectId,
          principalType: principalType(to),
        },
      },
    },
  };
}

/** Grants a Synapse role at an item of the workspace. */
export function grantSynapseRole(
  test: ConnectorTest,
  grant: { to: Grantee; role: MissingRole },
): Fix {
  const { to, role } = grant;
  const [, , itemType = "", item = ""] = role.scope.split("/");
  const { name } = test.workspace;
  return {
    description: `Give '${to.displayName}' the role ${role.role} at ${role.scope}.`,
    command: callosum("grant", {
      synapse: name,
      role: role.role,
      principal: to.objectId,
      ...(itemType === "" ? {} : { scope: `${itemType}/${item}` }),
    }),
    request: {
      plane: "synapse",
      subject: name,
      method: "PUT",
      path: `/roleAssignments/${test.ports.guid()}?api-version=2020-12-01`,
      body: {
        roleId: role.roleDefinitionId,
        principalId: to.objectId,
        scope: role.scope,
        principalType: principalType(to),
      },
    },
  };
}

interface Change {
  /** In typeProperties; undefined removes a property. */
  readonly typeProperties?: ArtifactProperties;
  /** Beside typeProperties. */
  readonly properties?: ArtifactProperties;
}

function changed(test: ConnectorTest, change: Change): ArtifactProperties {
  return {
    ...test.definition,
    ...change.properties,
    typeProperties: {
      ...(test.definition.typeProperties as ArtifactProperties | undefined),
      ...change.typeProperties,
    },
  };
}

function saveRequest(test: ConnectorTest, properties: ArtifactProperties): FixRequest {
  return {
    plane: "synapse",
    subject: test.workspace.name,
    method: "PUT",
    path: `/linkedservices/${encodeURIComponent(test.linkName ?? "")}?api-version=2020-12-01`,
    body: { properties },
  };
}

function hasInlineSecret(test: ConnectorTest): boolean {
  const values = Object.values((test.definition.typeProperties ?? {}) as ArtifactProperties);
  return values.some((value) => (value as { type?: unknown } | null)?.type === "SecureString");
}

/**
 * Saves the link with a property corrected. A link with an inline secret must send it again when its
 * target changes, so its command makes a new secret of the application that is meant.
 */
export function correctLink(
  test: ConnectorTest,
  correction: {
    property: string;
    value: unknown;
    description: string;
    /** Whose secret the corrected link needs. */
    clientId?: string | undefined;
    /** Further properties to change with it. */
    more?: ArtifactProperties;
  },
): Fix {
  const { property, value, description, clientId, more = {} } = correction;
  const isOwn = property.startsWith("typeProperties.");
  const name = property.replace("typeProperties.", "");
  const change: Change = isOwn
    ? { typeProperties: { [name]: value, ...more } }
    : { properties: { [name]: value } };
  const edit = { property, value };
  if (!test.isSaved) return { description, edit };
  if (!hasInlineSecret(test) || removesSecret(change)) {
    const request = saveRequest(test, changed(test, change));
    return { description, edit, request, command: restCommand(request) };
  }
  if (clientId === undefined) return { description, edit };
  return { description, edit, command: newSecretAndSave(test, { clientId, change }) };
}

function removesSecret({ typeProperties = {} }: Change): boolean {
  return (
    "servicePrincipalKey" in typeProperties && typeProperties.servicePrincipalKey === undefined
  );
}

function newSecretAndSave(
  test: ConnectorTest,
  options: { clientId: string; change: Change },
): string {
  const { clientId, change } = options;
  const body = withNewSecret((value) => {
    const servicePrincipalKey = { type: "SecureString", value };
    const typeProperties = {
      ...change.typeProperties,
      servicePrincipalKey,
      encryptedCredential: undefined,
    };
    return { properties: changed(test, { ...change, typeProperties }) };
  });
  const save = restCommand(saveRequest(test, changed(test, change)), body);
  return `KEY=$(${newSecretCommand(clientId)}) && ${save}`;
}

/** Makes a new secret and puts it where the link takes it from. */
export function renewSecret(
  test: ConnectorTest,
  options: { clientId: string; vault?: { url: string; secretName: string } | undefined },
): Fix {
  const { clientId, vault } = options;
  if (vault) {
    const name = /^https:\/\/([^./]+)/.exec(vault.url)?.[1] ?? vault.url;
    const set = callosum("secret set", { vault: name, name: vault.secretName });
    return {
      description: `Make a new client secret for '${clientId}' and store it in the vault as '${vault.secretName}'.`,
      command: `${newSecretCommand(clientId)} | ${set}`,
    };
  }
  const description = `Make a new client secret for '${clientId}' and save the linked service with it.`;
  if (!test.isSaved) return { description };
  return { description, command: newSecretAndSave(test, { clientId, change: {} }) };
}

/** A fix that is one request of the resource manager or Graph. */
export function sendRequest(description: string, request: FixRequest): Fix {
  return { description, request, command: restCommand(request) };
}
