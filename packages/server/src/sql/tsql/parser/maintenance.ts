// KILL, DBCC and ALTER DATABASE.
import type { Name } from "../ast.ts";
import { refuseStatement } from "../error.ts";
import type { Statement } from "../statement.ts";
import {
  acceptOneOf,
  acceptOp,
  acceptWord,
  type Cursor,
  expectOp,
  identifier,
  name,
  next,
  peek,
  unexpected,
} from "./cursor.ts";

/** `KILL 'SID51'`, `KILL 51`. Source: "KILL (Transact-SQL)", syntax of Azure Synapse Analytics. */
export function kill(cursor: Cursor): Statement {
  const at = next(cursor).at;
  const token = next(cursor);
  const session = Number(/^(?:SID)?(\d+)$/i.exec(token.value.trim())?.[1] ?? Number.NaN);
  if (Number.isNaN(session)) return unexpected(cursor);
  return { kind: "kill", at, session };
}

const withoutEffect = ["DROPCLEANBUFFERS", "FREEPROCCACHE", "SHRINKLOG"];

/** The caches that two of them empty are not there; others are refused by their full name. */
export function databaseConsole(cursor: Cursor): Statement {
  const at = next(cursor).at;
  const command = next(cursor);
  const word = command.text.toUpperCase();
  if (word === "PDW_SHOWSPACEUSED") {
    if (!acceptOp(cursor, "(")) return { kind: "spaceUsed", at, table: undefined };
    const quoted = peek(cursor).kind === "string" ? next(cursor).value : undefined;
    const table = quoted === undefined ? name(cursor) : { at, parts: quoted.split(".") };
    expectOp(cursor, ")");
    return { kind: "spaceUsed", at, table };
  }
  if (!withoutEffect.includes(word)) return refuseStatement(at, `DBCC ${word}`);
  if (acceptOp(cursor, "(")) while (!acceptOp(cursor, ")")) next(cursor);
  if (acceptWord(cursor, "WITH")) next(cursor);
  return { kind: "databaseConsole", at };
}

const databaseOptions = [
  "AUTO_CREATE_STATISTICS",
  "QUERY_STORE",
  "READ_COMMITTED_SNAPSHOT",
  "RESULT_SET_CACHING",
];

/** `SET option { ON | OFF }`: they change no answer here. Sizes and names are the service's. */
export function alterDatabase(cursor: Cursor, at: Name["at"]): Statement {
  const database = acceptWord(cursor, "CURRENT") ? undefined : identifier(cursor);
  const verb = next(cursor).keyword;
  const option = peek(cursor).keyword;
  if (verb !== "SET" || !databaseOptions.includes(option))
    return refuseStatement(at, `ALTER DATABASE ${verb}${verb === "SET" ? ` ${option}` : ""}`);
  next(cursor);
  acceptOp(cursor, "=");
  if (!acceptOneOf(cursor, ["ON", "OFF"])) unexpected(cursor);
  if (acceptOp(cursor, "(")) while (!acceptOp(cursor, ")")) next(cursor);
  return { kind: "alterDatabase", at, database };
}
