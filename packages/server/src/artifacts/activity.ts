// Writes of the endpoint in the activity log, in the shape that the resource manager's reader shows.

import { appendActivity } from "@callosum/contract/activity.ts";
import type { ServiceError } from "@callosum/contract/error.ts";
import type { Writer } from "@callosum/contract/ports.ts";
import { clientName } from "@callosum/contract/principal.ts";
import type { WorkspaceCall } from "./workspace.ts";

/** Appends one event in the write's own transaction. `action` is below `Microsoft.Synapse/workspaces/`. */
export async function recordActivity(
  writer: Writer,
  event: {
    opened: WorkspaceCall;
    action: string;
    /** Path below the workspace: `linkedservices/x`. */
    item: string;
    httpStatus: number;
    error?: ServiceError | undefined;
  },
): Promise<void> {
  const { opened, action, item, httpStatus, error } = event;
  const { services, call, principal, workspace } = opened;
  await appendActivity(writer, {
    random: services.random,
    now: services.clock.now(),
    action: `Microsoft.Synapse/workspaces/${action}`,
    resourceId: `${workspace.id}/${item}`,
    status: error ? "Failed" : "Succeeded",
    httpStatus,
    correlationId: call.correlationId,
    remoteAddress: call.remoteAddress,
    caller: clientName(principal),
    callerObjectId: principal.objectId,
    error,
  });
}
