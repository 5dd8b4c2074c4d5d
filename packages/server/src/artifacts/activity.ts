// Writes of the endpoint in the activity log, in the shape that the resource manager's reader shows.

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
  const resourceId = `${workspace.id}/${item}`;
  await writer.appendActivity({
    timeMs: services.clock.now().getTime(),
    scope: resourceId.toLowerCase(),
    body: {
      eventDataId: services.random.guid(),
      correlationId: call.correlationId,
      action: `Microsoft.Synapse/workspaces/${action}`,
      resourceId,
      status: error ? "Failed" : "Succeeded",
      subStatus: String(httpStatus),
      caller: clientName(principal),
      callerObjectId: principal.objectId,
      clientIpAddress: call.remoteAddress,
      ...(error ? { code: error.code, message: error.message } : {}),
    },
  });
}
