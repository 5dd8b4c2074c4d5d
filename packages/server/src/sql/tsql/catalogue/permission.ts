// Who may do what in a database, decided from its catalogue alone. DENY beats GRANT, wherever each
// stands; CONTROL implies the rest. Source: "Permissions (Database Engine)", fixed database roles.
import type { Catalogue, CatalogueObject } from "./model.ts";

export interface Actor {
  /** Database user, `dbo` for administrators. */
  user: string;
  /** Names in lower case that permissions reach the user by: itself, its roles, its groups, public. */
  grantees: ReadonlySet<string>;
}

/** The user's roles, and theirs, with `public`. */
export function granteesOf(catalogue: Catalogue, names: readonly string[]): Set<string> {
  const grantees = new Set(["public", ...names.map((name) => name.toLowerCase())]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const [role, members] of catalogue.members) {
      if (grantees.has(role) || ![...members].some((member) => grantees.has(member))) continue;
      grantees.add(role);
      grown = true;
    }
  }
  return grantees;
}

export interface Request {
  permission: string;
  /** The object, the schema's name, or neither for the database. */
  object?: CatalogueObject;
  schema?: string;
  /** Columns that the statement uses; a permission on columns must cover all of them. */
  columns?: readonly string[];
}

const readers = new Set(["SELECT"]);
const writers = new Set(["INSERT", "UPDATE", "DELETE"]);
const definers = new Set([
  "ALTER",
  "CREATE TABLE",
  "CREATE VIEW",
  "CREATE PROCEDURE",
  "CREATE FUNCTION",
  "CREATE SCHEMA",
  "ALTER ANY SCHEMA",
  "VIEW DEFINITION",
]);

export type Decision = "allowed" | "denied" | "deniedColumn";

export function decide(catalogue: Catalogue, actor: Actor, request: Request): Decision {
  const { grantees } = actor;
  if (actor.user === "dbo" || grantees.has("db_owner")) return "allowed";
  const { permission } = request;
  if (grantees.has("db_denydatareader") && readers.has(permission)) return "denied";
  if (grantees.has("db_denydatawriter") && writers.has(permission)) return "denied";
  const relevant = catalogue.permissions.filter(
    (entry) =>
      grantees.has(entry.grantee) &&
      covers(catalogue, entry, request) &&
      implies(entry.permission, permission),
  );
  const denied = relevant.filter((entry) => entry.state === "deny");
  if (denied.some((entry) => entry.columns.length === 0)) return "denied";
  const columns = (request.columns ?? []).map((column) => column.toLowerCase());
  if (
    denied.some((entry) => entry.columns.some((column) => columns.includes(column.toLowerCase())))
  )
    return "deniedColumn";
  if (grantees.has("db_datareader") && readers.has(permission)) return "allowed";
  if (grantees.has("db_datawriter") && writers.has(permission)) return "allowed";
  if (grantees.has("db_ddladmin") && definers.has(permission)) return "allowed";
  const granted = relevant.filter((entry) => entry.state !== "deny");
  if (granted.some((entry) => entry.columns.length === 0)) return "allowed";
  const listed = new Set(
    granted.flatMap((entry) => entry.columns.map((column) => column.toLowerCase())),
  );
  if (listed.size > 0) {
    return columns.every((column) => listed.has(column)) ? "allowed" : "deniedColumn";
  }
  return "denied";
}

/** Whether the actor holds the permission WITH GRANT OPTION, and nothing denies it. */
export function mayGrant(catalogue: Catalogue, actor: Actor, request: Request): boolean {
  if (decide(catalogue, actor, request) !== "allowed") return false;
  const columns = (request.columns ?? []).map((column) => column.toLowerCase());
  return catalogue.permissions.some(
    (entry) =>
      entry.state === "grantWithOption" &&
      actor.grantees.has(entry.grantee) &&
      covers(catalogue, entry, request) &&
      implies(entry.permission, request.permission) &&
      (entry.columns.length === 0 || isWithin(columns, entry.columns)),
  );
}

function isWithin(columns: readonly string[], listed: readonly string[]): boolean {
  const known = new Set(listed.map((column) => column.toLowerCase()));
  return columns.length > 0 && columns.every((column) => known.has(column));
}

function implies(held: string, wanted: string): boolean {
  if (held === wanted || held === "CONTROL") return true;
  if (held === "ALTER" && wanted === "VIEW DEFINITION") return true;
  return held === "ALTER ANY SCHEMA" && wanted === "ALTER";
}

function covers(
  catalogue: Catalogue,
  entry: Catalogue["permissions"][number],
  request: Request,
): boolean {
  if (entry.class === "database") return true;
  if (entry.class === "schema") {
    const name = request.schema ?? request.object?.schema;
    return name !== undefined && catalogue.schemas.get(name.toLowerCase())?.id === entry.major;
  }
  return request.object?.id === entry.major;
}

const ofSchemasAndObjects = [
  "SELECT",
  "INSERT",
  "UPDATE",
  "DELETE",
  "EXECUTE",
  "ALTER",
  "CONTROL",
  "REFERENCES",
  "TAKE OWNERSHIP",
  "VIEW DEFINITION",
  "UNMASK",
];

/** Permissions that GRANT takes on each class; others are refused as not applicable. */
export const knownPermissions: Readonly<
  Record<"database" | "schema" | "object", ReadonlySet<string>>
> = {
  object: new Set(ofSchemasAndObjects),
  schema: new Set(ofSchemasAndObjects),
  database: new Set([
    ...ofSchemasAndObjects,
    "CONNECT",
    "VIEW DATABASE STATE",
    "SHOWPLAN",
    "CREATE TABLE",
    "CREATE VIEW",
    "CREATE PROCEDURE",
    "CREATE FUNCTION",
    "CREATE SCHEMA",
    "CREATE ROLE",
    "ALTER ANY EXTERNAL DATA SOURCE",
    "ALTER ANY EXTERNAL FILE FORMAT",
    "ALTER ANY SCHEMA",
    "ALTER ANY USER",
    "ALTER ANY ROLE",
    "ADMINISTER DATABASE BULK OPERATIONS",
  ]),
};
