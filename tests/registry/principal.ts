// The kinds of caller that every endpoint is walked as.

import { generateKeyPairSync, randomUUID } from "node:crypto";
import { issuersOf } from "@callosum/server/identity/access-token.ts";
import { SignJWT } from "jose";
import type { Caller, TestServer } from "../fixture/server.ts";

export const roleIds = {
  owner: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
  contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
} as const;

/** A principal of its own, holding an Azure role at a scope, or none. */
export async function createCaller(
  server: TestServer,
  grant?: { roleId: string; scope: string },
): Promise<Caller> {
  const { store, directory } = server.running.internals;
  const { principalId } = await store.transaction((writer) =>
    directory.createManagedIdentity(writer, {
      resourceId: `/subscriptions/x/resourceGroups/x/providers/Test.Callers/callers/${randomUUID()}`,
      displayName: "caller of a test",
      explicit: true,
    }),
  );
  if (grant) await assignRole(server, { ...grant, principalId });
  return server.caller(principalId);
}

/** An Azure role assignment, through the resource manager. */
export async function assignRole(
  server: TestServer,
  assignment: { roleId: string; scope: string; principalId: string },
): Promise<void> {
  const { roleId, scope, principalId } = assignment;
  const path = `${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}?api-version=2022-04-01`;
  const roleDefinitionId = `/providers/Microsoft.Authorization/roleDefinitions/${roleId}`;
  const properties = { roleDefinitionId, principalId };
  const reply = await server.admin.send("PUT", path, { properties });
  if (reply.status !== 201) throw new Error(reply.text);
}

/** Tokens that must never be accepted, by what is wrong with them. */
export async function badTokens(
  server: TestServer,
  audience: string,
): Promise<Record<string, string>> {
  const { contract } = server;
  const claims = {
    oid: contract.admin.objectId,
    tid: contract.tenantId,
    appid: contract.admin.clientId,
  };
  const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const good = await server.admin.token(audience);
  const [header = "", payload = "", signature = ""] = good.split(".");
  const kid = JSON.parse(Buffer.from(header, "base64url").toString()).kid as string;
  const sign = (issuer: string, expiry: string) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: "RS256", kid })
      .setIssuer(issuer)
      .setAudience(audience)
      .setExpirationTime(expiry)
      .sign(stranger.privateKey);
  const wrongAudience = audience.includes("vault")
    ? "https://storage.azure.com"
    : "https://vault.azure.net";
  const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${payload}.`;
  return {
    malformed: "not-a-token",
    "signed by another key": await sign(issuersOf(contract.tenantId)[0], "1h"),
    "of a foreign issuer": await sign(`https://sts.windows.net/${randomUUID()}/`, "1h"),
    "for another audience": await server.admin.token(wrongAudience),
    "without a signature": unsigned,
    "with a changed signature": `${header}.${payload}.${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`,
  };
}

/** What is stored, without the activity log: equal before and after a refused call. */
export async function stateOf(server: TestServer): Promise<string> {
  const documents = await server.running.internals.store.read.documents({ under: "" });
  return documents.map(({ id, etag }) => `${id} ${etag}`).join("\n");
}
