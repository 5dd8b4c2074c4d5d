// CREATE and DROP of schemas, views, procedures, functions, statistics and indexes.
import type { Distribution, Name } from "../ast.ts";
import { fail, refuseOption, refuseStatement } from "../error.ts";
import type { ParameterDefinition, Statement } from "../statement.ts";
import {
  acceptOneOf,
  acceptOp,
  acceptWord,
  type Cursor,
  declareVariable,
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
  textSince,
  unexpected,
} from "./cursor.ts";
import { statisticsOption } from "./dml.ts";
import { expression, value } from "./expression.ts";
import { distribution, indexColumn } from "./table.ts";
import { dataType } from "./type.ts";

type At = Name["at"];
type Alter = "create" | "alter" | "createOrAlter";

export function createSchema(cursor: Cursor, at: At): Statement {
  const schemaName = identifier(cursor);
  const owner = acceptWord(cursor, "AUTHORIZATION") ? identifier(cursor) : undefined;
  return { kind: "createSchema", at, name: schemaName, owner };
}

/** ALTER SCHEMA s TRANSFER [ OBJECT :: ] name. */
export function alterSchema(cursor: Cursor, at: At): Statement {
  const schema = identifier(cursor);
  expectWord(cursor, "TRANSFER");
  if (isWord(cursor, "OBJECT") && isOp(cursor, "::", 1)) cursor.index += 2;
  return { kind: "transferObject", at, schema, name: name(cursor) };
}

/** Views, procedures and functions must be alone in their batch (message 111). */
function requireBatchStart(cursor: Cursor, at: At, what: string): void {
  const first = cursor.tokens[cursor.batchStart];
  if (first !== undefined && first.at.offset !== at.offset) fail(111, at, `CREATE/ALTER ${what}`);
}

export function createView(cursor: Cursor, at: At, alter: Alter): Statement {
  requireBatchStart(cursor, at, "VIEW");
  const viewName = name(cursor);
  const columns = isOp(cursor, "(") ? parenthesized(cursor, identifier) : undefined;
  if (acceptWord(cursor, "WITH")) {
    list(
      cursor,
      (inner) =>
        acceptOneOf(inner, ["SCHEMABINDING", "VIEW_METADATA"]) ??
        refuseOption(here(inner), peek(inner).text),
    );
  }
  expectWord(cursor, "AS");
  const query = cursor.grammar.query(cursor);
  if (acceptWord(cursor, "WITH", "CHECK", "OPTION"))
    refuseOption(here(cursor), "WITH CHECK OPTION");
  return {
    kind: "createView",
    at,
    name: viewName,
    columns,
    query,
    text: textSince(cursor, at),
    alter,
  };
}

/** WITH has the distribution, which must be HASH or ROUND_ROBIN, and FOR_APPEND, which is what MIN and MAX ask for. */
export function createMaterializedView(cursor: Cursor, at: At): Statement {
  const viewName = name(cursor);
  expectWord(cursor, "WITH");
  let chosen: Distribution | undefined;
  parenthesized(cursor, (inner) => {
    const start = here(inner);
    if (acceptWord(inner, "FOR_APPEND")) return;
    if (!acceptWord(inner, "DISTRIBUTION")) refuseOption(start, peek(inner).text);
    chosen = distribution(inner);
    if (chosen.kind === "replicate") refuseOption(start, "DISTRIBUTION = REPLICATE");
  });
  if (chosen === undefined) return unexpected(cursor);
  expectWord(cursor, "AS");
  const query = cursor.grammar.query(cursor);
  const text = textSince(cursor, at);
  const create = { alter: "create", columns: undefined, distribution: chosen } as const;
  return { kind: "createView", at, name: viewName, query, text, ...create };
}

/** Its rows are always the current ones: rebuilding it changes nothing. */
export function alterMaterializedView(cursor: Cursor, at: At): Statement {
  const viewName = name(cursor);
  if (isWord(cursor, "DISABLE")) refuseOption(here(cursor), "ALTER MATERIALIZED VIEW DISABLE");
  expectWord(cursor, "REBUILD");
  return { kind: "alterMaterializedView", at, name: viewName };
}

export function createProcedure(cursor: Cursor, at: At, alter: Alter): Statement {
  requireBatchStart(cursor, at, "PROCEDURE");
  const procedureName = name(cursor);
  const wrapped = acceptOp(cursor, "(");
  const parameters = peek(cursor).kind === "variable" ? list(cursor, parameter) : [];
  if (wrapped) expectOp(cursor, ")");
  if (acceptWord(cursor, "WITH")) {
    list(cursor, (inner) => {
      if (!acceptOneOf(inner, ["RECOMPILE", "SCHEMABINDING"]))
        refuseOption(here(inner), `WITH ${peek(inner).text}`);
    });
  }
  expectWord(cursor, "AS");
  const statements = [];
  for (;;) {
    while (acceptOp(cursor, ";"));
    if (peek(cursor).kind === "end" || isWord(cursor, "GO")) break;
    statements.push(cursor.grammar.statement(cursor));
  }
  if (statements.length === 0) unexpected(cursor);
  return {
    kind: "createProcedure",
    at,
    name: procedureName,
    parameters,
    body: { statements },
    text: textSince(cursor, at),
    alter,
  };
}

export function parameter(cursor: Cursor): ParameterDefinition {
  const at = here(cursor);
  if (peek(cursor).kind !== "variable") unexpected(cursor);
  const parameterName = next(cursor).value;
  declareVariable(cursor, parameterName, at);
  acceptWord(cursor, "AS");
  const type = dataType(cursor);
  acceptWord(cursor, "NULL") || acceptWord(cursor, "NOT", "NULL");
  const fallback = acceptOp(cursor, "=") ? value(cursor) : undefined;
  const output = acceptOneOf(cursor, ["OUTPUT", "OUT"]) !== undefined;
  if (isWord(cursor, "READONLY")) refuseOption(here(cursor), "READONLY");
  return { at, name: parameterName, type, default: fallback, output };
}

