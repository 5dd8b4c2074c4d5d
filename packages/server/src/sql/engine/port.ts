// What the T-SQL front needs of an engine. duckdb-client.ts implements it over a child process;
// a second engine would implement the same.

/** Column vectors of one block of rows. `null` stands where the row has no value. */
export type EngineVector = ArrayLike<EngineValue>;
export type EngineValue = null | boolean | number | bigint | string | Uint8Array;

export interface EngineBlock {
  rowCount: number;
  vectors: readonly EngineVector[];
}

/**
 * A pool's database in the engine's SQL, where it is the one that is used. The engine has others (`temp`, `system`,
 * `memory`), and a schema may be called like one: then only a full name is a table's.
 */
export const poolDatabase = "pool";

export interface EngineLimits {
  memoryBytes: number;
  threads: number;
  /** Directories whose files statements may read and write: staged lake files and spilling. */
  directories: readonly string[];
  /** Where the engine may spill. */
  temporaryDirectory: string;
}

export type EngineParameter = null | string | Uint8Array;

export interface EngineStatement {
  sql: string;
  /** Values of $1, $2 …: large strings and binaries that don't belong in the text. */
  parameters?: readonly EngineParameter[];
}

/** Message of the EngineError that every call gets once the engine is gone. */
export const engineLost = "the engine process ended";

/** An engine's own complaint; error-mapping.ts turns it into SQL Server's. */
export class EngineError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "EngineError";
  }
}

export interface EngineConnection {
  /** Of the data that it sees: while this stays the same, so does all that is read. Undefined where nobody can say. */
  version(): number | undefined;
  /** Whatever changes data comes this way. Runs statements in order and answers how many rows the last one changed. */
  run(statements: readonly EngineStatement[], signal: AbortSignal): Promise<number>;
  /** Rows of one statement; the engine waits while the reader does. */
  stream(statement: EngineStatement, signal: AbortSignal): AsyncIterable<EngineBlock>;
  close(): Promise<void>;
}

export interface EngineModelPin {
  name: string;
  element: string;
  shape: readonly number[];
}

export interface EngineModel {
  /**
   * SQL that scores a row: a struct of the outputs, NULL for NaN. Input i is written ⟦i⟧; inputs that no output depends
   * on are not there. Null for a model that cannot be called.
   */
  call: string | null;
  inputs: readonly EngineModelPin[];
  outputs: readonly EngineModelPin[];
  /** Outputs that are small enough to be an expression over the inputs, input i written ⟦i⟧. */
  expressions: Readonly<Record<string, string>>;
}

export interface EnginePool {
  connect(): Promise<EngineConnection>;
  /** A model that has been opened already. */
  knownModel(bytes: Uint8Array): EngineModel | undefined;
  /** Makes a model callable in SQL. Rejects with EngineError for bytes that are no such model. */
  openModel(bytes: Uint8Array): Promise<EngineModel>;
  /** Interrupts everything and closes the file. */
  close(): Promise<void>;
  /** Settles when the engine is gone: nothing that was opened in it will answer again. */
  readonly lost: Promise<void>;
}

export interface Engine {
  open(file: string, limits: EngineLimits): Promise<EnginePool>;
  close(): Promise<void>;
}
