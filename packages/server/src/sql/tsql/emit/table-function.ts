// Functions in FROM: STRING_SPLIT, OPENJSON, GENERATE_SERIES and users' inline functions.
import type { TableSource } from "../ast.ts";
import { fail, refuseOption } from "../error.ts";
import { jsonPath } from "../functions/json.ts";
import { text } from "../functions/text-argument.ts";
import { isInteger, isString, nvarchar, types } from "../type.ts";
import { type BoundFrom, derived } from "./bound-from.ts";
import { convert } from "./conversion.ts";
import type { Binder, Relation, Scope } from "./scope.ts";
import { functionParameters, parseFunction } from "./user-function.ts";
import { quoteText, type Value } from "./value.ts";

type FunctionNode = Extract<TableSource, { kind: "function" }>;
type Emit = (binder: Binder, node: FunctionNode, scope: Scope) => Relation;

const builtIn: Readonly<Record<string, Emit>> = {
  STRING_SPLIT: stringSplit,
  OPENJSON: openJson,
  GENERATE_SERIES: generateSeries,
};

export function bindTableFunction(binder: Binder, node: FunctionNode, scope: Scope): BoundFrom {
  const { parts } = node.call.name;
  const name = parts.at(-1)!;
  const emit =
    parts.length === 1 && Object.hasOwn(builtIn, name.toUpperCase())
      ? builtIn[name.toUpperCase()]
      : undefined;
  const relation =
    emit === undefined ? userFunction(binder, node, scope) : emit(binder, node, scope);
  return derived(binder, relation, node.alias ?? { name, columns: undefined }, node.at);
}

function userFunction(binder: Binder, node: FunctionNode, scope: Scope): Relation {
  const { call, at } = node;
  const object = binder.env.find(call.name);
  if (object?.kind !== "function") return fail(208, at, call.name.parts.join("."));
  const definition = parseFunction(object.text);
  const { returns } = definition;
  if (returns.kind !== "table") return fail(208, at, call.name.parts.join("."));
  binder.env.authorize("SELECT", object, [], at);
  const variables = functionParameters(binder, definition, call.args, scope, at);
  const inner: Scope = {
    parent: undefined,
    sources: [],
    ctes: new Map(),
    clause: "other",
    grouping: undefined,
    variables,
  };
  return binder.env.chained(() => binder.query(returns.query, inner, { place: "nested" }));
}

function argument(binder: Binder, node: FunctionNode, scope: Scope, index: number): Value {
  const expression = node.call.args[index];
  if (expression === undefined) return fail(313, node.at, node.call.name.parts.at(-1)!);
  return binder.value(expression, scope);
}

const useOf = (binder: Binder, node: FunctionNode, scope: Scope) => ({
  binder,
  scope,
  at: node.at,
  call: node.call,
});

function stringSplit(binder: Binder, node: FunctionNode, scope: Scope): Relation {
  const use = useOf(binder, node, scope);
  const source = text(argument(binder, node, scope, 0), use);
  const separator = text(argument(binder, node, scope, 1), use);
  const known = separator.literal?.value;
  if (typeof known === "string" && [...known].length !== 1)
    fail(214, node.at, "separator", "nchar(1)/nvarchar(1)");
  const ordinal =
    node.call.args[2] === undefined
      ? undefined
      : binder.value(node.call.args[2], scope).literal?.value;
  const type = isString(source.type) ? source.type : nvarchar(4000);
  const pieces = `string_split(${source.sql}, ${separator.sql})`;
  const value = { name: "value", type, nullable: true };
  if (Number(ordinal ?? 0) === 1) {
    const position = { name: "ordinal", type: types.bigint, nullable: false };
    return {
      sql: `SELECT unnest(${pieces}) AS c1, CAST(generate_subscripts(${pieces}, 1) AS BIGINT) AS c2`,
      columns: [value, position],
    };
  }
  return { sql: `SELECT unnest(${pieces}) AS c1`, columns: [value] };
}

