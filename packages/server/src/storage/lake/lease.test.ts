import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LeaseState } from "@callosum/contract/lake.ts";
import { applyLease, type LeaseAction, leaseStatus, requireLease } from "./lease.ts";

const nowMs = 1_000_000;
const states: Record<string, LeaseState | undefined> = {
  available: undefined,
  leased: { id: "mine", startedMs: nowMs, durationMs: 30_000 },
  infinite: { id: "mine", startedMs: nowMs },
  expired: { id: "mine", startedMs: nowMs - 60_000, durationMs: 30_000 },
  breaking: { id: "mine", startedMs: nowMs, durationMs: 30_000, breaksMs: nowMs + 10_000 },
  broken: { id: "mine", startedMs: nowMs - 60_000, breaksMs: nowMs - 1 },
};
const actions: Record<string, LeaseAction> = {
  "acquire mine": { kind: "acquire", proposed: "mine", durationMs: 15_000 },
  "acquire other": { kind: "acquire", proposed: "other", durationMs: undefined },
  "renew mine": { kind: "renew", id: "mine" },
  "renew other": { kind: "renew", id: "other" },
  "change mine": { kind: "change", id: "mine", proposed: "new" },
  "release mine": { kind: "release", id: "mine" },
  "release other": { kind: "release", id: "other" },
  break: { kind: "break", periodMs: undefined },
  "break now": { kind: "break", periodMs: 0 },
};

/** "Outcomes of use attempts by lease state", Lease Blob. */
const table: Record<string, Record<string, string>> = {
  available: {
    "acquire mine": "leased",
    "acquire other": "leased",
    "renew mine": "LeaseNotPresentWithLeaseOperation",
    "change mine": "LeaseNotPresentWithLeaseOperation",
    "release mine": "LeaseNotPresentWithLeaseOperation",
    break: "LeaseNotPresentWithLeaseOperation",
  },
  leased: {
    "acquire mine": "leased",
    "acquire other": "LeaseAlreadyPresent",
    "renew mine": "leased",
    "renew other": "LeaseIdMismatchWithLeaseOperation",
    "change mine": "leased",
    "release mine": "available",
    "release other": "LeaseIdMismatchWithLeaseOperation",
    break: "breaking",
    "break now": "broken",
  },
  infinite: { break: "broken", "release mine": "available" },
  expired: {
    "acquire other": "leased",
    "renew mine": "leased",
    "change mine": "LeaseNotPresentWithLeaseOperation",
    "release mine": "available",
    break: "broken",
  },
  breaking: {
    "acquire mine": "LeaseIsBreakingAndCannotBeAcquired",
    "acquire other": "LeaseAlreadyPresent",
    "renew mine": "LeaseIsBrokenAndCannotBeRenewed",
    "change mine": "LeaseIsBreakingAndCannotBeChanged",
    "release mine": "available",
    "break now": "broken",
  },
  broken: {
    "acquire other": "leased",
    "renew mine": "LeaseIsBrokenAndCannotBeRenewed",
    "change mine": "LeaseNotPresentWithLeaseOperation",
    "release mine": "available",
    break: "broken",
  },
};

describe("leases", () => {
  for (const [state, row] of Object.entries(table)) {
    it(`that are ${state} answer every action as documented`, () => {
      for (const [name, expected] of Object.entries(row)) {
        const act = () =>
          applyLease({ lease: states[state], action: actions[name] as LeaseAction, nowMs });
        if (/^[a-z]/.test(expected)) assert.equal(leaseStatus(act(), nowMs), expected, name);
        else assert.throws(act, { code: expected }, name);
      }
    });
  }

  it("guard writes, and reads that name one", () => {
    const rows: [string, string | undefined, boolean, string | undefined][] = [
      ["leased", undefined, false, "LeaseIdMissing"],
      ["leased", "mine", false, undefined],
      ["leased", "other", false, "LeaseIdMismatchWithBlobOperation"],
      ["leased", undefined, true, undefined],
      ["leased", "other", true, "LeaseIdMismatchWithBlobOperation"],
      ["breaking", undefined, false, "LeaseIdMissing"],
      ["broken", undefined, false, undefined],
      ["available", "mine", false, "LeaseNotPresentWithBlobOperation"],
    ];
    for (const [state, given, isRead, code] of rows) {
      const check = () => requireLease({ given, lease: states[state], nowMs, of: "Blob", isRead });
      if (code === undefined) check();
      else assert.throws(check, { code }, `${state} ${given} ${isRead}`);
    }
  });
});
