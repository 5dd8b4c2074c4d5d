// The one error of this package. Functions throw it without a position; the evaluator adds the
// position of the call, and the walkers in pipeline.ts and template.ts add the JSON path.

export type ExpressionErrorCode =
  | "Syntax"
  | "UnknownFunction"
  | "ArgumentCount"
  | "ArgumentType"
  | "ArgumentValue"
  | "PropertyNotFound"
  | "IndexOutOfRange"
  | "NullValue"
  | "Overflow"
  | "DivisionByZero"
  | "ResultType"
  | "LimitExceeded"
  | "NotSupported"
  /** What a text itself says with fail(). */
  | "Failed";

export class ExpressionError extends Error {
  readonly code: ExpressionErrorCode;
  /** The sentence without the place. */
  readonly detail: string;
  /** Zero-based offset, in UTF-16 units, into the text as written, its `@` or `[` included. */
  readonly position: number | undefined;
  /** Where the text stands in the JSON value that was walked, such as `properties.items[0].url`. */
  readonly path: string | undefined;

  constructor(
    code: ExpressionErrorCode,
    detail: string,
    place: { position?: number | undefined; path?: string | undefined } = {},
  ) {
    super(detail + describePlace(place));
    this.name = "ExpressionError";
    this.code = code;
    this.detail = detail;
    this.position = place.position;
    this.path = place.path;
  }
}

/** The same error with the place filled in where it is still missing. */
export function placeError(
  error: ExpressionError,
  place: { position?: number; path?: string },
): ExpressionError {
  const position = error.position ?? place.position;
  const path = error.path ?? place.path;
  if (position === error.position && path === error.path) return error;
  return new ExpressionError(error.code, error.detail, { position, path });
}

function describePlace(place: {
  position?: number | undefined;
  path?: string | undefined;
}): string {
  const parts = [];
  if (place.position !== undefined) parts.push(`at position ${place.position}`);
  if (place.path) parts.push(`in ${place.path}`);
  return parts.length > 0 ? ` (${parts.join(" ")})` : "";
}
