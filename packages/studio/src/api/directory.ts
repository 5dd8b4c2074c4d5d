// Users, groups, applications and service principals of Microsoft Entra ID, as Graph tells them.

import { queryOptions } from "@tanstack/react-query";
import { listAll } from "./page.ts";
import { call, graph } from "./request.ts";

export type PrincipalKind = "User" | "Group" | "ServicePrincipal" | "ManagedIdentity";

export interface DirectoryObject {
  readonly "@odata.type"?: string;
  readonly id: string;
  readonly displayName: string;
  readonly userPrincipalName?: string;
  readonly appId?: string;
  readonly servicePrincipalType?: string;
  /** Of a managed identity: whether it is its own resource, and the resource's id. */
  readonly alternativeNames?: readonly string[];
  readonly createdDateTime?: string;
  readonly accountEnabled?: boolean;
  readonly description?: string | null;
}

export interface PasswordCredential {
  readonly keyId: string;
  readonly displayName: string | null;
  readonly startDateTime: string;
  readonly endDateTime: string;
  readonly hint: string | null;
  readonly secretText?: string | null;
}

export interface Application extends DirectoryObject {
  readonly appId: string;
  readonly signInAudience: string;
  readonly identifierUris: readonly string[];
  readonly web: { readonly redirectUris: readonly string[] };
  readonly spa: { readonly redirectUris: readonly string[] };
  readonly publicClient: { readonly redirectUris: readonly string[] };
  readonly passwordCredentials: readonly PasswordCredential[];
  readonly keyCredentials: readonly {
    readonly keyId: string;
    readonly displayName: string | null;
    readonly endDateTime: string;
  }[];
}

const pageSize = 999;

/** All objects of a set, `users?$filter=…`. */
export function directoryQuery<Item = DirectoryObject>(path: string) {
  return queryOptions({
    queryKey: ["graph", ...path.split(/[/?]/)],
    queryFn: ({ signal }) =>
      listAll<Item>(graph, `/${path}${path.includes("?") ? "&" : "?"}$top=${pageSize}`, signal),
  });
}

/** One object by its path, `applications/{id}`. */
export function directoryObjectQuery<Item = DirectoryObject>(path: string) {
  return queryOptions({
    queryKey: ["graph", ...path.split("/")],
    queryFn: ({ signal }) => call<Item>(graph, { path: `/${path}`, signal }),
  });
}

const idsMax = 1000;

/** The objects with these ids; those that are gone are missing from the answer. */
export function principalsQuery(ids: readonly string[]) {
  const wanted = [...new Set(ids)].sort();
  return queryOptions({
    queryKey: ["graph", "getByIds", wanted],
    enabled: wanted.length > 0,
    queryFn: async ({ signal }) => {
      const found: DirectoryObject[] = [];
      for (let start = 0; start < wanted.length; start += idsMax) {
        const { value } = await call<{ value: DirectoryObject[] }>(graph, {
          method: "POST",
          path: "/directoryObjects/getByIds",
          body: { ids: wanted.slice(start, start + idsMax) },
          signal,
        });
        found.push(...value);
      }
      return new Map(found.map((object) => [object.id, object]));
    },
  });
}

export function kindOf(object: DirectoryObject): PrincipalKind {
  if (object.servicePrincipalType === "ManagedIdentity") return "ManagedIdentity";
  if (object.appId !== undefined) return "ServicePrincipal";
  return object.userPrincipalName === undefined ? "Group" : "User";
}

export const kindLabels: Readonly<Record<PrincipalKind, string>> = {
  User: "User",
  Group: "Group",
  ServicePrincipal: "App",
  ManagedIdentity: "Managed Identity",
};

/** The resource that a managed identity belongs to; undefined for every other object. */
export function identityResource({ alternativeNames = [] }: DirectoryObject): string | undefined {
  return alternativeNames.find((name) => name.startsWith("/"));
}

/** What tells it from others of the same name. */
export function subtitleOf(object: DirectoryObject): string {
  return object.userPrincipalName ?? identityResource(object) ?? object.appId ?? object.id;
}

const foundMax = 50;
const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** People and applications, or managed identities, whose name or id a person types. */
export function searchQuery(kind: "principal" | "managedIdentity", text: string) {
  const wanted = text.trim();
  return queryOptions({
    queryKey: ["graph", "search", kind, wanted],
    queryFn: async ({ signal }) => {
      const paths = kind === "principal" ? principalPaths(wanted) : identityPaths(wanted);
      const pages = await Promise.all(
        paths.map((path) =>
          call<{ value: DirectoryObject[] }>(graph, { path: `/${path}&$top=${foundMax}`, signal }),
        ),
      );
      const all = pages.flatMap(({ value }) => value);
      return [...new Map(all.map((object) => [object.id, object])).values()];
    },
  });
}

function principalPaths(text: string): string[] {
  const applications = `servicePrincipalType eq 'Application'`;
  if (guid.test(text)) {
    return [
      `users?$filter=${encodeURIComponent(`id eq '${text}'`)}`,
      `groups?$filter=${encodeURIComponent(`id eq '${text}'`)}`,
      `servicePrincipals?$filter=${encodeURIComponent(
        `${applications} and (id eq '${text}' or appId eq '${text}')`,
      )}`,
    ];
  }
  const filter = `&$filter=${encodeURIComponent(applications)}`;
  const prefix = encodeURIComponent(
    `startswith(userPrincipalName,'${text.replaceAll("'", "''")}')`,
  );
  return [
    `users?${searchOption(text)}`,
    ...(text === "" ? [] : [`users?$filter=${prefix}`]),
    `groups?${searchOption(text)}`,
    `servicePrincipals?${searchOption(text)}${filter}`,
  ];
}

function identityPaths(text: string): string[] {
  const identities = `servicePrincipalType eq 'ManagedIdentity'`;
  const filter = guid.test(text)
    ? `${identities} and (id eq '${text}' or appId eq '${text}')`
    : identities;
  const search = guid.test(text) ? "" : `${searchOption(text)}&`;
  return [`servicePrincipals?${search}$filter=${encodeURIComponent(filter)}`];
}

function searchOption(text: string): string {
  if (text === "") return "$count=true";
  return `$search=${encodeURIComponent(`"displayName:${text.replaceAll('"', " ")}"`)}`;
}
