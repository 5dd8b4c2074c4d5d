// External data sources, file formats and tables, and the credentials that they use. What their options mean is
// decided in run/external-option.ts. Sources: "CREATE EXTERNAL DATA SOURCE", "… FILE FORMAT", "… TABLE",
// "… TABLE AS SELECT", "CREATE DATABASE SCOPED CREDENTIAL", all for Azure Synapse Analytics.
import type { ColumnDefinition, Name, NamedOption } from "../ast.ts";
import { fail, refuseStatement } from "../error.ts";
import type { Statement } from "../statement.ts";
import { columnDefinition, startsConstraint } from "./column.ts";
import {
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
  stringLiteral,
  unexpected,
} from "./cursor.ts";
import { namedOption } from "./option.ts";

type At = Name["at"];

/** What follows CREATE EXTERNAL. */
export function createExternal(cursor: Cursor, at: At): Statement {
  if (acceptWord(cursor, "DATA", "SOURCE"))
    return {
      kind: "createExternalDataSource",
      at,
      name: identifier(cursor),
      options: withOptions(cursor),
    };
  if (acceptWord(cursor, "FILE", "FORMAT"))
    return {
      kind: "createExternalFileFormat",
      at,
      name: identifier(cursor),
      options: withOptions(cursor),
    };
  if (acceptWord(cursor, "TABLE")) return createExternalTable(cursor, at);
  return refuseStatement(at, `CREATE EXTERNAL ${peek(cursor).text.toUpperCase()}`);
}

function createExternalTable(cursor: Cursor, at: At): Statement {
  const tableName = name(cursor);
  const isDefined = isOp(cursor, "(") && !isOp(cursor, ",", 2) && !isOp(cursor, ")", 2);
  if (isDefined) {
    const columns = parenthesized(cursor, externalColumn);
    return {
      kind: "createExternalTable",
      at,
      name: tableName,
      columns,
      options: withOptions(cursor),
    };
  }
  const columns = isOp(cursor, "(") ? parenthesized(cursor, identifier) : undefined;
  const options = withOptions(cursor);
  expectWord(cursor, "AS");
  const query = cursor.grammar.query(cursor);
  return { kind: "createExternalTableAs", at, name: tableName, columns, options, query };
}

/** A name, a type, at most a collation and whether it may be NULL. */
function externalColumn(cursor: Cursor): ColumnDefinition {
  if (startsConstraint(cursor)) return unexpected(cursor);
  const column = columnDefinition(cursor);
  const { at, identity, default: initial, mask, keys } = column;
  if (identity ?? initial ?? mask ?? keys[0]) fail(102, at, column.name);
  return column;
}

function withOptions(cursor: Cursor): NamedOption[] {
  expectWord(cursor, "WITH");
  return parenthesized(cursor, externalOption);
}

/** FORMAT_OPTIONS has its list without an equals sign. */
function externalOption(cursor: Cursor): NamedOption {
  const at = here(cursor);
  if (!isWord(cursor, "FORMAT_OPTIONS") || !isOp(cursor, "(", 1)) return namedOption(cursor);
  const options: NamedOption[] = [];
  next(cursor);
  expectOp(cursor, "(");
  if (!isOp(cursor, ")")) options.push(...list(cursor, namedOption));
  expectOp(cursor, ")");
  return { at, name: "FORMAT_OPTIONS", value: { kind: "list", options } };
}

/** What follows DROP EXTERNAL. */
export function dropExternal(cursor: Cursor, at: At): Statement {
  if (acceptWord(cursor, "DATA", "SOURCE"))
    return { kind: "dropExternalThing", at, thing: "dataSource", name: identifier(cursor) };
  if (acceptWord(cursor, "FILE", "FORMAT"))
    return { kind: "dropExternalThing", at, thing: "fileFormat", name: identifier(cursor) };
  if (acceptWord(cursor, "TABLE"))
    return { kind: "drop", at, object: "externalTable", names: [name(cursor)], ifExists: false };
  return refuseStatement(at, `DROP EXTERNAL ${peek(cursor).text.toUpperCase()}`);
}

/** DATABASE SCOPED CREDENTIAL has been read. */
export function scopedCredential(cursor: Cursor, at: At, isNew: boolean): Statement {
  const credential = identifier(cursor);
  expectWord(cursor, "WITH");
  expectWord(cursor, "IDENTITY");
  expectOp(cursor, "=");
  const identity = stringLiteral(cursor);
  let secret: string | undefined;
  if (acceptOp(cursor, ",")) {
    expectWord(cursor, "SECRET");
    expectOp(cursor, "=");
    secret = stringLiteral(cursor);
  }
  const kind = isNew ? "createDatabaseScopedCredential" : "alterDatabaseScopedCredential";
  return { kind, at, name: credential, identity, secret };
}

/** MASTER KEY has been read; the password protects nothing here that the instance's key does not. */
export function createMasterKey(cursor: Cursor, at: At): Statement {
  if (acceptWord(cursor, "ENCRYPTION", "BY", "PASSWORD")) {
    expectOp(cursor, "=");
    stringLiteral(cursor);
  }
  return { kind: "createMasterKey", at };
}
