// Logins, users, roles and permissions. Logins belong to the workspace and are made in master;
// everything else belongs to the database.
import type { EngineStatement } from "../../engine/port.ts";
import type { Position } from "../ast.ts";
import type { CataloguePrincipal } from "../catalogue/model.ts";
import { decide } from "../catalogue/permission.ts";
import { dropDocument, putDocument } from "../catalogue/store.ts";
import { fail, refuseOption } from "../error.ts";
import type { SecurityStatement } from "../statement.ts";
import { refreshActors } from "./actor.ts";
import { changeCatalogue, takeId, timestamp } from "./define.ts";
import { changePermissions, permissionOf } from "./grant.ts";
import { requirePassword } from "./password.ts";
import type { Events, Session } from "./state.ts";

type Node<K extends SecurityStatement["kind"]> = Extract<SecurityStatement, { kind: K }>;

export async function* security(
  session: Session,
  node: SecurityStatement,
  signal: AbortSignal,
): Events {
  switch (node.kind) {
    case "createLogin":
    case "alterLogin":
    case "dropLogin":
      await changeLogin(session, node);
      break;
    case "createUser":
      await createUser(session, node, signal);
      break;
    case "alterUser":
      await alterUser(session, node, signal);
      break;
    case "dropUser":
    case "dropRole":
      await dropPrincipal(session, node, signal);
      break;
    case "createRole":
      await createRole(session, node, signal);
      break;
    case "alterRole":
      await alterRole(session, node, signal);
      break;
    case "permission":
      await changePermissions(session, node, signal);
      break;
  }
  refreshActors(session);
  yield { kind: "done", command: "other" };
  return "normal";
}

function isSecurityAdministrator(session: Session, permission: string, role: string): boolean {
  const { catalogue } = session.database;
  return (
    session.actor.grantees.has(role) ||
    decide(catalogue, session.actor, { permission }) === "allowed"
  );
}

async function changeLogin(
  session: Session,
  node: Node<"createLogin" | "alterLogin" | "dropLogin">,
): Promise<void> {
  const { logins } = session.ports.identity;
  const workspace = session.login.workspace;
  const { name } = node;
  if (session.database.pool.name.toLowerCase() !== "master") fail(5001, node.at);
  const ownPassword =
    node.kind === "alterLogin" && name.toLowerCase() === session.principal.name.toLowerCase();
  if (!session.principal.isAdministrator && !ownPassword) fail(15247, node.at);
  if (node.kind === "createLogin") {
    if (node.password === undefined)
      return refuseOption(node.at, "CREATE LOGIN FROM EXTERNAL PROVIDER");
    requirePassword({ name, password: node.password }, node.at);
    if (!(await logins.create({ workspace, name, password: node.password })))
      fail(15025, node.at, name);
  } else if (node.kind === "alterLogin") {
    requirePassword({ name, password: node.password }, node.at);
    if (!(await logins.setPassword({ workspace, name, password: node.password })))
      fail(15151, node.at, "alter", "login", name);
  } else if (!(await logins.drop({ workspace, name }))) fail(15151, node.at, "drop", "login", name);
  session.logins = await logins.list(workspace);
}

async function createUser(
  session: Session,
  node: Node<"createUser">,
  signal: AbortSignal,
): Promise<void> {
  const { catalogue } = session.database;
  if (!isSecurityAdministrator(session, "ALTER ANY USER", "db_accessadmin")) fail(15247, node.at);
  const identity = await identityOf(session, node);
  await changeCatalogue(session, node.at, signal, () => {
    const key = node.name.toLowerCase();
    if (catalogue.principals.has(key)) fail(15023, node.at, node.name);
    const schema = node.defaultSchema === undefined ? {} : { defaultSchema: node.defaultSchema };
    const principal: CataloguePrincipal = {
      id: takeId(session),
      name: node.name,
      fixed: false,
      owner: "dbo",
      created: timestamp(session),
      ...identity,
      ...schema,
    };
    const connect = permissionOf(session, {
      permission: "CONNECT",
      class: "database",
      major: 0,
      columns: [],
      grantee: key,
      state: "grant",
    });
    return {
      statements: [
        putDocument("principal", key, principal),
        putDocument("permission", String(connect.id), connect),
      ],
      apply() {
        catalogue.principals.set(key, principal);
        catalogue.permissions.push(connect);
      },
    };
  });
}

/** Who the user is: an Entra identity that exists, a login that exists, or nobody. */
async function identityOf(
  session: Session,
  node: Node<"createUser">,
): Promise<Pick<CataloguePrincipal, "kind" | "login" | "externalId">> {
  const { identity } = session.ports;
  const workspace = session.login.workspace;
  switch (node.source.kind) {
    case "external": {
      const found = await identity.findExternal({ workspace, name: node.name });
      if (found === undefined) return fail(33134, node.at, node.name);
      const kind = found.kind === "group" ? "externalGroup" : "externalUser";
      return { kind, externalId: found.objectId };
    }
    case "login": {
      const wanted = node.source.login;
      const login = (await identity.logins.list(workspace)).find(
        (name) => name.toLowerCase() === wanted.toLowerCase(),
      );
      if (login === undefined) return fail(15007, node.at, wanted);
      return { kind: "sqlUser", login };
    }
    case "password": {
      if (!session.principal.isAdministrator) fail(15247, node.at);
      requirePassword({ name: node.name, password: node.source.password }, node.at);
      const created = await identity.logins.create({
        workspace,
        name: node.name,
        password: node.source.password,
      });
      if (!created) fail(15025, node.at, node.name);
      return { kind: "sqlUser", login: node.name };
    }
    case "withoutLogin":
      return { kind: "sqlUser" };
  }
}

