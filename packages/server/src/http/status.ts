// Error status by meaning → number. The only table of the kind.

import type { ErrorStatus } from "@callosum/contract/error.ts";

const numbers: Record<ErrorStatus, number> = {
  badRequest: 400,
  unauthenticated: 401,
  forbidden: 403,
  notFound: 404,
  methodNotAllowed: 405,
  notAcceptable: 406,
  requestTimeout: 408,
  conflict: 409,
  gone: 410,
  lengthRequired: 411,
  preconditionFailed: 412,
  tooLarge: 413,
  unsupportedMedia: 415,
  rangeNotSatisfiable: 416,
  tooManyRequests: 429,
  internal: 500,
  notImplemented: 501,
  unavailable: 503,
};

export function statusNumber(status: ErrorStatus): number {
  return numbers[status];
}
