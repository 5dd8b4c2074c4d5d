// CREATE, ALTER, RENAME and TRUNCATE TABLE, and CTAS, with the options of a distributed table.
// Source: "CREATE TABLE (Azure Synapse Analytics)", "CREATE TABLE AS SELECT".
import type {
  ColumnDefinition,
  Distribution,
  KeyConstraint,
  Name,
  TableIndex,
  TableOptions,
  TablePartition,
} from "../ast.ts";
import { refuseOption } from "../error.ts";
import type { AlterTableAction, Statement } from "../statement.ts";
import { columnDefinition, startsConstraint, tableConstraint } from "./column.ts";
import {
  acceptOneOf,
  acceptOp,
  acceptWord,
  type Cursor,
  expectOp,
  expectWord,
  here,
  identifier,
  isOp,
  isWord,
  list,
  name,
  next,
  parenthesized,
  peek,
  unexpected,
} from "./cursor.ts";
import { value } from "./expression.ts";

type At = Name["at"];

export const noOptions: TableOptions = {
  distribution: undefined,
  index: undefined,
  partition: undefined,
};

export function createTable(cursor: Cursor, at: At): Statement {
  const tableName = name(cursor);
  const isColumnList = isOp(cursor, "(") && !isDefinition(cursor);
  if (isColumnList || !isOp(cursor, "(")) return createTableAs(cursor, at, tableName);
  const columns: ColumnDefinition[] = [];
  const keys: KeyConstraint[] = [];
  next(cursor);
  do {
    if (isOp(cursor, ")")) break;
    if (startsConstraint(cursor)) keys.push(tableConstraint(cursor));
    else if (isWord(cursor, "INDEX")) refuseOption(here(cursor), "inline INDEX");
    else columns.push(columnDefinition(cursor));
  } while (acceptOp(cursor, ","));
  expectOp(cursor, ")");
  const options = isWord(cursor, "WITH") ? tableOptions(cursor) : noOptions;
  const all = [...keys, ...columns.flatMap((column) => column.keys)];
  return { kind: "createTable", at, name: tableName, columns, keys: all, options };
}

/** `(a, b)` of CTAS holds bare names; a definition has a type after its first name. */
function isDefinition(cursor: Cursor): boolean {
  if (startsConstraint({ ...cursor, index: cursor.index + 1 })) return true;
  return !isOp(cursor, ",", 2) && !isOp(cursor, ")", 2);
}

function createTableAs(cursor: Cursor, at: At, tableName: Name): Statement {
  const columns = isOp(cursor, "(") ? parenthesized(cursor, identifier) : undefined;
  const options = isWord(cursor, "WITH") ? tableOptions(cursor) : noOptions;
  expectWord(cursor, "AS");
  const query = cursor.grammar.query(cursor);
  return { kind: "createTableAs", at, name: tableName, columns, options, query };
}

export function tableOptions(cursor: Cursor): TableOptions {
  expectWord(cursor, "WITH");
  const options: { -readonly [K in keyof TableOptions]: TableOptions[K] } = { ...noOptions };
  parenthesized(cursor, (inner) => {
    const at = here(inner);
    if (acceptWord(inner, "DISTRIBUTION")) options.distribution = distribution(inner);
    else if (acceptWord(inner, "CLUSTERED")) options.index = clusteredIndex(inner);
    else if (acceptWord(inner, "HEAP")) options.index = { kind: "heap" };
    else if (acceptWord(inner, "PARTITION")) options.partition = partition(inner);
    else if (acceptWord(inner, "LOCATION")) acceptOp(inner, "=") && next(inner);
    else refuseOption(at, peek(inner).text);
  });
  return options;
}

export function distribution(cursor: Cursor): Distribution {
  expectOp(cursor, "=");
  if (acceptWord(cursor, "ROUND_ROBIN")) return { kind: "roundRobin" };
  if (acceptWord(cursor, "REPLICATE")) return { kind: "replicate" };
  expectWord(cursor, "HASH");
  return { kind: "hash", columns: parenthesized(cursor, identifier) };
}

function clusteredIndex(cursor: Cursor): TableIndex {
  if (acceptWord(cursor, "COLUMNSTORE")) {
    expectWord(cursor, "INDEX");
    const order = acceptWord(cursor, "ORDER") ? parenthesized(cursor, identifier) : [];
    return { kind: "columnstore", order };
  }
  expectWord(cursor, "INDEX");
  return { kind: "clustered", columns: parenthesized(cursor, indexColumn) };
}

export function indexColumn(cursor: Cursor): { name: string; descending: boolean } {
  const column = identifier(cursor);
  return { name: column, descending: acceptOneOf(cursor, ["ASC", "DESC"]) === "DESC" };
}

function partition(cursor: Cursor): TablePartition {
  expectOp(cursor, "(");
  const column = identifier(cursor);
  expectWord(cursor, "RANGE");
  const side = acceptOneOf(cursor, ["LEFT", "RIGHT"]) ?? "LEFT";
  expectWord(cursor, "FOR", "VALUES");
  expectOp(cursor, "(");
  const values = isOp(cursor, ")") ? [] : list(cursor, value);
  expectOp(cursor, ")");
  expectOp(cursor, ")");
  return { column, range: side === "LEFT" ? "left" : "right", values };
}

