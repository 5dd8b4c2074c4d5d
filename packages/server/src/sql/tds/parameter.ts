// Reading a client's types and values: parameters of calls and columns of bulk loads share the
// encodings (MS-TDS 2.2.5.4 to 2.2.5.6). What the server writes is type-info.ts and the cells.
import { SqlError, type SqlType, type SqlValue } from "../session.ts";
import { daysFrom1900, daysFromYearOne, ticksPerDay } from "./cell-date.ts";
import { readGuid } from "./cell-text.ts";
import { decodeText } from "./collation.ts";
import {
  type Cursor,
  readBytes,
  readF32,
  readF64,
  readI16,
  readI32,
  readI64,
  readU8,
  readU16,
  readU24,
  readU32,
  readU40,
  readU64,
} from "./cursor.ts";
import { LengthError, ProtocolError, refusal } from "./protocol-error.ts";
import { timeBytes, typeToken } from "./type-info.ts";

export interface WireType {
  type: SqlType;
  /** Reads one value; throws TruncatedError, ProtocolError, or SqlError 8023 for a bad value. */
  read(cursor: Cursor): SqlValue;
}

function invalid(typeName: string): SqlError {
  const message = `The supplied value is not a valid instance of data type ${typeName}.`;
  return new SqlError({ number: 8023, severity: 16, state: 1, line: 1, message });
}

type Read = (cursor: Cursor) => SqlValue;

/** SQL Server's floats hold neither NaN nor infinity. */
function finite(value: number, typeName: string): number {
  if (!Number.isFinite(value)) throw invalid(typeName);
  return value;
}

const bitType: WireType = { type: { name: "bit" }, read: (cursor) => readU8(cursor) !== 0 };
const integers: Record<number, WireType> = {
  1: { type: { name: "tinyint" }, read: readU8 },
  2: { type: { name: "smallint" }, read: readI16 },
  4: { type: { name: "int" }, read: readI32 },
  8: { type: { name: "bigint" }, read: readI64 },
};
const floats: Record<number, WireType> = {
  4: { type: { name: "real" }, read: (cursor) => finite(readF32(cursor), "real") },
  8: { type: { name: "float" }, read: (cursor) => finite(readF64(cursor), "float") },
};
const moneys: Record<number, WireType> = {
  4: { type: { name: "smallmoney" }, read: (cursor) => BigInt(readI32(cursor)) },
  8: {
    type: { name: "money" },
    read: (cursor) => (BigInt(readI32(cursor)) << 32n) | BigInt(readU32(cursor)),
  },
};
const datetimes: Record<number, WireType> = {
  4: { type: { name: "smalldatetime" }, read: readSmallDatetime },
  8: { type: { name: "datetime" }, read: readDatetime },
};

const dayTicks = BigInt(ticksPerDay);

function readSmallDatetime(cursor: Cursor): bigint {
  const day = readU16(cursor) - daysFrom1900;
  const minute = readU16(cursor);
  if (minute >= 1440) throw invalid("smalldatetime");
  return BigInt(day) * dayTicks + BigInt(minute) * 600_000_000n;
}

function readDatetime(cursor: Cursor): bigint {
  const day = readI32(cursor);
  const units = readU32(cursor);
  // 1753-01-01 to 9999-12-31, in three-hundredths of a second.
  if (day < -53_690 || day > 2_958_463 || units >= 25_920_000) throw invalid("datetime");
  // In milliseconds, as everywhere else: .003 is not .0033333 when they are compared.
  return BigInt(day - daysFrom1900) * dayTicks + BigInt(Math.round((units * 10) / 3)) * 10_000n;
}

function readDay(cursor: Cursor): bigint {
  const days = readU24(cursor);
  if (days > 3_652_058) throw invalid("date");
  return BigInt(days - daysFromYearOne);
}

function readTicks(cursor: Cursor, scale: number): bigint {
  const width = timeBytes(scale);
  const units = width === 3 ? readU24(cursor) : width === 4 ? readU32(cursor) : readU40(cursor);
  const ticks = BigInt(units) * 10n ** BigInt(7 - scale);
  if (ticks >= dayTicks) throw invalid("time");
  return ticks;
}

/** Values behind a length byte, 0 for null, else the one length that the type has. */
function behindLength(byteCount: number, read: Read): Read {
  return (cursor) => {
    const length = readU8(cursor);
    if (length === 0) return null;
    if (length !== byteCount) throw new ProtocolError(`value of ${length} bytes, not ${byteCount}`);
    return read(cursor);
  };
}

function nullable(cursor: Cursor, widths: Record<number, WireType>): WireType {
  const byteCount = readU8(cursor);
  const entry = widths[byteCount];
  if (entry === undefined) throw new ProtocolError(`type of ${byteCount} bytes`);
  return { type: entry.type, read: behindLength(byteCount, entry.read) };
}

