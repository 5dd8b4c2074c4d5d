// JSON functions over text. Source: "JSON functions (Transact-SQL)"; paths are lax unless strict.
import { quoteText, raise, type Value } from "../emit/value.ts";
import { fail, refuseOption } from "../error.ts";
import { isString, nvarchar, spoken, types } from "../type.ts";
import { type FunctionDefinition, type FunctionUse, raw, refused, scalar } from "./definition.ts";
import { jsonModify } from "./json-modify.ts";
import { text } from "./text-argument.ts";

/** `lax $.a."b c"[0]` as DuckDB writes it; undefined when it is not a constant. */
export function jsonPath(
  value: Value | undefined,
  use: FunctionUse,
): { path: string; strict: boolean } {
  const literal = value === undefined ? "$" : value.literal?.value;
  if (typeof literal !== "string") return refuseOption(use.at, "JSON path that is not constant");
  const found = /^\s*(lax|strict)?\s*(\$.*)$/i.exec(literal.trim());
  if (found === null) return refuseOption(use.at, `JSON path '${literal}'`);
  return { path: found[2]!.trim(), strict: found[1]?.toLowerCase() === "strict" };
}

/** The document of a JSON function: text, as the argument of no other type is. */
function jsonText(value: Value, use: FunctionUse): Value {
  const name = use.call.name.parts[0]!.toLowerCase();
  if (!isString(value.type) && !value.bareNull) fail(8116, use.at, spoken(value.type), 1, name);
  return text(value, use);
}

function checked(sql: string): string {
  return `CASE WHEN ${sql} IS NULL OR json_valid(${sql}) THEN ${sql} ELSE ${raise(13609, `left(${sql}, 1)`, "'0'")} END`;
}

function jsonValue(args: readonly Value[], use: FunctionUse): Value {
  const document = jsonText(args[0]!, use);
  const { path, strict } = jsonPath(args[1], use);
  const source = checked(document.sql);
  const kind = `json_type(${source}, ${quoteText(path)})`;
  const missing = strict ? raise(13608, "''") : "NULL";
  const value = `json_extract_string(${source}, ${quoteText(path)})`;
  return {
    sql: `CASE WHEN ${kind} IN ('OBJECT','ARRAY') OR ${kind} IS NULL THEN ${missing} ELSE ${value} END`,
    type: nvarchar(4000),
    nullable: true,
  };
}

function jsonQuery(args: readonly Value[], use: FunctionUse): Value {
  const document = jsonText(args[0]!, use);
  const { path } = jsonPath(args[1], use);
  const source = checked(document.sql);
  const kind = `json_type(${source}, ${quoteText(path)})`;
  return {
    sql: `CASE WHEN ${kind} IN ('OBJECT','ARRAY') THEN CAST(json_extract(${source}, ${quoteText(path)}) AS VARCHAR) END`,
    type: nvarchar("max"),
    nullable: true,
  };
}

export const jsonFunctions: readonly FunctionDefinition[] = [
  scalar("ISJSON", 1, (args, use) => {
    const document = jsonText(args[0]!, use);
    return {
      sql: `CASE WHEN ${document.sql} IS NULL THEN NULL WHEN json_valid(${document.sql}) AND left(ltrim(${document.sql}), 1) IN ('{','[') THEN 1 ELSE 0 END`,
      type: types.int,
      nullable: document.nullable,
    };
  }),
  scalar("JSON_VALUE", 2, jsonValue),
  scalar("JSON_QUERY", [1, 2], jsonQuery),
  raw("JSON_MODIFY", 3, jsonModify),
  ...refused("JSON_OBJECT", "JSON_ARRAY", "JSON_PATH_EXISTS"),
];
