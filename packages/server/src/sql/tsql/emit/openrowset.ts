// OPENROWSET(BULK …) of serverless SQL pools: files of the lake as rows. What a file holds is asked before
// binding (run/open-files.ts). Dedicated pools refuse it, as in Azure.
// Source: "How to use OPENROWSET with serverless SQL pool", "T-SQL features in Synapse SQL".
import type { SqlType } from "../../session.ts";
import type { JsonColumn, NamedOption, TableSource } from "../ast.ts";
import { fail, refuseOption } from "../error.ts";
import { terminator } from "../run/copy-option.ts";
import { storage, varchar } from "../type.ts";
import type { BoundFrom } from "./bound-from.ts";
import { convert } from "./conversion.ts";
import { readText, type TextShape } from "./delimited-text.ts";
import { type OpenedFile, type OpenedFiles, RowsetNeeded } from "./environment.ts";
import type { Binder, ScopeColumn } from "./scope.ts";
import { quoteName, quoteText, type Value, withoutNaN } from "./value.ts";

export type OpenRowset = Extract<TableSource, { kind: "openrowset" }>;

interface Format {
  format: "CSV" | "PARQUET";
  fieldTerminator: string;
  rowTerminator: string;
  fieldQuote: string;
  escape: string;
  firstRow: number;
  hasHeader: boolean;
  isGzip: boolean;
}

export function bindOpenRowset(binder: Binder, source: OpenRowset): BoundFrom {
  const { env } = binder;
  if (!env.isServerless) return refuseOption(source.at, "OPENROWSET");
  if (env.facts.user !== "dbo") fail(4834, source.at);
  const format = formatOf(source);
  const files = env.files(rowsetKey(source));
  if (files === undefined)
    throw new RowsetNeeded({
      at: source.at,
      key: rowsetKey(source),
      urls: source.paths,
      scan: (paths) => scanSql(source, format, paths),
    });
  const scan = scanSql(source, format, files.paths);
  const shown = source.columns ? declaredColumns(source.columns, files, format) : files.columns;
  const alias = env.alias("s");
  const list = shown.map(({ value }, index) => `${value.sql} AS c${index + 1}`).join(", ");
  const columns = shown.map(
    ({ name, value }, index): ScopeColumn => ({
      name,
      type: value.type,
      nullable: true,
      sql: `${alias}.c${index + 1}`,
    }),
  );
  const name = source.alias?.name ?? "";
  return {
    sql: `(SELECT ${list} FROM ${scan}) ${alias}`,
    sources: [{ name, schema: undefined, alias, columns, object: undefined }],
  };
}

function rowsetKey({ paths, options, columns }: OpenRowset): string {
  return JSON.stringify([paths, options, columns === undefined]);
}

function formatOf(source: OpenRowset): Format {
  const result: Format = {
    format: "CSV",
    fieldTerminator: ",",
    rowTerminator: "\n",
    fieldQuote: '"',
    escape: '"',
    firstRow: 1,
    hasHeader: false,
    isGzip: false,
  };
  for (const option of source.options) applyOption(result, option);
  const named = source.options.some(({ name }) => name === "FORMAT");
  if (!named) refuseOption(source.at, "OPENROWSET without FORMAT");
  return result;
}

function applyOption(format: Format, option: NamedOption): void {
  const { value } = option;
  const text = value.kind === "number" ? String(value.value) : "text" in value ? value.text : "";
  switch (option.name) {
    case "FORMAT":
      if (!/^(CSV|PARQUET)$/i.test(text)) refuseOption(option.at, `OPENROWSET FORMAT ${text}`);
      format.format = text.toUpperCase() as Format["format"];
      break;
    case "FIELDTERMINATOR":
      format.fieldTerminator = terminator(text);
      break;
    case "ROWTERMINATOR":
      format.rowTerminator = terminator(text);
      break;
    case "FIELDQUOTE":
      format.fieldQuote = terminator(text);
      format.escape = format.fieldQuote;
      break;
    case "ESCAPECHAR":
      format.escape = terminator(text);
      break;
    case "FIRSTROW":
      format.firstRow = Math.max(1, Number(text));
      break;
    case "HEADER_ROW":
      format.hasHeader = /^true$/i.test(text);
      break;
    case "DATA_COMPRESSION":
      format.isGzip = /gzip/i.test(text);
      break;
    case "PARSER_VERSION":
    case "ROWSET_OPTIONS":
      break;
    default:
      refuseOption(option.at, `OPENROWSET ${option.name}`);
  }
}

