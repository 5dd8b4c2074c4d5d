// JSON_MODIFY: a document with one property set, appended to or deleted. The document is written anew,
// without the blanks between its parts. Source: "JSON_MODIFY (Transact-SQL)".
import type { Expression } from "../ast.ts";
import { jsonText } from "../emit/for-json.ts";
import { quoteText, raise, type Value } from "../emit/value.ts";
import { fail, refuseOption } from "../error.ts";
import { isApproximate, isInteger, isString, nvarchar, spoken } from "../type.ts";
import type { FunctionUse } from "./definition.ts";
import { text } from "./text-argument.ts";

interface Target {
  append: boolean;
  strict: boolean;
  /** Keys and array places, outermost first. */
  steps: readonly (string | number)[];
}

function target(value: Value, use: FunctionUse): Target {
  const path = value.literal?.value;
  if (typeof path !== "string") return refuseOption(use.at, "JSON path that is not constant");
  const found =
    /^\s*(append\s+)?(lax\s+|strict\s+)?\$((?:\.(?:"[^"]+"|[\p{L}_][\p{L}\p{N}_]*)|\[\d+\])*)\s*$/iu.exec(
      path,
    );
  if (found === null) return refuseOption(use.at, `JSON path '${path}'`);
  const steps = [...found[3]!.matchAll(/\."([^"]+)"|\.([^."[]+)|\[(\d+)\]/g)].map((step) =>
    step[3] === undefined ? (step[1] ?? step[2]!) : Number(step[3]),
  );
  if (steps.length === 0 && !found[1]) refuseOption(use.at, `JSON path '${path}'`);
  return { append: found[1] !== undefined, strict: /strict/i.test(found[2] ?? ""), steps };
}

/** A new value as JSON: text is escaped unless a JSON function made it; NULL stays NULL. */
function jsonOf(value: Value, expression: Expression, use: FunctionUse): string {
  if (value.bareNull) return "CAST(NULL AS VARCHAR)";
  const name = expression.kind === "call" ? expression.call.name.parts.at(-1)!.toUpperCase() : "";
  if (name === "JSON_QUERY" || name === "JSON_MODIFY") return value.sql;
  const { type } = value;
  if (type.name === "bit")
    return `CASE WHEN ${value.sql} THEN 'true' WHEN NOT ${value.sql} THEN 'false' END`;
  if (isInteger(type) || isApproximate(type) || type.name === "decimal")
    return `CAST(${value.sql} AS VARCHAR)`;
  if (!isString(type)) fail(8116, use.at, spoken(type), 3, "json_modify");
  return jsonText(value.sql);
}

export function jsonModify(args: readonly Expression[], use: FunctionUse): Value {
  const [source, path, value] = args.map((arg) => use.binder.value(arg, use.scope)) as [
    Value,
    Value,
    Value,
  ];
  if (!isString(source.type) && !source.bareNull)
    fail(8116, use.at, spoken(source.type), 1, "json_modify");
  const where = target(path, use);
  const document = text(source, use).sql;
  const changed = modified("d0", where, 0);
  const sql = `list_transform([${document}], d0 -> list_transform([${jsonOf(value, args[2]!, use)}], v -> CASE WHEN d0 IS NULL THEN NULL WHEN NOT json_valid(d0) THEN ${raise(13609, "left(d0, 1)", "'0'")} ELSE ${changed} END)[1])[1]`;
  return { sql, type: nvarchar("max"), nullable: true };
}

/** `document` with the rest of the path changed by the value `v`, at some depth of it. */
function modified(document: string, where: Target, depth: number): string {
  const step = where.steps[depth];
  const missing = where.strict ? raise(13608, "''") : document;
  if (step === undefined) {
    const tail = `CASE WHEN json_array_length(${document}) > 0 THEN ',' ELSE '' END`;
    const longer = `left(d, length(d) - 1)||${tail}||coalesce(v, 'null')||']'`;
    const bare = `CAST(CAST(${document} AS JSON) AS VARCHAR)`;
    return `CASE WHEN json_type(${document}) = 'ARRAY' THEN list_transform([${bare}], d -> ${longer})[1] ELSE ${missing} END`;
  }
  const isLast = depth === where.steps.length - 1;
  const inner = `d${depth + 1}`;
  const within = (found: string): string =>
    isLast && !where.append
      ? where.strict
        ? "coalesce(v, 'null')"
        : "v"
      : `list_transform([${found}], ${inner} -> ${modified(inner, where, depth + 1)})[1]`;
  return typeof step === "string"
    ? inObject({
        document,
        key: step,
        within,
        missing,
        grows: isLast && !where.append && !where.strict,
      })
    : inArray({ document, place: step, within, missing });
}

function inObject(options: {
  document: string;
  key: string;
  within: (found: string) => string;
  missing: string;
  /** A property that is not there is added. */
  grows: boolean;
}): string {
  const { document, key, within, missing, grows } = options;
  const keys = `json_keys(${document})`;
  const pointer = `'/'||replace(replace(k, '~', '~0'), '/', '~1')`;
  const own = `CAST(json_extract(${document}, ${pointer}) AS VARCHAR)`;
  const part = (name: string, value: string): string =>
    `CAST(to_json(${name}) AS VARCHAR)||':'||${value}`;
  const all = `list_filter(list_transform(${keys}, k -> CASE WHEN k = ${quoteText(key)} THEN ${part("k", within(own))} ELSE ${part("k", own)} END), p -> p IS NOT NULL)`;
  const joined = (parts: string): string =>
    `'{'||coalesce(array_to_string(${parts}, ','), '')||'}'`;
  const added = grows
    ? `WHEN v IS NOT NULL THEN ${joined(`list_append(${all}, ${part(quoteText(key), "v")})`)} ELSE ${document}`
    : `ELSE ${missing}`;
  return `CASE WHEN json_type(${document}) = 'OBJECT' AND list_contains(${keys}, ${quoteText(key)}) THEN ${joined(all)} WHEN json_type(${document}) IS DISTINCT FROM 'OBJECT' THEN ${missing} ${added} END`;
}

/** An element that a NULL takes the place of stays, as null. */
function inArray(options: {
  document: string;
  place: number;
  within: (found: string) => string;
  missing: string;
}): string {
  const { document, place, within, missing } = options;
  const own = `CAST(json_extract(${document}, '/'||i) AS VARCHAR)`;
  const changed = `coalesce(${within(own)}, 'null')`;
  const parts = `list_transform(range(0, CAST(json_array_length(${document}) AS BIGINT)), i -> CASE WHEN i = ${place} THEN ${changed} ELSE ${own} END)`;
  return `CASE WHEN json_type(${document}) = 'ARRAY' AND json_array_length(${document}) > ${place} THEN '['||array_to_string(${parts}, ',')||']' ELSE ${missing} END`;
}
