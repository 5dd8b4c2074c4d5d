// Overview of a subscription, a resource group or a resource: what it is, and the ways on.

import { Spinner } from "@fluentui/react-components";
import { useEffect } from "react";
import type { Resource } from "../../api/resource.ts";
import { isGroup, isSubscription, typeOf } from "../../api/scope.ts";
import { Problem } from "../../control/problem.tsx";
import { useScope } from "../../control/scope-path.ts";
import { rememberScope } from "../recent.ts";
import { ScopeFrame } from "../scope-frame.tsx";
import { useResourceCommands } from "./command.tsx";
import { GroupOverview } from "./group-overview.tsx";
import { MachineLearningOverview } from "./machine-learning-overview.tsx";
import { PoolOverview } from "./pool-overview.tsx";
import { ResourceOverview } from "./resource-overview.tsx";
import { useResource } from "./resource-type.ts";
import { SynapseOverview } from "./synapse-overview.tsx";

export function Page() {
  const id = useScope();
  // Going to another scope starts anew: no question that was asked about this one stays open.
  return <Overview key={id} id={id} />;
}

function Overview({ id }: { id: string }) {
  const { resource, version, error, refetch } = useResource(id);
  const { commands, dialogs } = useResourceCommands({ id, version, onRefresh: refetch });
  const isThere = resource !== undefined;
  useEffect(() => {
    if (isThere) rememberScope(id);
  }, [id, isThere]);
  return (
    <ScopeFrame id={id} section="overview" commands={commands}>
      {error ? <Problem error={error} onRetry={refetch} /> : null}
      {!resource && !error && <Spinner label="Loading" />}
      {resource && <Body id={id} resource={resource} />}
      {dialogs}
    </ScopeFrame>
  );
}

function Body({ id, resource }: { id: string; resource: Resource }) {
  if (isSubscription(id) || isGroup(id)) return <GroupOverview group={resource} id={id} />;
  switch (typeOf(id).toLowerCase()) {
    case "microsoft.synapse/workspaces":
      return <SynapseOverview workspace={resource} />;
    case "microsoft.machinelearningservices/workspaces":
      return <MachineLearningOverview workspace={resource} />;
    case "microsoft.synapse/workspaces/bigdatapools":
    case "microsoft.synapse/workspaces/sqlpools":
      return <PoolOverview pool={resource} />;
    default:
      return <ResourceOverview resource={resource} />;
  }
}
