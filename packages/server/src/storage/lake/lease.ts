// Leases of blobs and containers: state follows from what is stored and the time
// (learn.microsoft.com: Lease Blob, "Outcomes of use attempts by lease state").

import type { LeaseState } from "@callosum/contract/lake.ts";
import { refuse } from "../error-catalogue.ts";

export type LeaseStatus = "available" | "leased" | "expired" | "breaking" | "broken";

export function leaseStatus(lease: LeaseState | undefined, nowMs: number): LeaseStatus {
  if (!lease || lease.released) return "available";
  if (lease.breaksMs !== undefined) return nowMs < lease.breaksMs ? "breaking" : "broken";
  const { durationMs } = lease;
  return durationMs !== undefined && nowMs >= lease.startedMs + durationMs ? "expired" : "leased";
}

export function isLocked(lease: LeaseState | undefined, nowMs: number): boolean {
  const status = leaseStatus(lease, nowMs);
  return status === "leased" || status === "breaking";
}

/** Headers that tell of a lease. */
export function leaseAnswer(lease: LeaseState | undefined, nowMs: number): Record<string, string> {
  const status = leaseStatus(lease, nowMs);
  return {
    "x-ms-lease-status": isLocked(lease, nowMs) ? "locked" : "unlocked",
    "x-ms-lease-state": status,
    ...(status === "leased"
      ? { "x-ms-lease-duration": lease?.durationMs === undefined ? "infinite" : "fixed" }
      : {}),
  };
}

/** Rejects a write (or a read that names a lease) that the lease does not allow. */
export function requireLease(options: {
  given: string | undefined;
  lease: LeaseState | undefined;
  nowMs: number;
  of: "Blob" | "Container";
  /** Reads and listing go through without a lease id. */
  isRead?: boolean;
}): void {
  const { given, lease, nowMs, of, isRead = false } = options;
  if (!isLocked(lease, nowMs)) {
    if (given === undefined) return;
    throw of === "Blob"
      ? refuse.LeaseNotPresentWithBlobOperation({})
      : refuse.LeaseNotPresentWithContainerOperation({});
  }
  if (given === undefined) {
    if (isRead) return;
    throw refuse.LeaseIdMissing({});
  }
  if (given.toLowerCase() === lease?.id) return;
  throw of === "Blob"
    ? refuse.LeaseIdMismatchWithBlobOperation({})
    : refuse.LeaseIdMismatchWithContainerOperation({});
}

export type LeaseAction =
  | { readonly kind: "acquire"; readonly proposed: string; readonly durationMs: number | undefined }
  | { readonly kind: "renew"; readonly id: string }
  | { readonly kind: "change"; readonly id: string; readonly proposed: string }
  | { readonly kind: "release"; readonly id: string }
  | { readonly kind: "break"; readonly periodMs: number | undefined };

/** The lease after an action; rejects where the table of the documentation says so. */
export function applyLease(options: {
  lease: LeaseState | undefined;
  action: LeaseAction;
  nowMs: number;
}): LeaseState {
  const { lease, action, nowMs } = options;
  const status = leaseStatus(lease, nowMs);
  switch (action.kind) {
    case "acquire":
      return acquire({ lease, status, action, nowMs });
    case "break":
      return breakLease({ lease, status, periodMs: action.periodMs, nowMs });
    case "renew":
    case "change":
    case "release":
      break;
    default:
      throw action satisfies never;
  }
  if (!lease || status === "available") throw refuse.LeaseNotPresentWithLeaseOperation({});
  const isHolder = action.id === lease.id;
  if (action.kind === "release") {
    if (!isHolder) throw refuse.LeaseIdMismatchWithLeaseOperation({});
    return { ...lease, released: true };
  }
  if (action.kind === "renew") {
    if (!isHolder) throw refuse.LeaseIdMismatchWithLeaseOperation({});
    if (lease.breaksMs !== undefined) throw refuse.LeaseIsBrokenAndCannotBeRenewed({});
    return { ...lease, startedMs: nowMs };
  }
  if (status === "expired" || status === "broken")
    throw refuse.LeaseNotPresentWithLeaseOperation({});
  if (!isHolder && lease.id !== action.proposed) throw refuse.LeaseIdMismatchWithLeaseOperation({});
  if (status === "breaking") throw refuse.LeaseIsBreakingAndCannotBeChanged({});
  return { ...lease, id: action.proposed };
}

function acquire(options: {
  lease: LeaseState | undefined;
  status: LeaseStatus;
  action: LeaseAction & { kind: "acquire" };
  nowMs: number;
}): LeaseState {
  const { lease, status, action, nowMs } = options;
  const isHolder = lease?.id === action.proposed;
  if (status === "leased" && !isHolder) throw refuse.LeaseAlreadyPresent({});
  if (status === "breaking") {
    throw isHolder ? refuse.LeaseIsBreakingAndCannotBeAcquired({}) : refuse.LeaseAlreadyPresent({});
  }
  const { durationMs } = action;
  return {
    id: action.proposed,
    startedMs: nowMs,
    ...(durationMs === undefined ? {} : { durationMs }),
  };
}

function breakLease(options: {
  lease: LeaseState | undefined;
  status: LeaseStatus;
  periodMs: number | undefined;
  nowMs: number;
}): LeaseState {
  const { lease, status, periodMs, nowMs } = options;
  if (!lease || status === "available") throw refuse.LeaseNotPresentWithLeaseOperation({});
  if (status === "broken" || status === "expired") return { ...lease, breaksMs: nowMs };
  const endsMs =
    lease.breaksMs ??
    (lease.durationMs === undefined ? undefined : lease.startedMs + lease.durationMs);
  // An infinite lease breaks at once unless a period is given; a fixed one when it would end.
  const wantedMs = periodMs === undefined ? (endsMs ?? nowMs) : nowMs + periodMs;
  return { ...lease, breaksMs: endsMs === undefined ? wantedMs : Math.min(wantedMs, endsMs) };
}
