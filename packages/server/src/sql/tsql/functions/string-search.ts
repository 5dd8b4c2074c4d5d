// CHARINDEX, PATINDEX and REPLACE: searching under the collation.
import { likeRegex, runtimeRegex } from "../emit/predicate.ts";
import { foldSql, quoteText, type Value } from "../emit/value.ts";
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

/** PATINDEX: where a LIKE pattern begins first; a pattern that does not begin with % begins at 1 or nowhere. */
export function patIndex(args: readonly Value[], use: FunctionUse): Value {
  const pattern = text(args[0]!, use);
  const value = text(args[1]!, use);
  const known = pattern.literal?.value;
  const flags = (pattern.collation ?? value.collation) === "sensitive" ? "(?s)" : "(?si)";
  const bare = `regexp_replace(${pattern.sql}, '^%|%$', '', 'g')`;
  const regex =
    typeof known === "string"
      ? quoteText(likeRegex(known.replace(/^%/, "").replace(/%$/, ""), undefined))
      : runtimeRegex(bare);
  const isOpen = (side: "prefix" | "suffix"): string => `${side}(${pattern.sql}, '%')`;
  const lead = `CASE WHEN ${isOpen("prefix")} THEN '(.*?)' ELSE '()' END`;
  const tail = `CASE WHEN ${isOpen("suffix")} THEN '' ELSE '$' END`;
  const whole = `'${flags}^'||${lead}||'(?:'||${regex}||')'||${tail}`;
  const hit = `regexp_matches(${value.sql}, ${whole})`;
  const place = `length(regexp_extract(${value.sql}, ${whole}, 1)) + 1`;
  const wide = textLength(value.type) === "max";
  return {
    sql: `CAST(CASE WHEN ${hit} THEN ${place} WHEN ${value.sql} IS NOT NULL AND ${pattern.sql} IS NOT NULL THEN 0 END AS ${wide ? "BIGINT" : "INTEGER"})`,
    type: wide ? types.bigint : types.int,
    nullable: anyNull(args),
  };
}
