// String functions. Source: "String functions (Transact-SQL)".
import type { SqlType } from "../../session.ts";
import { convert } from "../emit/conversion.ts";
import { jsonText } from "../emit/for-json.ts";
import { literalValue, raise, type Value } from "../emit/value.ts";
import { fail } from "../error.ts";
import { isBinary, isString, isUnicode, spoken, textLength, types } from "../type.ts";
import { type FunctionDefinition, type FunctionUse, refused, scalar } from "./definition.ts";
import { parseName } from "./parse-name.ts";
import { soundexFunctions } from "./soundex.ts";
import { dataLength, hashBytes } from "./string-bytes.ts";
import { charIndex, patIndex, replace } from "./string-search.ts";
import { cut, int, known, loose, result, text } from "./text-argument.ts";

function textual(name: string, emit: (sql: string) => string): FunctionDefinition {
  return scalar(name, 1, (args, use) => {
    const value = text(args[0]!, use);
    return result(emit(value.sql), loose(value.type), [value]);
  });
}

/** LEFT and RIGHT complain about a negative length (536). */
function edge(name: "LEFT" | "RIGHT"): FunctionDefinition {
  return scalar(name, 2, (args, use) => {
    const value = text(args[0]!, use);
    const length = int(args[1]!, use);
    const fixed = known(length);
    if (fixed !== undefined && fixed < 0) fail(536, use.at, name.toLowerCase());
    const checked =
      fixed === undefined
        ? `CASE WHEN ${length.sql} < 0 THEN ${raise(536, `'${name.toLowerCase()}'`)} ELSE ${length.sql} END`
        : length.sql;
    return result(`${name.toLowerCase()}(${value.sql}, ${checked})`, loose(value.type, fixed), [
      value,
      length,
    ]);
  });
}

/** Positions before 1 count, as documented: SUBSTRING('abc', 0, 2) is 'a'. */
function substring(args: readonly Value[], use: FunctionUse): Value {
  const { type: given, bareNull } = args[0]!;
  if (bareNull || !(isString(given) || isBinary(given)))
    fail(8116, use.at, bareNull ? "NULL" : spoken(given), 1, "substring");
  const value = isBinary(args[0]!.type) ? args[0]! : text(args[0]!, use);
  const start = int(args[1]!, use);
  const length = int(args[2]!, use);
  const [from, count] = [known(start), known(length)];
  if (count !== undefined && count < 0) fail(537, use.at);
  const type: SqlType = isBinary(value.type)
    ? { name: "varbinary", length: count ?? "max" }
    : loose(value.type, count);
  if (isBinary(value.type)) {
    const hex = `substr(hex(${value.sql}), ${start.sql} * 2 - 1, ${length.sql} * 2)`;
    return result(`from_hex(${hex})`, type, [value, start, length]);
  }
  if (from !== undefined && count !== undefined) {
    const first = Math.max(from, 1);
    const taken = Math.max(0, Math.min(from + count, Number.MAX_SAFE_INTEGER) - first);
    return result(`substr(${value.sql}, ${first}, ${taken})`, type, [value]);
  }
  const checked = `CASE WHEN ${length.sql} < 0 THEN ${raise(537)} ELSE ${length.sql} END`;
  const taken = `greatest(least(${start.sql}, 1) - 1 + ${checked}, 0)`;
  return result(`substr(${value.sql}, greatest(${start.sql}, 1), ${taken})`, type, [
    value,
    start,
    length,
  ]);
}

/** CONCAT takes NULL for the empty string. */
function concat(args: readonly Value[], use: FunctionUse, separator?: Value): Value {
  const values = args.map((arg) => text(arg, use));
  const unicode = values.some((value) => isUnicode(value.type));
  const lengths = values.map((value) => textLength(value.type));
  const glue =
    separator === undefined ? 0 : Number(textLength(separator.type)) * (values.length - 1);
  const longest = unicode ? 4000 : 8000;
  const total = lengths.includes("max")
    ? "max"
    : Math.min(
        longest,
        lengths.reduce<number>((sum, length) => sum + Number(length), glue),
      );
  const type: SqlType = { name: unicode ? "nvarchar" : "varchar", length: total === 0 ? 1 : total };
  const list = values.map((value) => value.sql).join(", ");
  const joined =
    separator === undefined
      ? `concat(${list})`
      : `concat_ws(coalesce(${separator.sql}, ''), ${list})`;
  return { sql: total === longest ? cut(joined, type, Infinity) : joined, type, nullable: false };
}

