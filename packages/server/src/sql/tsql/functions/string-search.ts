// CHARINDEX, PATINDEX and REPLACE: searching under the collation.
import { foldSql, type Value } from "../emit/value.ts";
import { fail } from "../error.ts";
import { textLength, types } from "../type.ts";
import { anyNull, type FunctionUse } from "./definition.ts";
import { cut, int, loose, result, text } from "./text-argument.ts";

/** Finds without case unless the collation says otherwise; 0 when absent. */
export function charIndex(args: readonly Value[], use: FunctionUse): Value {
  const needle = text(args[0]!, use);
  const hay = text(args[1]!, use);
  const collation = needle.collation ?? hay.collation;
  const [a, b] = [foldSql(needle.sql, collation), foldSql(hay.sql, collation)];
  const wide = "length" in hay.type && hay.type.length === "max";
  const type = wide ? types.bigint : types.int;
  const cast = wide ? "BIGINT" : "INTEGER";
  if (args[2] === undefined) {
    return {
      sql: `CAST(CASE WHEN ${needle.sql} = '' THEN 0 ELSE instr(${b}, ${a}) END AS ${cast})`,
      type,
      nullable: anyNull(args),
    };
  }
  const start = `greatest(${int(args[2], use).sql}, 1)`;
  const found = `instr(substr(${b}, ${start}), ${a})`;
  return {
    sql: `CAST(CASE WHEN ${needle.sql} <> '' AND ${found} > 0 THEN ${found} + ${start} - 1 WHEN ${hay.sql} IS NOT NULL AND ${needle.sql} IS NOT NULL THEN 0 END AS ${cast})`,
    type,
    nullable: anyNull(args),
  };
}

/** REPLACE keeps what it does not match as it was written, and matches without case. */
export function replace(args: readonly Value[], use: FunctionUse): Value {
  const [value, from, to] = args.map((arg) => text(arg, use)) as [Value, Value, Value];
  const collation = value.collation ?? from.collation;
  const type = loose(
    value.type,
    "length" in value.type && value.type.length === "max" ? "max" : 8000,
  );
  const [own, put] = [Number(textLength(value.type)), Number(textLength(to.type))];
  const longest = own * Math.max(1, put);
  if (collation === "sensitive" || caseless(from)) {
    const replaced = `replace(${value.sql}, ${from.sql}, ${to.sql})`;
    return result(cut(replaced, type, longest), type, [value, from, to]);
  }
  const pattern = `regexp_escape(${from.sql})`;
  const replacement = `replace(${to.sql}, '\\', '\\\\')`;
  const replaced = `regexp_replace(${value.sql}, ${pattern}, ${replacement}, 'gi')`;
  return result(
    `CASE WHEN ${from.sql} = '' THEN ${value.sql} ELSE ${cut(replaced, type, longest)} END`,
    type,
    [value, from, to],
  );
}

function caseless(value: Value): boolean {
  const literal = value.literal?.value;
  return typeof literal === "string" && literal.toLowerCase() === literal.toUpperCase();
}

/** PATINDEX matches a LIKE pattern anywhere; only constant patterns can be compiled. */
export function patIndex(args: readonly Value[], use: FunctionUse): Value {
  const pattern = args[0]!.literal?.value;
  const value = text(args[1]!, use);
  if (typeof pattern !== "string")
    return fail(
      40517,
      use.at,
      "PATINDEX with a pattern that is not constant",
      use.at.line,
      use.at.column,
    );
  const body = pattern.replace(/^%/, "").replace(/%$/, "");
  const anchoredStart = !pattern.startsWith("%");
  const anchoredEnd = !pattern.endsWith("%");
  const regex = `${anchoredStart ? "^" : ""}${likePiece(body)}${anchoredEnd ? "$" : ""}`.replaceAll(
    "'",
    "''",
  );
  const before = `regexp_extract(${value.sql}, '(?si)^(.*?)(?:${regex.replace(/^\^/, "")})${anchoredEnd ? "" : ""}', 1)`;
  const hit = `regexp_matches(${value.sql}, '(?si)${regex}')`;
  const position = anchoredStart ? "1" : `length(${before}) + 1`;
  return {
    sql: `CAST(CASE WHEN ${hit} THEN ${position} WHEN ${value.sql} IS NULL THEN NULL ELSE 0 END AS INTEGER)`,
    type: types.int,
    nullable: value.nullable,
  };
}

function likePiece(pattern: string): string {
  return pattern.replace(/\[[^\]]+\]|%|_|[\\^$.*+?()|{}]/g, (piece) => {
    if (piece === "%") return ".*";
    if (piece === "_") return ".";
    return piece.startsWith("[") ? piece : `\\${piece}`;
  });
}
