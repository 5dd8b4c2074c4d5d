// A session as emit/ sees it while it binds one statement.
import type { EngineModel } from "../../engine/port.ts";
import type { SqlType, SqlValue } from "../../session.ts";
import type { Name } from "../ast.ts";
import {
  type CatalogueObject,
  type ExternalTableObject,
  isTemporary,
  objectKey,
} from "../catalogue/model.ts";
import { decide } from "../catalogue/permission.ts";
import type { Environment, ModelPlace, OpenedFiles } from "../emit/environment.ts";
import { literalValue, type Value } from "../emit/value.ts";
import { fail } from "../error.ts";
import { isLegacyName } from "../system/legacy-view.ts";
import { nvarchar, storage, types } from "../type.ts";
import { sessionFacts, versionText } from "./facts.ts";
import { defaultSchema, frameOf, type Session } from "./state.ts";

export interface StatementEnvironment extends Environment {
  /** Values that the SQL refers to as $1, $2 … */
  parameters: (string | Uint8Array | null)[];
  /** Models by the key of their expression, as far as they have been opened. */
  models: Map<string, EngineModel>;
  /** Files by the key of their OPENROWSET, as far as they have been opened. */
  opened: Map<string, OpenedFiles>;
  asked(): Asked;
}

/** What binding has asked for. */
export interface Asked {
  /** Only for what the catalogue and known models answer: no variables, no time, no temporary tables. */
  isRepeatable: boolean;
  readsModels: boolean;
}

export interface Recalled {
  model: EngineModel;
  /** The place's expression asks for nothing else, so that it is the same as long as the data is. */
  isRepeatable: boolean;
}

export interface EnvironmentOptions {
  /** Answers models that have been opened for other statements. */
  recall(session: Session, place: ModelPlace): Recalled | undefined;
  /** What is bound stands in a view, a function or a procedure. */
  isChained?: boolean;
  /**
   * The query is bound for its columns' sake and not run: external tables need no files, system views no rows. A view
   * over sys.columns would be described by describing itself.
   */
  isDescribed?: boolean;
  assumesModels?: boolean;
}

/** Passes on an answer that may be another one the next time. */
type Once = <T>(answer: T) => T;

export function createEnvironment(
  session: Session,
  options: EnvironmentOptions,
): StatementEnvironment {
  const { recall, isDescribed = false, assumesModels = false } = options;
  const frame = frameOf(session);
  let chained = options.isChained || frame.chained ? 1 : 0;
  let aliases = 0;
  const now = session.ports.clock.now();
  let facts: ReturnType<typeof sessionFacts> | undefined;
  const parameters: (string | Uint8Array | null)[] = [];
  const models = new Map<string, EngineModel>();
  const opened = new Map<string, OpenedFiles>();
  const asked: Asked = { isRepeatable: true, readsModels: false };
  const once: Once = (answer) => {
    if (answer !== undefined) asked.isRepeatable = false;
    return answer;
  };
  const isChained = (): boolean => chained > 0;
  return {
    asked: () => asked,
    parameters,
    models,
    opened,
    assumesModels,
    isServerless: session.database.pool.isServerless === true,
    files: (key) => once(opened.get(key) ?? (isDescribed ? { paths: [], columns: [] } : undefined)),
    get isChained() {
      return isChained();
    },
    get now() {
      return once(now);
    },
    database: session.database.pool.name,
    dateFirst: session.options.dateFirst,
    get facts() {
      facts ??= sessionFacts(session);
      return once(facts);
    },
    ...objectsOf(session, { isDescribed, isChained, once }),
    ...rightsOf(session, isChained),
    chained(body) {
      chained += 1;
      try {
        return body();
      } finally {
        chained -= 1;
      }
    },
    variable: (name) => once(frame.variables.get(name.toLowerCase())),
    global: (name) => once(globalValue(session, name)),
    parameter: (value, type) => {
      parameters.push(once(value as string | Uint8Array));
      return `CAST($${parameters.length} AS ${storage(type)})`;
    },
    alias(prefix) {
      aliases += 1;
      return `${prefix}${aliases}`;
    },
    model(place) {
      const known = recall(session, place);
      asked.readsModels = true;
      if (known?.isRepeatable) return known.model;
      return once(known?.model ?? (models.size > 0 ? models.get(modelKey(place)) : undefined));
    },
  };
}

function objectsOf(
  session: Session,
  { isDescribed, isChained, once }: { isDescribed: boolean; isChained: () => boolean; once: Once },
): Pick<Environment, "find" | "external" | "systemView"> {
  return {
    find(name) {
      const object = findObject(session, name, isChained() ? "dbo" : undefined);
      return object !== undefined && isTemporary(object) ? once(object) : object;
    },
    external: (table) => once(externalOf(session, table)),
    systemView: (schema, name, database) =>
      once(
        session.knot.systemView(
          isTempdb(database) ? withoutObjects(session) : session,
          { schema, name },
          { isDescribed },
        ),
      ),
  };
}

function rightsOf(
  session: Session,
  isChained: () => boolean,
): Pick<Environment, "authorize" | "authorizeDatabase"> {
  return {
    authorize(permission, object, columns, at) {
      if (isChained() || isTemporary(object)) return;
      requireObject(session, permission, object, columns, at);
    },
    authorizeDatabase(permission, at) {
      const { catalogue, pool } = session.database;
      if (isChained() || decide(catalogue, session.actor, { permission }) === "allowed") return;
      fail(262, at, permission, pool.name);
    },
  };
}

function externalOf(
  { database }: Session,
  { dataSource, fileFormat }: ExternalTableObject,
): ReturnType<Environment["external"]> {
  const { external } = database.catalogue;
  const source = external.dataSource.get(dataSource.toLowerCase());
  const format = external.fileFormat.get(fileFormat.toLowerCase());
  // Neither can be dropped while a table rests on it.
  if (source === undefined || format === undefined)
    throw new Error("an external table hangs loose");
  return { source, format };
}

