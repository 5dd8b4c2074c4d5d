// System procedures that drivers and tools call. Each is a value: its name and what it answers.
// Sources: "System stored procedures", "Catalog stored procedures".
import { SqlError, type SqlEvent } from "../../session.ts";
import type { Name, Position } from "../ast.ts";
import { isModule } from "../catalogue/model.ts";
import type { RelationColumn } from "../emit/scope.ts";
import { fail, refuseStatement } from "../error.ts";
import { nameParts } from "../name-text.ts";
import { parseBatch } from "../parser/script.ts";
import { renameObject } from "../run/alter-table.ts";
import {
  type ActualArgument,
  type CallResult,
  callProcedure,
  converted,
  executeText,
  parseParameters,
  procedureOf,
} from "../run/procedure.ts";
import { changeMember } from "../run/security.ts";
import type { Session } from "../run/state.ts";
import { nvarchar, types } from "../type.ts";
import { catalogueProcedures } from "./catalogue-procedure.ts";
import { describeParameters } from "./describe-parameter.ts";
import { describeResult } from "./describe-result.ts";
import { firstResult, isUndetermined } from "./first-result.ts";
import { done, type Run, table, tableOf, text } from "./procedure-call.ts";
import { spaceUsed } from "./space-procedure.ts";
import { visibleObjects } from "./visible-object.ts";

/** Clients name these as they like; sp_executesql and its kin go by position. */
async function positional(
  session: Session,
  args: readonly ActualArgument[],
  index: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const arg = args[index];
  if (arg === undefined || arg.value === null) return undefined;
  return String(await converted(session, arg, nvarchar("max"), signal));
}

const executeSql: Run = async function* (session, args, at, signal) {
  const statement = await positional(session, args, 0, signal);
  if (statement === undefined) fail(214, at, "@statement", "ntext/nchar/nvarchar");
  const definitions = parseParameters((await positional(session, args, 1, signal)) ?? "");
  return yield* shifted(
    executeText(session, statement!, definitions, args.slice(2), at, signal),
    2,
  );
};

/** Output ordinals count from the call's first parameter, the statement's own included. */
async function* shifted(
  run: AsyncGenerator<SqlEvent, CallResult>,
  by: number,
): AsyncGenerator<SqlEvent, CallResult> {
  const result = yield* run;
  return {
    ...result,
    outputs: result.outputs.map((output) => ({ ...output, ordinal: output.ordinal + by })),
  };
}

function handleOutput(args: readonly ActualArgument[], handle: number): CallResult["outputs"] {
  const first = args[0];
  return first?.output ? [{ name: first.name, ordinal: 0, type: types.int, value: handle }] : [];
}

async function prepared(
  session: Session,
  args: readonly ActualArgument[],
  signal: AbortSignal,
): Promise<number> {
  const parameters = (await positional(session, args, 1, signal)) ?? "";
  const statement = (await positional(session, args, 2, signal)) ?? "";
  parseBatch(statement, { quotedIdentifier: session.options.quotedIdentifier });
  parseParameters(parameters);
  const handle = session.nextHandle;
  session.nextHandle += 1;
  session.prepared.set(handle, { text: statement, parameters });
  return handle;
}

/** FreeTDS asks, with a fourth argument of 1, for the columns that there will be. */
const prepare: Run = async function* (session, args, _at, signal) {
  const handle = await prepared(session, args, signal);
  const { text: statement, parameters } = session.prepared.get(handle)!;
  return yield* withHandle(session, args, handle, columnsAhead());

  async function* columnsAhead(): AsyncGenerator<SqlEvent, CallResult> {
    if ((Number(args[3]?.value ?? 0) & 1) === 0) return done;
    const definitions = parseParameters(parameters);
    const columns = await firstResult({ session, signal }, statement, definitions).catch(unknown);
    if (columns.length > 0) yield* table({ columns: columns.map(named), rows: [] });
    return done;
  }
};

/** What can't be told beforehand is no fault of the statement. */
function unknown(error: unknown): [] {
  if (error instanceof SqlError && isUndetermined(error)) return [];
  throw error;
}

function named({ name = "", type, nullable }: RelationColumn) {
  return { name, type, nullable };
}

const executePrepared: Run = async function* (session, args, at, signal) {
  const handle = Number(args[0]?.value ?? 0);
  const found = session.prepared.get(handle);
  if (found === undefined) return fail(8179, at, handle);
  if (found.procedure !== undefined)
    return yield* shifted(callNamed(session, found.procedure, args.slice(1), at, signal), 1);
  return yield* shifted(
    executeText(session, found.text, parseParameters(found.parameters), args.slice(1), at, signal),
    1,
  );
};

const prepareAndExecute: Run = async function* (session, args, at, signal) {
  const handle = await prepared(session, args, signal);
  const { text: statement, parameters } = session.prepared.get(handle)!;
  const run = executeText(
    session,
    statement,
    parseParameters(parameters),
    args.slice(3),
    at,
    signal,
  );
  return yield* withHandle(session, args, handle, shifted(run, 3));
};

