// Microsoft Graph's errors for the directory. Codes and texts are those that clients compare.

import { defineErrors, type ErrorStatus } from "@callosum/contract/error.ts";

const recorded = "recordings/graph.json";
const documented = "Microsoft Graph error responses";

function row<Facts = object>(
  status: ErrorStatus,
  text: (facts: Facts) => string,
  source = documented,
) {
  return { status, source, text };
}

/** Codes that stand for several causes are told apart by the text. */
export const graphFail = defineErrors({
  Authorization_RequestDenied: row(
    "forbidden",
    (_: object) => "Insufficient privileges to complete the operation.",
    recorded,
  ),
  Request_ResourceNotFound: row(
    "notFound",
    (facts: { id: string }) =>
      `Resource '${facts.id}' does not exist or one of its queried reference-property objects are not present.`,
    recorded,
  ),
  Request_BadRequest: row("badRequest", (facts: { reason: string }) => facts.reason, recorded),
  Request_UnsupportedQuery: row("badRequest", (facts: { reason: string }) => facts.reason),
  Request_MultipleObjectsWithSameKeyValue: row(
    "conflict",
    (facts: { type: string; property: string; value: string }) =>
      `The ${facts.type} cannot be created, updated, or restored because the ${facts.property} ${facts.value} is already in use.`,
  ),
  BadRequest: row("badRequest", (facts: { reason: string }) => facts.reason),
  NotSupportedHere: row(
    "notImplemented",
    (facts: { what: string; reason: string }) =>
      `${facts.what} is not supported by Callosum: ${facts.reason}`,
    "design.md §3: refused by name",
  ),
});
