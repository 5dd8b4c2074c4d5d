// Where the services answer and what their tokens are for. Azure's public cloud unless told otherwise.

export type ServiceName = "resourceManager" | "synapse" | "graph";

export interface Endpoints {
  /** No slash at the end. */
  readonly resourceManager: string;
  /** `{workspace}` stands for the Synapse workspace's name. */
  readonly synapse: string;
  readonly graph: string;
}

export const azureEndpoints: Endpoints = {
  resourceManager: "https://management.azure.com",
  synapse: "https://{workspace}.dev.azuresynapse.net",
  graph: "https://graph.microsoft.com",
};

/** OAuth scopes. They name the service, not its address: the same wherever it answers. */
export const azureScopes: Readonly<Record<ServiceName, string>> = {
  resourceManager: "https://management.azure.com/.default",
  synapse: "https://dev.azuresynapse.net/.default",
  graph: "https://graph.microsoft.com/.default",
};

/** The base address of a service; `subject` is the Synapse workspace's name. */
export function baseOf(
  endpoints: Endpoints,
  { service, subject = "" }: { service: ServiceName; subject?: string | undefined },
): string {
  const filled = endpoints[service].replace("{workspace}", encodeURIComponent(subject));
  return filled.replace(/\/+$/, "");
}
