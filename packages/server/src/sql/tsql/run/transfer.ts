// ALTER SCHEMA … TRANSFER: an object goes to another schema and leaves its permissions behind.
// Source: "ALTER SCHEMA (Transact-SQL)".
import type { EngineStatement } from "../../engine/port.ts";
import {
  type CatalogueObject,
  isTemporary,
  objectKey,
  type TableObject,
} from "../catalogue/model.ts";
import { decide } from "../catalogue/permission.ts";
import { dropDocument, dropObjectDocument } from "../catalogue/store.ts";
import { tableSql } from "../emit/source.ts";
import { fail } from "../error.ts";
import type { DefinitionStatement } from "../statement.ts";
import { changeCatalogue, remember, storing, timestamp } from "./define.ts";
import { creation, dropping } from "./define-table.ts";
import { findObject } from "./environment.ts";
import type { Events, Session } from "./state.ts";

type Transfer = Extract<DefinitionStatement, { kind: "transferObject" }>;

/** Takes CONTROL of the object and ALTER on the schema; its id and dates stay. */
export async function* transferObject(
  session: Session,
  node: Transfer,
  signal: AbortSignal,
): Events {
  await changeCatalogue(session, node.at, signal, async () => {
    const { catalogue } = session.database;
    const object = findObject(session, node.name);
    const shown = node.name.parts.join(".");
    if (object === undefined || isTemporary(object) || !may(session, "CONTROL", { object }))
      return fail(15151, node.name.at, "find", "object", shown);
    const schema = catalogue.schemas.get(node.schema.toLowerCase());
    const isFixed = schema?.name === "sys" || schema?.name === "INFORMATION_SCHEMA";
    if (schema === undefined || isFixed || !may(session, "ALTER", { schema: schema.name }))
      return fail(15151, node.at, "alter", "schema", node.schema);
    if (schema.name === object.schema) return { statements: [], apply: () => {} };
    if (catalogue.objects.has(objectKey(schema.name, object.name)))
      return fail(15530, node.at, object.name);
    const moved = { ...object, schema: schema.name, modified: timestamp(session) };
    const gone = catalogue.permissions.filter(
      (entry) => entry.class === "object" && entry.major === object.id,
    );
    return {
      statements: [
        ...(await moving(session, object, moved, signal)),
        dropObjectDocument(object),
        ...gone.map((entry) => dropDocument("permission", String(entry.id))),
        ...storing(moved),
      ],
      apply() {
        catalogue.objects.delete(objectKey(object.schema, object.name));
        catalogue.permissions = catalogue.permissions.filter((entry) => !gone.includes(entry));
        remember(session, moved);
      },
    };
  });
  yield { kind: "done", command: "other" };
  return "normal";
}

function may(
  session: Session,
  permission: string,
  on: { object: CatalogueObject } | { schema: string },
): boolean {
  return decide(session.database.catalogue, session.actor, { permission, ...on }) === "allowed";
}

/** The engine moves no table between schemas: its rows are copied, its identity goes on where it was. */
async function moving(
  session: Session,
  from: CatalogueObject,
  to: CatalogueObject,
  signal: AbortSignal,
): Promise<EngineStatement[]> {
  if (from.kind !== "table" || to.kind !== "table") return [];
  const columns = to.columns.map((column) =>
    column.identity === undefined ? column : { ...column, identity: { ...column.identity } },
  );
  const identity = columns.find((column) => column.identity)?.identity;
  const next = identity === undefined ? undefined : await nextIdentity(session, from, signal);
  if (identity !== undefined && next !== undefined) identity.seed = next;
  return [
    ...creation({ ...to, columns }),
    { sql: `INSERT INTO ${tableSql(to)} SELECT * FROM ${tableSql(from)}` },
    ...dropping(from),
  ];
}

/** What the sequence of an identity will give next; undefined when it has given nothing yet. */
async function nextIdentity(
  session: Session,
  table: TableObject,
  signal: AbortSignal,
): Promise<string | undefined> {
  const sql =
    "SELECT CAST(last_value + increment_by AS VARCHAR) FROM duckdb_sequences() WHERE schema_name = $1 AND sequence_name = $2 AND last_value IS NOT NULL";
  const parameters = [table.schema, `identity ${table.id}`];
  for await (const block of session.connection.stream({ sql, parameters }, signal))
    if (block.rowCount > 0) return String(block.vectors[0]![0]);
  return undefined;
}
