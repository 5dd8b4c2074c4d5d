// Delimited text files as the engine reads them: COPY INTO, OPENROWSET and external tables each say the shape of
// their files in words of their own, and all mean this one. A field is text first; what fits its column is decided here.
import type { Position } from "../ast.ts";
import type { CatalogueColumn } from "../catalogue/model.ts";
import { refuseOption } from "../error.ts";
import { isBinary, isString, nvarchar, types } from "../type.ts";
import { convert } from "./conversion.ts";
import { quoteText, type Value } from "./value.ts";

export interface TextShape {
  fieldTerminator: string;
  rowTerminator: string;
  /** Around a field; empty when nothing is. */
  quote: string;
  escape: string;
  /** Lines before the first row. */
  skip: number;
  hasHeader: boolean;
  isGzip: boolean;
  encoding: "utf-8" | "utf-16";
}

const lineEnds: Readonly<Record<string, string | undefined>> = { "\r\n": "\\r\\n", "\r": "\\r" };

/** `further`: options of the engine's read_csv that say what columns there are. */
export function readText(
  paths: readonly string[],
  shape: TextShape,
  further: readonly string[],
  at: Position,
): string {
  const { rowTerminator, quote } = shape;
  const lineEnd = lineEnds[rowTerminator];
  if (rowTerminator !== "\n" && lineEnd === undefined)
    refuseOption(at, `ROWTERMINATOR ${JSON.stringify(rowTerminator)}`);
  const parts = [
    `[${paths.map(quoteText).join(", ")}]`,
    `delim = ${quoteText(shape.fieldTerminator)}`,
    `quote = ${quoteText(quote)}`,
    `escape = ${quoteText(quote === "" ? "" : shape.escape)}`,
    `header = ${shape.hasHeader}`,
    `skip = ${shape.skip}`,
    "null_padding = true",
    "strict_mode = false",
    ...further,
    ...(lineEnd === undefined ? [] : [`new_line = '${lineEnd}'`]),
    ...(shape.isGzip ? ["compression = 'gzip'"] : []),
    ...(shape.encoding === "utf-8" ? [] : [`encoding = '${shape.encoding}'`]),
  ];
  return `read_csv(${parts.join(", ")})`;
}

/** Fields f1 … fn as text, whatever is in them. */
export function textFields(count: number): string[] {
  const fields = Array.from({ length: count }, (_, index) => `'f${index + 1}': 'VARCHAR'`);
  return [`columns = {${fields.join(", ")}}`, "auto_detect = false"];
}

/** A line may hold a model as hexadecimal text; only then is it worth the memory. */
export function lineSize(columns: readonly CatalogueColumn[]): string[] {
  return columns.some(({ type }) => isBinary(type))
    ? ["max_line_size = 67108864", "buffer_size = 134217728", "parallel = false"]
    : ["max_line_size = 2097152"];
}

/** Models and other binaries come as hexadecimal text (features.md G-21). */
export function bytesOf(field: string): string {
  return `from_hex(regexp_replace(${field}, '^0[xX]', ''))`;
}

/** SQL that is true when a field's text fits its column; a `moment` is a date or time that was read already. */
export function fieldFits(column: CatalogueColumn, field: string, moment?: Value): string {
  const { type } = column;
  const notNull = column.nullable ? "" : `${field} IS NOT NULL AND `;
  const longest = "length" in type && type.length !== "max" ? type.length : undefined;
  if (isString(type))
    return `(${notNull}${longest === undefined ? "true" : `coalesce(length(${field}), 0) <= ${longest}`})`;
  if (isBinary(type)) {
    const bytes = `TRY(${bytesOf(field)})`;
    const fits =
      longest === undefined ? `${bytes} IS NOT NULL` : `octet_length(${bytes}) <= ${longest}`;
    return `(${notNull}(${field} IS NULL OR coalesce(${fits}, false)))`;
  }
  return `(${notNull}(${field} IS NULL OR ${fieldValue(column, field, moment)} IS NOT NULL))`;
}

/** A field's text as its column's value; NULL where it does not fit. */
export function fieldValue(column: CatalogueColumn, field: string, moment?: Value): string {
  if (isBinary(column.type)) return `TRY(${bytesOf(field)})`;
  const given = moment ?? { sql: field, type: nvarchar("max"), nullable: true };
  return convert(given, column.type, undefined, { explicit: true, attempt: true }).sql;
}

/** What a format's letters are to the engine; the longest first. Source: "CREATE EXTERNAL FILE FORMAT". */
const dateLetters: readonly (readonly [letters: string, engine: string])[] = [
  ["fffffff", "%n"],
  ["ffffff", "%f"],
  ["yyyy", "%Y"],
  ["MMM", "%b"],
  ["fff", "%g"],
  ["zzz", "%z"],
  ["yy", "%y"],
  ["MM", "%m"],
  ["dd", "%d"],
  ["HH", "%H"],
  ["hh", "%I"],
  ["mm", "%M"],
  ["ss", "%S"],
  ["tt", "%p"],
  ["M", "%m"],
  ["d", "%d"],
  ["H", "%H"],
  ["h", "%I"],
];

/** A DATE_FORMAT in the engine's letters; undefined for one with letters that nobody knows. */
export function engineDateFormat(format: string): string | undefined {
  let rest = format;
  let result = "";
  while (rest !== "") {
    const known = dateLetters.find(([letters]) => rest.startsWith(letters));
    if (known === undefined && /[A-Za-z%]/.test(rest[0]!)) return undefined;
    result += known?.[1] ?? rest[0];
    rest = rest.slice(known?.[0].length ?? 1);
  }
  return result;
}

/** A field's text read by a DATE_FORMAT. */
export function momentOf(field: string, format: string): Value {
  const sql = `try_strptime(${field}, ${quoteText(format)})`;
  return { sql, type: types.datetime2, nullable: true };
}