function trimmed(name: string, duckName: string): FunctionDefinition {
  return scalar(name, [1, 2], (args, use) => {
    const value = text(args[0]!, use);
    const chars =
      args[1] === undefined ? literalValue(" ", { name: "char", length: 1 }) : text(args[1], use);
    return result(`${duckName}(${value.sql}, ${chars.sql})`, loose(value.type), [value, chars]);
  });
}

function stuff(args: readonly Value[], use: FunctionUse): Value {
  const value = text(args[0]!, use);
  const start = int(args[1]!, use);
  const length = int(args[2]!, use);
  const insert = args[3]!.bareNull
    ? literalValue("", { name: "varchar", length: 1 })
    : text(args[3]!, use);
  const valid = `${start.sql} >= 1 AND ${start.sql} <= length(${value.sql}) AND ${length.sql} >= 0`;
  const joined = `left(${value.sql}, ${start.sql} - 1)||coalesce(${insert.sql},'')||substr(${value.sql}, ${start.sql} + ${length.sql})`;
  const type = loose(value.type, textLength(value.type) === "max" ? "max" : 8000);
  const longest = Number(textLength(value.type)) + Number(textLength(insert.type));
  return { sql: `CASE WHEN ${valid} THEN ${cut(joined, type, longest)} END`, type, nullable: true };
}

/** STR(number, length, decimals): right-aligned, asterisks where it does not fit. */
function str(args: readonly Value[], use: FunctionUse): Value {
  const number = convert(args[0]!, types.float, use.at);
  const length = args[1] === undefined ? 10 : known(int(args[1], use));
  const decimals = args[2] === undefined ? 0 : known(int(args[2], use));
  if (length === undefined || decimals === undefined)
    return fail(
      40517,
      use.at,
      "STR with a length that is not constant",
      use.at.line,
      use.at.column,
    );
  if (length < 1 || length > 8000 || decimals < 0)
    return { sql: "CAST(NULL AS VARCHAR)", type: { name: "varchar", length: 10 }, nullable: true };
  const shown = `format('{:.${Math.min(decimals, 16)}f}', round(${number.sql}, ${decimals}))`;
  return {
    sql: `CASE WHEN length(${shown}) > ${length} THEN '${"*".repeat(length)}' ELSE lpad(${shown}, ${length}, ' ') END`,
    type: { name: "varchar", length },
    nullable: number.nullable,
  };
}

