// Azure resources as the pages read them, and the queries that several faces share.

import { queryOptions } from "@tanstack/react-query";
import { listAll } from "./page.ts";
import { arm, call } from "./request.ts";

export interface Resource<Properties = Record<string, unknown>> {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly location?: string;
  readonly kind?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly sku?: Readonly<Record<string, unknown>>;
  readonly identity?: {
    readonly type: string;
    readonly principalId?: string;
    readonly tenantId?: string;
    readonly userAssignedIdentities?: Readonly<Record<string, unknown>>;
  };
  readonly properties?: Properties;
}

export interface Subscription {
  readonly id: string;
  readonly subscriptionId: string;
  readonly displayName: string;
  readonly state: string;
}

/** Parts of a resource id that pages show; empty where the id has none. */
export function idPart(id: string, part: "subscriptions" | "resourceGroups"): string {
  const segments = id.split("/");
  const at = segments.findIndex((segment) => segment.toLowerCase() === part.toLowerCase());
  return at < 0 ? "" : (segments[at + 1] ?? "");
}

export const subscriptionsQuery = queryOptions({
  queryKey: ["arm", "subscriptions"],
  queryFn: ({ signal }) =>
    listAll<Subscription>(arm, "/subscriptions?api-version=2022-12-01", signal),
});

/** Resources of every subscription, of one type when given; sorted by the server. */
export function resourcesQuery(type?: string) {
  return queryOptions({
    queryKey: ["arm", "resources", type?.toLowerCase() ?? ""],
    queryFn: async ({ client, signal }) => {
      const subscriptions = await client.ensureQueryData(subscriptionsQuery);
      const filter = type ? `&$filter=${encodeURIComponent(`resourceType eq '${type}'`)}` : "";
      const lists = await Promise.all(
        subscriptions.map(({ id }) =>
          listAll<Resource>(
            arm,
            `${id}/resources?api-version=2021-04-01&$top=1000${filter}`,
            signal,
          ),
        ),
      );
      return lists.flat();
    },
  });
}

/** One resource; `apiVersion` is its type's. */
export function resourceQuery<Properties>(id: string, apiVersion: string) {
  return queryOptions({
    queryKey: ["arm", "resource", id.toLowerCase(), apiVersion],
    queryFn: ({ signal }) =>
      call<Resource<Properties>>(arm, { path: `${id}?api-version=${apiVersion}`, signal }),
  });
}

/** Children or any other list below a resource. */
export function childrenQuery<Properties>(id: string, child: string, apiVersion: string) {
  return queryOptions({
    queryKey: ["arm", "children", id.toLowerCase(), child.toLowerCase(), apiVersion],
    queryFn: ({ signal }) =>
      listAll<Resource<Properties>>(arm, `${id}/${child}?api-version=${apiVersion}`, signal),
  });
}
