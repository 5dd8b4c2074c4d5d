// People of the directory with the roles that a test wants, made through the routes that everyone
// uses.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { audiences, type TestServer } from "../fixture/server.ts";
import { assignRole, roleIds } from "../registry/principal.ts";

export interface Person {
  readonly upn: string;
  readonly password: string;
  readonly displayName: string;
  readonly objectId: string;
}

export type RoleName = keyof typeof roleIds;

/** The Owner user of the first start. */
export function ownerOf({ contract }: TestServer): Person {
  const { upn, objectId, passwordFile } = contract.user;
  const password = readFileSync(passwordFile, "utf8").trim();
  return { upn, password, displayName: "Owner", objectId };
}

/** A new user; without `roles` one who may nothing. */
export async function createPerson(
  server: TestServer,
  person: {
    displayName: string;
    roles?: readonly { readonly role: RoleName; readonly scope: string }[];
  },
): Promise<Person> {
  const { displayName, roles = [] } = person;
  const domain = server.contract.user.upn.split("@")[1];
  const nickname = displayName.toLowerCase().replaceAll(/[^a-z0-9]+/g, ".");
  const upn = `${nickname}@${domain}`;
  const password = `Test-${randomUUID()}`;
  const { body, status, text } = await server.admin.send(
    "POST",
    "/graph/v1.0/users",
    {
      displayName,
      userPrincipalName: upn,
      mailNickname: nickname,
      accountEnabled: true,
      passwordProfile: { password, forceChangePasswordNextSignIn: false },
    },
    { audience: audiences.graph },
  );
  assert.equal(status, 201, text);
  for (const { role, scope } of roles) await grantRole(server, { role, scope, objectId: body.id });
  return { upn, password, displayName, objectId: body.id };
}

const assignmentVersion = "api-version=2022-04-01";

/** An Azure role by its name here, or by its id. */
export async function grantRole(
  server: TestServer,
  grant: { role: RoleName | { readonly id: string }; scope: string; objectId: string },
): Promise<void> {
  const { role, scope, objectId } = grant;
  const roleId = typeof role === "string" ? roleIds[role] : role.id;
  await assignRole(server, { roleId, scope, principalId: objectId });
}

/** Ids of the principals that have an Azure role at a scope itself; any role unless one is named. */
export async function holdersOf(
  server: TestServer,
  { scope, role }: { scope: string; role?: RoleName },
): Promise<string[]> {
  const path = `${scope}/providers/Microsoft.Authorization/roleAssignments?${assignmentVersion}`;
  const { body } = await server.admin.send("GET", path);
  const given: readonly { properties: Record<string, string> }[] = body.value;
  return given.flatMap(
    ({ properties: { scope: at = "", roleDefinitionId = "", principalId = "" } }) =>
      at.toLowerCase() === scope.toLowerCase() &&
      roleDefinitionId.endsWith(role === undefined ? "" : roleIds[role])
        ? principalId
        : [],
  );
}

/** A Synapse role on a workspace that the Owner user made, by the role's id. */
export async function grantSynapseRole(
  server: TestServer,
  grant: { workspace: string; roleId: string; objectId: string },
): Promise<void> {
  const { workspace, roleId, objectId } = grant;
  const path = `/synapse/${workspace}/roleAssignments/${randomUUID()}?api-version=2020-12-01`;
  const body = { roleId, principalId: objectId, scope: `workspaces/${workspace}` };
  const owner = server.caller(server.contract.user.objectId);
  const reply = await owner.send("PUT", path, body, { audience: audiences.synapse });
  assert.ok(reply.status < 300, reply.text);
}
