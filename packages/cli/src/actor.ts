// Whom `--as` names, for exec and for the CLI's own requests: the Owner application, the Owner user,
// another application, or a managed identity.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Connection } from "@callosum/sdk/connection.ts";
import type { Contract } from "@callosum/server/main.ts";
import { CommandError, usageError } from "./command.ts";
import { type Application, adminOf } from "./instance.ts";

export type Actor =
  | ({ readonly kind: "application" } & Application)
  | { readonly kind: "user" }
  | { readonly kind: "managedIdentity"; readonly endpoint: string; readonly header: string };

export interface Acting {
  readonly actor: Actor;
  /** Takes back a secret that was made for this run only. */
  close(): Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A launched process may live longer than a day. */
const identityLifetimeMs = 7 * 24 * 3_600_000;
/** Taken back at the end of the run; this is for runs that are killed. */
const secretLifetimeMs = 24 * 3_600_000;

/** Finds the principal and what it needs to sign in. */
export async function actAs(
  as: string,
  { contract, environment }: { contract: Contract; environment: Environment },
): Promise<Acting> {
  const nothing = async () => {};
  if (as === "user") return { actor: { kind: "user" }, close: nothing };
  if (as === "admin" || as.toLowerCase() === contract.admin.clientId.toLowerCase()) {
    return { actor: { kind: "application", ...adminOf(contract) }, close: nothing };
  }
  // The two above are the usual ones: nothing more is loaded for them.
  const { openApi } = await import("./api.ts");
  const { requirePrincipal } = await import("./principal.ts");
  const admin = openApi(contract);
  const principal = await requirePrincipal(admin, as);
  const { objectId, appId, displayName, type } = principal;
  if (objectId === contract.user.objectId) return { actor: { kind: "user" }, close: nothing };
  if (type !== "ServicePrincipal" || appId === undefined) {
    throw usageError(
      `'${displayName}' is a ${type === "Group" ? "group" : "user"} whose password is not known here.`,
      "Use --as user, and sign in as that user.",
    );
  }
  if (principal.isManagedIdentity) {
    const grant = {
      principalId: objectId,
      userAssigned: [],
      expiresMs: Date.now() + identityLifetimeMs,
    };
    const { mintIdentityHeader } = await import("@callosum/server/identity/identity-header.ts");
    const header = mintIdentityHeader({ key: instanceKey(contract, environment), grant });
    const endpoint = `${contract.origin}/msi/token`;
    return { actor: { kind: "managedIdentity", endpoint, header }, close: nothing };
  }
  return borrowApplication(admin, { appId, displayName });
}

/** Secrets cannot be read back: an application acts with one of its own for this run. */
async function borrowApplication(
  admin: Connection,
  { appId, displayName }: { appId: string; displayName: string },
): Promise<Acting> {
  const { listPages } = await import("@callosum/sdk/resource.ts");
  const [application] = await listPages<{ id: string }>(admin, {
    service: "graph",
    path: "/v1.0/applications",
    query: { $filter: `appId eq '${appId}'` },
  });
  if (!application) {
    throw usageError(`'${displayName}' is registered elsewhere: nobody can sign in as it here.`);
  }
  const path = `/v1.0/applications/${application.id}`;
  const { body } = await admin.send({
    service: "graph",
    method: "POST",
    path: `${path}/addPassword`,
    body: {
      passwordCredential: {
        displayName: "callosum --as",
        endDateTime: new Date(Date.now() + secretLifetimeMs).toISOString(),
      },
    },
  });
  const { keyId, secretText } = body as { keyId: string; secretText: string };
  let isOpen = true;
  return {
    actor: { kind: "application", clientId: appId, clientSecret: secretText },
    async close() {
      if (!isOpen) return;
      isOpen = false;
      const send = { service: "graph" as const, method: "POST" as const, body: { keyId } };
      await admin.send({ ...send, path: `${path}/removePassword`, accept: [404] });
    },
  };
}

/** The key that seals what launchers mint; the server's own rule is platform/data-directory.ts. */
export function instanceKey({ dataDir }: Contract, environment: Environment): Uint8Array {
  const given = environment.CALLOSUM_KEY;
  if (given !== undefined) return Buffer.from(given, "base64");
  const file = join(dataDir, "instance.key");
  if (existsSync(file)) return Buffer.from(readFileSync(file, "utf8").trim(), "base64");
  throw new CommandError({
    code: "NoInstanceKey",
    message: `There is no key in ${dataDir}: the instance was started with CALLOSUM_KEY.`,
    hint: "Set the same CALLOSUM_KEY for this command.",
  });
}
