// Escape sequences of ODBC, which drivers and reporting tools hand through: literals {d}, {ts}, {t}, {guid},
// and scalar functions {fn …} under the names that ODBC gives them.
// Sources: "ODBC Scalar Functions (Transact-SQL)", "Supported String Literal Formats" (ODBC datetime format).
import type { SqlType } from "../../session.ts";
import type { Expression, Position } from "../ast.ts";
import { refuseOption } from "../error.ts";
import { types, varchar } from "../type.ts";
import { call } from "./call.ts";
import { type Cursor, expectOp, expectWord, isOp, list, next, unexpected } from "./cursor.ts";
import { value } from "./expression.ts";

export function escapeValue(cursor: Cursor): Expression {
  const { at } = next(cursor);
  const escaped = sequence(cursor, at);
  expectOp(cursor, "}");
  return escaped;
}

function sequence(cursor: Cursor, at: Position): Expression {
  switch (next(cursor).keyword) {
    case "D":
    case "TS":
      return cast(at, value(cursor), types.datetime);
    case "T": {
      const today = converted(at, 23, varchar(10));
      const space = text(at, " ");
      return cast(at, joined(at, joined(at, today, space), value(cursor)), types.datetime);
    }
    case "GUID":
      return cast(at, value(cursor), types.uniqueidentifier);
    case "FN":
      return scalarFunction(cursor);
    default:
      cursor.index -= 1;
      return unexpected(cursor);
  }
}

/** Names of ODBC that T-SQL calls otherwise. */
const renamed: Readonly<Record<string, string>> = {
  UCASE: "UPPER",
  LCASE: "LOWER",
  LENGTH: "LEN",
  CHAR_LENGTH: "LEN",
  CHARACTER_LENGTH: "LEN",
  OCTET_LENGTH: "DATALENGTH",
  LOCATE: "CHARINDEX",
  REPEAT: "REPLICATE",
  INSERT: "STUFF",
  IFNULL: "ISNULL",
  ATAN2: "ATN2",
  DAYOFMONTH: "DAY",
  NOW: "GETDATE",
  CURRENT_TIMESTAMP: "GETDATE",
  DATABASE: "DB_NAME",
  USER: "USER_NAME",
};

const parts: Readonly<Record<string, string>> = {
  QUARTER: "quarter",
  WEEK: "week",
  DAYOFYEAR: "dayofyear",
  DAYOFWEEK: "weekday",
  HOUR: "hour",
  MINUTE: "minute",
  SECOND: "second",
};

function scalarFunction(cursor: Cursor): Expression {
  const { at, keyword, value: written } = next(cursor);
  const name = keyword || written.toUpperCase();
  expectOp(cursor, "(");
  if (name === "EXTRACT") return extract(cursor, at);
  const args = isOp(cursor, ")") ? [] : list(cursor, value);
  expectOp(cursor, ")");
  const [first, second] = args;
  if (Object.hasOwn(parts, name)) return call(at, "DATEPART", [word(at, parts[name]!), ...args]);
  if (Object.hasOwn(renamed, name)) return call(at, renamed[name]!, args);
  switch (name) {
    case "MONTHNAME":
      return call(at, "DATENAME", [word(at, "month"), ...args]);
    case "DAYNAME":
      return call(at, "DATENAME", [word(at, "weekday"), ...args]);
    case "CURDATE":
    case "CURRENT_DATE":
      return converted(at, 23, varchar(10));
    case "CURTIME":
    case "CURRENT_TIME":
      return converted(at, 114, varchar(12));
    case "CONCAT":
      return first && second ? joined(at, first, second) : call(at, name, args);
    case "MOD":
      return first && second
        ? { kind: "binary", at, op: "%", left: first, right: second }
        : call(at, name, args);
    case "TRUNCATE":
      return call(at, "ROUND", [...args, number(at, 1)]);
    case "TIMESTAMPADD":
      return call(at, "DATEADD", interval(args));
    case "TIMESTAMPDIFF":
      return call(at, "DATEDIFF", interval(args));
    case "CONVERT":
      return refuseOption(at, "{fn CONVERT}");
    default:
      return call(at, name, args);
  }
}

function extract(cursor: Cursor, at: Position): Expression {
  const part = word(at, next(cursor).value);
  expectWord(cursor, "FROM");
  const from = value(cursor);
  expectOp(cursor, ")");
  return call(at, "DATEPART", [part, from]);
}

/** SQL_TSI_DAY is the date part `day`; FRAC_SECOND counts billionths. */
function interval([unit, ...rest]: readonly Expression[]): Expression[] {
  if (unit?.kind !== "column") return unit === undefined ? [] : [unit, ...rest];
  const name = unit.parts.at(-1)!.replace(/^SQL_TSI_/i, "");
  return [word(unit.at, /^frac_second$/i.test(name) ? "nanosecond" : name), ...rest];
}

function cast(at: Position, operand: Expression, type: SqlType): Expression {
  return { kind: "cast", at, operand, type, attempt: false };
}

/** The present moment as text of a style. */
function converted(at: Position, style: number, type: SqlType): Expression {
  const operand = call(at, "GETDATE", []);
  return { kind: "convert", at, type, operand, style: number(at, style), attempt: false };
}

function joined(at: Position, left: Expression, right: Expression): Expression {
  return { kind: "binary", at, op: "+", left, right };
}

function word(at: Position, name: string): Expression {
  return { kind: "column", at, parts: [name] };
}

function number(at: Position, known: number): Expression {
  return { kind: "literal", at, type: types.int, value: known };
}

function text(at: Position, known: string): Expression {
  return { kind: "literal", at, type: varchar(known.length), value: known };
}
