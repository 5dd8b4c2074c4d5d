// Events of the activity log as the resource manager tells them.

import { queryOptions } from "@tanstack/react-query";
import { listAll } from "../../api/page.ts";
import { arm } from "../../api/request.ts";
import { idPart } from "../../api/resource.ts";
import { isGroup, isSubscription } from "../../api/scope.ts";

interface Localized {
  readonly value: string;
}

export interface ActivityEvent {
  readonly eventDataId: string;
  readonly eventTimestamp: string;
  readonly caller: string;
  readonly correlationId: string;
  readonly resourceId: string;
  readonly resourceGroupName: string;
  readonly level: string;
  readonly operationName: Localized;
  readonly status: Localized;
  readonly subStatus: Localized;
  readonly properties: { readonly statusCode?: string; readonly statusMessage?: string };
}

const hourMs = 3_600_000;

export const spans = [
  { value: "1", label: "Last hour" },
  { value: "6", label: "Last 6 hours" },
  { value: "24", label: "Last 24 hours" },
  { value: "168", label: "Last week" },
  { value: "2160", label: "Last 90 days" },
] as const;

/** Events at the scope and below it, newest first. */
export function activityQuery(scope: string, hours: string) {
  return queryOptions({
    queryKey: ["arm", "activity", scope.toLowerCase(), hours],
    queryFn: ({ signal }) => {
      const from = new Date(Date.now() - Number(hours) * hourMs).toISOString();
      const filter = [`eventTimestamp ge '${from}'`, ...placeOf(scope)].join(" and ");
      const subscription = `/subscriptions/${idPart(scope, "subscriptions")}`;
      return listAll<ActivityEvent>(
        arm,
        `${subscription}/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01&$filter=${encodeURIComponent(filter)}`,
        signal,
      );
    },
  });
}

function placeOf(scope: string): string[] {
  if (isSubscription(scope)) return [];
  if (isGroup(scope)) return [`resourceGroupName eq '${idPart(scope, "resourceGroups")}'`];
  return [`resourceUri eq '${scope}'`];
}
