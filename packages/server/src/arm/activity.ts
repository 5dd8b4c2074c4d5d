// The activity log: every write with principal, action, scope and outcome. Successful writes are
// recorded in their own transaction, refused ones on their own.

import { type ActivityEvent, appendActivity } from "@callosum/contract/activity.ts";
import type { ServiceError } from "@callosum/contract/error.ts";
import type { Random, Writer } from "@callosum/contract/ports.ts";
import { clientName, type Principal } from "@callosum/contract/principal.ts";

/** Appends one event; `scope` is the key of the resource, whose ancestors' logs show it too. */
export async function recordActivity(
  writer: Writer,
  event: {
    random: Random;
    now: Date;
    principal: Principal;
    action: string;
    resourceId: string;
    status: ActivityEvent["status"];
    httpStatus: number;
    correlationId: string;
    remoteAddress: string;
    error?: ServiceError;
  },
): Promise<void> {
  const { principal, ...activity } = event;
  await appendActivity(writer, {
    ...activity,
    caller: clientName(principal),
    callerObjectId: principal.objectId,
  });
}