export function createFunction(cursor: Cursor, at: At, alter: Alter): Statement {
  requireBatchStart(cursor, at, "FUNCTION");
  const functionName = name(cursor);
  expectOp(cursor, "(");
  const parameters = isOp(cursor, ")") ? [] : list(cursor, parameter);
  expectOp(cursor, ")");
  expectWord(cursor, "RETURNS");
  if (peek(cursor).kind === "variable")
    refuseOption(here(cursor), "multi-statement table-valued function");
  const type = isWord(cursor, "TABLE") ? undefined : dataType(cursor);
  if (type === undefined) next(cursor);
  if (acceptWord(cursor, "WITH")) list(cursor, (inner) => next(inner));
  acceptWord(cursor, "AS");
  const returns = type === undefined ? inlineBody(cursor) : scalarBody(cursor, type);
  return {
    kind: "createFunction",
    at,
    name: functionName,
    parameters,
    returns,
    text: textSince(cursor, at),
    alter,
  };
}

type Returns = Extract<Statement, { kind: "createFunction" }>["returns"];

function inlineBody(cursor: Cursor): Returns {
  expectWord(cursor, "RETURN");
  const wrapped = acceptOp(cursor, "(");
  const query = cursor.grammar.query(cursor);
  if (wrapped) expectOp(cursor, ")");
  return { kind: "table", query };
}

function scalarBody(cursor: Cursor, type: ReturnType<typeof dataType>): Returns {
  const block = cursor.grammar.statement(cursor);
  if (block.kind !== "block") return unexpected(cursor);
  return { kind: "scalar", type, body: { statements: block.statements } };
}

export function createStatistics(cursor: Cursor, at: At): Statement {
  const statisticsName = identifier(cursor);
  expectWord(cursor, "ON");
  const table = name(cursor);
  const columns = parenthesized(cursor, identifier);
  // Which rows are counted changes no answer.
  if (acceptWord(cursor, "WHERE")) expression(cursor);
  if (acceptWord(cursor, "WITH")) list(cursor, statisticsOption);
  return { kind: "createStatistics", at, name: statisticsName, table, columns };
}

export function createIndex(cursor: Cursor, at: At): Statement {
  if (isWord(cursor, "UNIQUE")) refuseOption(here(cursor), "CREATE UNIQUE INDEX");
  const clustered = acceptOneOf(cursor, ["CLUSTERED", "NONCLUSTERED"]) === "CLUSTERED";
  const columnstore = acceptWord(cursor, "COLUMNSTORE");
  expectWord(cursor, "INDEX");
  const indexName = identifier(cursor);
  expectWord(cursor, "ON");
  const table = name(cursor);
  if (columnstore && !clustered) refuseOption(at, "NONCLUSTERED COLUMNSTORE INDEX");
  let columns = columnstore ? [] : parenthesized(cursor, indexColumn);
  if (acceptWord(cursor, "ORDER")) columns = parenthesized(cursor, indexColumn);
  for (const word of ["WHERE", "INCLUDE"])
    if (isWord(cursor, word)) refuseOption(here(cursor), word);
  skipIndexOptions(cursor);
  const index = columnstore ? "columnstore" : clustered ? "clustered" : "nonclustered";
  return { kind: "createIndex", at, name: indexName, table, index, columns };
}

function skipIndexOptions(cursor: Cursor): void {
  if (!acceptWord(cursor, "WITH")) return;
  parenthesized(cursor, statisticsOption);
}

export function alterIndex(cursor: Cursor, at: At): Statement {
  const indexName = acceptWord(cursor, "ALL") ? "ALL" : identifier(cursor);
  expectWord(cursor, "ON");
  const table = name(cursor);
  const action = acceptOneOf(cursor, ["REBUILD", "REORGANIZE", "DISABLE"]) ?? unexpected(cursor);
  if (acceptWord(cursor, "PARTITION")) {
    expectOp(cursor, "=");
    next(cursor);
  }
  skipIndexOptions(cursor);
  if (action === "DISABLE") refuseOption(at, "ALTER INDEX DISABLE");
  return { kind: "alterIndex", at, name: indexName, table, action };
}

export function dropObject(cursor: Cursor, at: At): Statement {
  const what = acceptOneOf(cursor, ["TABLE", "VIEW", "PROCEDURE", "PROC", "FUNCTION"]);
  if (what === undefined) return dropOther(cursor, at);
  const ifExists = acceptWord(cursor, "IF", "EXISTS");
  const object =
    what === "PROC"
      ? "procedure"
      : (what.toLowerCase() as "table" | "view" | "procedure" | "function");
  return { kind: "drop", at, object, names: list(cursor, name), ifExists };
}

function dropOther(cursor: Cursor, at: At): Statement {
  if (acceptWord(cursor, "SCHEMA")) {
    const ifExists = acceptWord(cursor, "IF", "EXISTS");
    return { kind: "dropSchema", at, name: identifier(cursor), ifExists };
  }
  if (acceptWord(cursor, "STATISTICS")) return { kind: "dropStatistics", at, name: name(cursor) };
  if (acceptWord(cursor, "INDEX")) {
    acceptWord(cursor, "IF", "EXISTS");
    const indexName = identifier(cursor);
    expectWord(cursor, "ON");
    return { kind: "dropIndex", at, name: indexName, table: name(cursor) };
  }
  return refuseStatement(at, `DROP ${peek(cursor).text.toUpperCase()}`);
}