export const stringFunctions: readonly FunctionDefinition[] = [
  scalar("ASCII", 1, (args, use) => ({
    sql: `CAST(nullif(unicode(${text(args[0]!, use).sql}), -1) AS INTEGER)`,
    type: types.int,
    nullable: true,
  })),
  scalar("UNICODE", 1, (args, use) => ({
    sql: `CAST(nullif(unicode(${text(args[0]!, use).sql}), -1) AS INTEGER)`,
    type: types.int,
    nullable: true,
  })),
  scalar("CHAR", 1, (args, use) => {
    const code = int(args[0]!, use).sql;
    return {
      sql: `CASE WHEN ${code} BETWEEN 0 AND 255 THEN chr(${code}) END`,
      type: { name: "char", length: 1 },
      nullable: true,
    };
  }),
  scalar("NCHAR", 1, (args, use) => {
    const code = int(args[0]!, use).sql;
    return {
      sql: `CASE WHEN ${code} BETWEEN 0 AND 65535 THEN chr(${code}) END`,
      type: { name: "nchar", length: 1 },
      nullable: true,
    };
  }),
  scalar("CHARINDEX", [2, 3], charIndex),
  scalar("PATINDEX", 2, patIndex),
  scalar("CONCAT", [2, 254], (args, use) => concat(args, use)),
  scalar("CONCAT_WS", [3, 254], ([separator, ...rest], use) =>
    concat(rest, use, text(separator!, use)),
  ),
  scalar("LEN", 1, (args, use) => {
    const [value] = args as [Value];
    if (isBinary(value.type))
      return {
        sql: `CAST(octet_length(${value.sql}) AS INTEGER)`,
        type: types.int,
        nullable: value.nullable,
      };
    const shown = text(value, use);
    const wide = "length" in shown.type && shown.type.length === "max";
    return {
      sql: `CAST(length(rtrim(${shown.sql}, ' ')) AS ${wide ? "BIGINT" : "INTEGER"})`,
      type: wide ? types.bigint : types.int,
      nullable: value.nullable,
    };
  }),
  textual("LOWER", (sql) => `lower(${sql})`),
  textual("UPPER", (sql) => `upper(${sql})`),
  textual("REVERSE", (sql) => `reverse(${sql})`),
  trimmed("LTRIM", "ltrim"),
  trimmed("RTRIM", "rtrim"),
  trimmed("TRIM", "trim"),
  edge("LEFT"),
  edge("RIGHT"),
  scalar("SUBSTRING", 3, substring),
  scalar("REPLACE", 3, replace),
  scalar("REPLICATE", 2, (args, use) => {
    const value = text(args[0]!, use);
    const times = int(args[1]!, use).sql;
    const type = loose(value.type, textLength(value.type) === "max" ? "max" : 8000);
    const most = "length" in type && type.length !== "max" ? type.length : undefined;
    const count = most === undefined ? times : `least(${times}, ${most})`;
    return {
      sql: `CASE WHEN ${times} >= 0 THEN ${cut(`repeat(${value.sql}, ${count})`, type, Infinity)} END`,
      type,
      nullable: true,
    };
  }),
  scalar("SPACE", 1, (args, use) => {
    const times = int(args[0]!, use).sql;
    return {
      sql: `CASE WHEN ${times} >= 0 THEN repeat(' ', least(${times}, 8000)) END`,
      type: { name: "varchar", length: 8000 },
      nullable: true,
    };
  }),
  scalar("STUFF", 4, stuff),
  scalar("STR", [1, 3], str),
  scalar("TRANSLATE", 3, (args, use) => {
    const [value, from, to] = args.map((arg) => text(arg, use)) as [Value, Value, Value];
    const translated = `translate(${value.sql}, ${from.sql}, ${to.sql})`;
    const isUneven = `length(${from.sql}) <> length(${to.sql})`;
    const sql = `CASE WHEN ${isUneven} THEN ${raise(9828)} ELSE ${translated} END`;
    return result(sql, loose(value.type), [value, from, to]);
  }),
  scalar("QUOTENAME", [1, 2], (args, use) => {
    const value = text(args[0]!, use);
    const quote = args[1]?.literal?.value ?? "[";
    const pairs: Record<string, [string, string]> = {
      "[": ["[", "]"],
      "]": ["[", "]"],
      "'": ["'", "'"],
      '"': ['"', '"'],
      "(": ["(", ")"],
      "{": ["{", "}"],
      "<": ["<", ">"],
      "`": ["`", "`"],
    };
    const pair = pairs[String(quote)];
    if (pair === undefined)
      return {
        sql: "CAST(NULL AS VARCHAR)",
        type: { name: "nvarchar", length: 258 },
        nullable: true,
      };
    const [open, close] = pair.map((char) => char.replace("'", "''")) as [string, string];
    const quoted = `('${open}'||replace(${value.sql}, '${close}', '${close}${close}')||'${close}')`;
    const fits = Number(textLength(value.type)) <= 128;
    return {
      sql: fits ? quoted : `CASE WHEN length(${value.sql}) <= 128 THEN ${quoted} END`,
      type: { name: "nvarchar", length: 258 },
      nullable: value.nullable || !fits,
    };
  }),
  scalar("PARSENAME", 2, parseName),
  scalar("DATALENGTH", 1, (args, use) => dataLength(args[0]!, use)),
  scalar("STRING_ESCAPE", 2, (args, use) => {
    const value = text(args[0]!, use);
    return result(
      `substr(${jsonText(value.sql)}, 2, length(${jsonText(value.sql)}) - 2)`,
      { name: "nvarchar", length: "max" },
      [value],
    );
  }),
  scalar("HASHBYTES", 2, hashBytes),
  ...soundexFunctions,
  ...refused("FORMATMESSAGE"),
];
