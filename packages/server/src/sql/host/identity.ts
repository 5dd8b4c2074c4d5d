// Who logs in to a SQL endpoint: SQL logins, or people and applications with an Entra token for Azure
// SQL. Administrators are the SQL administrator, the workspace's Entra administrator, and holders of
// Synapse Administrator or Synapse SQL Administrator (features.md B-10).

import type { ArmResource, DirectoryPrincipal } from "@callosum/contract/ports.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import type { PlaneServices } from "@callosum/contract/services.ts";
import type { SqlIdentityPort, SqlPrincipal } from "../ports.ts";
import { SqlError } from "../session.ts";
import { createLoginPort, verifySqlPassword } from "./login.ts";

export const sqlAudiences = [
  "https://database.windows.net",
  "https://sql.azuresynapse.net",
  "https://sql.azuresynapse-dogfood.net",
];

const administratorRoles = new Set(["Synapse Administrator", "Synapse SQL Administrator"]);

type VerifyToken = (token: string, audiences: readonly string[]) => Promise<Principal>;

export function createSqlIdentity(services: PlaneServices, verify: VerifyToken): SqlIdentityPort {
  return {
    logins: createLoginPort(services),
    async verifyPassword(request) {
      const found = await verifySqlPassword(services, request);
      return found && { ...found, kind: "sqlLogin", groups: [], workspace: request.workspace };
    },
    async verifyToken({ workspace: workspaceName, token }) {
      const workspace = await services.resources.byEndpoint("synapse", workspaceName);
      if (!workspace) return undefined;
      const principal = await verify(token, sqlAudiences).catch(() => undefined);
      return principal && describe(services, workspace, principal);
    },
    async findExternal({ name }) {
      const wanted = name.toLowerCase();
      // Users have a name to sign in with, too, which a search by display name misses.
      const isSignIn = ({ userPrincipalName }: DirectoryPrincipal) =>
        userPrincipalName?.toLowerCase() === wanted;
      const known = await services.directory.search(name.includes("@") ? "" : name);
      const [external, another] = known.some(isSignIn)
        ? known.filter(isSignIn)
        : known.filter(({ displayName }) => displayName.toLowerCase() === wanted);
      // Permissions would go to whichever came first.
      if (another) throw ambiguous(name);
      return external && { name, objectId: external.objectId, kind: externalKind[external.kind] };
    },
  };
}

/** Message 33131 in the words of the product. */
function ambiguous(name: string): SqlError {
  const message = `Principal '${name}' has a duplicate display name. Make the display name unique in Azure Active Directory and execute this statement again.`;
  return new SqlError({ number: 33131, severity: 16, state: 1, line: 1, message });
}

const externalKind = {
  User: "user",
  Group: "group",
  ServicePrincipal: "application",
  ManagedIdentity: "application",
} as const;

async function describe(
  services: PlaneServices,
  workspace: ArmResource,
  principal: Principal,
): Promise<SqlPrincipal> {
  const groups = await Promise.all(
    principal.groupIds.map(async (objectId) => {
      const group = await services.directory.principal(objectId);
      return { name: group?.displayName ?? objectId, objectId };
    }),
  );
  const kinds = {
    User: "user",
    ServicePrincipal: "application",
    ManagedIdentity: "managedIdentity",
  } as const;
  return {
    name: principal.userPrincipalName ?? principal.displayName,
    kind: kinds[principal.kind],
    objectId: principal.objectId,
    workspace: workspace.name,
    groups,
    isAdministrator: await isAdministrator(services, workspace, principal),
  };
}

async function isAdministrator(
  services: PlaneServices,
  workspace: ArmResource,
  principal: Principal,
): Promise<boolean> {
  const holders = new Set([principal.objectId, ...principal.groupIds]);
  for (const kind of ["administrators", "sqladministrators"]) {
    const admin = await services.resources.find(`${workspace.id}/${kind}/activeDirectory`);
    if (holders.has(String(admin?.properties.sid ?? "").toLowerCase())) return true;
  }
  const workspaceKey = workspace.id.toLowerCase();
  const grants = await services.synapseRoles.grants(principal, {
    workspaceId: workspace.id,
    action: "Microsoft.Synapse/workspaces/read",
  });
  return grants.some(
    ({ roleName, scope }) => scope === workspaceKey && administratorRoles.has(roleName),
  );
}
