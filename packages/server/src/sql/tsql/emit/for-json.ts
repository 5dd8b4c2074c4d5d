// FOR JSON PATH: the rows of a query as one JSON text. Dotted aliases nest.
import type { Query } from "../ast.ts";
import { fail } from "../error.ts";
import { isBinary, isInteger, isString, isTemporal, nvarchar } from "../type.ts";
import { convert } from "./conversion.ts";
import type { Binder, QueryUse, Relation, RelationColumn, Scope } from "./scope.ts";
import { quoteText } from "./value.ts";

type BindBody = (binder: Binder, query: Query, scope: Scope, use: QueryUse) => Relation;

export function jsonOutput(
  binder: Binder,
  query: Query,
  scope: Scope,
  prefix: string,
  bindBody: BindBody,
): Relation {
  const options = query.forJson!;
  const rows = bindBody(binder, query, scope, { place: "nested" });
  const tree = pathTree(rows.columns, options.at);
  const row = objectSql(tree, rows.columns, options.includeNulls);
  const list = `string_agg(${row}, ',')`;
  const wrapped = options.withoutArrayWrapper ? list : `'['||${list}||']'`;
  const rooted =
    options.root === undefined
      ? wrapped
      : `'{'||CAST(to_json(${quoteText(options.root)}) AS VARCHAR)||':'||${wrapped}||'}'`;
  return {
    sql: `${prefix}SELECT ${rooted} AS c1 FROM (${rows.sql}) q`,
    columns: [
      { name: "JSON_F52E2B61-18A1-11d1-B105-00805F49916B", type: nvarchar("max"), nullable: true },
    ],
  };
}

type Tree = Map<string, number | Tree>;

function pathTree(columns: readonly RelationColumn[], at: Query["at"]): Tree {
  const root: Tree = new Map();
  columns.forEach((column, index) => {
    if (column.name === undefined) fail(13605, at, index + 1);
    const steps = column.name.split(".");
    let level = root;
    for (const step of steps.slice(0, -1)) {
      const next = level.get(step) ?? new Map();
      if (typeof next === "number") fail(13601, at, column.name);
      level.set(step, next);
      level = next;
    }
    level.set(steps.at(-1)!, index);
  });
  return root;
}

function objectSql(tree: Tree, columns: readonly RelationColumn[], includeNulls: boolean): string {
  const members = [...tree].map(([name, part]) => {
    const key = `${quoteText(`${JSON.stringify(name)}:`)}`;
    if (typeof part !== "number") {
      const inner = `${key}||${objectSql(part, columns, includeNulls)}`;
      if (includeNulls) return inner;
      const isThere = leaves(part).map((leaf) => `q.c${leaf + 1} IS NOT NULL`);
      return `CASE WHEN ${isThere.join(" OR ")} THEN ${inner} END`;
    }
    const value = valueSql(`q.c${part + 1}`, columns[part]!);
    const present = `${key}||${value}`;
    return includeNulls
      ? `CASE WHEN q.c${part + 1} IS NULL THEN ${key}||'null' ELSE ${present} END`
      : `CASE WHEN q.c${part + 1} IS NOT NULL THEN ${present} END`;
  });
  return `'{'||concat_ws(',', ${members.join(", ")})||'}'`;
}

/** Columns below a step of a path: an object of nothing but NULLs is left out. */
function leaves(tree: Tree): number[] {
  return [...tree.values()].flatMap((part) => (typeof part === "number" ? [part] : leaves(part)));
}

function valueSql(sql: string, column: RelationColumn): string {
  const { type } = column;
  if (type.name === "bit") return `CASE WHEN ${sql} THEN 'true' ELSE 'false' END`;
  if (isBinary(type)) return `'"'||base64(${sql})||'"'`;
  if (isInteger(type) || type.name === "decimal" || type.name === "real" || type.name === "float")
    return `CAST(${sql} AS VARCHAR)`;
  if (isString(type)) return jsonText(sql);
  const style = isTemporal(type) ? { explicit: true, style: 126 } : { explicit: true };
  const text = convert({ sql, type, nullable: true }, nvarchar(4000), undefined, style).sql;
  return type.name === "money" || type.name === "smallmoney"
    ? `CAST(${sql} AS VARCHAR)`
    : jsonText(text);
}

/** Text in quotation marks; the solidus is escaped, too ("STRING_ESCAPE"). */
export function jsonText(sql: string): string {
  return `replace(CAST(to_json(${sql}) AS VARCHAR), '/', '\\/')`;
}
