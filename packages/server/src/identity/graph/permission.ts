// Who may write the directory (docs/adr/0007-who-writes-the-directory.md): Owner of everything,
// applications that were granted a permission of Graph, owners of the object. Reading is free.

import type { Principal } from "@callosum/contract/principal.ts";
import {
  type AppRoleAssignment,
  aliasKind,
  appRoleAssignmentType,
  objectKey,
  servicePrincipalType,
} from "../object.ts";
import { graphAppId } from "../resource.ts";
import { isRootOwner } from "../root-owner.ts";
import type { IdentityServices } from "../services.ts";
import { type DirectoryPart, findGraphAppRole } from "./app-role.ts";
import { graphFail } from "./error-catalogue.ts";
import type { GraphCall } from "./operation.ts";

/** Refuses unless the caller may change the object, whose owners are given. */
export async function requireWriter(
  { services, principal }: GraphCall,
  options: { part: DirectoryPart; owners?: readonly string[] | undefined },
): Promise<void> {
  const { part, owners = [] } = options;
  const ownsIt = owners.includes(principal.objectId);
  if (ownsIt && (part === "applications" || part === "groups")) return;
  if (await isRootOwner(services.authorizer, principal)) return;
  if (await holdsPermission(services, principal, { part, ownsIt })) return;
  throw graphFail.Authorization_RequestDenied({});
}

/** Refuses unless the caller may make an object: people may register applications and groups. */
export async function requireCreator(graph: GraphCall, part: DirectoryPart): Promise<void> {
  const { services, principal } = graph;
  if (principal.kind === "User" && (part === "applications" || part === "groups")) return;
  if (await isRootOwner(services.authorizer, principal)) return;
  // Who makes an object owns it, which is what Application.ReadWrite.OwnedBy is for.
  if (await holdsPermission(services, principal, { part, ownsIt: true })) return;
  throw graphFail.Authorization_RequestDenied({});
}

async function holdsPermission(
  { store: { read } }: IdentityServices,
  principal: Principal,
  { part, ownsIt }: { part: DirectoryPart; ownsIt: boolean },
): Promise<boolean> {
  if (principal.kind === "User") return false;
  const graphKey = await read.alias(aliasKind.servicePrincipalByAppId, graphAppId);
  const granted = await read.documents<AppRoleAssignment>({ type: appRoleAssignmentType });
  return granted.some(({ body }) => {
    if (body.principalId !== principal.objectId) return false;
    if (objectKey(servicePrincipalType, body.resourceId) !== graphKey) return false;
    const role = findGraphAppRole(body.appRoleId);
    return role?.parts.includes(part) === true && (!role.ownedOnly || ownsIt);
  });
}
