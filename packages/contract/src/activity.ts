// The activity log's event, in the one shape that every plane writes and the resource manager's route
// shows: principal, action, scope and outcome of a write.

import type { Random, Writer } from "./ports.ts";

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

/** What a write says of itself. */
export interface Activity {
  readonly random: Random;
  readonly now: Date;
  /** Complete: `Microsoft.Synapse/workspaces/write`. */
  readonly action: string;
  readonly resourceId: string;
  /** Whose log, and whose ancestors' logs, show it; the resource's unless given. */
  readonly scope?: string;
  /** Succeeded unless given. */
  readonly status?: ActivityEvent["status"];
  /** Of the answer; empty where the service keeps none. */
  readonly httpStatus: number | "";
  readonly correlationId: string;
  readonly remoteAddress: string;
  /** As tokens name the caller. */
  readonly caller: string;
  readonly callerObjectId: string;
  readonly error?: { readonly code: string; readonly message: string } | undefined;
}

/** Appends one event in the write's own transaction. */
export async function appendActivity(writer: Writer, activity: Activity): Promise<void> {
  const { random, now, error, resourceId, scope = resourceId } = activity;
  const body: ActivityEvent = {
    eventDataId: random.guid(),
    correlationId: activity.correlationId,
    action: activity.action,
    resourceId,
    status: activity.status ?? "Succeeded",
    subStatus: String(activity.httpStatus),
    caller: activity.caller,
    callerObjectId: activity.callerObjectId,
    clientIpAddress: activity.remoteAddress,
    ...(error ? { code: error.code, message: error.message } : {}),
  };
  await writer.appendActivity({ timeMs: now.getTime(), scope: scope.toLowerCase(), body });
}
