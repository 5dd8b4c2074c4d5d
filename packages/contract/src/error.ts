// What logic throws when the caller asked for something that cannot be. A plane renders it in its
// own dialect; the catalogue in error-catalogue.ts lists every code with its status and text.

/** Status by meaning; only the http folder knows the numbers. */
export type ErrorStatus =
  | "badRequest"
  | "unauthenticated"
  | "forbidden"
  | "notFound"
  | "methodNotAllowed"
  | "notAcceptable"
  | "requestTimeout"
  | "conflict"
  | "gone"
  | "lengthRequired"
  | "preconditionFailed"
  | "tooLarge"
  | "unsupportedMedia"
  | "rangeNotSatisfiable"
  | "tooManyRequests"
  | "internal"
  | "notImplemented"
  | "unavailable";

export interface ErrorDetail {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
}

export class ServiceError extends Error {
  readonly code: string;
  readonly status: ErrorStatus;
  readonly target: string | undefined;
  readonly details: readonly ErrorDetail[];
  /** Facts for a plane's renderer (a challenge, an AADSTS number, a retry delay). Public. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** For the log only, never for the caller. */
  readonly privateDetail: string | undefined;

  constructor(error: {
    code: string;
    status: ErrorStatus;
    message: string;
    target?: string | undefined;
    details?: readonly ErrorDetail[];
    facts?: Readonly<Record<string, unknown>>;
    privateDetail?: string;
  }) {
    super(error.message);
    this.name = "ServiceError";
    this.code = error.code;
    this.status = error.status;
    this.target = error.target;
    this.details = error.details ?? [];
    this.facts = error.facts ?? {};
    this.privateDetail = error.privateDetail;
  }
}

/** One row of an error catalogue. `text` builds the public message from named facts. */
export interface ErrorDefinition<Facts> {
  readonly status: ErrorStatus;
  readonly source: string;
  readonly text: (facts: Facts) => string;
}

/**
 * Turns a catalogue (code → row) into functions that build the error: `fail.ResourceNotFound({…})`.
 * A fact named `target` becomes the error's target, `details` its details.
 */
export function defineErrors<const Rows extends Record<string, ErrorDefinition<never>>>(
  rows: Rows,
) {
  const entries = Object.entries(rows).map(([code, row]) => [code, build(code, row)] as const);
  return Object.fromEntries(entries) as unknown as {
    readonly [Code in keyof Rows]: (
      facts: Parameters<Rows[Code]["text"]>[0] & ErrorExtras,
    ) => ServiceError;
  };
}

export interface ErrorExtras {
  readonly target?: string | undefined;
  readonly details?: readonly ErrorDetail[];
  readonly privateDetail?: string;
}

function build(code: string, row: ErrorDefinition<never>) {
  return (facts: ErrorExtras & Record<string, unknown>) =>
    new ServiceError({
      code,
      status: row.status,
      message: row.text(facts as never),
      target: facts.target,
      ...(facts.details ? { details: facts.details } : {}),
      ...(facts.privateDetail ? { privateDetail: facts.privateDetail } : {}),
      facts,
    });
}
