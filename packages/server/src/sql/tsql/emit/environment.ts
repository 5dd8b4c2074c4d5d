// What binding needs to know of the session and its database; run/ provides it.
import type { SqlType, SqlValue } from "../../session.ts";
import type { Expression, Name, Position } from "../ast.ts";
import type {
  CatalogueObject,
  ExternalDataSource,
  ExternalFileFormat,
  ExternalTableObject,
  RejectLimit,
} from "../catalogue/model.ts";
import type { Value } from "./value.ts";

export type Permission =
  | "SELECT"
  | "INSERT"
  | "UPDATE"
  | "DELETE"
  | "EXECUTE"
  | "ALTER"
  | "CONTROL"
  | "VIEW DEFINITION";

/** A row source that exists only in memory: system views and drivers' procedures. */
export interface MemoryTable {
  columns: readonly { name: string; type: SqlType; nullable: boolean }[];
  rows: readonly (readonly SqlValue[])[];
}

/** A table of system views may ask the engine for what it alone knows: row counts. */
export type SystemCell = SqlValue | { engineSql: string };
export interface SystemTable {
  columns: MemoryTable["columns"];
  rows: readonly (readonly SystemCell[])[];
}

export interface BoundModel {
  /** SQL that scores one row, input i written ⟦i⟧; see engine/. Null when it cannot be called. */
  call: string | null;
  inputs: readonly ModelPin[];
  outputs: readonly ModelPin[];
  /** Outputs that are SQL over the inputs, input i written ⟦i⟧, instead of a call. */
  expressions: Readonly<Record<string, string>>;
}

export interface ModelPin {
  name: string;
  /** Element type as ONNX names it: float, double, int64, int32, string … */
  element: string;
  /** Trailing dimensions of one row; an empty list is a scalar. */
  shape: readonly number[];
}

export interface Environment {
  /** Statement time in 100 ns ticks since 1970, UTC; GETDATE() is the same within a statement. */
  now: bigint;
  database: string;
  /** 1 (Monday) to 7 (Sunday). */
  dateFirst: number;
  /** Answers the object behind a name, or undefined; `#t` are looked up in the session. */
  find(name: Name): CatalogueObject | undefined;
  /** `database` where the name gives one: tempdb's views show the session's `#t` alone. */
  systemView(schema: string, name: string, database?: string): SystemTable | undefined;
  /** Raises 229 or 230 unless the current user may do this, or 208 when it may not even see it. */
  authorize(
    permission: Permission,
    object: CatalogueObject,
    columns: readonly string[],
    at: Position,
  ): void;
  /** Raises 262 unless the current user may do this in the whole database. */
  authorizeDatabase(permission: Permission, at: Position): void;
  /** Runs `body` with object permissions already decided: inside a view or procedure of one owner. */
  chained<T>(body: () => T): T;
  readonly isChained: boolean;
  variable(name: string): { type: SqlType; value: SqlValue } | undefined;
  global(name: string): Value | undefined;
  /** Facts that metadata functions ask for: OBJECT_ID, SERVERPROPERTY, SUSER_SNAME … */
  facts: SessionFacts;
  /** Hands a large value over as a bound parameter and answers its placeholder. */
  parameter(value: SqlValue, type: SqlType): string;
  /** A fresh name for a derived table. */
  alias(prefix: string): string;
  /** Serverless SQL pools read files, and neither keep tables nor score. */
  isServerless: boolean;
  /** Files of an OPENROWSET or an external table, or undefined; run/query.ts then opens them and binds again. */
  files(key: string): OpenedFiles | undefined;
  /** What an external table rests on. */
  external(table: ExternalTableObject): { source: ExternalDataSource; format: ExternalFileFormat };
  /** The opened model of a MODEL expression, or undefined; run/query.ts then opens it and binds again. */
  model(place: ModelPlace): BoundModel | undefined;
  /** A view is shown, not read: no model is opened for its columns' sake. */
  assumesModels: boolean;
}

export interface SessionFacts {
  database: string;
  user: string;
  /** The schema of names that give none. */
  defaultSchema: string;
  login: string;
  originalLogin: string;
  spid: number;
  workspace: string;
  applicationName: string;
  hostName: string;
  schemaId(name: string): number | undefined;
  schemaName(id: number): string | undefined;
  objectId(name: string, type: string | undefined): number | undefined;
  objectById(id: number): CatalogueObject | undefined;
  principalId(name: string): number | undefined;
  principalName(id: number): string | undefined;
  isMember(role: string): boolean | undefined;
  hasPermission(
    securable: string | undefined,
    securableClass: string,
    permission: string,
  ): boolean | undefined;
  databaseProperty(database: string, property: string): SqlValue;
  serverProperty(property: string): SqlValue;
  databases: readonly { id: number; name: string }[];
  schemas(): readonly { id: number; name: string }[];
  principals(): readonly { id: number; name: string }[];
  objects(): readonly CatalogueObject[];
}

/** A column of files that OPENROWSET reads. */
export interface OpenedFile {
  name: string;
  value: Value;
}

export interface OpenedFiles {
  /** None when a query is only described. */
  paths: readonly string[];
  columns: readonly OpenedFile[];
}

/** Files that a statement reads, as the caller unless a credential says otherwise. */
export interface WantedFiles {
  at: Position;
  key: string;
  urls: readonly string[];
  /** Of the database, by name. */
  credential?: string;
  /** The engine's SQL that reads files at these paths. */
  scan(paths: readonly string[]): string;
  /** What of an external table's rows does not fit its columns is counted before any is read. */
  check?(files: OpenedFiles): RowCheck | undefined;
}

export interface RowCheck {
  /** True for a row that fits; false or NULL otherwise. Rows are those of `scan` under the alias r. */
  fits: string;
  /** Text that says what is wrong with a row. */
  fault: string;
  reject: RejectLimit;
  location: string;
}

/** Thrown while binding what reads files that have not been opened yet. */
export class RowsetNeeded extends Error {
  readonly wanted: WantedFiles;
  constructor(wanted: WantedFiles) {
    super("files have to be opened first");
    this.wanted = wanted;
  }
}

/** A MODEL expression where it stands: which model it is also depends on what is around it. */
export interface ModelPlace {
  expression: Expression;
  /** Parameters of the functions that it is in. */
  parameters: ReadonlyMap<string, Value>;
  /** In a view, function or procedure, which answers for what it reads. */
  isChained: boolean;
}

/** Thrown while binding a PREDICT whose model has not been opened yet. */
export class ModelNeeded extends Error {
  readonly place: ModelPlace;
  readonly at: Position;
  constructor(place: ModelPlace, at: Position) {
    super("a model has to be opened first");
    this.place = place;
    this.at = at;
  }
}
