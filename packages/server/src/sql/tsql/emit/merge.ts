// MERGE as DuckDB SQL: the engine has it; types, defaults and identity values are filled in here.
import { findColumn, type TableObject } from "../catalogue/model.ts";
import { fail } from "../error.ts";
import type { MergeClause, Statement } from "../statement.ts";
import { change, ownSource, requireOnce } from "./modify.ts";
import { bindCommonTables } from "./query.ts";
import { type Binder, childScope, emptyScope, type Scope, type Source } from "./scope.ts";
import { bindSource } from "./source.ts";
import { cell, missing, targetTable } from "./stored.ts";
import { quoteName, raise } from "./value.ts";

type MergeNode = Extract<Statement, { kind: "merge" }>;

/** DuckDB has MERGE; types, defaults and identity values are filled in here. */
export function mergeSql(
  binder: Binder,
  node: MergeNode,
  shownName: (table: TableObject) => string,
): { sql: string; table: TableObject } {
  const { ctes, prefix } = bindCommonTables(binder, node.ctes, emptyScope());
  const outer: Scope = { ...emptyScope(), ctes };
  const table = targetTable(binder, node.target);
  const target = ownSource(binder, table, node.alias);
  const using = bindSource(binder, node.source, outer, []);
  const scope = childScope(outer, [target.source, ...using.sources], "on");
  const onlySource = childScope(outer, using.sources, "on");
  const on = binder.condition(node.on, scope);
  const alias = / (\S+)$/.exec(target.sql)![1]!;
  const from = `${target.sql} JOIN ${using.sql} ON ${on}`;
  const once = matchedOnce(binder, node, scope, { from, alias });
  const clauses = node.clauses.map((clause) =>
    mergeClause(binder, clause, {
      table,
      source: target.source,
      scope,
      onlySource,
      once,
      shownName: shownName(table),
    }),
  );
  return {
    sql: `${prefix}MERGE INTO ${target.sql.replace(/ (\S+)$/, " AS $1")} USING ${using.sql} ON ${on} ${clauses.join(" ")}`,
    table,
  };
}

/**
 * The engine would change a row once for each source row that it matches; T-SQL says 8672. The condition is a
 * subquery of its own, which the engine computes once, before it changes anything.
 */
function matchedOnce(
  binder: Binder,
  node: MergeNode,
  scope: Scope,
  { from, alias }: { from: string; alias: string },
): string {
  const matched = node.clauses.filter((clause) => clause.match === "matched");
  const conditions = matched.map(({ condition }) =>
    condition === undefined ? "true" : binder.condition(condition, scope),
  );
  const twice = `SELECT 1 FROM ${from} WHERE ${conditions.join(" OR ")} GROUP BY ${alias}.rowid HAVING count(*) > 1`;
  return `(SELECT CASE WHEN EXISTS (${twice}) THEN ${raise(8672)} ELSE true END)`;
}

interface MergeContext {
  table: TableObject;
  source: Source;
  scope: Scope;
  onlySource: Scope;
  /** Complains about a target row that several source rows match. */
  once: string;
  shownName: string;
}

function mergeClause(binder: Binder, clause: MergeClause, context: MergeContext): string {
  const { table, scope, onlySource } = context;
  const words = {
    matched: "MATCHED",
    notMatched: "NOT MATCHED BY TARGET",
    notMatchedBySource: "NOT MATCHED BY SOURCE",
  };
  const reach = clause.match === "notMatched" ? onlySource : scope;
  const conditions = [
    ...(clause.match === "matched" ? [context.once] : []),
    ...(clause.condition === undefined ? [] : [binder.condition(clause.condition, reach)]),
  ];
  const extra = conditions.map((condition) => ` AND ${condition}`).join("");
  const { action } = clause;
  const head = `WHEN ${words[clause.match]}${extra} THEN`;
  if (action.kind === "delete") {
    binder.env.authorize("DELETE", table, [], clause.at);
    return `${head} DELETE`;
  }
  if (action.kind === "update") {
    binder.env.authorize(
      "UPDATE",
      table,
      action.set.map((item) => item.column ?? ""),
      clause.at,
    );
    requireOnce(action.set);
    const set = action.set.map((item) => {
      const changed = change(binder, item, table, context.source, reach, context.shownName);
      return `${quoteName(changed.column.name)} = ${changed.store(changed.value)}`;
    });
    return `${head} UPDATE SET ${set.join(", ")}`;
  }
  binder.env.authorize("INSERT", table, [], clause.at);
  const columns =
    action.columns?.map(({ name, at }) => findColumn(table, name) ?? fail(207, at, name)) ??
    table.columns.filter((column) => column.identity === undefined);
  if (action.values !== undefined && action.values.length !== columns.length)
    fail(action.values.length < columns.length ? 109 : 110, clause.at);
  const cells = table.columns.map((column) => {
    const item = action.values?.[columns.indexOf(column)];
    if (item === undefined) return missing(binder, table, column);
    return cell(
      binder,
      item,
      column,
      { ...onlySource, clause: "select" },
      { shownName: context.shownName, identityInsert: false, database: "" },
    );
  });
  return `${head} INSERT (${table.columns.map((column) => quoteName(column.name)).join(", ")}) VALUES (${cells.join(", ")})`;
}