function generateSeries(binder: Binder, node: FunctionNode, scope: Scope): Relation {
  const [from, to] = [argument(binder, node, scope, 0), argument(binder, node, scope, 1)];
  if (!isInteger(from.type) || !isInteger(to.type))
    refuseOption(node.at, "GENERATE_SERIES of decimals");
  const given = node.call.args[2] && binder.value(node.call.args[2], scope);
  const step = given?.sql ?? `CASE WHEN ${from.sql} <= ${to.sql} THEN 1 ELSE -1 END`;
  const series = `generate_series(${from.sql}::BIGINT, ${to.sql}::BIGINT, (${step})::BIGINT)`;
  const target = from.type.name === "bigint" ? "BIGINT" : "INTEGER";
  // Rows of a function stream; a list, which is what other rows' values can make, is built whole first.
  const streams = [from, to, given ?? to].every(
    (value) => typeof value.literal?.value === "number",
  );
  return {
    sql: streams
      ? `SELECT CAST(g.generate_series AS ${target}) AS c1 FROM ${series} g`
      : `SELECT CAST(unnest(${series}) AS ${target}) AS c1`,
    columns: [
      {
        name: "value",
        type: from.type.name === "bigint" ? types.bigint : types.int,
        nullable: false,
      },
    ],
  };
}

/** Without WITH: key, value and type number of each member; with it: typed columns by path. */
function openJson(binder: Binder, node: FunctionNode, scope: Scope): Relation {
  const use = useOf(binder, node, scope);
  const document = text(argument(binder, node, scope, 0), use);
  const { path } = jsonPath(
    node.call.args[1] === undefined ? undefined : binder.value(node.call.args[1], scope),
    use,
  );
  const root = `json_extract(${document.sql}, ${quoteText(path)})`;
  if (node.with === undefined) return openMembers(root);
  const rows = `SELECT unnest(CASE json_type(${root}) WHEN 'ARRAY' THEN CAST(${root} AS JSON[]) WHEN 'OBJECT' THEN [${root}] ELSE [] END) AS j`;
  const list = node.with.map((column, index) => {
    const at =
      column.path === undefined
        ? `$."${column.name}"`
        : column.path.replace(/^\s*(lax|strict)\s+/i, "");
    const source = column.asJson
      ? `CAST(json_extract(q.j, ${quoteText(at)}) AS VARCHAR)`
      : `json_extract_string(q.j, ${quoteText(at)})`;
    const value: Value = { sql: source, type: nvarchar("max"), nullable: true };
    return `${convert(value, column.type, column.at, { explicit: true }).sql} AS c${index + 1}`;
  });
  const columns = node.with.map((column) => ({
    name: column.name,
    type: column.type,
    nullable: true,
  }));
  return { sql: `SELECT ${list.join(", ")} FROM (${rows}) q`, columns };
}

function openMembers(root: string): Relation {
  const numbers =
    "CASE json_type(e.value) WHEN 'VARCHAR' THEN 1 WHEN 'BOOLEAN' THEN 3 WHEN 'ARRAY' THEN 4 WHEN 'OBJECT' THEN 5 WHEN 'NULL' THEN 0 ELSE 2 END";
  const shown = `CASE json_type(e.value) WHEN 'NULL' THEN NULL WHEN 'ARRAY' THEN CAST(e.value AS VARCHAR) WHEN 'OBJECT' THEN CAST(e.value AS VARCHAR) ELSE json_extract_string(e.value, '$') END`;
  return {
    sql: `SELECT CAST(e.key AS VARCHAR) AS c1, ${shown} AS c2, CAST(${numbers} AS INTEGER) AS c3 FROM json_each(${root}) e`,
    columns: [
      { name: "key", type: nvarchar(4000), nullable: false },
      { name: "value", type: nvarchar("max"), nullable: true },
      { name: "type", type: types.int, nullable: false },
    ],
  };
}
