// COPY INTO from the lake. Files are staged by the LakePort; the engine reads them as text (CSV) or
// as they are (Parquet), and values meet their columns' types as in an INSERT.
// Source: "COPY INTO (Transact-SQL)", features.md G-02 and G-21.

import { SqlError } from "../../session.ts";
import { type CatalogueColumn, findColumn, type TableObject } from "../catalogue/model.ts";
import { convert } from "../emit/conversion.ts";
import {
  bytesOf,
  fieldFits,
  lineSize,
  readText,
  type TextShape,
  textFields,
} from "../emit/delimited-text.ts";
import { type Binder, emptyScope } from "../emit/scope.ts";
import { tableSql } from "../emit/source.ts";
import { missing, stored, targetTable } from "../emit/stored.ts";
import { quoteName, quoteText, withoutNaN } from "../emit/value.ts";
import { fail, sqlError } from "../error.ts";
import type { DataStatement } from "../statement.ts";
import { isBinary, isString, nvarchar } from "../type.ts";
import { type CopyOptions, copyOptions } from "./copy-option.ts";
import { shownName } from "./modify.ts";
import { bind, rowsOf, runAtomically, statementOf } from "./query.ts";
import { doneWith } from "./row-count.ts";
import type { Events, Session } from "./state.ts";

type Copy = Extract<DataStatement, { kind: "copy" }>;

export async function* copyInto(session: Session, node: Copy, signal: AbortSignal): Events {
  const options = copyOptions(node);
  const { result: table } = await bind(session, signal, (binder) => {
    const found = targetTable(binder, node.target);
    binder.env.authorize("INSERT", found, [], node.target.at);
    return found;
  });
  const targets = targetColumns(table, node, options.identityInsert);
  let copied = 0;
  for (const url of node.locations) {
    try {
      for await (const file of session.ports.lake.stage(
        url,
        options.credential,
        session.principal,
      )) {
        const load = { node, options, table, targets, path: file.path, url: file.url };
        copied += await loadFile(session, load, signal).catch((error: unknown) => {
          throw inFile(error, file.url);
        });
      }
    } catch (error) {
      if (!(error instanceof Error) || "detail" in error || signal.aborted) throw error;
      throw sqlError(4861, node.at, url, error.message);
    }
  }
  yield doneWith(session, "insert", copied);
  return "normal";
}

/** The engine names the copy that it reads, or nothing. */
function inFile(error: unknown, url: string): unknown {
  if (!(error instanceof SqlError) || error.detail.number !== 4861) return error;
  const message = error.detail.message.replace('file ""', `file "${url}"`);
  return new SqlError({ ...error.detail, message });
}

interface Load {
  node: Copy;
  options: CopyOptions;
  table: TableObject;
  targets: readonly CopyTarget[];
  path: string;
  url: string;
}

interface CopyTarget {
  column: CatalogueColumn;
  /** 1-based field of the file. */
  ordinal: number;
  index: number;
}

/** Identity values come from the file with IDENTITY_INSERT = 'ON' only, and then they must. */
function targetColumns(table: TableObject, node: Copy, identityInsert: boolean): CopyTarget[] {
  const listed =
    node.columns ??
    table.columns
      .filter((column) => !column.identity || identityInsert)
      .map((column) => ({
        at: node.at,
        name: column.name,
        default: undefined,
        ordinal: undefined,
      }));
  const seen = new Set<number>();
  const targets = listed.map((item, index) => {
    const column = findColumn(table, item.name) ?? fail(207, item.at, item.name);
    if (column.identity && !identityInsert) fail(544, item.at, table.name);
    const ordinal = item.ordinal ?? index + 1;
    if (seen.has(ordinal)) fail(104309, item.at);
    seen.add(ordinal);
    return { column, ordinal, index };
  });
  const hasIdentity = targets.some(({ column }) => column.identity);
  if (identityInsert && !hasIdentity) fail(545, node.at, table.name);
  return targets;
}

async function loadFile(session: Session, load: Load, signal: AbortSignal): Promise<number> {
  const { options } = load;
  if (options.fileType === "PARQUET") return loadParquet(session, load, signal);
  const reader = csvReader(load, await fieldCount(session, load, signal));
  const { result, env } = await bind(session, signal, (binder) =>
    csvInsert(session, binder, load, reader),
  );
  if (options.maxErrors > 0) return loadSparing(session, load, { ...result, env }, signal);
  return runAtomically(session, [statementOf(env, result.insert)], load.node.at, signal);
}

interface CsvReader {
  sql: string;
  fields: number;
}

function csvReader(load: Load, fields: number): CsvReader {
  const { options } = load;
  const shape: TextShape = {
    fieldTerminator: options.fieldTerminator,
    rowTerminator: options.rowTerminator,
    quote: options.fieldQuote,
    escape: options.fieldQuote,
    skip: Math.max(0, options.firstRow - 1),
    hasHeader: false,
    isGzip: options.compression === "GZIP",
    encoding: "utf-8",
  };
  const further = [...textFields(fields), ...lineSize(columnsOf(load))];
  return { sql: readText([load.path], shape, further, load.node.at), fields };
}

function columnsOf({ targets }: Load): CatalogueColumn[] {
  return targets.map(({ column }) => column);
}

