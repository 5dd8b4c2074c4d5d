// System procedures that drivers and tools call. Each is a value: its name and what it answers.
// Sources: "System stored procedures", "sp_describe_first_result_set", "Catalog stored procedures".
import type { SqlEvent, SqlType, SqlValue } from "../../session.ts";
import type { Position } from "../ast.ts";
import type { MemoryTable } from "../emit/environment.ts";
import { likeRegex } from "../emit/predicate.ts";
import { emptyScope } from "../emit/scope.ts";
import { fail, refuseStatement } from "../error.ts";
import { parseBatch } from "../parser/script.ts";
import {
  type ActualArgument,
  type CallResult,
  converted,
  executeText,
  parseParameters,
} from "../run/procedure.ts";
import { bind } from "../run/query.ts";
import { changeMember } from "../run/security.ts";
import { frameOf, newFrame, type Session } from "../run/state.ts";
import { declared, nvarchar, types } from "../type.ts";
import { columnsOf } from "./definition.ts";
import { odbcTypes, typeFacts } from "./type-facts.ts";
import { shownColumns, visibleObjects } from "./visible-object.ts";

type Run = (
  session: Session,
  args: readonly ActualArgument[],
  at: Position,
  signal: AbortSignal,
) => AsyncGenerator<SqlEvent, CallResult>;

const done: CallResult = { returned: 0, outputs: [] };

function argument(
  args: readonly ActualArgument[],
  index: number,
  name: string,
): ActualArgument | undefined {
  return (
    args.find((arg) => arg.name.toLowerCase() === `@${name}`) ??
    (args[index]?.name === "" ? args[index] : undefined)
  );
}

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

async function text(
  session: Session,
  args: readonly ActualArgument[],
  index: number,
  name: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const arg = argument(args, index, name);
  if (arg === undefined || arg.value === null) return undefined;
  return String(await converted(session, arg, nvarchar("max"), signal));
}

async function* table(rows: MemoryTable): AsyncGenerator<SqlEvent, CallResult> {
  yield { kind: "columns", columns: rows.columns };
  if (rows.rows.length > 0) {
    yield {
      kind: "rows",
      count: rows.rows.length,
      vectors: rows.columns.map((_, index) => rows.rows.map((row) => row[index] ?? null)),
    };
  }
  yield { kind: "done", command: "select", rowCount: rows.rows.length };
  return done;
}

