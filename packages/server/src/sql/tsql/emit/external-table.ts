// External tables as row sources: files below their data source, read as OPENROWSET and COPY INTO read them, with
// the rights of the caller or of the source's credential. run/open-files.ts opens the files and counts the rows that
// do not fit before any is read. Sources: "CREATE EXTERNAL TABLE", "CREATE EXTERNAL FILE FORMAT".
import type { Position } from "../ast.ts";
import type {
  CatalogueColumn,
  ExternalDataSource,
  ExternalFileFormat,
  ExternalTableObject,
} from "../catalogue/model.ts";
import { fail } from "../error.ts";
import { declared, isNumeric, isString, isTemporal, storage } from "../type.ts";
import { convert } from "./conversion.ts";
import {
  engineDateFormat,
  fieldFits,
  fieldValue,
  lineSize,
  momentOf,
  readText,
  textFields,
} from "./delimited-text.ts";
import { type OpenedFile, type OpenedFiles, type RowCheck, RowsetNeeded } from "./environment.ts";
import { readParquet } from "./openrowset.ts";
import type { Binder } from "./scope.ts";
import { quoteText } from "./value.ts";

/** A field that is not there differs from an empty one. */
const missingMark = "\u{1}\u{2}";

/** `abfss://c@a.dfs.core.windows.net/base` and `/folder/`, in one URL. */
export function externalUrl(source: ExternalDataSource, location: string): string {
  const below = location.replace(/^\/+|\/+$/g, "");
  return below === "" ? source.location : `${source.location.replace(/\/+$/, "")}/${below}`;
}

/** Rows of an external table with columns c1 … cn, as SQL in parentheses. */
export function externalRows(binder: Binder, table: ExternalTableObject, at: Position): string {
  const { source, format } = binder.env.external(table);
  const isText = format.kind === "delimitedText";
  const shown = (files: OpenedFiles) =>
    isText
      ? textCells(table.columns, format)
      : parquetCells(table, files, { isByPlace: source.isHadoop, at });
  const key = `external ${table.id} ${format.id} ${source.id}`;
  const files = binder.env.files(key);
  const scan = (paths: readonly string[]): string =>
    isText ? scanText(paths, table, format, at) : readParquet(paths);
  if (files === undefined)
    throw new RowsetNeeded({
      at,
      key,
      urls: [externalUrl(source, table.location)],
      ...(source.credential === undefined ? {} : { credential: source.credential }),
      scan,
      check: (opened) => checkOf(shown(opened), table, isText),
    });
  if (files.paths.length === 0) return noRows(table);
  const cells = shown(files);
  const list = cells.map((cell, index) => `${cell.value} AS c${index + 1}`).join(", ");
  const { fits } = checkOf(cells, table, isText) ?? { fits: "true" };
  const filter = fits === "true" || table.reject.most === 0 ? "" : ` WHERE ${fits}`;
  return `(SELECT ${list} FROM ${scan(files.paths)} r${filter})`;
}

function noRows(table: ExternalTableObject): string {
  const nulls = table.columns.map(
    ({ type }, index) => `CAST(NULL AS ${storage(type)}) AS c${index + 1}`,
  );
  return `(SELECT ${nulls.join(", ")} WHERE false)`;
}

function scanText(
  paths: readonly string[],
  table: ExternalTableObject,
  format: ExternalFileFormat,
  at: Position,
): string {
  const shape = {
    fieldTerminator: format.fieldTerminator,
    rowTerminator: "\n",
    quote: format.stringDelimiter,
    escape: format.stringDelimiter,
    skip: format.firstRow - 1,
    hasHeader: false,
    isGzip: /gzip/i.test(format.compression ?? ""),
    encoding: format.encoding === "UTF16" ? ("utf-16" as const) : ("utf-8" as const),
  };
  const further = [
    ...textFields(table.columns.length + 1),
    ...lineSize(table.columns),
    `nullstr = ${quoteText(missingMark)}`,
  ];
  return readText(paths, shape, further, at);
}

interface Cell {
  column: CatalogueColumn;
  value: string;
  /** `true` where every value of the file fits. */
  fits: string;
  /** The value as it stands in the file, as text. */
  given: string;
}

function textCells(columns: readonly CatalogueColumn[], format: ExternalFileFormat): Cell[] {
  return columns.map((column, index) => {
    const given = `r.f${index + 1}`;
    const field = withoutEmpty(column, given, format);
    const dateFormat =
      format.dateFormat && isTemporal(column.type)
        ? engineDateFormat(format.dateFormat)
        : undefined;
    const moment = dateFormat === undefined ? undefined : momentOf(field, dateFormat);
    return {
      column,
      value: fieldValue(column, field, moment),
      fits: fieldFits(column, field, moment),
      given,
    };
  });
}

