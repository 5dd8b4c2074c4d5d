// The long-running shapes of Microsoft.Synapse as recorded (protocols.md 5.1).

import type { LongRunning } from "@callosum/contract/resource.ts";

const both = ["Azure-AsyncOperation", "Location"] as const;

/** 202 with both headers: what children of a workspace answer. */
export const acceptedBoth: LongRunning = { status: 202, headers: both, accepted: "Provisioning" };
export const createdBoth: LongRunning = { status: 201, headers: both, accepted: "Provisioning" };
export const deletingBoth: LongRunning = { status: 202, headers: both, accepted: "Deleting" };
/** An operation on a resource whose state does not change. */
export const startedBoth: LongRunning = { status: 202, headers: both };
