// Ids of the resource manager: a subscription, a resource group, a resource; what their parts tell and
// what their types are called.

export function nameOf(id = ""): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

const groupType = "Microsoft.Resources/subscriptions/resourceGroups";
const subscriptionType = "Microsoft.Resources/subscriptions";

/** The type of what an id names, `Microsoft.Synapse/workspaces/bigDataPools`. */
export function typeOf(id: string): string {
  const [, provider] = id.split(/\/providers\/(?!.*\/providers\/)/i);
  if (provider === undefined) return /\/resourceGroups\//i.test(id) ? groupType : subscriptionType;
  const [namespaceName, ...segments] = provider.split("/");
  return [namespaceName, ...segments.filter((_, index) => index % 2 === 0)].join("/");
}

export function isGroup(id: string): boolean {
  return typeOf(id) === groupType;
}

export function isSubscription(id: string): boolean {
  return typeOf(id) === subscriptionType;
}

/** What contains it: the parent resource, the group, the subscription; undefined above that. */
export function parentOf(id: string): string | undefined {
  if (isSubscription(id)) return undefined;
  const parent = id.slice(0, id.lastIndexOf("/", id.lastIndexOf("/") - 1));
  return /\/providers\/[^/]+$/i.test(parent) ? parent.replace(/\/providers\/[^/]+$/i, "") : parent;
}

/** Whether a role assigned at `outer` reaches `inner`. */
export function reaches(outer: string, inner: string): boolean {
  if (outer === "/") return true;
  return `${inner}/`.toLowerCase().startsWith(`${outer}/`.toLowerCase());
}

/** As Azure's portal calls them; others by their own name in words. */
const labels: Readonly<Record<string, string>> = {
  [subscriptionType]: "Subscription",
  [groupType]: "Resource group",
  "Microsoft.Synapse/workspaces": "Synapse workspace",
  "Microsoft.Synapse/workspaces/bigDataPools": "Apache Spark pool",
  "Microsoft.Synapse/workspaces/sqlPools": "Dedicated SQL pool",
  "Microsoft.MachineLearningServices/workspaces": "Azure Machine Learning workspace",
  "Microsoft.MachineLearningServices/workspaces/linkedServices": "Linked service",
  "Microsoft.MachineLearningServices/workspaces/computes": "Compute",
  "Microsoft.Storage/storageAccounts": "Storage account",
  "Microsoft.KeyVault/vaults": "Key vault",
  "Microsoft.Insights/components": "Application Insights",
  "Microsoft.OperationalInsights/workspaces": "Log Analytics workspace",
  "Microsoft.ContainerRegistry/registries": "Container registry",
  "Microsoft.ManagedIdentity/userAssignedIdentities": "Managed Identity",
};

const labelsByKey = new Map(
  Object.entries(labels).map(([type, label]) => [type.toLowerCase(), label]),
);

export function typeLabel(type: string): string {
  const known = labelsByKey.get(type.toLowerCase());
  if (known) return known;
  const words = nameOf(type).replace(/([a-z\d])([A-Z])/g, "$1 $2");
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
}
