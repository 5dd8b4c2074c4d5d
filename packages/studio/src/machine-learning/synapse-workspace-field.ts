// The fields that lead to a Synapse workspace: its subscription, then the workspace itself.

import { useQuery } from "@tanstack/react-query";
import { idPart, resourcesQuery, subscriptionsQuery } from "../api/resource.ts";
import type { Field } from "../control/form.ts";

interface SynapseWorkspaceValues {
  readonly subscriptionId: string;
  /** Resource id. */
  readonly workspaceId: string;
}

/** `label` is the subscription's, which differs from form to form. */
export function useSynapseWorkspaceFields(
  label: string,
): (values: SynapseWorkspaceValues) => Field<SynapseWorkspaceValues>[] {
  const { data: subscriptions } = useQuery(subscriptionsQuery);
  const { data: workspaces } = useQuery(resourcesQuery("Microsoft.Synapse/workspaces"));
  return ({ subscriptionId }) => [
    {
      name: "subscriptionId",
      label,
      kind: "choice",
      isRequired: true,
      choices: subscriptions?.map((known) => ({
        value: known.subscriptionId,
        label: known.displayName,
      })),
    },
    {
      name: "workspaceId",
      label: "Synapse workspace",
      kind: "choice",
      isRequired: true,
      choices: workspaces
        ?.filter((known) => idPart(known.id, "subscriptions") === subscriptionId)
        .map((known) => ({ value: known.id, label: known.name })),
    },
  ];
}