function tableOf(words: string, rows: readonly Readonly<Record<string, SqlValue>>[]): MemoryTable {
  const columns = columnsOf(words).map((column) => ({ ...column, nullable: true }));
  return { columns, rows: rows.map((row) => columns.map((column) => row[column.name] ?? null)) };
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

const prepare: Run = async function* (session, args, _at, signal) {
  const handle = await prepared(session, args, signal);
  yield* [];
  return { returned: 0, outputs: handleOutput(args, handle) };
};

const executePrepared: Run = async function* (session, args, at, signal) {
  const handle = Number(args[0]?.value ?? 0);
  const found = session.prepared.get(handle);
  if (found === undefined) return fail(8179, at, handle);
  return yield* shifted(
    executeText(session, found.text, parseParameters(found.parameters), args.slice(1), at, signal),
    1,
  );
};

const prepareAndExecute: Run = async function* (session, args, at, signal) {
  const handle = await prepared(session, args, signal);
  const { text: statement, parameters } = session.prepared.get(handle)!;
  const result = yield* shifted(
    executeText(session, statement, parseParameters(parameters), args.slice(3), at, signal),
    3,
  );
  return { ...result, outputs: [...handleOutput(args, handle), ...result.outputs] };
};

const unprepare: Run = async function* (session, args, at) {
  yield* [];
  if (!session.prepared.delete(Number(args[0]?.value ?? 0)))
    fail(8179, at, String(args[0]?.value ?? ""));
  return done;
};

const describe: Run = async function* (session, args, _at, signal) {
  const statement = (await text(session, args, 0, "tsql", signal)) ?? "";
  const definitions = parseParameters((await text(session, args, 1, "params", signal)) ?? "");
  const query = parseBatch(statement).find((candidate) => candidate.kind === "query");
  const frame = newFrame(undefined, frameOf(session).chained);
  for (const parameter of definitions)
    frame.variables.set(parameter.name.toLowerCase(), { type: parameter.type, value: null });
  session.frames.push(frame);
  try {
    const columns =
      query?.kind !== "query"
        ? []
        : (
            await bind(session, signal, (binder) =>
              binder.query(query.query, emptyScope(), { place: "top" }),
            )
          ).result.columns;
    return yield* table(
      tableOf(
        describeColumns,
        columns.map((column, index) =>
          describedColumn(column.name, column.type, column.nullable, index),
        ),
      ),
    );
  } finally {
    session.frames.pop();
  }
};

const describeColumns =
  "is_hidden:bit column_ordinal:int name:name is_nullable:bit system_type_id:int system_type_name:name max_length:smallint precision:tinyint scale:tinyint collation_name:name user_type_id:int is_identity_column:bit is_part_of_unique_key:bit is_updateable:bit is_computed_column:bit is_sparse_column_set:bit tds_type_id:int tds_length:int";

function describedColumn(
  name: string | undefined,
  type: SqlType,
  nullable: boolean,
  index: number,
): Record<string, SqlValue> {
  const facts = typeFacts(type);
  return {
    is_hidden: false,
    column_ordinal: index + 1,
    name: name ?? null,
    is_nullable: nullable,
    system_type_id: facts.systemTypeId,
    system_type_name: declared(type),
    max_length: facts.maxLength,
    precision: facts.precision,
    scale: facts.scale,
    collation_name: type.name.includes("char") ? "SQL_Latin1_General_CP1_CI_AS" : null,
    user_type_id: null,
    is_identity_column: false,
    is_part_of_unique_key: false,
    is_updateable: false,
    is_computed_column: false,
    is_sparse_column_set: false,
    tds_type_id: facts.systemTypeId,
    tds_length: facts.maxLength,
  };
}

function matcher(pattern: string | undefined): (name: string) => boolean {
  if (pattern === undefined) return () => true;
  const regex = new RegExp(`^${likeRegex(pattern, "\\")}$`, "is");
  return (name) => regex.test(name);
}

const columns: Run = async function* (session, args, _at, signal) {
  const ofTable = matcher(await text(session, args, 0, "table_name", signal));
  const ofSchema = matcher(await text(session, args, 1, "table_owner", signal));
  const ofColumn = matcher(await text(session, args, 3, "column_name", signal));
  const rows = visibleObjects(session)
    .filter(
      (object) =>
        (object.kind === "table" || object.kind === "view") &&
        ofTable(object.name) &&
        ofSchema(object.schema),
    )
    .flatMap((object) =>
      shownColumns(session, object)
        .filter((column) => ofColumn(column.name))
        .map((column) => {
          const facts = typeFacts(column.type);
          return {
            TABLE_QUALIFIER: session.database.pool.name,
            TABLE_OWNER: object.schema,
            TABLE_NAME: object.name,
            COLUMN_NAME: column.name,
            DATA_TYPE: odbcTypes[column.type.name],
            TYPE_NAME:
              column.identity === undefined ? column.type.name : `${column.type.name} identity`,
            PRECISION:
              facts.precision ||
              ("length" in column.type
                ? column.type.length === "max"
                  ? 0
                  : column.type.length
                : 0),
            LENGTH: Math.max(facts.maxLength, 0),
            SCALE: "scale" in column.type ? facts.scale : null,
            RADIX: facts.precision > 0 ? 10 : null,
            NULLABLE: column.nullable ? 1 : 0,
            REMARKS: null,
            COLUMN_DEF: column.default === undefined ? null : `(${column.default.text})`,
            SQL_DATA_TYPE: odbcTypes[column.type.name],
            SQL_DATETIME_SUB: null,
            CHAR_OCTET_LENGTH: "length" in column.type ? facts.maxLength : null,
            ORDINAL_POSITION: column.id,
            IS_NULLABLE: column.nullable ? "YES" : "NO",
            SS_DATA_TYPE: facts.systemTypeId,
          };
        }),
    );
  return yield* table(
    tableOf(
      "TABLE_QUALIFIER:name TABLE_OWNER:name TABLE_NAME:name COLUMN_NAME:name DATA_TYPE:smallint TYPE_NAME:name PRECISION:int LENGTH:int SCALE:smallint RADIX:smallint NULLABLE:smallint REMARKS:varchar COLUMN_DEF:text SQL_DATA_TYPE:smallint SQL_DATETIME_SUB:smallint CHAR_OCTET_LENGTH:int ORDINAL_POSITION:int IS_NULLABLE:varchar SS_DATA_TYPE:tinyint",
      rows,
    ),
  );
};

const tables: Run = async function* (session, args, _at, signal) {
  const ofTable = matcher(await text(session, args, 0, "table_name", signal));
  const ofSchema = matcher(await text(session, args, 1, "table_owner", signal));
  const rows = visibleObjects(session)
    .filter(
      (object) =>
        (object.kind === "table" || object.kind === "view") &&
        ofTable(object.name) &&
        ofSchema(object.schema),
    )
    .map((object) => ({
      TABLE_QUALIFIER: session.database.pool.name,
      TABLE_OWNER: object.schema,
      TABLE_NAME: object.name,
      TABLE_TYPE: object.kind === "view" ? "VIEW" : "TABLE",
      REMARKS: null,
    }));
  return yield* table(
    tableOf(
      "TABLE_QUALIFIER:name TABLE_OWNER:name TABLE_NAME:name TABLE_TYPE:varchar REMARKS:varchar",
      rows,
    ),
  );
};

const databases: Run = async function* (session) {
  const rows = session.databases.map((pool) => ({
    DATABASE_NAME: pool.name,
    DATABASE_SIZE: null,
    REMARKS: null,
  }));
  return yield* table(tableOf("DATABASE_NAME:name DATABASE_SIZE:int REMARKS:varchar", rows));
};

const primaryKeys: Run = async function* (session, args, _at, signal) {
  const ofTable = matcher(await text(session, args, 0, "table_name", signal));
  const rows = visibleObjects(session).flatMap((object) => {
    if (object.kind !== "table" || !ofTable(object.name)) return [];
    const key = object.keys.find((candidate) => candidate.kind === "primary");
    return (key?.columns ?? []).map((column, index) => ({
      TABLE_QUALIFIER: session.database.pool.name,
      TABLE_OWNER: object.schema,
      TABLE_NAME: object.name,
      COLUMN_NAME: column,
      KEY_SEQ: index + 1,
      PK_NAME: key!.name,
    }));
  });
  return yield* table(
    tableOf(
      "TABLE_QUALIFIER:name TABLE_OWNER:name TABLE_NAME:name COLUMN_NAME:name KEY_SEQ:smallint PK_NAME:name",
      rows,
    ),
  );
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
  if (object === undefined || object.kind === "table")
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
  sp_unprepare: unprepare,
  sp_describe_first_result_set: describe,
  sp_columns: columns,
  sp_columns_100: columns,
  sp_tables: tables,
  sp_databases: databases,
  sp_pkeys: primaryKeys,
  sp_helptext: helpText,
  sp_addrolemember: roleMember(true),
  sp_droprolemember: roleMember(false),
  sp_reset_connection: nothing,
  sp_updatestats: nothing,
};

export function refuseProcedure(name: string, at: Position): never {
  if (/^(sp|xp)_/i.test(name)) refuseStatement(at, `EXECUTE ${name}`);
  return fail(2812, at, name);
}
