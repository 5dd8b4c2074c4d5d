// Deployments in the activity log, in the shape that the resource manager's reader shows.

import type { Writer } from "@callosum/contract/ports.ts";
import { clientName, type Principal } from "@callosum/contract/principal.ts";
import type { DeploymentPorts } from "./ports.ts";
import type { DeploymentRecord } from "./record.ts";
import { deploymentType } from "./template/resource.ts";

export async function recordDeploymentActivity(
  writer: Writer,
  event: {
    ports: Pick<DeploymentPorts, "clock" | "random">;
    record: DeploymentRecord;
    principal: Principal;
    httpStatus: number;
    action?: "write" | "delete" | "cancel/action";
  },
): Promise<void> {
  const { ports, record, principal, httpStatus, action = "write" } = event;
  const { error, state } = record;
  const status = state === "Running" ? "Accepted" : state === "Succeeded" ? "Succeeded" : "Failed";
  await writer.appendActivity({
    timeMs: ports.clock.now().getTime(),
    scope: record.id.toLowerCase(),
    body: {
      eventDataId: ports.random.guid(),
      correlationId: record.correlationId,
      action: `${deploymentType}/${action}`,
      resourceId: record.id,
      status: action === "write" ? status : "Succeeded",
      subStatus: String(httpStatus),
      caller: clientName(principal),
      callerObjectId: principal.objectId,
      clientIpAddress: record.remoteAddress,
      ...(error && action === "write" ? { code: error.code, message: error.message } : {}),
    },
  });
}