function scanSql(source: OpenRowset, format: Format, paths: readonly string[]): string {
  if (format.format === "PARQUET") return readParquet(paths);
  const { fieldTerminator, rowTerminator, fieldQuote, hasHeader } = format;
  // A quote that is also the separator is how one says that there is none.
  const quote = fieldQuote === fieldTerminator ? "" : fieldQuote;
  const isWhole = quote === "" && rowTerminator === fieldTerminator && format.firstRow === 1;
  if (isWhole && !hasHeader && !format.isGzip) return piecesOf(paths, rowTerminator);
  const shape: TextShape = {
    ...format,
    quote,
    skip: hasHeader ? 0 : format.firstRow - 1,
    encoding: "utf-8",
  };
  const further = source.columns === undefined ? [] : ["all_varchar = true"];
  return readText(paths, shape, further, source.at);
}

/** One field a row, whatever lines there are: how JSON documents are read (`ROWTERMINATOR = '0x0b'`). */
function piecesOf(paths: readonly string[], terminator: string): string {
  const files = `read_text([${paths.map(quoteText).join(", ")}])`;
  const pieces = `SELECT unnest(string_split(content, ${quoteText(terminator)})) AS column0 FROM ${files}`;
  return `(SELECT column0 FROM (${pieces}) WHERE column0 <> '')`;
}

export function readParquet(paths: readonly string[]): string {
  return `read_parquet([${paths.map(quoteText).join(", ")}])`;
}

/** WITH names columns of the file, by ordinal where one is written, else by name, else by place. */
function declaredColumns(
  wanted: readonly JsonColumn[],
  files: OpenedFiles,
  format: Format,
): OpenedFile[] {
  return wanted.map((column, index) => {
    const found = fileColumn(column, index, files, format);
    if (found === undefined) {
      const sql = `CAST(NULL AS ${storage(column.type)})`;
      return { name: column.name, value: { sql, type: column.type, nullable: true } };
    }
    return { name: column.name, value: convert(found.value, column.type, column.at) };
  });
}

function fileColumn(
  column: JsonColumn,
  index: number,
  { columns }: OpenedFiles,
  format: Format,
): OpenedFile | undefined {
  const { path } = column;
  if (path !== undefined && /^\d+$/.test(path)) return columns[Number(path) - 1];
  if (path !== undefined) return refuseOption(column.at, "a column path of OPENROWSET");
  const wanted = column.name.toLowerCase();
  const named = columns.find(({ name }) => name.toLowerCase() === wanted);
  if (format.format === "PARQUET" || format.hasHeader) return named;
  return columns[index];
}

/** A column of a file as T-SQL sees it, from the engine's name for its type. */
export function openedColumn(name: string, engineType: string, shown: string): OpenedFile {
  const type = typeOf(engineType);
  return {
    name: shown,
    value: { sql: valueSql(quoteName(name), engineType, type), type, nullable: true },
  };
}

const longText = varchar(8000);
const types: Readonly<Record<string, SqlType>> = {
  BOOLEAN: { name: "bit" },
  UTINYINT: { name: "tinyint" },
  TINYINT: { name: "smallint" },
  SMALLINT: { name: "smallint" },
  USMALLINT: { name: "int" },
  INTEGER: { name: "int" },
  UINTEGER: { name: "bigint" },
  BIGINT: { name: "bigint" },
  UBIGINT: { name: "decimal", precision: 20, scale: 0 },
  HUGEINT: { name: "decimal", precision: 38, scale: 0 },
  FLOAT: { name: "real" },
  DOUBLE: { name: "float" },
  DATE: { name: "date" },
  TIME: { name: "time", scale: 7 },
  UUID: { name: "uniqueidentifier" },
  BLOB: { name: "varbinary", length: 8000 },
};

function typeOf(engineType: string): SqlType {
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(engineType);
  if (decimal) return { name: "decimal", precision: Number(decimal[1]), scale: Number(decimal[2]) };
  if (engineType.startsWith("TIMESTAMP")) return { name: "datetime2", scale: 7 };
  return types[engineType] ?? longText;
}

/** Lists and structures are shown as JSON. */
function valueSql(column: string, engineType: string, type: SqlType): Value["sql"] {
  if (/\[\]$|^(?:STRUCT|MAP|UNION)\(/.test(engineType))
    return `CAST(to_json(${column}) AS VARCHAR)`;
  if (engineType === "TIMESTAMP WITH TIME ZONE") return `(${column} AT TIME ZONE 'UTC')`;
  return withoutNaN(column, type);
}