/** Each value tells its own length: what the type says of it (mssql-python's bulk copy: 106) is nothing. */
function decimalType(cursor: Cursor): WireType {
  readU8(cursor);
  const precision = readU8(cursor);
  const scale = readU8(cursor);
  if (precision < 1 || precision > 38 || scale > precision) {
    throw new ProtocolError(`decimal(${precision},${scale})`);
  }
  return { type: { name: "decimal", precision, scale }, read: readDecimal };
}

/** A sign and up to 16 bytes: Microsoft's drivers send 4, 8, 12 or 16, FreeTDS as few as it needs. */
function readDecimal(cursor: Cursor): SqlValue {
  const length = readU8(cursor);
  if (length === 0) return null;
  if (length < 2 || length > 17) throw new ProtocolError(`decimal of ${length} bytes`);
  const positive = readU8(cursor) !== 0;
  const bytes = readBytes(cursor, length - 1);
  let magnitude = 0n;
  for (let index = bytes.length - 1; index >= 0; index -= 1) {
    magnitude = (magnitude << 8n) | BigInt(bytes[index]!);
  }
  if (magnitude > decimalMax) throw invalid("numeric");
  return positive ? magnitude : -magnitude;
}

const decimalMax = 10n ** 38n - 1n;

function scaled(cursor: Cursor, name: "time" | "datetime2" | "datetimeoffset"): WireType {
  const scale = readU8(cursor);
  if (scale > 7) throw new ProtocolError(`${name} of scale ${scale}`);
  const type: SqlType = { name, scale };
  if (name === "time") {
    return { type, read: behindLength(timeBytes(scale), (value) => readTicks(value, scale)) };
  }
  const instant = (value: Cursor): bigint => {
    const ticks = readTicks(value, scale);
    return readDay(value) * dayTicks + ticks;
  };
  if (name === "datetime2") return { type, read: behindLength(timeBytes(scale) + 3, instant) };
  const read = (value: Cursor): SqlValue => {
    const ticks = instant(value);
    const offsetMinutes = readI16(value);
    if (Math.abs(offsetMinutes) > 840) throw invalid("datetimeoffset");
    return { ticks, offsetMinutes };
  };
  return { type, read: behindLength(timeBytes(scale) + 5, read) };
}

type Decode = (bytes: Buffer) => string | Uint8Array;

function decodeWide(bytes: Buffer): string {
  if (bytes.length % 2 !== 0) throw new ProtocolError("UTF-16 value of an odd number of bytes");
  return bytes.toString("utf16le");
}

/** A copy: the message that the value came in is not kept alive by it. */
function copyBytes(bytes: Buffer): Uint8Array {
  return Uint8Array.from(bytes);
}

type TextName = "char" | "varchar" | "nchar" | "nvarchar" | "binary" | "varbinary";

function readDecoder(cursor: Cursor, name: TextName): Decode {
  if (name.endsWith("binary")) return copyBytes;
  const collation = Buffer.from(readBytes(cursor, 5));
  return name.startsWith("n") ? decodeWide : (bytes) => decodeText(bytes, collation);
}

function textType(cursor: Cursor, name: TextName): WireType {
  const bytesMax = readU16(cursor);
  const decode = readDecoder(cursor, name);
  if (bytesMax === 0xffff) {
    return { type: { name, length: "max" }, read: (value) => readChunked(value, decode) };
  }
  const length = Math.max(1, name.startsWith("n") ? bytesMax >> 1 : bytesMax);
  const type: SqlType = { name, length };
  return { type, read: (value) => padded(readShort(value, bytesMax, decode), type) };
}

/** Clients may leave out the padding of a fixed type (FreeTDS does); a value of it always has it. */
function padded(value: SqlValue, type: SqlType & { length: number | "max" }): SqlValue {
  const { name, length } = type;
  if (name.startsWith("var") || name === "nvarchar" || length === "max") return value;
  if (typeof value === "string") return value.padEnd(length);
  if (!(value instanceof Uint8Array) || value.length >= length) return value;
  const whole = new Uint8Array(length);
  whole.set(value);
  return whole;
}

function readShort(cursor: Cursor, bytesMax: number, decode: Decode): SqlValue {
  const length = readU16(cursor);
  if (length === 0xffff) return null;
  if (length > bytesMax) throw new LengthError(`value of ${length} bytes in ${bytesMax}`);
  return decode(readBytes(cursor, length));
}

const chunkedNull = 0xffff_ffff_ffff_ffffn;
const chunkedUnknown = 0xffff_ffff_ffff_fffen;

/** Partially length-prefixed value (MS-TDS 2.2.5.2.3); chunks end with an empty one. */
function readChunked(cursor: Cursor, decode: Decode): SqlValue {
  const total = readU64(cursor);
  if (total === chunkedNull) return null;
  const chunks: Buffer[] = [];
  let byteCount = 0;
  for (let length = readU32(cursor); length !== 0; length = readU32(cursor)) {
    chunks.push(readBytes(cursor, length));
    byteCount += length;
  }
  if (total !== chunkedUnknown && total !== BigInt(byteCount)) {
    throw new ProtocolError(`chunks of ${byteCount} bytes, ${total} announced`);
  }
  return decode(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, byteCount));
}

