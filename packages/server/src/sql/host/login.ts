// SQL logins of a workspace: the administrator that the workspace was made with, and those of CREATE
// LOGIN. Passwords are sealed below the workspace and compared in constant time.

import { createHash, timingSafeEqual } from "node:crypto";
import type { ArmResource } from "@callosum/contract/ports.ts";
import type { PlaneServices } from "@callosum/contract/services.ts";
import type { SqlLoginPort } from "../ports.ts";
import { SqlError } from "../session.ts";

type Services = Pick<PlaneServices, "store" | "secrets" | "resources">;

interface Login {
  readonly name: string;
}

const loginType = "Sql/logins";
const passwordName = "password";
/** Where the resource manager seals the administrator's password (its owner is the workspace). */
const administratorPassword = "sqlAdministratorLoginPassword";

function loginKey(workspace: ArmResource, name: string): string {
  return `${workspace.id}/sqllogins/${name}`.toLowerCase();
}

/**
 * Whether the password is that of the administrator (`true`), of a login (`false`), or of nobody. Rejects
 * with message 18456 where the workspace takes Microsoft Entra ID only.
 */
export async function verifySqlPassword(
  services: Services,
  request: { workspace: string; user: string; password: string },
): Promise<{ name: string; isAdministrator: boolean } | undefined> {
  const workspace = await services.resources.byEndpoint("synapse", request.workspace);
  if (!workspace) return undefined;
  if (workspace.properties.azureADOnlyAuthentication === true) throw directoryOnly(request.user);
  const administrator = String(workspace.properties.sqlAdministratorLogin ?? "");
  const isAdministrator = administrator.toLowerCase() === request.user.toLowerCase();
  const owner = isAdministrator ? workspace.id.toLowerCase() : loginKey(workspace, request.user);
  const name = isAdministrator ? administratorPassword : passwordName;
  const sealed = await services.store.read.sealed(owner, name);
  // An unknown name costs the same as a wrong password.
  const expected = sealed ? services.secrets.open(owner, name, sealed) : "";
  const matches = isSame(request.password, expected) && sealed !== undefined;
  if (!matches) return undefined;
  if (isAdministrator) return { name: administrator, isAdministrator };
  const document = await services.store.read.document<Login>(owner);
  return document && { name: document.body.name, isAdministrator };
}

/** The text of "Microsoft Entra-only authentication with Azure SQL", troubleshooting. */
function directoryOnly(user: string): SqlError {
  const message = `Login failed for user '${user}'. Reason: Azure Active Directory only authentication is enabled. Please contact your system administrator.`;
  return new SqlError({ number: 18456, severity: 14, state: 1, line: 1, message });
}

function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

export function createLoginPort(services: Services): SqlLoginPort {
  const { store, secrets, resources } = services;
  return {
    async list(workspaceName) {
      const workspace = await resources.byEndpoint("synapse", workspaceName);
      if (!workspace) return [];
      const parent = workspace.id.toLowerCase();
      const documents = await store.read.documents<Login>({ parent, type: loginType });
      const administrator = String(workspace.properties.sqlAdministratorLogin ?? "");
      return [administrator, ...documents.map(({ body }) => body.name)].filter(
        (name) => name !== "",
      );
    },
    async create({ workspace: workspaceName, name, password }) {
      const workspace = await resources.byEndpoint("synapse", workspaceName);
      if (!workspace) return false;
      const id = loginKey(workspace, name);
      const administrator = String(workspace.properties.sqlAdministratorLogin ?? "");
      if (administrator.toLowerCase() === name.toLowerCase()) return false;
      return store.transaction(async (writer) => {
        if (await writer.document(id)) return false;
        const body: Login = { name };
        await writer.put({ id, type: loginType, parent: workspace.id.toLowerCase(), body });
        await writer.putSealed(id, passwordName, secrets.seal(id, passwordName, password));
        return true;
      });
    },
    async setPassword({ workspace: workspaceName, name, password }) {
      const workspace = await resources.byEndpoint("synapse", workspaceName);
      if (!workspace) return false;
      const id = loginKey(workspace, name);
      return store.transaction(async (writer) => {
        if (!(await writer.document(id))) return false;
        await writer.putSealed(id, passwordName, secrets.seal(id, passwordName, password));
        return true;
      });
    },
    async drop({ workspace: workspaceName, name }) {
      const workspace = await resources.byEndpoint("synapse", workspaceName);
      if (!workspace) return false;
      return store.transaction((writer) => writer.remove(loginKey(workspace, name)));
    },
  };
}