async function alterUser(
  session: Session,
  node: Node<"alterUser">,
  signal: AbortSignal,
): Promise<void> {
  const { catalogue } = session.database;
  const key = node.name.toLowerCase();
  await changeCatalogue(session, node.at, signal, () => {
    const current = catalogue.principals.get(key);
    const allowed = isSecurityAdministrator(session, "ALTER ANY USER", "db_accessadmin");
    if (current === undefined || current.kind === "role" || current.fixed || !allowed)
      return fail(15151, node.at, "alter", "user", node.name);
    const principal = { ...current };
    for (const option of node.options) {
      const text = "text" in option.value ? option.value.text : "";
      if (option.name === "DEFAULT_SCHEMA") principal.defaultSchema = text;
      else if (option.name === "LOGIN") principal.login = text;
      else refuseOption(option.at, `ALTER USER ${option.name}`);
    }
    return {
      statements: [putDocument("principal", key, principal)],
      apply: () => void catalogue.principals.set(key, principal),
    };
  });
}

async function createRole(
  session: Session,
  node: Node<"createRole">,
  signal: AbortSignal,
): Promise<void> {
  const { catalogue, pool } = session.database;
  if (!isSecurityAdministrator(session, "CREATE ROLE", "db_securityadmin"))
    fail(262, node.at, "CREATE ROLE", pool.name);
  await changeCatalogue(session, node.at, signal, () => {
    const key = node.name.toLowerCase();
    if (catalogue.principals.has(key)) fail(15023, node.at, node.name);
    const role: CataloguePrincipal = {
      id: takeId(session),
      name: node.name,
      kind: "role",
      fixed: false,
      owner: node.owner ?? "dbo",
      created: timestamp(session),
    };
    return {
      statements: [putDocument("principal", key, role)],
      apply: () => void catalogue.principals.set(key, role),
    };
  });
}

async function dropPrincipal(
  session: Session,
  node: Node<"dropUser" | "dropRole">,
  signal: AbortSignal,
): Promise<void> {
  const { catalogue } = session.database;
  const word = node.kind === "dropUser" ? "user" : "role";
  await changeCatalogue(session, node.at, signal, () => {
    const key = node.name.toLowerCase();
    const current = catalogue.principals.get(key);
    const fits =
      current !== undefined && (current.kind === "role") === (word === "role") && !current.fixed;
    const allowed = isSecurityAdministrator(
      session,
      word === "user" ? "ALTER ANY USER" : "ALTER ANY ROLE",
      word === "user" ? "db_accessadmin" : "db_securityadmin",
    );
    if (!fits || !allowed) {
      if (current === undefined && node.ifExists) return { statements: [], apply: () => {} };
      return fail(15151, node.at, "drop", word, node.name);
    }
    if (word === "role" && (catalogue.members.get(key)?.size ?? 0) > 0) fail(15144, node.at);
    if ([...catalogue.schemas.values()].some((schema) => schema.owner.toLowerCase() === key))
      fail(15138, node.at);
    if (catalogue.permissions.some((entry) => entry.grantor === key)) fail(15284, node.at);
    return removal(session, key);
  });
}

function removal(session: Session, key: string) {
  const { catalogue } = session.database;
  const gone = catalogue.permissions.filter((entry) => entry.grantee === key);
  const roles = [...catalogue.members].filter(([, members]) => members.has(key));
  const statements: EngineStatement[] = [
    dropDocument("principal", key),
    dropDocument("members", key),
    ...gone.map((entry) => dropDocument("permission", String(entry.id))),
    ...roles.map(([role, members]) =>
      putDocument(
        "members",
        role,
        [...members].filter((member) => member !== key),
      ),
    ),
  ];
  const apply = (): void => {
    catalogue.principals.delete(key);
    catalogue.members.delete(key);
    for (const [, members] of roles) members.delete(key);
    catalogue.permissions = catalogue.permissions.filter((entry) => entry.grantee !== key);
  };
  return { statements, apply };
}

async function alterRole(
  session: Session,
  node: Node<"alterRole">,
  signal: AbortSignal,
): Promise<void> {
  await changeMember(
    session,
    { at: node.at, role: node.name, member: node.member, add: node.action === "add" },
    signal,
  );
}

/** Also behind sp_addrolemember and sp_droprolemember. */
export async function changeMember(
  session: Session,
  change: { at: Position; role: string; member: string; add: boolean },
  signal: AbortSignal,
): Promise<void> {
  const { catalogue } = session.database;
  const [role, member] = [change.role.toLowerCase(), change.member.toLowerCase()];
  await changeCatalogue(session, change.at, signal, () => {
    const found = catalogue.principals.get(role);
    const ownerOnly = role.startsWith("db_");
    const allowed = ownerOnly
      ? session.actor.user === "dbo" || session.actor.grantees.has("db_owner")
      : isSecurityAdministrator(session, "ALTER ANY ROLE", "db_securityadmin");
    if (found?.kind !== "role" || role === "public" || !allowed)
      return fail(15151, change.at, "alter", "role", change.role);
    if (!catalogue.principals.has(member))
      return fail(15151, change.at, change.add ? "add" : "drop", "principal", change.member);
    const members = new Set(catalogue.members.get(role));
    if (change.add) members.add(member);
    else members.delete(member);
    return {
      statements: [putDocument("members", role, [...members])],
      apply: () => void catalogue.members.set(role, members),
    };
  });
  refreshActors(session);
}
