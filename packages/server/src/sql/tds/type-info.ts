// TYPE_INFO: how a column or return value announces its type (MS-TDS 2.2.5.4 to 2.2.5.6).
// The values that follow it are written by the cell writers; parameter.ts reads both.
import type { SqlType } from "../session.ts";
import { type ByteSink, putBytes, putU8, putU16 } from "./byte-sink.ts";
import { serverCollation } from "./collation.ts";

/** Type tokens, named as in MS-TDS 2.2.5.4. */
export const typeToken = {
  image: 0x22,
  text: 0x23,
  guid: 0x24,
  varbinaryOld: 0x25,
  intn: 0x26,
  varcharOld: 0x27,
  daten: 0x28,
  timen: 0x29,
  datetime2n: 0x2a,
  datetimeoffsetn: 0x2b,
  binaryOld: 0x2d,
  charOld: 0x2f,
  null: 0x1f,
  int1: 0x30,
  bit: 0x32,
  int2: 0x34,
  int4: 0x38,
  datetime4: 0x3a,
  float4: 0x3b,
  money: 0x3c,
  datetime: 0x3d,
  float8: 0x3e,
  decimalOld: 0x37,
  numericOld: 0x3f,
  variant: 0x62,
  ntext: 0x63,
  bitn: 0x68,
  decimaln: 0x6a,
  numericn: 0x6c,
  floatn: 0x6d,
  moneyn: 0x6e,
  datetimen: 0x6f,
  money4: 0x7a,
  int8: 0x7f,
  varbinary: 0xa5,
  varchar: 0xa7,
  binary: 0xad,
  char: 0xaf,
  nvarchar: 0xe7,
  nchar: 0xef,
  udt: 0xf0,
  xml: 0xf1,
  table: 0xf3,
} as const;

/** Types with one token for NOT NULL and, with a length byte, another for nullable columns. */
const fixed = {
  bit: { token: typeToken.bit, nullable: typeToken.bitn, byteCount: 1 },
  tinyint: { token: typeToken.int1, nullable: typeToken.intn, byteCount: 1 },
  smallint: { token: typeToken.int2, nullable: typeToken.intn, byteCount: 2 },
  int: { token: typeToken.int4, nullable: typeToken.intn, byteCount: 4 },
  bigint: { token: typeToken.int8, nullable: typeToken.intn, byteCount: 8 },
  real: { token: typeToken.float4, nullable: typeToken.floatn, byteCount: 4 },
  float: { token: typeToken.float8, nullable: typeToken.floatn, byteCount: 8 },
  smallmoney: { token: typeToken.money4, nullable: typeToken.moneyn, byteCount: 4 },
  money: { token: typeToken.money, nullable: typeToken.moneyn, byteCount: 8 },
  smalldatetime: { token: typeToken.datetime4, nullable: typeToken.datetimen, byteCount: 4 },
  datetime: { token: typeToken.datetime, nullable: typeToken.datetimen, byteCount: 8 },
} as const;

const characterTokens = {
  char: typeToken.char,
  varchar: typeToken.varchar,
  nchar: typeToken.nchar,
  nvarchar: typeToken.nvarchar,
  binary: typeToken.binary,
  varbinary: typeToken.varbinary,
} as const;

/** Longest non-max value in bytes. */
const shortBytesMax = 8000;

/** Bytes of a decimal on the wire, sign included (MS-TDS 2.2.5.5.1.6). */
export function decimalBytes(precision: number): number {
  if (precision <= 9) return 5;
  if (precision <= 19) return 9;
  return precision <= 28 ? 13 : 17;
}

/** Bytes of the time part for a scale of 0 to 7 (MS-TDS 2.2.5.5.1.9). */
export function timeBytes(scale: number): number {
  if (scale <= 2) return 3;
  return scale <= 4 ? 4 : 5;
}

type TextType = Extract<SqlType, { length: number | "max" }>;

/** Declared bytes of a character or binary type; "max" where the value travels in chunks. */
export function declaredBytes(type: TextType): number | "max" {
  if (type.length === "max") return "max";
  const byteCount = type.name.startsWith("n") ? type.length * 2 : type.length;
  return byteCount > shortBytesMax ? "max" : Math.max(byteCount, 1);
}

export function writeTypeInfo(sink: ByteSink, type: SqlType, nullable: boolean): void {
  switch (type.name) {
    case "decimal":
      putU8(sink, typeToken.decimaln);
      putU8(sink, decimalBytes(type.precision));
      putU8(sink, type.precision);
      putU8(sink, type.scale);
      return;
    case "date":
      putU8(sink, typeToken.daten);
      return;
    case "time":
      putU8(sink, typeToken.timen);
      putU8(sink, type.scale);
      return;
    case "datetime2":
      putU8(sink, typeToken.datetime2n);
      putU8(sink, type.scale);
      return;
    case "datetimeoffset":
      putU8(sink, typeToken.datetimeoffsetn);
      putU8(sink, type.scale);
      return;
    case "uniqueidentifier":
      putU8(sink, typeToken.guid);
      putU8(sink, 16);
      return;
    case "char":
    case "varchar":
    case "nchar":
    case "nvarchar":
    case "binary":
    case "varbinary":
      writeTextInfo(sink, type);
      return;
    default: {
      const entry = fixed[type.name];
      if (nullable) {
        putU8(sink, entry.nullable);
        putU8(sink, entry.byteCount);
      } else {
        putU8(sink, entry.token);
      }
    }
  }
}

function writeTextInfo(sink: ByteSink, type: TextType): void {
  const byteCount = declaredBytes(type);
  putU8(sink, byteCount === "max" ? chunkedToken(type) : characterTokens[type.name]);
  putU16(sink, byteCount === "max" ? 0xffff : byteCount);
  if (!type.name.endsWith("binary")) putBytes(sink, serverCollation);
}

/** Only the varying types travel in chunks; an oversized char(n) is announced as one. */
function chunkedToken(type: TextType): number {
  if (type.name.endsWith("binary")) return typeToken.varbinary;
  return type.name.startsWith("n") ? typeToken.nvarchar : typeToken.varchar;
}