/** text, ntext and image of older clients, taken as their max successors. */
function longType(cursor: Cursor, name: "varchar" | "nvarchar" | "varbinary"): WireType {
  readU32(cursor);
  const decode = readDecoder(cursor, name);
  const read = (value: Cursor): SqlValue => {
    const length = readU32(value);
    return length === 0xffff_ffff ? null : decode(readBytes(value, length));
  };
  return { type: { name, length: "max" }, read };
}

/** char, varchar, binary and varbinary of TDS 4.2, which carry no collation. */
function oldText(cursor: Cursor, name: TextName): WireType {
  const bytesMax = readU8(cursor);
  const read = (value: Cursor): SqlValue => {
    const length = readU8(value);
    if (length === 0) return null;
    const bytes = readBytes(value, length);
    return name.endsWith("binary") ? copyBytes(bytes) : bytes.toString("latin1");
  };
  return { type: { name, length: Math.max(1, bytesMax) }, read };
}

/** A parameter of mssql-jdbc that is NULL has no length (MS-TDS 2.2.5.4.2: 0 or 16). */
function guidType(cursor: Cursor): WireType {
  const byteCount = readU8(cursor);
  if (byteCount !== 0 && byteCount !== 16)
    throw new ProtocolError(`uniqueidentifier of ${byteCount} bytes`);
  const read = (value: Cursor): SqlValue => readGuid(readBytes(value, 16));
  return { type: { name: "uniqueidentifier" }, read: behindLength(16, read) };
}

const readers: Record<number, (cursor: Cursor) => WireType> = {
  [typeToken.null]: () => ({ type: { name: "nvarchar", length: 1 }, read: () => null }),
  [typeToken.bit]: () => bitType,
  [typeToken.int1]: () => integers[1]!,
  [typeToken.int2]: () => integers[2]!,
  [typeToken.int4]: () => integers[4]!,
  [typeToken.int8]: () => integers[8]!,
  [typeToken.float4]: () => floats[4]!,
  [typeToken.float8]: () => floats[8]!,
  [typeToken.money4]: () => moneys[4]!,
  [typeToken.money]: () => moneys[8]!,
  [typeToken.datetime4]: () => datetimes[4]!,
  [typeToken.datetime]: () => datetimes[8]!,
  [typeToken.bitn]: (cursor) => nullable(cursor, { 1: bitType }),
  [typeToken.intn]: (cursor) => nullable(cursor, integers),
  [typeToken.floatn]: (cursor) => nullable(cursor, floats),
  [typeToken.moneyn]: (cursor) => nullable(cursor, moneys),
  [typeToken.datetimen]: (cursor) => nullable(cursor, datetimes),
  [typeToken.decimaln]: decimalType,
  [typeToken.numericn]: decimalType,
  [typeToken.decimalOld]: decimalType,
  [typeToken.numericOld]: decimalType,
  [typeToken.guid]: guidType,
  [typeToken.daten]: () => ({ type: { name: "date" }, read: behindLength(3, readDay) }),
  [typeToken.timen]: (cursor) => scaled(cursor, "time"),
  [typeToken.datetime2n]: (cursor) => scaled(cursor, "datetime2"),
  [typeToken.datetimeoffsetn]: (cursor) => scaled(cursor, "datetimeoffset"),
  [typeToken.char]: (cursor) => textType(cursor, "char"),
  [typeToken.varchar]: (cursor) => textType(cursor, "varchar"),
  [typeToken.nchar]: (cursor) => textType(cursor, "nchar"),
  [typeToken.nvarchar]: (cursor) => textType(cursor, "nvarchar"),
  [typeToken.binary]: (cursor) => textType(cursor, "binary"),
  [typeToken.varbinary]: (cursor) => textType(cursor, "varbinary"),
  [typeToken.charOld]: (cursor) => oldText(cursor, "char"),
  [typeToken.varcharOld]: (cursor) => oldText(cursor, "varchar"),
  [typeToken.binaryOld]: (cursor) => oldText(cursor, "binary"),
  [typeToken.varbinaryOld]: (cursor) => oldText(cursor, "varbinary"),
  [typeToken.text]: (cursor) => longType(cursor, "varchar"),
  [typeToken.ntext]: (cursor) => longType(cursor, "nvarchar"),
  [typeToken.image]: (cursor) => longType(cursor, "varbinary"),
};

const refusedTypes: Record<number, string> = {
  [typeToken.table]: "A table-valued parameter",
  [typeToken.udt]: "A parameter of a user-defined (CLR) type",
  [typeToken.xml]: "A parameter of type xml",
  [typeToken.variant]: "A parameter of type sql_variant",
};

/** Reads a TYPE_INFO. Throws SqlError 40514 for the types that are refused by name. */
export function readTypeInfo(cursor: Cursor): WireType {
  const token = readU8(cursor);
  const reader = readers[token];
  if (reader !== undefined) return reader(cursor);
  const refused = refusedTypes[token];
  if (refused !== undefined) throw refusal(refused);
  throw new ProtocolError(`unknown type token 0x${token.toString(16)}`);
}
