// What the form of a linked service chooses from, loaded together before the form is shown.

import { useQuery } from "@tanstack/react-query";
import { resourcesQuery, subscriptionsQuery } from "../../api/resource.ts";
import { connectorQuery } from "../../control/definition.ts";
import { useAccount } from "../../shell/account.ts";
import { artifactsQuery } from "../artifact.ts";
import { childrenQuery, useWorkspace, useWorkspaceName } from "../workspace.ts";
import { linksQuery } from "./link.ts";
import type { LinkContext, TypeProperties } from "./link-kind.ts";

const machineLearningWorkspace = "Microsoft.MachineLearningServices/workspaces";

export interface LoadedContext {
  readonly context: LinkContext;
  readonly runtimes: readonly string[];
  /** Names of the workspace's linked services. */
  readonly names: readonly string[];
}

/** `type` of the linked service, `saved` its stored typeProperties. */
export function useLinkContext(
  type: string,
  saved: TypeProperties | undefined,
): { readonly loaded: LoadedContext | undefined; readonly error: unknown; retry(): void } {
  const name = useWorkspaceName();
  const { tenantId } = useAccount();
  const workspace = useWorkspace();
  const connector = useQuery(connectorQuery(type));
  const links = useQuery(linksQuery(name));
  const credentials = useQuery(artifactsQuery(name, "credentials"));
  const runtimes = useQuery(childrenQuery(name, "integrationRuntimes"));
  // A person without any Azure role sees none of these and types the names instead.
  const subscriptions = useQuery(subscriptionsQuery);
  const machineLearning = useQuery(resourcesQuery(machineLearningWorkspace));
  const needed = [workspace, connector, links, credentials, runtimes];
  const error = needed.find((query) => query.error)?.error ?? undefined;
  const retry = () => {
    for (const query of needed) if (query.error) void query.refetch();
  };
  const isLoading = subscriptions.isPending || machineLearning.isPending;
  if (
    isLoading ||
    !workspace.data ||
    !connector.data ||
    !links.data ||
    !credentials.data ||
    !runtimes.data
  ) {
    return { loaded: undefined, error, retry };
  }
  const context: LinkContext = {
    workspace: workspace.data,
    connector: connector.data,
    tenantId,
    subscriptions: subscriptions.data ?? [],
    machineLearning: machineLearning.data ?? [],
    vaults: links.data
      .filter(({ properties }) => properties.type === "AzureKeyVault")
      .map((link) => link.name),
    credentials: credentials.data.map((credential) => credential.name),
    saved,
  };
  return {
    loaded: {
      context,
      runtimes: runtimes.data.map((runtime) => runtime.name),
      names: links.data.map((link) => link.name),
    },
    error,
    retry,
  };
}
