// Resource groups, and what is in one.

import { queryOptions } from "@tanstack/react-query";
import { listAll } from "../../api/page.ts";
import { arm } from "../../api/request.ts";
import { type Resource, subscriptionsQuery } from "../../api/resource.ts";
import { groupVersion } from "./resource-type.ts";

export const groupsQuery = queryOptions({
  queryKey: ["arm", "resourceGroups"],
  queryFn: async ({ client, signal }) => {
    const subscriptions = await client.ensureQueryData(subscriptionsQuery);
    const lists = await Promise.all(
      subscriptions.map(({ id }) =>
        listAll<Resource>(arm, `${id}/resourceGroups?api-version=${groupVersion}`, signal),
      ),
    );
    return lists.flat();
  },
});

/** Resources of a group, or of a subscription. */
export function membersQuery(id: string) {
  return queryOptions({
    queryKey: ["arm", "resources", "in", id.toLowerCase()],
    queryFn: ({ signal }) =>
      listAll<Resource>(arm, `${id}/resources?api-version=2021-04-01`, signal),
  });
}

/** What lists of resources and groups are kept under; a write makes both old. */
export const resourceChanges = [
  ["arm", "resources"],
  ["arm", "resourceGroups"],
  ["arm", "resource"],
  ["arm", "children"],
] as const;
