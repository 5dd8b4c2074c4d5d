// GRANT, DENY and REVOKE.
import type { Position } from "../ast.ts";
import type { CataloguePermission } from "../catalogue/model.ts";
import { decide, knownPermissions, mayGrant, type Request } from "../catalogue/permission.ts";
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

type Permission = Extract<SecurityStatement, { kind: "permission" }>;

interface Place {
  class: CataloguePermission["class"];
  major: number;
  /** How decisions name the securable. */
  request: Pick<Request, "object" | "schema">;
  /** What those who may not grant on it see. */
  hide: () => never;
}

function placeOf(session: Session, on: Securable | undefined, at: Position): Place {
  const { catalogue, pool } = session.database;
  const hidden = (kind: string, name: string) => (): never => fail(15151, at, "find", kind, name);
  if (on === undefined || on.class === "database") {
    const named = on?.name?.parts.at(-1);
    const hide = hidden("database", named ?? pool.name);
    if (named !== undefined && named.toLowerCase() !== pool.name.toLowerCase()) return hide();
    return { class: "database", major: 0, request: {}, hide };
  }
  if (on.class === "schema") {
    const name = on.name?.parts.join(".") ?? "";
    const hide = hidden("schema", name);
    const major = catalogue.schemas.get(name.toLowerCase())?.id ?? hide();
    return { class: "schema", major, request: { schema: name }, hide };
  }
  if (on.class !== "object") return refuseOption(on.at, `GRANT ON ${on.class.toUpperCase()}::`);
  const hide = hidden("object", on.name!.parts.at(-1)!);
  const object = findObject(session, on.name!) ?? hide();
  return { class: "object", major: object.id, request: { object }, hide };
}

interface Wanted {
  permission: string;
  columns: readonly string[];
}

const allObject = ["SELECT", "INSERT", "UPDATE", "DELETE", "EXECUTE", "REFERENCES"];

function wantedOf(node: Permission, place: Place): Wanted[] {
  return node.permissions.flatMap(({ name, columns, at }) => {
    const plain = name === "EXEC" ? "EXECUTE" : name;
    if (plain === "ALL" || plain === "ALL PRIVILEGES")
      return allObject.map((permission) => ({ permission, columns }));
    if (!knownPermissions[place.class].has(plain)) refuseOption(at, `permission ${plain}`);
    return [{ permission: plain, columns }];
  });
}

/** CONTROL of the securable allows all; else each permission is held WITH GRANT OPTION. */
function requireGrantor(session: Session, place: Place, wanted: readonly Wanted[]): boolean {
  const { catalogue } = session.database;
  const { actor } = session;
  const { request } = place;
  const controls =
    actor.grantees.has("db_securityadmin") ||
    decide(catalogue, actor, { permission: "CONTROL", ...request }) === "allowed";
  if (!controls && !wanted.every((each) => mayGrant(catalogue, actor, { ...request, ...each })))
    place.hide();
  return controls;
}

export async function changePermissions(
  session: Session,
  node: Permission,
  signal: AbortSignal,
): Promise<void> {
  const { catalogue } = session.database;
  await changeCatalogue(session, node.at, signal, () => {
    const place = placeOf(session, node.on, node.at);
    const wanted = wantedOf(node, place);
    const controls = requireGrantor(session, place, wanted);
    const grantees = node.principals.map((name) => {
      const key = name.toLowerCase();
      if (!catalogue.principals.has(key) || key === "dbo")
        fail(15151, node.at, "find", "user", name);
      return key;
    });
    const changes = grantees.flatMap((grantee) => wanted.map((each) => ({ ...each, grantee })));
    const grantor = session.actor.user.toLowerCase();
    // Others take back what they gave themselves.
    const gone = catalogue.permissions.filter(
      (entry) =>
        (controls || entry.grantor === grantor) &&
        changes.some((change) => isAbout(entry, place, change)),
    );
    const dependent = dependents(catalogue.permissions, node, gone);
    const removed = [...gone, ...dependent];
    const added = additions(node, { changes, gone, dependent }).map((entry) =>
      permissionOf(session, { ...entry, class: place.class, major: place.major }),
    );
    return {
      statements: [
        ...removed.map((entry) => dropDocument("permission", String(entry.id))),
        ...added.map((entry) => putDocument("permission", String(entry.id), entry)),
      ],
      apply() {
        const rest = catalogue.permissions.filter((entry) => !removed.includes(entry));
        catalogue.permissions = [...rest, ...added];
      },
    };
  });
}

interface Change extends Wanted {
  grantee: string;
}

function isAbout(entry: CataloguePermission, place: Place, change: Change): boolean {
  return (
    change.grantee === entry.grantee &&
    change.permission === entry.permission &&
    place.class === entry.class &&
    place.major === entry.major &&
    sameColumns(change.columns, entry.columns)
  );
}

/** What was given on by those who lose the right to give: only CASCADE takes it, and theirs. */
function dependents(
  all: readonly CataloguePermission[],
  node: Permission,
  gone: readonly CataloguePermission[],
): CataloguePermission[] {
  if (node.action === "grant") return [];
  if (!node.cascade && gone.some(({ state }) => state === "grantWithOption")) fail(4611, node.at);
  const found = [...gone];
  for (const lost of found) {
    if (lost.state !== "grantWithOption") continue;
    const given = all.filter(
      (entry) =>
        entry.grantor === lost.grantee &&
        entry.permission === lost.permission &&
        entry.class === lost.class &&
        entry.major === lost.major &&
        !found.includes(entry),
    );
    found.push(...given);
  }
  return found.slice(gone.length);
}

type Addition = Pick<CataloguePermission, "permission" | "columns" | "grantee" | "state">;

function additions(
  node: Permission,
  found: { changes: Change[]; gone: CataloguePermission[]; dependent: CataloguePermission[] },
): Addition[] {
  const { changes, gone, dependent } = found;
  const plain = ({ permission, columns, grantee }: Change) => ({ permission, columns, grantee });
  switch (node.action) {
    case "deny":
      return [...changes, ...dependent].map((each) => ({ ...plain(each), state: "deny" }));
    case "revoke":
      // REVOKE GRANT OPTION FOR leaves the permission itself.
      return (node.grantOption ? gone : [])
        .filter(({ state }) => state !== "deny")
        .map((each) => ({ ...plain(each), state: "grant" }));
    case "grant":
      return changes.map((change) => {
        const held = gone.some(
          (entry) =>
            entry.state === "grantWithOption" &&
            entry.grantee === change.grantee &&
            entry.permission === change.permission,
        );
        const state = node.grantOption || held ? "grantWithOption" : "grant";
        return { ...plain(change), state };
      });
  }
}

function sameColumns(left: readonly string[], right: readonly string[]): boolean {
  const sorted = (list: readonly string[]): string =>
    [...list]
      .map((name) => name.toLowerCase())
      .sort()
      .join("\0");
  return sorted(left) === sorted(right);
}
