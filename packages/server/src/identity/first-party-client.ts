// The public clients of Microsoft that command lines and SDKs sign people in with. Their ids are part
// of those clients and well known.

export interface FirstPartyClient {
  readonly appId: string;
  readonly displayName: string;
}

export const firstPartyClients: readonly FirstPartyClient[] = [
  { appId: "04b07795-8ddb-461a-bbee-02f9e1bf7b46", displayName: "Microsoft Azure CLI" },
  { appId: "1950a258-227b-4e31-a9cf-717495945fc2", displayName: "Microsoft Azure PowerShell" },
  { appId: "872cd9fa-d31f-45e0-9eab-6e460a02d1f1", displayName: "Visual Studio" },
  { appId: "00000003-0000-0000-c000-000000000000", displayName: "Microsoft Graph" },
  {
    appId: "797f4846-ba00-4fd7-ba43-dac1f8f63013",
    displayName: "Windows Azure Service Management API",
  },
  { appId: "cfa8b339-82a2-471a-a3c9-0fc0be7a4093", displayName: "Azure Key Vault" },
  { appId: "e406a681-f3d4-42a8-90b6-c2b029497af1", displayName: "Azure Storage" },
  { appId: "022907d3-0f1b-48f7-badc-1ba6abab6d66", displayName: "Azure SQL Database" },
];
