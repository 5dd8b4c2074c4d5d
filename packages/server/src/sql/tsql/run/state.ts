// What a session is while it runs: its database, its place in transactions, its variables.
import type { EngineConnection, EngineModel, EnginePool } from "../../engine/port.ts";
import type {
  LakePort,
  PoolPort,
  SqlClock,
  SqlIdentityPort,
  SqlPool,
  SqlPrincipal,
  SqlSecretPort,
} from "../../ports.ts";
import type { SqlEvent, SqlLogin, SqlMessage, SqlType, SqlValue } from "../../session.ts";
import type { Name, Query } from "../ast.ts";
import type { Catalogue, TableObject, ViewObject } from "../catalogue/model.ts";
import type { Actor } from "../catalogue/permission.ts";
import type { SystemTable } from "../emit/environment.ts";
import type { Relation, RelationColumn } from "../emit/scope.ts";
import type { Statement } from "../statement.ts";

export interface ExecutedRequest {
  readonly id: number;
  readonly sessionId: number;
  readonly login: string;
  readonly command: string;
  readonly label: string | null;
  readonly resourceClass: string;
  readonly submitted: bigint;
  status: "Running" | "Suspended" | "Completed" | "Failed" | "Cancelled";
  started: bigint | null;
  ended: bigint | null;
  error: SqlMessage | undefined;
  rowCount: number;
}

/** See activity.ts. */
export interface Activity {
  readonly sessions: Map<number, Session>;
  /** The latest ones, oldest first. */
  readonly requests: ExecutedRequest[];
  nextId: number;
  /** Statements that run, and those that wait for one of them to end. */
  runningCount: number;
  readonly runningCountMax: number;
  readonly waiting: Set<() => void>;
}

/** An open pool, shared by its sessions. */
export interface Database {
  pool: SqlPool;
  engine: EnginePool;
  catalogue: Catalogue;
  activity: Activity;
  /** Runs catalogue changes one after the other. */
  exclusive<T>(change: () => Promise<T>): Promise<T>;
  /** Undefined while the catalogue changes. */
  catalogueVersion(): number | undefined;
}

export interface FrontPorts {
  identity: SqlIdentityPort;
  pools: PoolPort;
  lake: LakePort;
  secrets: SqlSecretPort;
  clock: SqlClock;
}

export interface Variable {
  type: SqlType;
  value: SqlValue;
}

/** Variables of one batch or procedure call. */
export interface Frame {
  procedure: string | undefined;
  /** The source of its statements. */
  text: string;
  variables: Map<string, Variable>;
  /** Static statements of a module use objects of its owner without further permission. */
  chained: boolean;
  /** Error being handled by the innermost CATCH. */
  caught: SqlMessage | undefined;
}

export interface KnownModel {
  /** Of the pool's data when the model was read. */
  version: number;
  model: EngineModel;
}

/** What a query was bound to, at these versions and with these options. */
export interface KnownBinding {
  relation: Relation;
  catalogue: number;
  /** Undefined where no model was read. */
  data: number | undefined;
  dateFirst: number;
}

export interface SessionOptions {
  noCount: boolean;
  dateFirst: number;
  quotedIdentifier: boolean;
  xactAbort: boolean;
  implicitTransactions: boolean;
  formatOnly: boolean;
  noExecute: boolean;
  parseOnly: boolean;
  rowCount: number;
  language: string;
  isolation: string;
}

export interface Prepared {
  text: string;
  parameters: string;
  /** sp_prepexecrpc prepares a call of it instead of a text. */
  procedure?: Name;
}

export interface Session {
  readonly id: number;
  readonly ports: FrontPorts;
  readonly login: SqlLogin;
  readonly principal: SqlPrincipal;
  database: Database;
  connection: EngineConnection;
  actor: Actor;
  /** Users that EXECUTE AS put aside. */
  impersonated: Actor[];
  options: SessionOptions;
  transactions: number;
  /** An error broke the transaction: only ROLLBACK remains. */
  doomed: boolean;
  transactionId: bigint;
  rowCount: bigint;
  error: number;
  identity: bigint | undefined;
  identityInsert: string | undefined;
  temporary: Map<string, TableObject>;
  /** By the engine's SQL that reads them; see known-model.ts. */
  models: Map<string, KnownModel>;
  /** Of queries that came before; see known-binding.ts. */
  bindings: WeakMap<Query, KnownBinding>;
  /** The INSERT BULK that awaits its rows. */
  bulk: Extract<Statement, { kind: "insertBulk" }> | undefined;
  prepared: Map<number, Prepared>;
  nextHandle: number;
  nextTemporaryId: number;
  frames: Frame[];
  nesting: number;
  /** 100 ns ticks since 1970. */
  loginTime: bigint;
  /** KILL aborts it with the error that the session's client gets. */
  killed: AbortController;
  /** What gives back the files that the running statement reads. */
  held: (() => Promise<void>)[];
  /** A statement of it has a place among the pool's running ones. */
  hasPlace: boolean;
  databases: readonly SqlPool[];
  logins: readonly string[];
  /** Rules that refer back to each other across folders; front.ts ties the knot. */
  knot: Knot;
}

export interface Knot {
  /** Without its rows where only its columns are asked for. */
  systemView(
    session: Session,
    name: { schema: string; name: string },
    options: { isDescribed: boolean },
  ): SystemTable | undefined;
  describeView(session: Session, view: ViewObject): readonly RelationColumn[];
  statements(session: Session, statements: readonly Statement[], signal: AbortSignal): Events;
}

export const defaultOptions: SessionOptions = {
  noCount: false,
  dateFirst: 7,
  quotedIdentifier: true,
  xactAbort: false,
  implicitTransactions: false,
  formatOnly: false,
  noExecute: false,
  parseOnly: false,
  rowCount: 0,
  language: "us_english",
  isolation: "READ UNCOMMITTED",
};

/** How a statement ended. */
export type Completion = "normal" | "break" | "continue" | { returned: number };

export type Events = AsyncGenerator<SqlEvent, Completion>;

export function frameOf(session: Session): Frame {
  return session.frames.at(-1)!;
}

export function newFrame(procedure: string | undefined, chained: boolean, text = ""): Frame {
  return { procedure, text, variables: new Map(), chained, caught: undefined };
}

/** The schema of a name that gives none: the user's own (CREATE USER … WITH DEFAULT_SCHEMA); dbo in modules. */
export function defaultSchema(session: Session): string {
  const user = session.database.catalogue.principals.get(session.actor.user.toLowerCase());
  return (!frameOf(session).chained && user?.defaultSchema) || "dbo";
}
