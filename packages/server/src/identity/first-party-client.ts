// The applications of Microsoft that clients name by id: public clients that command lines and SDKs
// sign people in with, and the services that tokens are for. Their ids are part of those clients.

export interface FirstPartyClient {
  readonly appId: string;
  readonly displayName: string;
  /** Whether people sign in with it. The services are resources only. */
  readonly isPublicClient: boolean;
}

/** Our own web app: signs people in at `{origin}/studio/`. */
export const studioClientId = "c0117a11-0a50-4c11-8e55-7d1057d10517";

export const firstPartyClients: readonly FirstPartyClient[] = [
  publicClient("04b07795-8ddb-461a-bbee-02f9e1bf7b46", "Microsoft Azure CLI"),
  publicClient("1950a258-227b-4e31-a9cf-717495945fc2", "Microsoft Azure PowerShell"),
  publicClient("872cd9fa-d31f-45e0-9eab-6e460a02d1f1", "Visual Studio"),
  publicClient("aebc6443-996d-45c2-90f0-388ff96faa56", "Visual Studio Code"),
  publicClient(studioClientId, "Callosum Studio"),
  service("00000003-0000-0000-c000-000000000000", "Microsoft Graph"),
  service("797f4846-ba00-4fd7-ba43-dac1f8f63013", "Windows Azure Service Management API"),
  service("cfa8b339-82a2-471a-a3c9-0fc0be7a4093", "Azure Key Vault"),
  service("e406a681-f3d4-42a8-90b6-c2b029497af1", "Azure Storage"),
  service("022907d3-0f1b-48f7-badc-1ba6abab6d66", "Azure SQL Database"),
  service("1ac05c7e-12d2-4605-bf9d-549d7041c6b3", "Azure Synapse Gateway"),
  service("0736f41a-0425-4b46-bdb5-1563eff02385", "Azure Machine Learning"),
];

function publicClient(appId: string, displayName: string): FirstPartyClient {
  return { appId, displayName, isPublicClient: true };
}

function service(appId: string, displayName: string): FirstPartyClient {
  return { appId, displayName, isPublicClient: false };
}
