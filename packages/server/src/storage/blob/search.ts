// Finding blobs by tags, which is refused by name.

import { type Operation, refuseOperation } from "../operation.ts";

export const refusedSearches: readonly Operation[] = [
  refuseOperation({
    name: "Find Blobs by Tags",
    service: "blob",
    level: "account",
    method: "GET",
    query: { comp: "blobs" },
    reason: "tags are kept and answered, not searched.",
  }),
  refuseOperation({
    name: "Find Blobs by Tags in Container",
    service: "blob",
    level: "container",
    method: "GET",
    query: { restype: "container", comp: "blobs" },
    reason: "tags are kept and answered, not searched.",
  }),
  refuseOperation({
    name: "Get Blob Service Stats",
    service: "blob",
    level: "account",
    method: "GET",
    query: { restype: "service", comp: "stats" },
    reason: "there is no secondary region.",
  }),
];
