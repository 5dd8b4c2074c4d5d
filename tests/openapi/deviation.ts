// Where answers differ from the OpenAPI documents on purpose, each with its reason. Recorded traffic and
// what clients read rank above the documents. Rows leave this table; none may stay that explains nothing.

export interface Deviation {
  /** Part of the document's path. */
  readonly document: string;
  /** The operations, by a pattern of their ids. */
  readonly operations: RegExp;
  /** Where in the body, `*` for any index; or the status, as text. */
  readonly at: readonly string[];
  readonly reason: string;
}

const synapse = "synapse/resource-manager";
const endpoint = "synapse/data-plane";
const learning = "machinelearningservices";
const firstLearning = "preview/2020-09-01-preview/machineLearningServices.json";
const inList = (...paths: string[]) => paths.flatMap((path) => [path, `/value/*${path}`]);

export const deviations: readonly Deviation[] = [
  {
    document: "synapse/",
    operations: /^Workspaces?_/,
    at: inList("/properties/azureADOnlyAuthentication"),
    reason: "clients read it back (azurerm: azuread_authentication_only); the preview documents it",
  },
  {
    document: synapse,
    operations: /VulnerabilityAssessments_(?:Get|List)/,
    at: inList("/properties/storageContainerPath"),
    reason: "none is set: databases are not scanned, and writing one is refused by name",
  },
  {
    document: endpoint,
    operations: /^Pipeline_Get/,
    at: inList("/properties/lastPublishTime"),
    reason: "recorded (protocols.md 4.5)",
  },
  {
    document: endpoint,
    operations: /^KqlScript/,
    at: inList("/etag"),
    reason: "recorded of the document store's other kinds",
  },
  {
    document: "authorization/",
    operations: /^RoleAssignments_/,
    at: inList(
      "/properties/description",
      "/properties/condition",
      "/properties/conditionVersion",
      "/properties/delegatedManagedIdentityResourceId",
    ).concat("/value/*/properties/createdBy", "/value/*/properties/updatedBy"),
    reason: "recorded: null, where the documents know only text",
  },
  {
    document: "authorization/",
    operations: /^RoleDefinitions_/,
    at: [
      "/value/*/properties/createdOn",
      "/value/*/properties/updatedOn",
      "/value/*/properties/createdBy",
      "/value/*/properties/updatedBy",
    ],
    reason: "built-in roles have no author: null, as recorded of role assignments",
  },
  {
    document: learning,
    operations: /^Workspaces_/,
    at: inList(
      "/properties/creationTime",
      "/properties/encryption/keyVaultProperties",
      "/properties/notebookInfo",
      "/properties/serviceProvisionedResourceGroup",
    ),
    reason:
      "azureml-core reads these keys whether there is anything to say or not (protocols.md 1.4)",
  },
  {
    document: "",
    operations: /^(?:Workspaces?|PrivateEndpointConnections)_/,
    at: inList(
      "/properties/groupIds",
      "/properties/privateEndpointConnections/*/properties/groupIds",
    ),
    reason: "documented by later versions; a pending connection says what it asks for",
  },
  {
    document: firstLearning,
    operations: /^(?:Operations|VirtualMachineSizes)_List$/,
    at: ["/value", "/value/*/isDataAction"],
    reason: "one shape for all versions: that of the later documents",
  },
  {
    document: "synapse/",
    operations: /^Library_Get$/,
    at: ["404"],
    reason: "workspaces keep no libraries, and uploading one is refused by name",
  },
  {
    document: synapse,
    operations: /^SqlPoolOperationResults_/,
    at: ["404"],
    reason:
      "recorded: operations of pools are asked after below their workspace (protocols.md 5.1)",
  },
  {
    document: "authorization/",
    operations: /^DenyAssignments_Get/,
    at: ["404"],
    reason: "only the platform makes deny assignments, and it makes none here",
  },
  {
    document: firstLearning,
    operations: /^Workspaces_(?:Get|List|Update|CreateOrUpdate)/,
    at: inList(
      "/systemData",
      "/properties/tenantId",
      "/properties/v1LegacyMode",
      "/properties/publicNetworkAccess",
      "/properties/systemDatastoresAuthMode",
      "/properties/mlFlowTrackingUri",
      "/properties/storageHnsEnabled",
    ),
    reason: "one shape for all versions: what later versions added is answered to older ones too",
  },
  {
    document: "stable/2022-10-01/machineLearningServices.json",
    operations: /^Workspaces_/,
    at: inList("/properties/systemDatastoresAuthMode"),
    reason: "one shape for all versions: what later versions added is answered to older ones too",
  },
  {
    document: firstLearning,
    operations: /^MachineLearningCompute_/,
    at: inList(
      "/properties/disableLocalAuth",
      "/properties/properties",
      "/properties/computeType",
      "/properties/description",
      "/properties/provisioningErrors",
    ),
    reason: "recorded with this version: SynapseSpark, with nulls (azureml-core requires the keys)",
  },
];

/** Documented operations that are walked elsewhere, or answer that there is nothing. */
export interface Omission {
  readonly document: string;
  readonly operations: RegExp;
  readonly reason: string;
}

export const omissions: readonly Omission[] = [
  {
    document: "resources/",
    operations: /^Deployment|ExportTemplate/,
    reason: "template deployments have documents and tests of their own",
  },
  {
    document: "2019-11-01-preview/sparkJob.json",
    operations: /./,
    reason: "the same operations as 2020-12-01, whose document says where they are",
  },
];
