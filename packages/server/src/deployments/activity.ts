// Deployments in the activity log, in the shape that the resource manager's reader shows.

import { appendActivity } from "@callosum/contract/activity.ts";
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
  const isWrite = action === "write";
  await appendActivity(writer, {
    random: ports.random,
    now: ports.clock.now(),
    action: `${deploymentType}/${action}`,
    resourceId: record.id,
    status: isWrite ? status : "Succeeded",
    httpStatus,
    correlationId: record.correlationId,
    remoteAddress: record.remoteAddress,
    caller: clientName(principal),
    callerObjectId: principal.objectId,
    error: isWrite ? error : undefined,
  });
}
