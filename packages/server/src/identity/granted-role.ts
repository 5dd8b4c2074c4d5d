// Application permissions that a principal was granted on a resource: the `roles` of its tokens.

import type { DirectoryServices } from "./directory-services.ts";
import { graphAppRoles } from "./graph/app-role.ts";
import {
  type Application,
  type AppRoleAssignment,
  aliasKind,
  appRoleAssignmentType,
  objectKey,
  servicePrincipalType,
} from "./object.ts";
import { graphAppId } from "./resource.ts";

interface AppRole {
  readonly id?: unknown;
  readonly value?: unknown;
}

/** The values of the roles, as in `roles`; those without a value are left out. */
export async function grantedRoles(
  { store: { read } }: DirectoryServices,
  { objectId, resourceAppId }: { objectId: string; resourceAppId: string },
): Promise<string[]> {
  const resourceKey = await read.alias(aliasKind.servicePrincipalByAppId, resourceAppId);
  const assignments = await read.documents<AppRoleAssignment>({ type: appRoleAssignmentType });
  const granted = assignments
    .map(({ body }) => body)
    .filter(
      (body) =>
        body.principalId === objectId &&
        objectKey(servicePrincipalType, body.resourceId) === resourceKey,
    );
  if (granted.length === 0) return [];
  const roles = await rolesOf(read, resourceAppId);
  const values = granted.map(
    ({ appRoleId }) => roles.find(({ id }) => String(id).toLowerCase() === appRoleId)?.value,
  );
  return values.filter((value) => typeof value === "string");
}

async function rolesOf(
  read: DirectoryServices["store"]["read"],
  appId: string,
): Promise<readonly AppRole[]> {
  if (appId === graphAppId) return graphAppRoles;
  const key = await read.alias(aliasKind.applicationByAppId, appId);
  const application = key === undefined ? undefined : await read.document<Application>(key);
  return (application?.body.settings.appRoles ?? []) as readonly AppRole[];
}