/** A call that fails tells no handle, so nobody could give it back. */
async function* withHandle(
  session: Session,
  args: readonly ActualArgument[],
  handle: number,
  run: AsyncGenerator<SqlEvent, CallResult>,
): AsyncGenerator<SqlEvent, CallResult> {
  let result: CallResult | undefined;
  try {
    result = yield* run;
    return { ...result, outputs: [...handleOutput(args, handle), ...result.outputs] };
  } finally {
    if (result === undefined) session.prepared.delete(handle);
  }
}

/** What ODBC sends for `{call p (?)}`: a procedure's name in the place of a text (MS-TDS 2.2.6.6). */
const prepareAndCall: Run = async function* (session, args, at, signal) {
  const procedure = { at, parts: nameParts((await positional(session, args, 1, signal)) ?? "") };
  const run = callNamed(session, procedure, args.slice(2), at, signal);
  const handle = session.nextHandle;
  session.nextHandle += 1;
  session.prepared.set(handle, { text: "", parameters: "", procedure });
  return yield* withHandle(session, args, handle, shifted(run, 2));
};

function callNamed(session: Session, name: Name, ...rest: CallRest) {
  const [args, at, signal] = rest;
  const procedure = procedureOf(session, name);
  if (procedure !== undefined) return callProcedure(session, procedure, args, at, signal);
  const own = name.parts.at(-1)!.toLowerCase();
  const run = Object.hasOwn(systemProcedures, own) ? systemProcedures[own] : undefined;
  return run === undefined
    ? refuseProcedure(name.parts.join("."), at)
    : run(session, args, at, signal);
}

type CallRest = [args: readonly ActualArgument[], at: Position, signal: AbortSignal];

const unprepare: Run = async function* (session, args, at) {
  yield* [];
  if (!session.prepared.delete(Number(args[0]?.value ?? 0)))
    fail(8179, at, String(args[0]?.value ?? ""));
  return done;
};

const databases: Run = async function* (session) {
  const rows = session.databases.map((pool) => ({
    DATABASE_NAME: pool.name,
    DATABASE_SIZE: null,
    REMARKS: null,
  }));
  return yield* table(tableOf("DATABASE_NAME:name DATABASE_SIZE:int REMARKS:varchar", rows));
};

const helpText: Run = async function* (session, args, at, signal) {
  const wanted = ((await text(session, args, 0, "objname", signal)) ?? "")
    .toLowerCase()
    .replaceAll(/[[\]]/g, "");
  const object = visibleObjects(session).find(
    (candidate) =>
      `${candidate.schema}.${candidate.name}`.toLowerCase() === wanted ||
      candidate.name.toLowerCase() === wanted,
  );
  if (object === undefined || !isModule(object))
    return fail(15009, at, wanted, session.database.pool.name);
  return yield* table(
    tableOf(
      "Text:text",
      object.text.split(/(?<=\n)/).map((line) => ({ Text: line })),
    ),
  );
};

function roleMember(add: boolean): Run {
  return async function* (session, args, at, signal) {
    yield* [];
    const role = (await text(session, args, 0, "rolename", signal)) ?? "";
    const member = (await text(session, args, 1, "membername", signal)) ?? "";
    await changeMember(session, { at, role, member, add }, signal);
    return done;
  };
}

/** Tables and their columns. Source: "sp_rename", "RENAME (Transact-SQL)". */
const rename: Run = async function* (session, args, at, signal) {
  const from = nameParts((await text(session, args, 0, "objname", signal)) ?? "");
  const to = (await text(session, args, 1, "newname", signal)) ?? "";
  const kind = ((await text(session, args, 2, "objtype", signal)) ?? "OBJECT").toUpperCase();
  if (kind !== "OBJECT" && kind !== "COLUMN") refuseStatement(at, `EXECUTE sp_rename ${kind}`);
  const column = kind === "COLUMN" ? from.pop() : undefined;
  const name = { at, parts: from };
  yield* renameObject(session, { kind: "renameObject", at, name, to, column }, signal);
  return done;
};

/** Calls that set something up that needs no setting up here. */
const nothing: Run = async function* () {
  yield* [];
  return done;
};

export const systemProcedures: Readonly<Record<string, Run>> = {
  sp_executesql: executeSql,
  sp_prepare: prepare,
  sp_execute: executePrepared,
  sp_prepexec: prepareAndExecute,
  sp_prepexecrpc: prepareAndCall,
  sp_unprepare: unprepare,
  sp_describe_first_result_set: describeResult,
  sp_describe_undeclared_parameters: describeParameters,
  ...catalogueProcedures,
  sp_databases: databases,
  sp_helptext: helpText,
  sp_spaceused: spaceUsed,
  sp_rename: rename,
  sp_addrolemember: roleMember(true),
  sp_droprolemember: roleMember(false),
  sp_reset_connection: nothing,
  sp_updatestats: nothing,
};

export function refuseProcedure(name: string, at: Position): never {
  if (/^(?:(?:\w+\.)?(?:sys|dbo)\.)?(?:sp|xp)_/i.test(name)) refuseStatement(at, `EXECUTE ${name}`);
  return fail(2812, at, name);
}
