// Errors of the workspace endpoint. Where Azure's own code is not public the code says what is wrong,
// and the source is the rule.

import { defineErrors, ServiceError } from "@callosum/contract/error.ts";
import type { ArmResource } from "@callosum/contract/ports.ts";
import { parseResourceId } from "@callosum/contract/resource-id.ts";

export const failSynapse = defineErrors({
  WorkspaceNotFound: {
    status: "notFound",
    source: "inferred: the host name of a missing workspace does not resolve in Azure",
    text: (facts: { name: string }) => `There is no Synapse workspace named '${facts.name}'.`,
  },
  BadRequest: {
    status: "badRequest",
    source: "azure-cli#29893: the backend's word for an invalid payload",
    text: (facts: { reason: string }) => facts.reason,
  },
  OperationNotFound: {
    status: "notFound",
    source: "inferred",
    text: (facts: { id: string }) => `The operation '${facts.id}' was not found or has expired.`,
  },
  ArtifactNameInUse: {
    status: "conflict",
    source: "inferred: names are unique in a kind",
    text: (facts: { kind: string; name: string }) =>
      `A ${facts.kind} named '${facts.name}' already exists in the workspace.`,
  },
  ArtifactIsReferenced: {
    status: "badRequest",
    source: "features.md A-17: deletion of what others use is blocked",
    text: (facts: { name: string; dependents: string }) =>
      `The document '${facts.name}' cannot be deleted since it is referenced by ${facts.dependents}.`,
  },
  ArtifactIsAutomatic: {
    status: "badRequest",
    source: "protocols.md 4.2: automatic linked services",
    text: (facts: { name: string; change: string }) =>
      `'${facts.name}' comes with the workspace and cannot be ${facts.change}.`,
  },
  InvalidReference: {
    status: "badRequest",
    source: "features.md A-07",
    text: (facts: { type: string; name: string }) =>
      `The document creation or update failed because of invalid reference '${facts.name}': the workspace has no such ${facts.type.replace(/Reference$/, "")}.`,
  },
  LinkedServiceTypeNotSupported: {
    status: "badRequest",
    source: "OpenAPI LinkedService.json: discriminator values",
    text: (facts: { type: string; hint: string }) =>
      `The linked service type '${facts.type}' is not known.${facts.hint}`,
  },
  IntegrationRuntimeNotFound: {
    status: "badRequest",
    source: "features.md C-03, C-04",
    text: (facts: { name: string }) =>
      `The integration runtime '${facts.name}' was not found in the workspace.`,
  },
  SelfHostedIntegrationRuntimeNotSupported: {
    status: "badRequest",
    source: "features.md C-03",
    text: (facts: { name: string; type: string }) =>
      `A linked service of type '${facts.type}' cannot connect via the self-hosted integration runtime '${facts.name}'. Use an Azure integration runtime, such as AutoResolveIntegrationRuntime.`,
  },
  DataExfiltrationProtectionNotSupported: {
    status: "badRequest",
    source: "features.md C-01",
    text: (facts: { workspace: string; type: string }) =>
      `The workspace '${facts.workspace}' has data exfiltration protection, with which a linked service of type '${facts.type}' is not supported. Protection cannot be turned off after creation: link from a workspace without it.`,
  },
  SecretRequired: {
    status: "badRequest",
    source: "design.md §2: a stored secret never goes to a target that the caller changed",
    text: (facts: { property: string; why: string }) =>
      `The secret '${facts.property}' must be sent in clear: ${facts.why}`,
  },
});

/** The 404 of a kind in its own backend's words (recordings/artifacts.json). */
export function artifactNotFound(options: {
  kind: string;
  collection: string;
  backend: "factory" | "document" | "notebook";
  name: string;
  workspace: ArmResource;
}): ServiceError {
  const { kind, collection, backend, name, workspace } = options;
  if (backend === "document") {
    return new ServiceError({
      code: "NotFound",
      status: "notFound",
      message: "The document could not be retrieved because it does not exist.",
      target: `${workspace.id}/${collection.toLowerCase()}/${name}`,
      facts: { envelope: "document" },
    });
  }
  const { subscriptionId = "", resourceGroup = "" } = parseResourceId(workspace.id) ?? {};
  return new ServiceError({
    code: `${kind}NotFound`,
    status: "notFound",
    message: `The ${kind} ${name} was not found in (subscription=${subscriptionId} resourceGroup=${resourceGroup} workspace=${workspace.name})`,
    facts: { envelope: "bare" },
  });
}
