// Writes to the directory: one transaction with the activity log, uniqueness told in Graph's words.

import { AliasTaken, type Writer } from "@callosum/contract/ports.ts";
import { clientName } from "@callosum/contract/principal.ts";
import { bad } from "./body.ts";
import type { GraphCall } from "./operation.ts";

/**
 * Runs `work` in a transaction and records `action` (`applications/create`) on `key`, in the shape of
 * the resource manager's activity log (arm/activity.ts).
 */
export async function writeDirectory<Result>(
  graph: GraphCall,
  { action, key }: { action: string; key: string },
  work: (writer: Writer) => Promise<Result>,
): Promise<Result> {
  const { services, call, principal } = graph;
  const { store, clock, random } = services;
  try {
    return await store.transaction(async (writer) => {
      const result = await work(writer);
      await writer.appendActivity({
        timeMs: clock.now().getTime(),
        scope: key,
        body: {
          eventDataId: random.guid(),
          correlationId: call.correlationId,
          action: `microsoft.directory/${action}`,
          resourceId: key,
          status: "Succeeded",
          subStatus: "200",
          caller: clientName(principal),
          callerObjectId: principal.objectId,
          clientIpAddress: call.remoteAddress,
        },
      });
      return result;
    });
  } catch (error) {
    throw error instanceof AliasTaken ? sameValue(error.alias.kind) : error;
  }
}

/** What Graph answers when a name is taken. */
function sameValue(property: string) {
  const name = property === "identifierUri" ? "identifierUris" : property;
  return bad(`Another object with the same value for property ${name} already exists.`);
}
