// What the SQL front needs of the rest of the server; main.ts joins them.
import type { EngineLimits } from "./engine/port.ts";

/** A logged-in person or application. */
export interface SqlPrincipal {
  /** Login name: a SQL login, a user principal name or an application's display name. */
  name: string;
  kind: "sqlLogin" | "user" | "application" | "managedIdentity";
  /** Entra object id, absent for SQL logins. */
  objectId?: string;
  /** Entra groups; a group that is a database user lets its members in. */
  groups: readonly { name: string; objectId: string }[];
  /** The workspace logged in to, whose managed identity a CREDENTIAL may name. */
  workspace?: string;
  /** SQL or Entra administrator of the workspace, Synapse Administrator, Synapse SQL Administrator. */
  isAdministrator: boolean;
}

export interface SqlIdentityPort {
  /** Undefined when name or password is wrong. */
  verifyPassword(request: {
    workspace: string;
    user: string;
    password: string;
  }): Promise<SqlPrincipal | undefined>;
  /** Undefined when the token is not valid for Azure SQL (`https://database.windows.net/`). */
  verifyToken(request: { workspace: string; token: string }): Promise<SqlPrincipal | undefined>;
  /** CREATE USER … FROM EXTERNAL PROVIDER looks its name up; undefined is message 33134. */
  findExternal(request: {
    workspace: string;
    name: string;
  }): Promise<
    { name: string; objectId: string; kind: "user" | "group" | "application" } | undefined
  >;
  logins: SqlLoginPort;
}

/** SQL logins of a workspace; passwords stay behind the port. */
export interface SqlLoginPort {
  list(workspace: string): Promise<readonly string[]>;
  /** False when the name is taken. */
  create(login: { workspace: string; name: string; password: string }): Promise<boolean>;
  /** False when there is no such login. */
  setPassword(login: { workspace: string; name: string; password: string }): Promise<boolean>;
  drop(login: { workspace: string; name: string }): Promise<boolean>;
}

/** Why a pool's file is closed under its sessions. */
export type PoolEnd = "paused" | "scaled" | "deleted";

/** `{workspace}-ondemand` is the address of a workspace's serverless pool; workspaces have no such name. */
export const serverlessSuffix = "-ondemand";

export interface SqlPool {
  workspace: string;
  /** Database name as it was created. */
  name: string;
  state: "Online" | "Paused";
  /** Absolute path of the pool's DuckDB file. */
  file: string;
  limits: EngineLimits;
  /** `DW100c` … */
  serviceObjective: string;
  collation: string;
  /** 100 ns ticks since 1970. */
  created: bigint;
  /** The workspace's serverless pool: reads files of the lake, keeps nothing. */
  isServerless?: true;
}

export interface PoolPort {
  /** Pools of a workspace; `master` is always one of them, and always online. */
  list(workspace: string): Promise<readonly SqlPool[]>;
  find(workspace: string, database: string): Promise<SqlPool | undefined>;
  /** `master` of the workspace's serverless pool. */
  serverless(workspace: string): Promise<SqlPool | undefined>;
}

export interface LakeCredential {
  /** As COPY writes it: 'Managed Identity', 'Shared Access Signature', 'Storage Account Key', a client id. */
  identity: string;
  secret?: string;
}

/** Seals what must not be readable at rest; owner and name are bound into the ciphertext. */
export interface SqlSecretPort {
  seal(owner: string, name: string, clear: string): Uint8Array;
  open(owner: string, name: string, sealed: Uint8Array): string;
}

export interface LakeFile {
  /** Local path inside one of the pool's `limits.directories`. */
  path: string;
  /** The URL that it was staged from, for messages. */
  url: string;
}

export interface LakePort {
  /**
   * Files that a URL names: one file, a folder, or a pattern with `*`. Throws an Error whose
   * message says why a file can't be read. Staged files are removed when the iteration ends.
   */
  stage(
    url: string,
    credential: LakeCredential | undefined,
    principal: SqlPrincipal,
  ): AsyncIterable<LakeFile>;
  /** The same files, all of them at a time until they are released. */
  hold(
    url: string,
    credential: LakeCredential | undefined,
    principal: SqlPrincipal,
  ): Promise<{ paths: readonly string[]; release(): Promise<void> }>;
  /** Whether a URL names a file or a folder; rejects when one may not know. */
  exists(
    url: string,
    credential: LakeCredential | undefined,
    principal: SqlPrincipal,
  ): Promise<boolean>;
  /** Puts into the lake what `fill` writes to the local file that it is given. */
  write(
    url: string,
    credential: LakeCredential | undefined,
    principal: SqlPrincipal,
    fill: (path: string) => Promise<void>,
  ): Promise<void>;
  /** Takes back what `write` has put there. */
  remove(
    url: string,
    credential: LakeCredential | undefined,
    principal: SqlPrincipal,
  ): Promise<void>;
}

export interface SqlClock {
  /** 100 ns ticks since 1970, UTC. */
  now(): bigint;
  /** Resolves after `milliseconds`, or rejects when the signal aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}
