// What all catalogue changes share: they run alone, outside transactions, and write DuckDB's DDL
// and the catalogue's documents in one transaction of the engine.
import type { EngineStatement } from "../../engine/port.ts";
import type { Name, Position } from "../ast.ts";
import {
  type CatalogueObject,
  type ExternalTableObject,
  isTemporary,
  objectKey,
  type TableObject,
} from "../catalogue/model.ts";
import { decide } from "../catalogue/permission.ts";
import { dropObjectDocument, putObject } from "../catalogue/store.ts";
import { fail } from "../error.ts";
import { runAtomically } from "./query.ts";
import { defaultSchema, frameOf, type Session } from "./state.ts";

export interface Change {
  statements: readonly EngineStatement[];
  /** Applied to the catalogue in memory once the engine has committed. */
  apply(): void;
}

/** "No support for DDL such as CREATE TABLE inside a user-defined transaction" (Synapse). */
export function requireNoTransaction(session: Session, at: Position): void {
  if (session.transactions > 0) fail(111212, at);
}

export async function changeCatalogue(
  session: Session,
  at: Position,
  signal: AbortSignal,
  prepare: () => Change | Promise<Change>,
): Promise<void> {
  requireNoTransaction(session, at);
  await session.database.exclusive(async () => {
    const { statements, apply } = await prepare();
    if (statements.length > 0)
      await runAtomically(session, [...statements, { sql: "SELECT 1" }], at, signal);
    apply();
  });
}

export interface Placed {
  schema: string;
  name: string;
  temporary: boolean;
}

/** Where a new object goes: `#t` in the session, anything else in a schema that must exist. */
export function placeOf(session: Session, name: Name): Placed {
  const own = name.parts.at(-1)!;
  if (own.startsWith("##"))
    fail(40517, name.at, "global temporary table", name.at.line, name.at.column);
  if (own.startsWith("#")) return { schema: "dbo", name: own, temporary: true };
  const database = name.parts.at(-3);
  if (database && database.toLowerCase() !== session.database.pool.name.toLowerCase())
    fail(40515, name.at, name.parts.join("."));
  const wanted = name.parts.at(-2) || defaultSchema(session);
  const schema = session.database.catalogue.schemas.get(wanted.toLowerCase());
  if (schema === undefined || schema.name === "sys" || schema.name === "INFORMATION_SCHEMA")
    fail(2760, name.at, wanted);
  return { schema: schema!.name, name: own, temporary: false };
}

export function requireFree(session: Session, place: Placed, at: Position): void {
  const taken = place.temporary
    ? session.temporary.has(place.name.toLowerCase())
    : session.database.catalogue.objects.has(objectKey(place.schema, place.name));
  if (taken) fail(2714, at, place.name);
}

/** CREATE needs the statement's own permission and ALTER on the schema. */
export function requireCreate(
  session: Session,
  place: Placed,
  permission: string,
  at: Position,
): void {
  if (place.temporary || frameOf(session).chained) return;
  const { catalogue, pool } = session.database;
  if (decide(catalogue, session.actor, { permission }) !== "allowed")
    fail(262, at, permission, pool.name);
  if (decide(catalogue, session.actor, { permission: "ALTER", schema: place.schema }) !== "allowed")
    fail(2760, at, place.schema);
}

/** ALTER, DROP, TRUNCATE and RENAME need ALTER on the object; without it, it is not to be found. */
export function mayAlter(session: Session, object: CatalogueObject): boolean {
  if (isTemporary(object)) return true;
  return (
    decide(session.database.catalogue, session.actor, { permission: "ALTER", object }) === "allowed"
  );
}

export function takeId(session: Session): number {
  const { catalogue } = session.database;
  const id = catalogue.nextId;
  catalogue.nextId += 16;
  return id;
}

/** Puts an object where its kind lives: temp tables with the session, others in the file too. */
export function storing(object: CatalogueObject): EngineStatement[] {
  return isTemporary(object) ? [] : [putObject(object)];
}

export function remember(session: Session, object: CatalogueObject): void {
  if (object.kind === "table" && object.temporary) {
    const key = object.name.toLowerCase();
    session.temporary.set(key, object);
    return;
  }
  session.database.catalogue.objects.set(objectKey(object.schema, object.name), object);
}

export function forgetting(object: CatalogueObject): EngineStatement[] {
  return isTemporary(object) ? [] : [dropObjectDocument(object)];
}

export function forget(session: Session, object: CatalogueObject): void {
  if (object.kind === "table" && object.temporary) {
    session.temporary.delete(object.name.toLowerCase());
    return;
  }
  const { catalogue } = session.database;
  catalogue.objects.delete(objectKey(object.schema, object.name));
  catalogue.permissions = catalogue.permissions.filter(
    (entry) => entry.class !== "object" || entry.major !== object.id,
  );
}

export function cloned<T extends TableObject | ExternalTableObject>(table: T): T {
  return structuredClone(table);
}

export function timestamp(session: Session): string {
  return String(session.ports.clock.now());
}
