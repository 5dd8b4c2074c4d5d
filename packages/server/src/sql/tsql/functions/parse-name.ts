// PARSENAME: a part of an object's name, counted from its end. Source: "PARSENAME (Transact-SQL)".
import type { Value } from "../emit/value.ts";
import { types } from "../type.ts";
import type { FunctionUse } from "./definition.ts";
import { int, text } from "./text-argument.ts";

/** NULL for a part that the name has not, and for names of more than four parts. */
export function parseName(args: readonly Value[], use: FunctionUse): Value {
  const name = text(args[0]!, use);
  const place = int(args[1]!, use).sql;
  const delimited = `regexp_extract_all(n, '\\[(?:[^\\]]|\\]\\])*\\]|"(?:[^"]|"")*"|[^.]+')`;
  const parts = `CASE WHEN regexp_matches(n, '[\\["]') THEN ${delimited} ELSE string_split(n, '.') END`;
  const part = `list_transform([${parts}], p -> CASE WHEN len(p) <= 4 AND ${place} BETWEEN 1 AND len(p) THEN p[len(p) + 1 - ${place}] END)[1]`;
  const bare = `CASE WHEN prefix(q, '[') THEN replace(substr(q, 2, length(q) - 2), ']]', ']') WHEN prefix(q, '"') THEN replace(substr(q, 2, length(q) - 2), '""', '"') ELSE nullif(q, '') END`;
  return {
    sql: `list_transform([${name.sql}], n -> list_transform([${part}], q -> ${bare})[1])[1]`,
    type: types.sysname,
    nullable: true,
  };
}