function requireObject(
  session: Session,
  ...[permission, object, columns, at]: Parameters<Environment["authorize"]>
): void {
  const { catalogue, pool } = session.database;
  const { name, schema } = object;
  const decision = decide(catalogue, session.actor, { permission, object, columns });
  if (decision === "denied") fail(229, at, permission, name, pool.name, schema);
  if (decision === "deniedColumn")
    fail(230, at, permission, columns[0] ?? "", name, pool.name, schema);
}

/** The text of an expression and what is around it: one in a view is parsed anew each time that the view is bound. */
export function modelKey({ expression, parameters, isChained }: ModelPlace): string {
  return JSON.stringify([expression, ...parameters, isChained], (_key, value) => {
    if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
    return typeof value === "bigint" ? `${value}n` : value;
  });
}

/**
 * Resolves a name against the session's temp tables and the database; one without a schema in the user's own (or
 * `home`) and then in dbo. Raises 40515 for other databases.
 */
export function findObject(
  session: Session,
  name: Name,
  home: string = defaultSchema(session),
): CatalogueObject | undefined {
  const own = name.parts.at(-1)!;
  if (own.startsWith("#")) return session.temporary.get(own.toLowerCase());
  const database = name.parts.at(-3);
  // Tools ask master's own views, which are the same in every database, and tempdb's.
  const schema = name.parts.at(-2) ?? "";
  const isSystem = /^(sys|information_schema)$/i.test(schema) || isLegacyName(schema, own);
  const isOpen = database?.toLowerCase() === "master" || isTempdb(database);
  if (isSystem && isOpen && name.parts.length === 3) return undefined;
  if (
    name.parts.length > 3 ||
    (database && database.toLowerCase() !== session.database.pool.name.toLowerCase())
  ) {
    fail(40515, name.at, name.parts.join("."));
  }
  const { objects } = session.database.catalogue;
  if (schema) return objects.get(objectKey(schema, own));
  return objects.get(objectKey(home, own)) ?? objects.get(objectKey("dbo", own));
}

export function isTempdb(database: string | undefined): boolean {
  return database?.toLowerCase() === "tempdb";
}

/** As the views of tempdb see it: temporary tables only. */
function withoutObjects(session: Session): Session {
  const { database } = session;
  const catalogue = { ...database.catalogue, objects: new Map() };
  return { ...session, database: { ...database, catalogue } };
}

type Read = (session: Session) => readonly [SqlValue, SqlType];

const globals: Readonly<Record<string, Read>> = {
  "@@ROWCOUNT": (session) => [Number(session.rowCount), types.int],
  "@@ROWCOUNT_BIG": (session) => [session.rowCount, types.bigint],
  "@@ERROR": (session) => [session.error, types.int],
  "@@TRANCOUNT": (session) => [session.transactions, types.int],
  "@@VERSION": () => [versionText(), nvarchar(300)],
  "@@SPID": (session) => [session.id % 32_767, types.smallint],
  "@@SERVERNAME": (session) => [session.login.workspace, types.sysname],
  "@@SERVICENAME": () => ["MSSQLSERVER", types.sysname],
  "@@IDENTITY": (session) => [
    session.identity ?? null,
    { name: "decimal", precision: 38, scale: 0 },
  ],
  "@@DATEFIRST": (session) => [session.options.dateFirst, types.tinyint],
  "@@LANGUAGE": (session) => [session.options.language, types.sysname],
  "@@LANGID": () => [0, types.smallint],
  "@@NESTLEVEL": (session) => [session.nesting, types.int],
  "@@MAX_PRECISION": () => [38, types.tinyint],
  "@@MICROSOFTVERSION": () => [167_773_964, types.int],
  "@@OPTIONS": ({ options }) => [5496 + (options.implicitTransactions ? 2 : 0), types.int],
  "@@TEXTSIZE": () => [2_147_483_647, types.int],
  "@@LOCK_TIMEOUT": () => [-1, types.int],
  "@@FETCH_STATUS": () => [0, types.int],
  "@@PROCID": () => [0, types.int],
  "@@MAX_CONNECTIONS": () => [32_767, types.int],
  SCOPE_IDENTITY: (session) => [
    session.identity ?? null,
    { name: "decimal", precision: 38, scale: 0 },
  ],
  XACT_STATE: (session) => [
    session.transactions === 0 ? 0 : session.doomed ? -2 : 1,
    types.smallint,
  ],
  ERROR_NUMBER: (session) => [caught(session)?.number ?? null, types.int],
  ERROR_MESSAGE: (session) => [caught(session)?.message ?? null, nvarchar(4000)],
  ERROR_SEVERITY: (session) => [caught(session)?.severity ?? null, types.int],
  ERROR_STATE: (session) => [caught(session)?.state ?? null, types.int],
  ERROR_LINE: (session) => [caught(session)?.line ?? null, types.int],
  ERROR_PROCEDURE: (session) => [caught(session)?.procedure ?? null, nvarchar(128)],
};

/** The error of the innermost CATCH in reach, those of callers included. */
export function caught(session: Session) {
  return session.frames.findLast((frame) => frame.caught !== undefined)?.caught;
}

function globalValue(session: Session, name: string): Value | undefined {
  const read = Object.hasOwn(globals, name) ? globals[name] : undefined;
  if (read === undefined) return undefined;
  const [value, type] = read(session);
  if (value === null)
    return {
      sql: `CAST(NULL AS ${storage(type)})`,
      type,
      nullable: true,
      literal: { value: null },
    };
  return literalValue(value, type);
}
