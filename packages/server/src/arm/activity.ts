// The activity log: every write with principal, action, scope and outcome. Successful writes are
// recorded in their own transaction, refused ones on their own.

import type { ServiceError } from "@callosum/contract/error.ts";
import type { Random, Writer } from "@callosum/contract/ports.ts";
import { clientName, type Principal } from "@callosum/contract/principal.ts";

export interface ActivityEvent {
  readonly eventDataId: string;
  readonly correlationId: string;
  readonly action: string;
  readonly resourceId: string;
  readonly status: "Succeeded" | "Accepted" | "Failed";
  readonly subStatus: string;
  readonly caller: string;
  readonly callerObjectId: string;
  readonly clientIpAddress: string;
  readonly code?: string;
  readonly message?: string;
}

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
  const { random, now, principal, action, resourceId, status, error } = event;
  const body: ActivityEvent = {
    eventDataId: random.guid(),
    correlationId: event.correlationId,
    action,
    resourceId,
    status,
    subStatus: String(event.httpStatus),
    caller: clientName(principal),
    callerObjectId: principal.objectId,
    clientIpAddress: event.remoteAddress,
    ...(error ? { code: error.code, message: error.message } : {}),
  };
  await writer.appendActivity({ timeMs: now.getTime(), scope: resourceId.toLowerCase(), body });
}
