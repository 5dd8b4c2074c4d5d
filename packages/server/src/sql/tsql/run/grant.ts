// GRANT, DENY and REVOKE.
import type { Position } from "../ast.ts";
import type { CataloguePermission } from "../catalogue/model.ts";
import { decide, knownPermissions } from "../catalogue/permission.ts";
import { dropDocument, putDocument } from "../catalogue/store.ts";
import { fail, refuseOption } from "../error.ts";
import type { Securable, SecurityStatement } from "../statement.ts";
import { changeCatalogue, takeId } from "./define.ts";
import { findObject } from "./environment.ts";
import type { Session } from "./state.ts";

export function permissionOf(
  session: Session,
  entry: Omit<CataloguePermission, "id" | "grantor">,
): CataloguePermission {
  return { ...entry, id: takeId(session), grantor: session.actor.user.toLowerCase() };
}

interface Place {
  class: CataloguePermission["class"];
  major: number;
}

/** Granting takes CONTROL of the securable; to anyone else it does not exist. */
function securablePlace(session: Session, on: Securable | undefined, at: Position): Place {
  const { catalogue, pool } = session.database;
  const isAdministrator = session.actor.grantees.has("db_securityadmin");
  if (on === undefined || on.class === "database") {
    const named = on?.name?.parts.at(-1);
    const fits = named === undefined || named.toLowerCase() === pool.name.toLowerCase();
    if (
      !fits ||
      !(
        isAdministrator || decide(catalogue, session.actor, { permission: "CONTROL" }) === "allowed"
      )
    )
      fail(15151, at, "find", "database", named ?? pool.name);
    return { class: "database", major: 0 };
  }
  const shown = on.name?.parts.join(".") ?? "";
  if (on.class === "schema") {
    const schema = catalogue.schemas.get(shown.toLowerCase());
    const allowed =
      isAdministrator ||
      decide(catalogue, session.actor, { permission: "CONTROL", schema: shown }) === "allowed";
    if (schema === undefined || !allowed) return fail(15151, at, "find", "schema", shown);
    return { class: "schema", major: schema.id };
  }
  if (on.class !== "object") return refuseOption(on.at, `GRANT ON ${on.class.toUpperCase()}::`);
  const object = findObject(session, on.name!);
  const allowed =
    object !== undefined &&
    (isAdministrator ||
      decide(catalogue, session.actor, { permission: "CONTROL", object }) === "allowed");
  if (!allowed) return fail(15151, at, "find", "object", on.name!.parts.at(-1)!);
  return { class: "object", major: object.id };
}

const allObject = ["SELECT", "INSERT", "UPDATE", "DELETE", "EXECUTE", "REFERENCES"];

export async function changePermissions(
  session: Session,
  node: Extract<SecurityStatement, { kind: "permission" }>,
  signal: AbortSignal,
): Promise<void> {
  const { catalogue } = session.database;
  await changeCatalogue(session, node.at, signal, () => {
    const place = securablePlace(session, node.on, node.at);
    const grantees = node.principals.map((name) => {
      const key = name.toLowerCase();
      if (!catalogue.principals.has(key) || key === "dbo")
        fail(15151, node.at, "find", "user", name);
      return key;
    });
    const wanted = node.permissions.flatMap(({ name, columns, at }) => {
      const plain = name === "EXEC" ? "EXECUTE" : name;
      if (plain === "ALL" || plain === "ALL PRIVILEGES")
        return allObject.map((permission) => ({ permission, columns }));
      if (!knownPermissions[place.class].has(plain)) refuseOption(at, `permission ${plain}`);
      return [{ permission: plain, columns }];
    });
    const changes = grantees.flatMap((grantee) =>
      wanted.map((entry) => ({ ...entry, ...place, grantee })),
    );
    const isReplaced = (entry: CataloguePermission): boolean =>
      changes.some(
        (change) =>
          change.grantee === entry.grantee &&
          change.permission === entry.permission &&
          change.class === entry.class &&
          change.major === entry.major &&
          sameColumns(change.columns, entry.columns),
      );
    const gone = catalogue.permissions.filter(isReplaced);
    const added =
      node.action === "revoke"
        ? []
        : changes.map((change) =>
            permissionOf(session, {
              ...change,
              state:
                node.action === "deny" ? "deny" : node.grantOption ? "grantWithOption" : "grant",
            }),
          );
    return {
      statements: [
        ...gone.map((entry) => dropDocument("permission", String(entry.id))),
        ...added.map((entry) => putDocument("permission", String(entry.id), entry)),
      ],
      apply() {
        catalogue.permissions = [
          ...catalogue.permissions.filter((entry) => !gone.includes(entry)),
          ...added,
        ];
      },
    };
  });
}

function sameColumns(left: readonly string[], right: readonly string[]): boolean {
  const sorted = (list: readonly string[]): string =>
    [...list]
      .map((name) => name.toLowerCase())
      .sort()
      .join("\0");
  return sorted(left) === sorted(right);
}
