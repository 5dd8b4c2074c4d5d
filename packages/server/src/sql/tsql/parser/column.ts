// Column definitions of CREATE TABLE, ALTER TABLE and PREDICT … WITH, and key constraints.
import type { ColumnDefinition, KeyConstraint } from "../ast.ts";
import { fail, refuseOption } from "../error.ts";
import {
  acceptOneOf,
  acceptOp,
  acceptWord,
  type Cursor,
  expectOp,
  expectWord,
  here,
  identifier,
  integerLiteral,
  isOp,
  isWord,
  parenthesized,
  peek,
  stringLiteral,
  unexpected,
} from "./cursor.ts";
import { value } from "./expression.ts";
import { dataType } from "./type.ts";

export function columnDefinition(cursor: Cursor): ColumnDefinition {
  const at = here(cursor);
  const columnName = identifier(cursor);
  if (isWord(cursor, "AS")) refuseOption(at, "computed column");
  const type = dataType(cursor);
  const draft: Draft = {
    nullable: undefined,
    identity: undefined,
    default: undefined,
    collation: undefined,
    mask: undefined,
    keys: [],
  };
  while (columnPart(cursor, draft, columnName));
  return { at, name: columnName, type, ...draft };
}

interface Draft {
  nullable: boolean | undefined;
  identity: ColumnDefinition["identity"];
  default: ColumnDefinition["default"];
  collation: string | undefined;
  mask: string | undefined;
  keys: KeyConstraint[];
}

function columnPart(cursor: Cursor, draft: Draft, column: string): boolean {
  const at = here(cursor);
  if (acceptWord(cursor, "NOT", "NULL")) draft.nullable = false;
  else if (acceptWord(cursor, "NULL")) draft.nullable = true;
  else if (acceptWord(cursor, "COLLATE")) draft.collation = identifier(cursor);
  else if (acceptWord(cursor, "IDENTITY")) draft.identity = identity(cursor);
  else if (acceptWord(cursor, "MASKED", "WITH")) draft.mask = mask(cursor);
  else if (isWord(cursor, "CONSTRAINT") || isWord(cursor, "DEFAULT")) {
    const name = acceptWord(cursor, "CONSTRAINT") ? identifier(cursor) : undefined;
    if (acceptWord(cursor, "DEFAULT")) draft.default = { name, expression: value(cursor) };
    else draft.keys.push(keyConstraint(cursor, name, [column]));
  } else if (isWord(cursor, "PRIMARY") || isWord(cursor, "UNIQUE")) {
    draft.keys.push(keyConstraint(cursor, undefined, [column]));
  } else {
    for (const word of ["CHECK", "REFERENCES", "FOREIGN", "SPARSE", "ROWGUIDCOL", "ENCRYPTED"]) {
      if (isWord(cursor, word)) refuseOption(at, word);
    }
    return false;
  }
  return true;
}

function identity(cursor: Cursor): { seed: bigint; increment: bigint } {
  if (!acceptOp(cursor, "(")) return { seed: 1n, increment: 1n };
  const seed = BigInt(integerLiteral(cursor));
  expectOp(cursor, ",");
  const increment = BigInt(integerLiteral(cursor));
  expectOp(cursor, ")");
  return { seed, increment };
}

function mask(cursor: Cursor): string {
  expectOp(cursor, "(");
  expectWord(cursor, "FUNCTION");
  expectOp(cursor, "=");
  const text = stringLiteral(cursor);
  expectOp(cursor, ")");
  return text;
}

/**
 * PRIMARY KEY and UNIQUE exist only NONCLUSTERED NOT ENFORCED in a dedicated SQL pool
 * ("Primary, foreign, and unique key in dedicated SQL pool").
 */
export function keyConstraint(
  cursor: Cursor,
  name: string | undefined,
  columns: readonly string[] | undefined,
): KeyConstraint {
  const at = here(cursor);
  const isPrimary = acceptWord(cursor, "PRIMARY");
  if (isPrimary) expectWord(cursor, "KEY");
  else if (!acceptWord(cursor, "UNIQUE")) refuseConstraint(cursor);
  const clustered = acceptOneOf(cursor, ["CLUSTERED", "NONCLUSTERED"]) === "CLUSTERED";
  const listed = isOp(cursor, "(") ? parenthesized(cursor, keyColumn) : columns;
  if (listed === undefined) unexpected(cursor);
  const enforced = !acceptWord(cursor, "NOT", "ENFORCED");
  if (clustered) refuseOption(at, `${isPrimary ? "PRIMARY KEY" : "UNIQUE"} CLUSTERED`);
  if (enforced) fail(104467, at);
  return { at, name, kind: isPrimary ? "primary" : "unique", columns: listed, clustered, enforced };
}

function refuseConstraint(cursor: Cursor): never {
  for (const word of ["FOREIGN", "CHECK", "REFERENCES"]) {
    if (isWord(cursor, word)) refuseOption(here(cursor), word === "FOREIGN" ? "FOREIGN KEY" : word);
  }
  return unexpected(cursor);
}

function keyColumn(cursor: Cursor): string {
  const column = identifier(cursor);
  acceptOneOf(cursor, ["ASC", "DESC"]);
  return column;
}

/** True where a table constraint, not a column, comes next in a CREATE TABLE list. */
export function startsConstraint(cursor: Cursor): boolean {
  const { kind, keyword } = peek(cursor);
  return (
    kind === "word" && ["CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK"].includes(keyword)
  );
}

export function tableConstraint(cursor: Cursor): KeyConstraint {
  const name = acceptWord(cursor, "CONSTRAINT") ? identifier(cursor) : undefined;
  return keyConstraint(cursor, name, undefined);
}
