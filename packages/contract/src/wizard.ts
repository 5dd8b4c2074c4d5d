// What the scoring wizard (server/src/wizard) needs of its neighbours, and what it says. The database
// is reached as the caller; the registry as the identity of the link (features.md G-03 … G-12).

import type { ArmResource } from "./ports.ts";
import type { Principal } from "./principal.ts";

/** A value of a row: text, numbers, null; bigints for what numbers can't hold. */
export type SqlCell = string | number | bigint | boolean | Uint8Array | null | object;

/** An argument of a statement; its name has no `@`. */
export interface SqlArgument {
  readonly name: string;
  readonly value: string | number | Uint8Array | null;
}

/** One session of one caller. */
export interface ScoringDatabase {
  /** Runs a batch and gives the rows of its last result. Rejects with SqlRefusal (contract below). */
  query(
    text: string,
    parameters?: readonly SqlArgument[],
  ): Promise<readonly (readonly SqlCell[])[]>;
  close(): Promise<void>;
}

export interface ScoringDatabases {
  /** Rejects with SqlRefusal 4060, 18456 or 42108 as a login would. */
  open(
    principal: Principal,
    place: { workspace: string; database: string },
  ): Promise<ScoringDatabase>;
}

/** A message of the SQL endpoint that ended a statement. */
export class SqlRefusal extends Error {
  readonly number: number;
  constructor(number: number, message: string) {
    super(message);
    this.name = "SqlRefusal";
    this.number = number;
  }
}

/** A linked service of type AzureMLService. */
export interface MachineLearningLink {
  readonly name: string;
  /** Id of the machine learning workspace; undefined while parameters leave it open. */
  readonly workspaceId: string | undefined;
  readonly authentication: "MSI" | "ServicePrincipal";
}

export interface MachineLearningLinks {
  list(workspace: ArmResource): Promise<readonly MachineLearningLink[]>;
  /**
   * The identity that a link acts as, for a caller who may use its credential. Rejects with
   * ServiceError: LinkedServiceNotFound, AuthorizationFailed, or why there is no identity.
   */
  open(
    caller: Principal,
    place: { workspace: ArmResource; name: string },
  ): Promise<{ link: MachineLearningLink; workspaceId: string; identity: Principal }>;
}