/** An empty field is NULL, or what USE_TYPE_DEFAULT puts in its place. */
function withoutEmpty(column: CatalogueColumn, field: string, format: ExternalFileFormat): string {
  const { type } = column;
  if (!format.useTypeDefault) return `nullif(${field}, '')`;
  if (isString(type)) return field;
  const initial = isNumeric(type) ? "'0'" : isTemporal(type) ? "'1900-01-01'" : "NULL";
  return `CASE WHEN ${field} = '' THEN ${initial} ELSE ${field} END`;
}

function parquetCells(
  { columns, name }: ExternalTableObject,
  files: OpenedFiles,
  { isByPlace, at }: { isByPlace: boolean; at: Position },
): Cell[] {
  if (isByPlace && files.columns.length !== columns.length)
    fail(106000, at, name, columns.length, files.columns.length);
  return columns.map((column, index) => {
    const found = isByPlace ? files.columns[index] : namedColumn(files.columns, column.name);
    if (found === undefined) {
      const value = `CAST(NULL AS ${storage(column.type)})`;
      return { column, value, fits: column.nullable ? "true" : "false", given: "NULL" };
    }
    return parquetCell(column, found, at);
  });
}

function namedColumn(columns: readonly OpenedFile[], name: string): OpenedFile | undefined {
  return (
    columns.find((column) => column.name === name) ??
    columns.find((column) => column.name.toLowerCase() === name.toLowerCase())
  );
}

function parquetCell(column: CatalogueColumn, { value }: OpenedFile, at: Position): Cell {
  const { type } = column;
  const tried = convert(value, type, at, { explicit: true, attempt: true });
  const longest = "length" in type && type.length !== "max" ? type.length : undefined;
  const measure = isString(type) ? "length" : "octet_length";
  const conditions = [
    ...(column.nullable ? [] : [`${value.sql} IS NOT NULL`]),
    ...(longest === undefined ? [] : [`coalesce(${measure}(${value.sql}), 0) <= ${longest}`]),
    ...(longest !== undefined || tried.sql === value.sql
      ? []
      : [`(${value.sql} IS NULL OR ${tried.sql} IS NOT NULL)`]),
  ];
  return {
    column,
    value: tried.sql,
    fits: conditions.length === 0 ? "true" : `(${conditions.join(" AND ")})`,
    given: value.sql,
  };
}

/** Of all cells, in their order; undefined where every row fits. */
function checkOf(
  cells: readonly Cell[],
  table: ExternalTableObject,
  isText: boolean,
): RowCheck | undefined {
  const doubtful = cells.filter(({ fits }) => fits !== "true");
  const lines = isText ? lineFaults(cells.length) : [];
  if (doubtful.length === 0 && lines.length === 0) return undefined;
  const faults = [
    ...lines.map(({ holds, fault }) => `WHEN ${holds} THEN ${quoteText(fault)}`),
    ...doubtful.map(
      (cell) => `WHEN NOT coalesce(${cell.fits}, false) THEN ${faultOf(cell, cells)}`,
    ),
  ];
  const fits = [
    ...lines.map(({ holds }) => `NOT (${holds})`),
    ...doubtful.map((cell) => cell.fits),
  ];
  return {
    fits: `coalesce(${fits.join(" AND ")}, false)`,
    fault: `CASE ${faults.join(" ")} END`,
    reject: table.reject,
    location: table.location,
  };
}

function lineFaults(count: number): { holds: string; fault: string }[] {
  return [
    {
      holds: `r.f${count + 1} IS NOT NULL`,
      fault: "(Tokenization failed), Error: Too many columns in the line.",
    },
    {
      holds: `r.f${count} IS NULL`,
      fault: "(Tokenization failed), Error: Not enough columns in this line.",
    },
  ];
}

/** As the service says it: `Column ordinal: 0, Expected data type: INT NOT NULL, Offending value: x …`. */
function faultOf({ column, given }: Cell, cells: readonly Cell[]): string {
  const ordinal = cells.findIndex((cell) => cell.column === column);
  const type = declared(column.type).toUpperCase();
  const before = `Column ordinal: ${ordinal}, Expected data type: ${type}${column.nullable ? "" : " NOT NULL"}, Offending value: `;
  const after = `  (Column Conversion Error), Error: Error converting data type NVARCHAR to ${type}.`;
  return `concat(${quoteText(before)}, left(CAST(${given} AS VARCHAR), 100), ${quoteText(after)})`;
}
