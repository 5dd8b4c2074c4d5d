// Which types an export knows, and what of each is said in a template: what was chosen, not what a
// service answers of itself. Versions are ones that Azure has too.

export interface ExportedType {
  readonly type: string;
  readonly apiVersion: string;
  /** Properties that are taken over, as far as they are set. */
  readonly members: readonly string[];
  readonly envelope: readonly ("sku" | "kind" | "identity" | "location" | "tags")[];
  /** Of a child: only those that this says. */
  isExported?(properties: Readonly<Record<string, unknown>>, name: string): boolean;
}

const machineLearning = "Microsoft.MachineLearningServices/workspaces";
const synapse = "Microsoft.Synapse/workspaces";
const storage = "Microsoft.Storage/storageAccounts";

/** By the parameter that names one: `synapseWorkspaceName`. */
export const topTypes: Readonly<Record<string, ExportedType>> = {
  synapseWorkspace: {
    type: synapse,
    apiVersion: "2021-06-01",
    members: [
      "defaultDataLakeStorage",
      "managedVirtualNetwork",
      "managedVirtualNetworkSettings",
      "publicNetworkAccess",
      "azureADOnlyAuthentication",
      "trustedServiceBypassEnabled",
      "sqlAdministratorLogin",
    ],
    envelope: ["location", "tags", "identity"],
  },
  mlWorkspace: {
    type: machineLearning,
    apiVersion: "2022-10-01",
    members: [
      "friendlyName",
      "description",
      "storageAccount",
      "keyVault",
      "applicationInsights",
      "containerRegistry",
      "hbiWorkspace",
      "v1LegacyMode",
      "publicNetworkAccess",
      "primaryUserAssignedIdentity",
    ],
    envelope: ["location", "tags", "identity", "sku", "kind"],
  },
  storageAccount: {
    type: storage,
    apiVersion: "2023-01-01",
    members: [
      "accessTier",
      "isHnsEnabled",
      "supportsHttpsTrafficOnly",
      "minimumTlsVersion",
      "allowBlobPublicAccess",
      "allowSharedKeyAccess",
      "publicNetworkAccess",
      "networkAcls",
    ],
    envelope: ["location", "tags", "identity", "sku", "kind"],
  },
  keyVault: {
    type: "Microsoft.KeyVault/vaults",
    apiVersion: "2023-07-01",
    members: [
      "sku",
      "enableRbacAuthorization",
      "enabledForDeployment",
      "enabledForDiskEncryption",
      "enabledForTemplateDeployment",
      "enablePurgeProtection",
      "softDeleteRetentionInDays",
      "publicNetworkAccess",
      "networkAcls",
    ],
    envelope: ["location", "tags"],
  },
  insights: {
    type: "Microsoft.Insights/components",
    apiVersion: "2020-02-02",
    members: ["Application_Type", "WorkspaceResourceId", "RetentionInDays"],
    envelope: ["location", "tags", "kind"],
  },
  logWorkspace: {
    type: "Microsoft.OperationalInsights/workspaces",
    apiVersion: "2022-10-01",
    members: ["sku", "retentionInDays"],
    envelope: ["location", "tags"],
  },
  registry: {
    type: "Microsoft.ContainerRegistry/registries",
    apiVersion: "2023-07-01",
    members: ["adminUserEnabled"],
    envelope: ["location", "tags", "sku"],
  },
  userIdentity: {
    type: "Microsoft.ManagedIdentity/userAssignedIdentities",
    apiVersion: "2023-01-31",
    members: [],
    envelope: ["location", "tags"],
  },
};

/** Children of an exported resource; `collection` is what is listed below it. */
export const childTypes: readonly (ExportedType & {
  readonly parent: string;
  readonly collection: string;
})[] = [
  {
    parent: storage,
    collection: "blobServices/default/containers",
    type: `${storage}/blobServices/containers`,
    apiVersion: "2023-01-01",
    members: ["metadata"],
    envelope: [],
    // The service's own, made when they are needed.
    isExported: (_, name) => !name.startsWith("$") && !name.startsWith("azureml-blobstore-"),
  },
  {
    parent: synapse,
    collection: "bigDataPools",
    type: `${synapse}/bigDataPools`,
    apiVersion: "2021-06-01",
    members: [
      "sparkVersion",
      "nodeCount",
      "nodeSize",
      "nodeSizeFamily",
      "autoScale",
      "autoPause",
      "dynamicExecutorAllocation",
      "isComputeIsolationEnabled",
      "sessionLevelPackagesEnabled",
    ],
    envelope: ["location", "tags"],
  },
  {
    parent: synapse,
    collection: "sqlPools",
    type: `${synapse}/sqlPools`,
    apiVersion: "2021-06-01",
    members: ["collation"],
    envelope: ["location", "tags", "sku"],
  },
  {
    parent: synapse,
    collection: "firewallRules",
    type: `${synapse}/firewallRules`,
    apiVersion: "2021-06-01",
    members: ["startIpAddress", "endIpAddress"],
    envelope: [],
  },
  {
    parent: synapse,
    collection: "integrationRuntimes",
    type: `${synapse}/integrationRuntimes`,
    apiVersion: "2021-06-01",
    members: ["type", "description", "typeProperties", "managedVirtualNetwork"],
    envelope: [],
    isExported: (_, name) => !/^AutoResolveIntegrationRuntime$/i.test(name),
  },
  {
    parent: machineLearning,
    collection: "linkedServices",
    type: `${machineLearning}/linkedServices`,
    apiVersion: "2020-09-01-preview",
    members: ["linkedServiceResourceId", "linkType"],
    envelope: ["location", "identity"],
  },
  {
    parent: machineLearning,
    collection: "computes",
    type: `${machineLearning}/computes`,
    // The version of the published template for links: its body for pools is the short one.
    apiVersion: "2018-11-19",
    members: ["computeType", "resourceId", "description"],
    envelope: ["location"],
    isExported: ({ computeType }) => computeType === "SynapseSpark",
  },
];
