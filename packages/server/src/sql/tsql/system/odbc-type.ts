// Types as the catalogue procedures of ODBC describe them: codes, sizes and digits, by the version of ODBC that
// the driver speaks and the age of the procedure (_100 knows date, time, datetime2 and datetimeoffset).
// Sources: "sp_columns", "sp_datatype_info", ODBC type codes, "Data Type Support for ODBC Date and Time".
import type { SqlType, SqlValue } from "../../session.ts";
import { isMoney, isNumeric, isString, isTemporal } from "../type.ts";
import { systemTypes, typeFacts } from "./type-facts.ts";

type Row = Readonly<Record<string, SqlValue>>;

/** What a procedure was called for. */
export interface OdbcVersion {
  /** 2 unless the driver says 3 or more. */
  odbc: number;
  /** A procedure whose name ends in _100. */
  isNew: boolean;
}

type TypeName = SqlType["name"];

const codes: Readonly<Record<TypeName, number>> = {
  bit: -7,
  tinyint: -6,
  smallint: 5,
  int: 4,
  bigint: -5,
  real: 7,
  float: 6,
  decimal: 3,
  money: 3,
  smallmoney: 3,
  // The newer ones are texts to those who do not know them.
  date: -9,
  time: -9,
  datetime2: -9,
  datetimeoffset: -9,
  datetime: 11,
  smalldatetime: 11,
  uniqueidentifier: -11,
  char: 1,
  varchar: 12,
  nchar: -8,
  nvarchar: -9,
  binary: -2,
  varbinary: -3,
};

const newCodes: Partial<Record<TypeName, number>> = {
  date: 91,
  time: -154,
  datetime2: 93,
  datetimeoffset: -155,
};

/** Bytes of what a driver hands to its application. */
const transferBytes: Partial<Record<TypeName, number>> = {
  date: 6,
  time: 12,
  datetime2: 16,
  datetimeoffset: 20,
  datetime: 16,
  smalldatetime: 16,
};

function codeOf(name: TypeName, { odbc, isNew }: OdbcVersion): number {
  if (isNew && newCodes[name] !== undefined) return newCodes[name];
  return codes[name] === 11 && odbc >= 3 ? 93 : codes[name];
}

/** SQL_DATETIME with a subcode for the dates and times of the standard, from ODBC 3 on. */
function verboseCode(name: TypeName, version: OdbcVersion): Row {
  const code = codeOf(name, version);
  if (code !== 91 && code !== 93) return { SQL_DATA_TYPE: code, SQL_DATETIME_SUB: null };
  return { SQL_DATA_TYPE: 9, SQL_DATETIME_SUB: code === 91 ? 1 : 3 };
}

/** Size, digits and codes of a type, under the names of sp_columns. */
export function odbcColumns(type: SqlType, version: OdbcVersion): Row {
  const facts = typeFacts(type);
  const isKnownDate = isTemporal(type) && codeOf(type.name, version) !== codes.nvarchar;
  const length = "length" in type ? (type.length === "max" ? 0 : type.length) : 0;
  const size = sizeOf(type.name) ?? (facts.precision || length);
  const bytes = isKnownDate
    ? transferBytes[type.name]!
    : isTemporal(type)
      ? size * 2
      : type.name === "decimal" || isMoney(type)
        ? size + 2
        : Math.max(facts.maxLength, 0);
  return {
    DATA_TYPE: codeOf(type.name, version),
    TYPE_NAME: type.name,
    PRECISION: size,
    LENGTH: bytes,
    SCALE: hasDigits(type) ? facts.scale : null,
    RADIX: isNumeric(type) && type.name !== "bit" ? 10 : null,
    ...verboseCode(type.name, version),
    CHAR_OCTET_LENGTH: "length" in type ? facts.maxLength : null,
    SS_DATA_TYPE: facts.systemTypeId,
  };
}

function sizeOf(name: TypeName): number | undefined {
  const sizes: Partial<Record<TypeName, number>> = { float: 15, real: 7, uniqueidentifier: 36 };
  return sizes[name];
}

/** Of a whole number they are 0, of an approximate one there are none. */
function hasDigits(type: SqlType): boolean {
  const isExact = isNumeric(type) && !["bit", "float", "real"].includes(type.name);
  return isExact || (isTemporal(type) && type.name !== "date");
}

/** Prefix and suffix of a type's literals. */
function quotesOf(name: string): [string | null, string | null] {
  if (/binary/.test(name)) return ["0x", null];
  if (/^n(var)?char|sysname/.test(name)) return ["N'", "'"];
  return /char|date|time|uniqueidentifier/.test(name) ? ["'", "'"] : [null, null];
}

/** Rows of sp_datatype_info. Drivers take the first one of a code: nvarchar, datetime2. */
export function odbcTypes(version: OdbcVersion): Row[] {
  return systemTypes
    .map((entry) => typeRow(entry, version))
    .toSorted((left, right) => Number(left.DATA_TYPE) - Number(right.DATA_TYPE));
}

function typeRow(entry: (typeof systemTypes)[number], version: OdbcVersion): Row {
  const name = String(entry.name);
  const known = ({ numeric: "decimal", sysname: "nvarchar" }[name] ?? name) as TypeName;
  const [prefix, suffix] = quotesOf(name);
  const isText = isString({ name: known } as SqlType);
  const isNumber = /int|decimal|numeric|money|float|real/.test(name);
  const longest =
    known === "uniqueidentifier" ? 36 : Number(entry.max_length) / (/^n/.test(known) ? 2 : 1);
  const verbose = name === "numeric" ? { SQL_DATA_TYPE: 2 } : verboseCode(known, version);
  return {
    TYPE_NAME: name,
    DATA_TYPE: name === "numeric" ? 2 : codeOf(known, version),
    PRECISION: Number(entry.precision) || longest,
    LITERAL_PREFIX: prefix,
    LITERAL_SUFFIX: suffix,
    CREATE_PARAMS: /decimal|numeric/.test(name)
      ? "precision,scale"
      : /char|binary/.test(name)
        ? "max length"
        : /2|offset|^time/.test(name)
          ? "scale"
          : null,
    NULLABLE: name === "sysname" ? 0 : 1,
    CASE_SENSITIVE: 0,
    SEARCHABLE: isText ? 3 : 2,
    UNSIGNED_ATTRIBUTE: isNumber ? (name === "tinyint" ? 1 : 0) : null,
    MONEY: /money/.test(name) ? 1 : 0,
    AUTO_INCREMENT: isNumber ? 0 : null,
    LOCAL_TYPE_NAME: name,
    MINIMUM_SCALE: isNumber ? 0 : null,
    MAXIMUM_SCALE: isNumber ? Number(entry.scale) : null,
    ...verbose,
    NUM_PREC_RADIX: isNumber ? 10 : null,
    USERTYPE: 0,
  };
}