/** The file's own width: its first line read with a wide net would guess, so count the terminators. */
async function fieldCount(session: Session, load: Load, signal: AbortSignal): Promise<number> {
  const wanted = Math.max(...load.targets.map((target) => target.ordinal));
  const { options, path } = load;
  const sniff = `SELECT length(regexp_replace(line, ${quoteText(quotedField(options.fieldQuote))}, '', 'g')) - length(replace(regexp_replace(line, ${quoteText(quotedField(options.fieldQuote))}, '', 'g'), ${quoteText(options.fieldTerminator)}, '')) FROM read_csv(${quoteText(path)}, delim = '\x01', quote = '', escape = '', header = false, columns = {'line': 'VARCHAR'}, auto_detect = false, strict_mode = false, ${lineSize(columnsOf(load)).join(", ")}${options.compression === "GZIP" ? ", compression = 'gzip'" : ""}) LIMIT 1`;
  for await (const block of rowsOf(session, { sql: sniff }, load.node.at, signal)) {
    if (block.rowCount > 0)
      return Math.max(
        wanted,
        Number(block.vectors[0]![0] ?? 0) / options.fieldTerminator.length + 1,
      );
  }
  return wanted;
}

function quotedField(quote: string): string {
  const q = quote.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return quote === "" ? "^$." : `${q}[^${q}]*${q}`;
}

interface CsvInsert {
  insert: string;
  /** SQL that is true for rows whose every field fits its column. */
  valid: string;
  from: string;
}

function csvInsert(session: Session, binder: Binder, load: Load, reader: CsvReader): CsvInsert {
  const { table, targets } = load;
  const shown = shownName(session, table);
  const names = table.columns.map((column) => quoteName(column.name)).join(", ");
  const checks: string[] = [];
  const cells = table.columns.map((column) => {
    const target = targets.find((candidate) => candidate.column === column);
    if (target === undefined) return missing(binder, table, column);
    const field = fieldText(column, `r.f${target.ordinal}`);
    checks.push(fieldFits(column, field));
    return withDefault(binder, load, target, storedField(column, field, shown));
  });
  const from = `${reader.sql} r`;
  return {
    insert: `INSERT INTO ${tableSql(table)} (${names}) SELECT ${cells.join(", ")} FROM ${from}`,
    valid: checks.join(" AND ") || "true",
    from,
  };
}

/** An empty field is NULL, but for text it stays empty unless unquoted, which CSV cannot tell. */
function fieldText(column: CatalogueColumn, field: string): string {
  return isString(column.type) ? field : `nullif(${field}, '')`;
}

function storedField(column: CatalogueColumn, field: string, shown: string): string {
  if (isBinary(column.type)) return bytesOf(field);
  return stored({ sql: field, type: nvarchar("max"), nullable: true }, column, shown, undefined);
}

function withDefault(binder: Binder, load: Load, target: CopyTarget, sql: string): string {
  const given = load.node.columns?.[target.index]?.default;
  if (given === undefined) return sql;
  const fallback = convert(
    binder.value(given, { ...emptyScope(), clause: "select" }),
    target.column.type,
    given.at,
  );
  const isEmpty = isString(target.column.type)
    ? `coalesce(r.f${target.ordinal}, '') = ''`
    : `nullif(r.f${target.ordinal}, '') IS NULL`;
  return `CASE WHEN ${isEmpty} THEN ${fallback.sql} ELSE ${sql} END`;
}

/** MAXERRORS: rows that do not fit are left out, up to that many. */
async function loadSparing(
  session: Session,
  load: Load,
  built: CsvInsert & { env: Parameters<typeof statementOf>[0] },
  signal: AbortSignal,
): Promise<number> {
  const count = `SELECT count(*) FROM ${built.from} WHERE NOT coalesce(${built.valid}, false)`;
  let rejected = 0;
  for await (const block of rowsOf(session, statementOf(built.env, count), load.node.at, signal))
    rejected = Number(block.vectors[0]![0]);
  if (rejected > load.options.maxErrors) fail(4865, load.node.at, load.options.maxErrors);
  return runAtomically(
    session,
    [statementOf(built.env, `${built.insert} WHERE ${built.valid}`)],
    load.node.at,
    signal,
  );
}

/** Parquet columns are taken by ordinal and cast by the engine to their columns' types. */
async function loadParquet(session: Session, load: Load, signal: AbortSignal): Promise<number> {
  const { table, targets, path } = load;
  const names: string[] = [];
  for await (const block of rowsOf(
    session,
    {
      sql: `SELECT name FROM parquet_schema(${quoteText(path)}) WHERE num_children IS NULL OR num_children = 0`,
    },
    load.node.at,
    signal,
  )) {
    names.push(...Array.from(block.vectors[0]!, String));
  }
  const { result: sql, env } = await bind(session, signal, (binder) => {
    const cells = table.columns.map((column) => {
      const target = targets.find((candidate) => candidate.column === column);
      if (target === undefined) return missing(binder, table, column);
      const field =
        names[target.ordinal - 1] ??
        fail(4861, load.node.at, load.url, `It has only ${names.length} columns.`);
      return withoutNaN(`r.${quoteName(field)}`, column.type);
    });
    return `INSERT INTO ${tableSql(table)} (${table.columns.map((column) => quoteName(column.name)).join(", ")}) SELECT ${cells.join(", ")} FROM read_parquet(${quoteText(path)}) r`;
  });
  return runAtomically(session, [statementOf(env, sql)], load.node.at, signal);
}
