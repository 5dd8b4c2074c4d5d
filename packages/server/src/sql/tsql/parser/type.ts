// Type names of T-SQL into SqlType, with the service's limits on length, precision and scale.
// Source: "Table data types for dedicated SQL pool"; unsupported types are refused by name.
import type { SqlType } from "../../session.ts";
import { fail, refuseOption } from "../error.ts";
import {
  acceptOp,
  acceptWord,
  type Cursor,
  expectOp,
  here,
  identifier,
  integerLiteral,
  isOp,
  next,
  peek,
  unexpected,
} from "./cursor.ts";

type Read = (args: readonly (number | "max")[]) => SqlType | undefined;

const plain =
  (type: SqlType): Read =>
  (args) =>
    args.length === 0 ? type : undefined;

const sized =
  (type: "char" | "varchar" | "nchar" | "nvarchar" | "binary" | "varbinary"): Read =>
  (args) => {
    const length = args[0] ?? 1;
    const allowsMax = type.includes("var");
    const longest = type.startsWith("n") ? 4000 : 8000;
    if (length === "max") return allowsMax ? { name: type, length } : undefined;
    if (args.length > 1) return undefined;
    if (length < 1) fail(1001, undefined, 1, length);
    if (length > longest) fail(131, undefined, length, type, longest);
    return { name: type, length };
  };

const scaled =
  (type: "time" | "datetime2" | "datetimeoffset"): Read =>
  (args) => {
    const scale = args[0] ?? 7;
    if (args.length > 1 || scale === "max") return undefined;
    return scale >= 0 && scale <= 7 ? { name: type, scale } : fail(1002, undefined, 1, scale);
  };

const decimal: Read = (args) => {
  const [precision = 18, scale = 0] = args;
  if (precision === "max" || scale === "max" || args.length > 2) return undefined;
  if (precision > 38 || precision < 1) fail(2750, undefined, 1, precision);
  if (scale > precision) fail(2751, undefined, 1, scale, precision);
  return { name: "decimal", precision, scale };
};

const float: Read = (args) => {
  const bits = args[0] ?? 53;
  if (bits === "max" || args.length > 1) return undefined;
  if (bits < 1 || bits > 53) fail(1001, undefined, 1, bits);
  return { name: bits <= 24 ? "real" : "float" };
};

const readers: Readonly<Record<string, Read>> = {
  bit: plain({ name: "bit" }),
  tinyint: plain({ name: "tinyint" }),
  smallint: plain({ name: "smallint" }),
  int: plain({ name: "int" }),
  integer: plain({ name: "int" }),
  bigint: plain({ name: "bigint" }),
  real: plain({ name: "real" }),
  float,
  decimal,
  dec: decimal,
  numeric: decimal,
  money: plain({ name: "money" }),
  smallmoney: plain({ name: "smallmoney" }),
  date: plain({ name: "date" }),
  datetime: plain({ name: "datetime" }),
  smalldatetime: plain({ name: "smalldatetime" }),
  time: scaled("time"),
  datetime2: scaled("datetime2"),
  datetimeoffset: scaled("datetimeoffset"),
  uniqueidentifier: plain({ name: "uniqueidentifier" }),
  char: sized("char"),
  character: sized("char"),
  varchar: sized("varchar"),
  nchar: sized("nchar"),
  nvarchar: sized("nvarchar"),
  binary: sized("binary"),
  varbinary: sized("varbinary"),
  sysname: plain({ name: "nvarchar", length: 128 }),
};

/** Recognised types that a dedicated SQL pool has no column of ("Unsupported data types"). */
const refused = new Set([
  "geometry",
  "geography",
  "hierarchyid",
  "image",
  "text",
  "ntext",
  "sql_variant",
  "timestamp",
  "rowversion",
  "xml",
  "table",
  "cursor",
  "json",
  "vector",
]);

/** `where` names the use in message 243: cast and convert have their own default length of 30. */
export function dataType(cursor: Cursor, use: "column" | "cast" = "column"): SqlType {
  const at = here(cursor);
  const token = peek(cursor);
  if (token.keyword === "NATIONAL") return nationalType(cursor, use);
  if (token.keyword === "TABLE" || token.keyword === "CURSOR") refuseOption(at, token.text);
  if (acceptWord(cursor, "DOUBLE", "PRECISION")) return { name: "float" };
  let word = identifier(cursor).toLowerCase();
  if (acceptOp(cursor, ".")) {
    if (word !== "sys") fail(2715, at, 1, `${word}.${peek(cursor).value}`);
    word = identifier(cursor).toLowerCase();
  }
  if ((word === "char" || word === "character") && acceptWord(cursor, "VARYING")) word = "varchar";
  if (word === "binary" && acceptWord(cursor, "VARYING")) word = "varbinary";
  if (refused.has(word)) refuseOption(at, word);
  const reader = Object.hasOwn(readers, word) ? readers[word] : undefined;
  if (reader === undefined)
    return fail(use === "cast" ? 243 : 2715, at, ...(use === "cast" ? [word] : [1, word]));
  return readSized(cursor, word, reader, use);
}

function nationalType(cursor: Cursor, use: "column" | "cast"): SqlType {
  const at = next(cursor).at;
  const word = identifier(cursor).toLowerCase();
  if (word === "text") refuseOption(at, "ntext");
  if (word !== "char" && word !== "character") unexpected(cursor);
  const varying = acceptWord(cursor, "VARYING");
  return readSized(cursor, word, sized(varying ? "nvarchar" : "nchar"), use);
}

function readSized(cursor: Cursor, word: string, reader: Read, use: "column" | "cast"): SqlType {
  const at = here(cursor);
  const args = isOp(cursor, "(") ? typeArguments(cursor) : defaultArguments(word, use);
  try {
    const type = reader(args);
    if (type !== undefined) return type;
  } catch (error) {
    if (error instanceof Error && "detail" in error) {
      const detail = error.detail as { line: number };
      detail.line = at.line;
    }
    throw error;
  }
  return fail(102, at, "(");
}

/** CAST and CONVERT to a sized type without a length mean 30 characters. */
function defaultArguments(word: string, use: "column" | "cast"): number[] {
  return use === "cast" && /char|binary/.test(word) ? [30] : [];
}

function typeArguments(cursor: Cursor): (number | "max")[] {
  expectOp(cursor, "(");
  const args: (number | "max")[] = [];
  do {
    args.push(acceptWord(cursor, "MAX") ? "max" : integerLiteral(cursor));
  } while (acceptOp(cursor, ","));
  expectOp(cursor, ")");
  return args;
}
