// What opens a datastore, for callers who may list its secrets. The resource manager seals secrets that
// were sent to it (arm/resources/machine-learning/datastore.ts); datastores that came with their workspace
// open with the storage account's key, which is read where it lies.

import { storageKeyNames } from "@callosum/contract/lake.ts";
import type { ArmResource } from "@callosum/contract/ports.ts";
import type { RegionalCall } from "./workspace-call.ts";

export interface DatastoreSecret {
  readonly credentialType: "AccountKey" | "Sas" | "None";
  readonly credential: string | null;
}

export const noSecret: DatastoreSecret = { credentialType: "None", credential: null };
const listSecrets = "Microsoft.MachineLearningServices/workspaces/datastores/listsecrets/action";

export async function datastoreSecret(
  opened: RegionalCall,
  datastore: ArmResource,
): Promise<DatastoreSecret> {
  const { services, principal, workspace } = opened;
  const { credentials, accountName } = datastore.properties as {
    credentials?: { credentialsType?: string };
    accountName?: string;
  };
  const kind = credentials?.credentialsType;
  if (kind !== "AccountKey" && kind !== "Sas") return noSecret;
  const question = { action: listSecrets, scope: workspace.id };
  if (!(await services.authorizer.allows(principal, question))) return noSecret;
  const sent = await unseal(opened, datastore.id.toLowerCase(), "secrets");
  if (sent !== undefined) {
    const { key, sasToken } = JSON.parse(sent) as { key?: string; sasToken?: string };
    return { credentialType: kind, credential: (kind === "Sas" ? sasToken : key) ?? null };
  }
  const account = String(workspace.properties.storageAccount ?? "").toLowerCase();
  if (!account.endsWith(`/${String(accountName).toLowerCase()}`)) return noSecret;
  const key = await unseal(opened, account, storageKeyNames[0]);
  return key === undefined ? noSecret : { credentialType: "AccountKey", credential: key };
}

async function unseal(
  { services }: RegionalCall,
  owner: string,
  name: string,
): Promise<string | undefined> {
  const sealed = await services.store.read.sealed(owner, name);
  return sealed && services.secrets.open(owner, name, sealed);
}
