// What a service refused, from any of the error bodies of Azure's planes.

export interface FailureDetail {
  readonly code: string;
  readonly message: string;
}

/** A request that was answered with an error, or a long-running operation that ended as Failed. */
export class RequestFailed extends Error {
  /** HTTP status; of the poll, for an operation that failed later. */
  readonly status: number;
  readonly code: string;
  readonly target: string | undefined;
  readonly details: readonly FailureDetail[];
  /** `x-ms-request-id`, for the service's log. */
  readonly requestId: string | undefined;
  /** The body as answered. */
  readonly body: unknown;

  constructor(failure: {
    status: number;
    code: string;
    message: string;
    target?: string | undefined;
    details?: readonly FailureDetail[];
    requestId?: string | undefined;
    body?: unknown;
  }) {
    super(failure.message);
    this.name = "RequestFailed";
    this.status = failure.status;
    this.code = failure.code;
    this.target = failure.target;
    this.details = failure.details ?? [];
    this.requestId = failure.requestId;
    this.body = failure.body;
  }
}

interface ErrorBody {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly target?: unknown;
  readonly details?: unknown;
}

/**
 * Reads `{error:{code,message}}` (Resource Manager, Graph, Synapse operations) and the unwrapped
 * `{code,message}` of Synapse artifacts (protocols.md 4.2).
 */
export function readFailure(answer: {
  status: number;
  body: unknown;
  requestId?: string | undefined;
}): RequestFailed {
  const { status, body, requestId } = answer;
  const outer = isObject(body) ? body : {};
  const error: ErrorBody = isObject(outer.error) ? outer.error : outer;
  const text = typeof body === "string" && body !== "" ? body.slice(0, 500) : undefined;
  return new RequestFailed({
    status,
    code: typeof error.code === "string" ? error.code : `Status${status}`,
    message:
      typeof error.message === "string"
        ? error.message
        : (text ?? `The service answered status ${status}.`),
    target: typeof error.target === "string" ? error.target : undefined,
    details: Array.isArray(error.details) ? error.details.filter(isDetail) : [],
    requestId,
    body,
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isDetail(value: unknown): value is FailureDetail {
  return isObject(value) && typeof value.code === "string" && typeof value.message === "string";
}
