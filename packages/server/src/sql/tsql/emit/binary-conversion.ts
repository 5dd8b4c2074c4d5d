// Binary values as text, numbers and dates, and back: nvarchar is UTF-16 there, varchar UTF-8 (docs/sql.md),
// whole numbers have their last byte last. Source: "CAST and CONVERT", "binary and varbinary (Transact-SQL)".
import type { SqlType } from "../../session.ts";
import type { Position } from "../ast.ts";
import { refuseOption } from "../error.ts";
import { isBinary, isMoney, isString, isUnicode, spoken, storage } from "../type.ts";
import { raise, type Value } from "./value.ts";

/** The last bytes of a binary as an unsigned number. */
function lastBytes(sql: string, count: number): string {
  return `CAST('0x0'||right(hex(${sql}), ${count * 2}) AS UBIGINT)`;
}

/** As many of the last bytes as the type has are its value; money counts ten-thousandths. */
export function binaryNumber(sql: string, to: SqlType, cast: string): string {
  const widths: Partial<Record<SqlType["name"], number>> = {
    tinyint: 1,
    smallint: 2,
    int: 4,
    smallmoney: 4,
  };
  const width = widths[to.name] ?? 8;
  const value = lastBytes(sql, width);
  const sign = `CASE WHEN ${value} >= ${1n << BigInt(width * 8 - 1)} THEN ${1n << BigInt(width * 8)} ELSE 0 END`;
  const number = width === 1 ? value : `(CAST(${value} AS HUGEINT) - ${sign})`;
  if (!isMoney(to)) return `${cast}(${number} AS ${storage(to)})`;
  return `CAST(CAST(${number} AS DECIMAL(20,0)) * 0.0001 AS ${storage(to)})`;
}

/** Days since 1900, and three-hundredths of a second or minutes of the day, in half of the bytes each. */
export function binaryTime(sql: string, to: SqlType): string {
  const width = to.name === "datetime" ? 4 : 2;
  const micros = to.name === "datetime" ? "* 1000000 // 300" : "* 60000000";
  const both = lastBytes(sql, width * 2);
  const unit = 1n << BigInt(width * 8);
  const day = `(${both} // ${unit})`;
  const days = `(CAST(${day} AS BIGINT) - CASE WHEN ${width === 4 ? day : "0"} >= ${unit / 2n} THEN ${unit} ELSE 0 END)`;
  const rest = `CAST(CAST(${both} % ${unit} AS BIGINT) ${micros} AS BIGINT)`;
  return `make_timestamp((${days} - 25567) * 86400000000 + ${rest})`;
}

/** The first three groups of a uniqueidentifier's bytes are little-endian; this turns both ways. */
export function swappedHex(hex: string): string {
  const places = [7, 5, 3, 1, 11, 9, 15, 13];
  const swapped = places.map((place) => `substr(h, ${place}, 2)`).join("||");
  return `list_transform([${hex}], h -> ${swapped}||substr(h, 17))[1]`;
}

/** A text's UTF-16 with the low byte first, in hexadecimal; ASCII takes the short way. */
export function utf16Hex(sql: string): string {
  const unit = (code: string): string => `printf('%02X%02X', ${code} & 255, ${code} >> 8)`;
  const high = unit("(55296 + ((u - 65536) >> 10))");
  const low = unit("(56320 + ((u - 65536) & 1023))");
  const each = `u -> CASE WHEN u < 65536 THEN ${unit("u")} ELSE ${high}||${low} END`;
  const codes = `list_transform(range(1, length(${sql}) + 1), i -> unicode(substr(${sql}, i, 1)))`;
  const wide = `coalesce(list_aggregate(list_transform(${codes}, ${each}), 'string_agg', ''), '')`;
  const narrow = `regexp_replace(hex(encode(${sql})), '(..)', '\\100', 'g')`;
  return `CASE WHEN ${sql} IS NULL THEN NULL WHEN strlen(${sql}) = length(${sql}) THEN ${narrow} ELSE ${wide} END`;
}

/** Bytes as UTF-16 text; a last byte alone is a character, as 0x41 is `A`. */
function utf16Text(sql: string): string {
  const hex = `hex(${sql})`;
  const code = (i: string): string =>
    `CAST(coalesce(nullif('0x'||substr(${hex}, ${i} * 4 + 3, 2)||substr(${hex}, ${i} * 4 + 1, 2), '0x'), '0') AS INTEGER)`;
  const pair = `chr((${code("i")} - 55296) * 1024 + ${code("(i + 1)")} - 56320 + 65536)`;
  const each = `i -> CASE WHEN ${code("i")} BETWEEN 55296 AND 56319 THEN ${pair} WHEN ${code("i")} BETWEEN 56320 AND 57343 THEN '' ELSE chr(${code("i")}) END`;
  const units = `list_transform(range(0, (octet_length(${sql}) + 1) // 2), ${each})`;
  return `CASE WHEN ${sql} IS NULL THEN NULL ELSE coalesce(list_aggregate(${units}, 'string_agg', ''), '') END`;
}

