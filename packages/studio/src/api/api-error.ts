// What a plane answered instead of success, in one shape for every dialect.

export interface ErrorDetail {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
}

export class ApiError extends Error {
  /** 0 when the server could not be reached. */
  readonly status: number;
  readonly code: string;
  readonly target: string | undefined;
  readonly details: readonly ErrorDetail[];
  readonly requestId: string | undefined;

  constructor(problem: {
    status: number;
    code: string;
    message: string;
    target?: string | undefined;
    details?: readonly ErrorDetail[];
    requestId?: string | undefined;
  }) {
    super(problem.message);
    this.name = "ApiError";
    this.status = problem.status;
    this.code = problem.code;
    this.target = problem.target;
    this.details = problem.details ?? [];
    this.requestId = problem.requestId;
  }

  get isUnreachable(): boolean {
    return this.status === 0;
  }
}

export function serverUnreachable(): ApiError {
  return new ApiError({
    status: 0,
    code: "ServerUnreachable",
    message: "The server does not answer. It may be starting again; 'callosum status' tells.",
  });
}

export function isMissing(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

export function isForbidden(error: unknown): boolean {
  return error instanceof ApiError && error.status === 403;
}

/** Reads any plane's error body: ARM's `error`, the storage plane's XML, or bare code and message. */
export function readError(response: Response, text: string): ApiError {
  const found = readBody(text);
  return new ApiError({
    status: response.status,
    code: found.code ?? `HTTP ${response.status}`,
    message: found.message ?? "The server gave no reason.",
    target: found.target,
    details: found.details ?? [],
    requestId: response.headers.get("x-ms-request-id") ?? undefined,
  });
}

function readBody(text: string): Partial<ErrorDetail> & { details?: ErrorDetail[] } {
  if (text.trimStart().startsWith("<")) {
    const xml = new DOMParser().parseFromString(text, "text/xml");
    const read = (name: string) => xml.querySelector(name)?.textContent ?? undefined;
    const code = read("Code");
    const message = read("Message");
    return { ...(code && { code }), ...(message && { message }) };
  }
  try {
    const body = JSON.parse(text);
    const error = body.error ?? body;
    return typeof error === "object" ? error : { message: String(error) };
  } catch {
    return text === "" ? {} : { message: text };
  }
}
