// Datastores as the registry uses them: places named in model URIs. Those of the resource manager (a
// workspace with a storage account has four from the start), and the artifacts.

import type { ArmResource, ResourceManager } from "@callosum/contract/ports.ts";
import { parseResourceId } from "@callosum/contract/resource-id.ts";

/** The workspace's blob container in its associated storage account. */
export const defaultDatastore = "workspaceblobstore";
/** `{origin}/{container}/{path}`: what artifact routes keep. */
export const artifactDatastore = "workspaceartifactstore";

export interface Datastore {
  readonly name: string;
  readonly account: string;
  readonly container: string;
}

/** Undefined when there is none of the name, or none that blobs can be read from. */
export async function findDatastore(
  resources: Pick<ResourceManager, "find">,
  workspace: ArmResource,
  name: string,
): Promise<Datastore | undefined> {
  const stored = await resources.find(`${workspace.id}/datastores/${name}`);
  if (stored) {
    const { accountName, containerName, filesystem } = stored.properties;
    const container = containerName ?? filesystem;
    if (typeof accountName !== "string" || typeof container !== "string") return undefined;
    return { name: stored.name, account: accountName, container };
  }
  return name.toLowerCase() === defaultDatastore ? ownDatastore(workspace) : undefined;
}

/** The default datastore of a workspace that has a storage account. */
export function ownDatastore(workspace: ArmResource): Datastore | undefined {
  const { storageAccount, workspaceId } = workspace.properties;
  const account = typeof storageAccount === "string" && parseResourceId(storageAccount)?.name;
  if (!account || typeof workspaceId !== "string") return undefined;
  return {
    name: defaultDatastore,
    account: account.toLowerCase(),
    container: `azureml-blobstore-${workspaceId}`,
  };
}
