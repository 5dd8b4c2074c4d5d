// Built-in Azure roles: Azure Machine Learning. Actions as documented; where only the id is public, the role grants
// nothing until its actions are known.

import { defineRole } from "../../role.ts";

export const azureMlDataScientist = defineRole({
  id: "f6c7c914-8db3-469d-8ca1-694a8f32e121",
  name: "AzureML Data Scientist",
  description:
    "Can perform all actions within an Azure Machine Learning workspace, except for creating or deleting compute resources and modifying the workspace itself.",
  actions: [
    "Microsoft.MachineLearningServices/workspaces/*/read",
    "Microsoft.MachineLearningServices/workspaces/*/action",
    "Microsoft.MachineLearningServices/workspaces/*/delete",
    "Microsoft.MachineLearningServices/workspaces/*/write",
  ],
  notActions: [
    "Microsoft.MachineLearningServices/workspaces/delete",
    "Microsoft.MachineLearningServices/workspaces/write",
    "Microsoft.MachineLearningServices/workspaces/computes/*/write",
    "Microsoft.MachineLearningServices/workspaces/computes/*/delete",
    "Microsoft.MachineLearningServices/workspaces/computes/listKeys/action",
    "Microsoft.MachineLearningServices/workspaces/listKeys/action",
    "Microsoft.MachineLearningServices/workspaces/hubs/write",
    "Microsoft.MachineLearningServices/workspaces/hubs/delete",
    "Microsoft.MachineLearningServices/workspaces/featurestores/write",
    "Microsoft.MachineLearningServices/workspaces/featurestores/delete",
  ],
  source: "rbac/azure-built-in-roles.json (docs)",
});

export const azureMlComputeOperator = defineRole({
  id: "e503ece1-11d0-4e8e-8e2c-7a6c3bf38815",
  name: "AzureML Compute Operator",
  description:
    "Can access and perform CRUD operations on Machine Learning Services managed compute resources (including Notebook VMs).",
  actions: [
    "Microsoft.MachineLearningServices/workspaces/computes/*",
    "Microsoft.MachineLearningServices/workspaces/notebooks/vm/*",
  ],
  source: "rbac/azure-built-in-roles.json (docs)",
});

export const azureMlMetricsWriter = defineRole({
  id: "635dd51f-9968-44d3-b7fb-6d9a6bd613ae",
  name: "AzureML Metrics Writer (preview)",
  description: "Lets you write metrics to AzureML workspace",
  source: "rbac/azure-built-in-roles.json (docs, id only)",
});

export const azureMlRegistryUser = defineRole({
  id: "1823dd4f-9b8c-4ab6-ab4e-7397a3684615",
  name: "AzureML Registry User",
  description:
    "Can perform all actions on Machine Learning Services Registry assets as well as get Registry resources.",
  source: "rbac/azure-built-in-roles.json (docs, id only)",
});