export function alterTable(cursor: Cursor, at: At): Statement {
  const tableName = name(cursor);
  return { kind: "alterTable", at, name: tableName, action: alterAction(cursor) };
}

function alterAction(cursor: Cursor): AlterTableAction {
  const at = here(cursor);
  if (acceptWord(cursor, "ADD")) return addAction(cursor);
  if (acceptWord(cursor, "DROP")) return dropAction(cursor);
  if (acceptWord(cursor, "ALTER", "COLUMN")) {
    return { kind: "alterColumn", column: columnDefinition(cursor) };
  }
  if (acceptWord(cursor, "SWITCH")) return switchAction(cursor);
  if (acceptWord(cursor, "SPLIT", "RANGE")) {
    return { kind: "splitRange", value: parenthesized(cursor, value)[0]! };
  }
  if (acceptWord(cursor, "MERGE", "RANGE")) {
    return { kind: "mergeRange", value: parenthesized(cursor, value)[0]! };
  }
  if (acceptWord(cursor, "REBUILD")) return rebuild(cursor);
  for (const word of ["SET", "WITH", "CHECK", "NOCHECK", "ENABLE", "DISABLE"]) {
    if (isWord(cursor, word)) refuseOption(at, `ALTER TABLE ${word}`);
  }
  return unexpected(cursor);
}

/** REBUILD [ PARTITION = { ALL | number } ] [ WITH ( … ) ]: rows have no fragments here. */
function rebuild(cursor: Cursor): AlterTableAction {
  if (acceptWord(cursor, "PARTITION")) {
    expectOp(cursor, "=");
    if (!acceptWord(cursor, "ALL")) value(cursor);
  }
  if (acceptWord(cursor, "WITH"))
    parenthesized(cursor, (inner) => {
      identifier(inner);
      expectOp(inner, "=");
      return next(inner);
    });
  return { kind: "rebuild" };
}

function addAction(cursor: Cursor): AlterTableAction {
  const start = cursor.index;
  const constraint = acceptWord(cursor, "CONSTRAINT") ? identifier(cursor) : undefined;
  if (acceptWord(cursor, "DEFAULT")) {
    const expression = value(cursor);
    expectWord(cursor, "FOR");
    return { kind: "addDefault", name: constraint, expression, column: identifier(cursor) };
  }
  cursor.index = start;
  const columns: ColumnDefinition[] = [];
  const keys: KeyConstraint[] = [];
  do {
    if (startsConstraint(cursor)) keys.push(tableConstraint(cursor));
    else columns.push(columnDefinition(cursor));
  } while (acceptOp(cursor, ","));
  return { kind: "add", columns, keys: [...keys, ...columns.flatMap((column) => column.keys)] };
}

function dropAction(cursor: Cursor): AlterTableAction {
  if (acceptWord(cursor, "COLUMN"))
    return { kind: "dropColumn", columns: list(cursor, identifier) };
  acceptWord(cursor, "CONSTRAINT");
  return { kind: "dropConstraint", names: list(cursor, identifier) };
}

function switchAction(cursor: Cursor): AlterTableAction {
  const source = acceptWord(cursor, "PARTITION") ? value(cursor) : undefined;
  expectWord(cursor, "TO");
  const target = name(cursor);
  const targetPartition = acceptWord(cursor, "PARTITION") ? value(cursor) : undefined;
  let truncateTarget = false;
  if (acceptWord(cursor, "WITH")) {
    expectOp(cursor, "(");
    expectWord(cursor, "TRUNCATE_TARGET");
    expectOp(cursor, "=");
    truncateTarget = acceptOneOf(cursor, ["ON", "OFF"]) === "ON";
    expectOp(cursor, ")");
  }
  return { kind: "switch", partition: source, target, targetPartition, truncateTarget };
}

/** `RENAME OBJECT [::] t TO n` and `RENAME OBJECT t COLUMN a TO b`. */
export function renameObject(cursor: Cursor): Statement {
  const at = next(cursor).at;
  if (isWord(cursor, "DATABASE")) refuseOption(here(cursor), "RENAME DATABASE");
  expectWord(cursor, "OBJECT");
  acceptOp(cursor, "::");
  const objectName = name(cursor);
  const column = acceptWord(cursor, "COLUMN") ? identifier(cursor) : undefined;
  expectWord(cursor, "TO");
  return { kind: "renameObject", at, name: objectName, to: identifier(cursor), column };
}

export function truncateTable(cursor: Cursor): Statement {
  const at = next(cursor).at;
  expectWord(cursor, "TABLE");
  const tableName = name(cursor);
  if (isWord(cursor, "WITH")) refuseOption(here(cursor), "TRUNCATE TABLE WITH (PARTITIONS)");
  return { kind: "truncate", at, name: tableName };
}
