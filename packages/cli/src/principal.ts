// Who is meant: a principal by object id, application id, user principal name, display name, or the
// resource id of what has an identity.

import type { Connection } from "@callosum/sdk/connection.ts";
import { listPages } from "@callosum/sdk/resource.ts";
import { CommandError, usageError } from "./command.ts";
import { readAny } from "./find-resource.ts";

export interface FoundPrincipal {
  readonly objectId: string;
  readonly displayName: string;
  readonly type: "User" | "Group" | "ServicePrincipal";
  /** Of applications and managed identities. */
  readonly appId?: string;
  readonly isManagedIdentity: boolean;
}

interface GraphObject {
  readonly id: string;
  readonly displayName?: string | null;
  readonly appId?: string;
  readonly userPrincipalName?: string;
  readonly servicePrincipalType?: string;
}

const collections = [
  { path: "servicePrincipals", type: "ServicePrincipal" },
  { path: "users", type: "User" },
  { path: "groups", type: "Group" },
] as const;

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Finds exactly one principal; none or several is an error that says so. */
export async function requirePrincipal(
  connection: Connection,
  text: string,
): Promise<FoundPrincipal> {
  const found = await findPrincipals(connection, text);
  const [first, second] = found;
  if (first && !second) return first;
  if (!first) {
    throw new CommandError({
      code: "PrincipalNotFound",
      message: `There is no principal '${text}'.`,
      hint: "Name it by object id, application id, user principal name, display name, or the id of the resource whose identity it is.",
    });
  }
  const shown = found.map(({ objectId, type }) => `  ${objectId} (${type})`).join("\n");
  throw usageError(`'${text}' names several principals:\n${shown}`, "Use an object id.");
}

async function findPrincipals(connection: Connection, text: string): Promise<FoundPrincipal[]> {
  if (text.startsWith("/")) return principalOfResource(connection, text);
  if (guid.test(text)) {
    const byAppId = {
      path: `servicePrincipals(appId='${text}')`,
      type: "ServicePrincipal",
    } as const;
    const byId = collections.map(({ path, type }) => ({ path: `${path}/${text}`, type }));
    const found = await Promise.all([...byId, byAppId].map((each) => read(connection, each)));
    return unique(found.flatMap((principal) => principal ?? []));
  }
  if (text.includes("@")) {
    const path = `users/${encodeURIComponent(text)}`;
    return [(await read(connection, { path, type: "User" })) ?? []].flat();
  }
  const filter = `displayName eq '${text.replaceAll("'", "''")}'`;
  const found = await Promise.all(
    collections.map(async ({ path, type }) => {
      const request = {
        service: "graph" as const,
        path: `/v1.0/${path}`,
        query: { $filter: filter },
      };
      return (await listPages<GraphObject>(connection, request)).map((each) => toFound(each, type));
    }),
  );
  return unique(found.flat());
}

/** The system-assigned identity of a resource, or a user-assigned identity itself. */
async function principalOfResource(connection: Connection, id: string): Promise<FoundPrincipal[]> {
  const resource = await readAny(connection, id);
  const ownId = resource?.identity?.principalId ?? resource?.properties.principalId;
  if (typeof ownId !== "string") return [];
  return findPrincipals(connection, ownId);
}

/** Names for object ids, for lists that people read; an id without a name stays an id. */
export async function namePrincipals(
  connection: Connection,
  objectIds: Iterable<string>,
): Promise<Map<string, string>> {
  const names = await Promise.all(
    [...new Set(objectIds)].map(async (id) => {
      const found = await Promise.all(
        collections.map(({ path, type }) => read(connection, { path: `${path}/${id}`, type })),
      );
      return [id, found.find((each) => each !== undefined)?.displayName ?? id] as const;
    }),
  );
  return new Map(names);
}

async function read(
  connection: Connection,
  { path, type }: { path: string; type: FoundPrincipal["type"] },
): Promise<FoundPrincipal | undefined> {
  const { status, body } = await connection.send({
    service: "graph",
    path: `/v1.0/${path}`,
    accept: [404],
  });
  return status === 404 ? undefined : toFound(body as GraphObject, type);
}

function toFound(object: GraphObject, type: FoundPrincipal["type"]): FoundPrincipal {
  const { id, displayName, appId, userPrincipalName, servicePrincipalType } = object;
  return {
    objectId: id,
    displayName: displayName ?? userPrincipalName ?? id,
    type,
    ...(appId === undefined ? {} : { appId }),
    isManagedIdentity: servicePrincipalType === "ManagedIdentity",
  };
}

function unique(principals: readonly FoundPrincipal[]): FoundPrincipal[] {
  return [...new Map(principals.map((each) => [each.objectId, each])).values()];
}
