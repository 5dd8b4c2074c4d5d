// Azure Machine Learning workspaces, for SDK v1, SDK v2, Terraform and templates alike. The regional
// endpoint that discoveryUrl leads to is the ml plane.

import type { ResourceIdentity } from "@callosum/contract/ports.ts";
import {
  defineResource,
  type Properties,
  type PutRequest,
  type ShowRequest,
} from "@callosum/contract/resource.ts";
import { Type } from "typebox";
import { machineLearningVersions } from "./api-version.ts";
import { resolveAssociated } from "./associated-resource.ts";
import { invalidProperty } from "./invalid-property.ts";
import { offsetTime } from "./time.ts";
import { workspaceActions } from "./workspace-action.ts";
import { putDefaultDatastores } from "./workspace-datastore.ts";
import { refuseUnrun, WorkspaceProperties, type WorkspaceSent } from "./workspace-property.ts";

const connectionType = "Microsoft.MachineLearningServices/workspaces/privateEndpointConnections";

interface Stored extends Properties, WorkspaceSent {
  readonly workspaceId: string;
  readonly creationTime: string;
}

export const machineLearningWorkspace = defineResource({
  type: "Microsoft.MachineLearningServices/workspaces",
  source: "protocols.md 1.4, 7.2; OpenAPI machinelearningservices 2022-10-01",
  summary: "An Azure Machine Learning workspace",
  apiVersions: machineLearningVersions,
  name: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{2,32}$/,
    rule: "A workspace's name has 3 to 33 letters, digits, '-' and '_', and starts with a letter or digit.",
  },
  systemData: true,
  location: "required",
  tags: true,
  identity: ["None", "SystemAssigned", "UserAssigned"],
  identityDefault: "SystemAssigned",
  sku: Type.Object(
    {
      name: Type.Optional(Type.String({ maxLength: 64 })),
      tier: Type.Optional(Type.String({ maxLength: 64 })),
    },
    { default: { name: "Basic", tier: "Basic" } },
  ),
  kind: true,
  properties: WorkspaceProperties,
  answers: {
    create: { status: 202, headers: ["Azure-AsyncOperation", "Location"], accepted: "Creating" },
    update: { status: 202, headers: ["Azure-AsyncOperation", "Location"], accepted: "Updating" },
    patch: { status: 200 },
    remove: { status: 202, headers: ["Azure-AsyncOperation", "Location"] },
  },
  put: putWorkspace,
  created: ({ ctx, resource }) => putDefaultDatastores(ctx, resource),
  show: showWorkspace,
  actions: workspaceActions,
  examples: [
    {
      name: "workspace",
      resourceName: "example-ml",
      location: "westeurope",
      identity: { type: "SystemAssigned" },
      properties: { friendlyName: "Example", description: "An example" },
    },
  ],
});

async function putWorkspace(request: PutRequest<WorkspaceSent>): Promise<Properties> {
  const { ctx, sent, existing, identity } = request;
  const { properties } = sent;
  refuseUnrun(properties, sent.kind);
  const stored = existing?.properties as Stored | undefined;
  const primary = resolvePrimary(
    properties.primaryUserAssignedIdentity || stored?.primaryUserAssignedIdentity,
    identity,
  );
  const managed =
    properties.serviceManagedResourcesSettings ?? stored?.serviceManagedResourcesSettings;
  const hbiWorkspace = properties.hbiWorkspace ?? stored?.hbiWorkspace ?? false;
  if (stored && hbiWorkspace !== stored.hbiWorkspace) {
    throw invalidProperty("properties.hbiWorkspace", "it is chosen when the workspace is created");
  }
  return {
    workspaceId: stored?.workspaceId ?? ctx.random.guid(),
    tenantId: ctx.directory.tenantId,
    creationTime: stored?.creationTime ?? offsetTime(ctx.clock.now()),
    // Not the name: azurerm sees no change after an apply without one.
    friendlyName: properties.friendlyName ?? stored?.friendlyName ?? "",
    description: properties.description ?? stored?.description ?? "",
    ...(await resolveAssociated(ctx, properties, stored)),
    ...(primary === undefined ? {} : { primaryUserAssignedIdentity: primary }),
    imageBuildCompute: properties.imageBuildCompute ?? stored?.imageBuildCompute ?? "",
    hbiWorkspace,
    v1LegacyMode: properties.v1LegacyMode ?? stored?.v1LegacyMode ?? false,
    allowPublicAccessWhenBehindVnet:
      properties.allowPublicAccessWhenBehindVnet ??
      stored?.allowPublicAccessWhenBehindVnet ??
      false,
    publicNetworkAccess: properties.publicNetworkAccess ?? stored?.publicNetworkAccess ?? "Enabled",
    systemDatastoresAuthMode:
      properties.systemDatastoresAuthMode ?? stored?.systemDatastoresAuthMode ?? "AccessKey",
    ...(managed === undefined ? {} : { serviceManagedResourcesSettings: managed }),
    encryption: { status: "Disabled" },
    provisioningState: "Succeeded",
  };
}

/** In the casing in which it is assigned; rejects one that is not. */
function resolvePrimary(
  wanted: string | undefined,
  identity: ResourceIdentity | undefined,
): string | undefined {
  if (!wanted) return undefined;
  const assigned = Object.keys(identity?.userAssignedIdentities ?? {});
  const found = assigned.find((id) => id.toLowerCase() === wanted.toLowerCase());
  if (found !== undefined) return found;
  const target = "properties.primaryUserAssignedIdentity";
  throw invalidProperty(target, `'${wanted}' is not among identity.userAssignedIdentities`);
}

async function showWorkspace(request: ShowRequest): Promise<Properties> {
  const { resource, endpoint, children } = request;
  const regional = endpoint("ml", resource.location ?? "");
  const connections = await children(resource.id, connectionType);
  return {
    ...resource.properties,
    discoveryUrl: `${regional}/discovery`,
    mlFlowTrackingUri: `azureml://${regional.replace("https://", "")}/mlflow/v1.0${resource.id}`,
    notebookInfo: null,
    storageHnsEnabled: false,
    serviceProvisionedResourceGroup: null,
    privateLinkCount: connections.length,
    privateEndpointConnections: connections.map(({ id, name, type, properties }) => ({
      id,
      name,
      type,
      properties,
    })),
  };
}
