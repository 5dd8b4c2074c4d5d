// The datastores that a workspace with a storage account has from the start, and the containers that two
// of them mean. Source: "Connect to data: default datastore"; names as the product makes them.

import {
  type ContainerState,
  containerType,
  type StorageKeyName,
} from "@callosum/contract/lake.ts";
import type { ArmResource } from "@callosum/contract/ports.ts";
import type { Properties, ResourceContext } from "@callosum/contract/resource.ts";

const datastoreType = "Microsoft.MachineLearningServices/workspaces/datastores";
/** The share of notebooks; its name is the same in every workspace. */
const workingShare = "code-391ff5ac-6576-460f-ba4d-7e03433c68b6";
const keyName: StorageKeyName = "key1";
const listKeysAction = "Microsoft.Storage/storageAccounts/listKeys/action";

interface Place extends Properties {
  readonly datastoreType: "AzureBlob" | "AzureFile";
  readonly containerName?: string;
  readonly fileShareName?: string;
}

function placesOf(workspaceId: string): Readonly<Record<string, Place>> {
  return {
    workspaceblobstore: {
      datastoreType: "AzureBlob",
      containerName: `azureml-blobstore-${workspaceId}`,
    },
    workspaceartifactstore: { datastoreType: "AzureBlob", containerName: "azureml" },
    workspacefilestore: {
      datastoreType: "AzureFile",
      fileShareName: `azureml-filestore-${workspaceId}`,
    },
    workspaceworkingdirectory: { datastoreType: "AzureFile", fileShareName: workingShare },
  };
}

export async function putDefaultDatastores(
  ctx: ResourceContext,
  workspace: ArmResource,
): Promise<void> {
  const { storageAccount, workspaceId } = workspace.properties as Record<string, string>;
  const account = storageAccount === undefined ? undefined : await ctx.get(storageAccount);
  if (!account || workspaceId === undefined) return;
  const byKey = await opensWithKey(ctx, workspace, account);
  for (const [name, place] of Object.entries(placesOf(workspaceId))) {
    if (place.containerName !== undefined) await putContainer(ctx, account, place.containerName);
    await putDatastore(ctx, { workspace, account, name, place, byKey });
  }
}

/**
 * Whether the datastores open with the account's key. A caller who may not list keys gets none through
 * the workspace either: then they open as whoever uses them.
 */
async function opensWithKey(
  ctx: ResourceContext,
  workspace: ArmResource,
  account: ArmResource,
): Promise<boolean> {
  if (workspace.properties.systemDatastoresAuthMode === "Identity") return false;
  return ctx.allows(listKeysAction, account.id);
}

/** The key of a datastore that came with its workspace: read where it lies, never copied. */
export async function openAccountKey(
  ctx: ResourceContext,
  datastore: ArmResource,
): Promise<{ key: string } | undefined> {
  const { credentials, accountName } = datastore.properties as {
    credentials: { credentialsType: string };
    accountName: string;
  };
  const workspace = await ctx.get(datastore.id.split("/").slice(0, -2).join("/"));
  const account = String(workspace?.properties.storageAccount ?? "").toLowerCase();
  const isOwn = account.endsWith(`/${accountName.toLowerCase()}`);
  if (credentials.credentialsType !== "AccountKey" || !isOwn) return undefined;
  const sealed = await ctx.writer.sealed(account, keyName);
  return sealed && { key: ctx.secrets.open(account, keyName, sealed) };
}

async function putContainer(
  ctx: ResourceContext,
  account: ArmResource,
  name: string,
): Promise<void> {
  const id = `${account.id}/blobServices/default/containers/${name}`;
  if (await ctx.get(id)) return;
  const nowMs = ctx.clock.now().getTime();
  const state: ContainerState = {
    storageId: ctx.random.guid(),
    publicAccess: "None",
    metadata: {},
    createdMs: nowMs,
    lastModifiedMs: nowMs,
  };
  await ctx.put({ id, name, type: containerType, properties: { ...state } });
}

async function putDatastore(
  ctx: ResourceContext,
  made: {
    workspace: ArmResource;
    account: ArmResource;
    name: string;
    place: Place;
    byKey: boolean;
  },
): Promise<void> {
  const { workspace, account, name, place, byKey } = made;
  const id = `${workspace.id}/datastores/${name}`;
  const properties = {
    ...place,
    accountName: account.name,
    endpoint: "core.windows.net",
    protocol: "https",
    serviceDataAccessAuthIdentity: "None",
    credentials: { credentialsType: byKey ? "AccountKey" : "None" },
    isDefault: name === "workspaceblobstore",
  };
  await ctx.put({ id, name, type: datastoreType, properties });
}
