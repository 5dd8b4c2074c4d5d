// A changed table, and a value on its way into one of its columns: what is too long is message 2628,
// what may not be NULL is left to the engine (515).
import { poolDatabase } from "../../engine/port.ts";
import type { SqlType } from "../../session.ts";
import type { Expression, Position } from "../ast.ts";
import type { CatalogueColumn, TableObject } from "../catalogue/model.ts";
import { fail, refuseOption } from "../error.ts";
import { parseExpression } from "../parser/script.ts";
import { isBinary, isString, isUnicode, storage } from "../type.ts";
import { convert } from "./conversion.ts";
import { type Binder, emptyScope, type Scope } from "./scope.ts";
import { quoteName, raise, type Value } from "./value.ts";

export interface InsertContext {
  /** Qualified name for messages: `pool.dbo.t`. */
  shownName: string;
  identityInsert: boolean;
  database: string;
}

/** The table behind a name that a statement changes. Raises 208, and 40517 for views. */
export function targetTable(
  binder: Binder,
  name: { at: Position; parts: readonly string[] },
): TableObject {
  const object = binder.env.find(name);
  if (object === undefined) {
    const isSystem =
      binder.env.systemView(name.parts.at(-2) ?? "", name.parts.at(-1)!) !== undefined;
    if (isSystem) fail(259, name.at);
    return fail(208, name.at, name.parts.join("."));
  }
  if (object.kind === "externalTable") return fail(46519, name.at, "DML Operations");
  if (object.kind === "view") return refuseOption(name.at, "changing rows through a view");
  if (object.kind !== "table") return fail(208, name.at, name.parts.join("."));
  return object;
}

export function sequenceName(table: TableObject): string {
  return table.temporary
    ? quoteName(`identity ${table.id}`)
    : `${poolDatabase}.${quoteName(table.schema)}.${quoteName(`identity ${table.id}`)}`;
}

/** A value on its way into a column. `sql` must be cheap to repeat: a column of a derived table. */
export function stored(
  value: Value,
  column: CatalogueColumn,
  shownName: string,
  at: Position | undefined,
): string {
  const { type } = column;
  if (
    !("length" in type) ||
    type.length === "max" ||
    value.bareNull ||
    !(isString(value.type) || isBinary(value.type))
  ) {
    return convert(value, type, at).sql;
  }
  const from = value.type as SqlType & { length: number | "max" };
  if (from.length !== "max" && from.length <= type.length) return convert(value, type, at).sql;
  const known = value.literal?.value;
  if (typeof known === "string" && known.replace(/ +$/, "").length <= type.length)
    return convert(value, type, at).sql;
  if (isBinary(type)) {
    const bytes = convert(value, { ...type, length: "max" } as SqlType, at).sql;
    return `CASE WHEN octet_length(${bytes}) > ${type.length} THEN ${raise(2628, quoteLiteral(shownName), quoteLiteral(column.name), "''")} ELSE ${bytes} END`;
  }
  const text = convert(
    value,
    { ...type, name: type.name.startsWith("n") ? "nvarchar" : "varchar", length: "max" } as SqlType,
    at,
  ).sql;
  const complaint = raise(
    2628,
    quoteLiteral(shownName),
    quoteLiteral(column.name),
    `left(${text}, ${Math.min(type.length, 100)})`,
  );
  const isTooLong = longerThan(`rtrim(${text}, ' ')`, type.length, isUnicode(type));
  const cut = `CASE WHEN ${isTooLong} THEN ${complaint} ELSE left(${text}, ${type.length}) END`;
  return type.name === "char" || type.name === "nchar" ? `rpad(${cut}, ${type.length}, ' ')` : cut;
}

/** nvarchar counts UTF-16 units, two beyond the basic plane: no client could read more of them. */
function longerThan(text: string, length: number, inUnits: boolean): string {
  if (!inUnits) return `length(${text}) > ${length}`;
  const beyond = `regexp_replace(${text}, '[^\\x{10000}-\\x{10FFFF}]', '', 'g')`;
  return `strlen(${text}) > ${length} AND length(${text}) + length(${beyond}) > ${length}`;
}

function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function cell(
  binder: Binder,
  item: Expression,
  column: CatalogueColumn,
  scope: Scope,
  context: InsertContext,
): string {
  const value = item.kind === "default" ? defaultValue(binder, column) : binder.value(item, scope);
  return stored(value, column, context.shownName, item.at);
}

export function missing(binder: Binder, table: TableObject, column: CatalogueColumn): string {
  if (column.identity !== undefined)
    return `CAST(nextval('${sequenceName(table).replaceAll("'", "''")}') AS ${storage(column.type)})`;
  return convert(defaultValue(binder, column), column.type, undefined).sql;
}

export function defaultValue(binder: Binder, column: CatalogueColumn): Value {
  if (column.default === undefined)
    return { sql: "NULL", type: column.type, nullable: true, bareNull: true };
  return binder.value(parseExpression(column.default.text), { ...emptyScope(), clause: "select" });
}
