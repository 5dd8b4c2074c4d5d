// App registrations as the pages read them: all, one's own, and the service principal of one.

import { queryOptions } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { type Application, type DirectoryObject, directoryQuery } from "../../api/directory.ts";
import { call, graph } from "../../api/request.ts";

export const applicationsPath = "/entra/app-registrations";

export const applicationsQuery = directoryQuery<Application>("applications?$orderby=displayName");

const asksAtOnce = 8;

/** Those that the person owns: Graph here answers owners one application at a time. */
export function ownedApplicationsQuery(objectId: string) {
  return queryOptions({
    queryKey: ["graph", "applications", "ownedBy", objectId],
    queryFn: async ({ client, signal }) => {
      const applications = await client.fetchQuery(applicationsQuery);
      const owned: Application[] = [];
      for (let start = 0; start < applications.length; start += asksAtOnce) {
        const some = applications.slice(start, start + asksAtOnce);
        const owners = await Promise.all(some.map(({ id }) => ownersOf(id, signal)));
        owned.push(...some.filter((_, index) => owners[index]?.includes(objectId)));
      }
      return owned;
    },
  });
}

async function ownersOf(application: string, signal: AbortSignal): Promise<string[]> {
  const path = `/applications/${application}/owners`;
  const { value } = await call<{ value: DirectoryObject[] }>(graph, { path, signal });
  return value.map(({ id }) => id);
}

/** The local service principal of an application; undefined until one is created. */
export function servicePrincipalQuery(appId: string) {
  return queryOptions({
    queryKey: ["graph", "servicePrincipals", "of", appId],
    enabled: appId !== "",
    queryFn: async ({ signal }) => {
      const filter = encodeURIComponent(`appId eq '${appId}'`);
      const { value } = await call<{ value: DirectoryObject[] }>(graph, {
        path: `/servicePrincipals?$filter=${filter}`,
        signal,
      });
      return value[0] ?? null;
    },
  });
}

export function useApplicationId(): string {
  return (useParams({ strict: false }) as { application?: string }).application ?? "";
}