/** Bytes that are no UTF-8 are read as Latin-1, byte by byte. */
function latinText(sql: string): string {
  const byte = `CAST('0x'||substr(hex(${sql}), i * 2 + 1, 2) AS INTEGER)`;
  const each = `list_transform(range(0, octet_length(${sql})), i -> chr(${byte}))`;
  return `coalesce(TRY(decode(${sql})), list_aggregate(${each}, 'string_agg', ''))`;
}

/** A binary as text: styles 1 and 2 show its digits, else its bytes are characters. */
export function binaryText(sql: string, to: SqlType, style: number | undefined): string {
  if (style === 1) return `('0x'||hex(${sql}))`;
  if (style === 2) return `hex(${sql})`;
  return isUnicode(to) ? utf16Text(sql) : latinText(sql);
}

/** Text of hexadecimal digits, with 0x before them in style 1; other text is message 8114. */
function digits(value: Value, style: 1 | 2, attempt: boolean): string {
  const form = `${style === 1 ? "0x" : ""}([0-9A-Fa-f][0-9A-Fa-f])*`;
  const complaint = attempt ? "NULL" : raise(8114, `'${spoken(value.type)}'`, "'varbinary'");
  const hex = style === 1 ? `substr(${value.sql}, 3)` : value.sql;
  const isForm = `regexp_full_match(${value.sql}, '${form}')`;
  return `CASE WHEN ${isForm} THEN from_hex(${hex}) WHEN ${value.sql} IS NOT NULL THEN ${complaint} END`;
}

const widths: Partial<Record<SqlType["name"], number>> = {
  bit: 1,
  tinyint: 1,
  smallint: 2,
  int: 4,
  smallmoney: 4,
  bigint: 8,
  money: 8,
};

/** A whole number's bytes: those of its type, or as many of the last ones as `to` has; binary fills up in front. */
function numberBytes(value: Value, to: SqlType, at: Position | undefined): string {
  const width = widths[value.type.name];
  if (width === undefined)
    return refuseOption(
      at ?? { line: 1, column: 1, offset: 0 },
      `CAST of ${spoken(value.type)} as ${to.name}`,
    );
  const { sql } = value;
  const whole = isMoney(value.type) ? `(${sql} * 10000)` : sql;
  const fill = `CASE WHEN ${sql} < 0 THEN 'F' ELSE '0' END`;
  const number = value.type.name === "bit" ? `CAST(${sql} AS INTEGER)` : whole;
  const filled = value.type.name === "bit" ? "'0'" : fill;
  const length = "length" in to && to.length !== "max" ? to.length : width;
  const shown = to.name === "binary" ? length : Math.min(width, length);
  const all = `lpad(to_hex(CAST(${number} AS BIGINT)), ${Math.max(16, shown * 2)}, ${filled})`;
  return `from_hex(right(${all}, ${shown * 2}))`;
}

/** What becomes `to`, which is binary or varbinary: cut at its end and filled up with zeros. */
export function binarySql(
  value: Value,
  to: SqlType,
  options: { style?: number; attempt?: boolean },
  at: Position | undefined,
): string {
  const { type: from, sql } = value;
  const length = "length" in to ? to.length : "max";
  let bytes = sql;
  if (isString(from)) {
    if (options.style === 1 || options.style === 2)
      bytes = digits(value, options.style, options.attempt ?? false);
    else bytes = isUnicode(from) ? `from_hex(${utf16Hex(sql)})` : `encode(${sql})`;
  } else if (from.name === "uniqueidentifier")
    bytes = `from_hex(${swappedHex(`replace(CAST(${sql} AS VARCHAR), '-', '')`)})`;
  else if (!isBinary(from)) return numberBytes(value, to, at);
  if (length === "max") return bytes;
  const fits = isBinary(from) && "length" in from && from.length !== "max" && from.length <= length;
  const cut = fits ? bytes : `from_hex(left(hex(${bytes}), ${length * 2}))`;
  return to.name === "binary" ? `from_hex(rpad(hex(${cut}), ${length * 2}, '0'))` : cut;
}
