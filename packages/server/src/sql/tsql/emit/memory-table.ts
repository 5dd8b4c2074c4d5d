// Rows that exist only here, as SQL: those of system views, and those that bulk loads and INSERT … EXEC bring.
import type { SqlValue } from "../../session.ts";
import { storage } from "../type.ts";
import type { SystemCell, SystemTable } from "./environment.ts";
import { literalSql, quoteText, unscaledText } from "./value.ts";

const rowEnd = "\u001e";
const fieldEnd = "\u001f";
const nothing = "\u001d";
// biome-ignore lint/suspicious/noControlCharactersInRegex: those that divide the text, and what no text of SQL may hold
const reserved = /[\u0000\u001d-\u001f]/;

type Column = SystemTable["columns"][number];

/**
 * A derived table with columns c1 … cn. Written out as VALUES, the columns of 500 tables are 200,000 expressions and
 * take the engine seconds; here they are one text that it splits, and a column that has one value is that value.
 */
export function textTableSql(table: SystemTable): string {
  const { columns, rows } = table;
  const plans = columns.map((column, index) => planOf(column, valuesOf(table, index)));
  if (rows.length === 0 || plans.includes(undefined)) return memorySql(table);
  const fields: string[][] = rows.map((_, row) => [String(row)]);
  const asked: string[][] = rows.map(() => []);
  const selected = columns.map(({ type }, index) => {
    const plan = plans[index]!;
    const as = ` AS c${index + 1}`;
    if ("sql" in plan) return `CAST(${plan.sql} AS ${storage(type)})${as}`;
    if ("queries" in plan) {
      return `CAST(asked.a${place(asked, plan.queries)} AS ${storage(type)})${as}`;
    }
    for (const [row, text] of plan.texts.entries()) fields[row]!.push(text);
    const field = `nullif(f[${fields[0]!.length}], '${nothing}')`;
    return `${plan.read(field, storage(type))}${as}`;
  });
  const text = fields.map((row) => row.join(fieldEnd)).join(rowEnd);
  const split = `(SELECT string_split(unnest(string_split(${quoteText(text)}, '${rowEnd}')), '${fieldEnd}') AS f) AS told`;
  return `(SELECT ${selected.join(", ")} FROM ${split}${askedSql(asked)})`;
}

/** Where among the asked columns these queries are; several columns may ask the same. */
function place(asked: readonly string[][], queries: readonly string[]): number {
  const known = asked[0]!.indexOf(queries[0]!);
  if (known >= 0) return known + 1;
  for (const [row, query] of queries.entries()) asked[row]!.push(query);
  return asked[0]!.length;
}

/**
 * The engine's own numbers, a branch for each row. What the others of a row are made of, its first, is asked once:
 * each subquery costs the planner as much as a table.
 */
function askedSql(asked: readonly (readonly string[])[]): string {
  if (asked[0]!.length === 0) return "";
  const branches = asked.map(([first = "", ...others], row) => {
    const named = others.map((query, index) => `${query.replaceAll(first, "a1")} AS a${index + 2}`);
    return `SELECT ${[`${row} AS r`, "a1", ...named].join(", ")} FROM (SELECT ${first} AS a1)`;
  });
  return ` JOIN (${branches.join(" UNION ALL ")}) AS asked ON asked.r = CAST(f[1] AS INTEGER)`;
}

function valuesOf({ rows }: SystemTable, index: number): SystemCell[] {
  return rows.map((row) => row[index] ?? null);
}

type Plan =
  | { sql: string }
  | { queries: string[] }
  | { texts: string[]; read: (field: string, type: string) => string };

/** Undefined for what has no text. */
function planOf({ type }: Column, values: readonly SystemCell[]): Plan | undefined {
  const told = values.filter((value): value is SqlValue => !isAsked(value));
  if (told.length < values.length)
    return told.length > 0
      ? undefined
      : { queries: (values as { engineSql: string }[]).map(({ engineSql }) => engineSql) };
  const [first = null] = told;
  const isPlain = first === null || typeof first !== "object";
  if (isPlain && told.every((value) => value === first)) return { sql: literalSql(first, type) };
  const text = writer(type);
  if (text === undefined) return undefined;
  const texts = told.map((value) => (value === null ? nothing : text.write(value)));
  const isSafe = told.every((value) => typeof value !== "string" || !reserved.test(value));
  return isSafe ? { texts, read: text.read } : undefined;
}

interface Writer {
  write(value: SqlValue): string;
  /** SQL of a field's value as the type's storage. */
  read(field: string, type: string): string;
}

const cast = (field: string, type: string): string => `CAST(${field} AS ${type})`;
const plain: Writer = { write: String, read: cast };
const moment: Writer = {
  write: (value) => String((value as bigint) / 10n),
  read: (field) => `make_timestamp(CAST(${field} AS BIGINT))`,
};

function writer(type: Column["type"]): Writer | undefined {
  switch (type.name) {
    case "bit":
      return { write: (value) => (value === true || value === 1 ? "true" : "false"), read: cast };
    case "decimal":
      return { write: (value) => unscaledText(value as bigint, type.scale), read: cast };
    case "money":
    case "smallmoney":
      return { write: (value) => unscaledText(value as bigint, 4), read: cast };
    case "date":
      return { ...plain, read: (field) => `(DATE '1970-01-01' + CAST(${field} AS INTEGER))` };
    case "datetime":
    case "smalldatetime":
    case "datetime2":
      return moment;
    case "time":
      return { ...moment, read: (field, to) => cast(moment.read(field, to), to) };
    case "binary":
    case "varbinary":
      return {
        write: (value) => Buffer.from(value as Uint8Array).toString("hex"),
        read: (field) => `from_hex(${field})`,
      };
    case "datetimeoffset":
      return undefined;
    default:
      return plain;
  }
}

/** Rows that exist only here, as a VALUES list with typed columns. */
export function memorySql(table: SystemTable): string {
  const columns = table.columns.map((_, index) => `c${index + 1}`).join(", ");
  if (table.rows.length === 0) {
    const nulls = table.columns.map(
      (column, index) => `CAST(NULL AS ${storage(column.type)}) AS c${index + 1}`,
    );
    return `(SELECT ${nulls.join(", ")} WHERE false)`;
  }
  const rows = table.rows.map((row, rowIndex) => {
    const values = row.map((value, index) => {
      const { type } = table.columns[index]!;
      const sql = isAsked(value) ? value.engineSql : literalSql(value, type);
      return rowIndex === 0 || type.name === "datetimeoffset"
        ? `CAST(${sql} AS ${storage(type)})`
        : sql;
    });
    return `(${values.join(", ")})`;
  });
  return `(SELECT * FROM (VALUES ${rows.join(", ")}) v(${columns}))`;
}

function isAsked(value: SystemCell): value is { engineSql: string } {
  return typeof value === "object" && value !== null && "engineSql" in value;
}
