// Writes to the directory: one transaction with the activity log, uniqueness told in Graph's words.

import { appendActivity } from "@callosum/contract/activity.ts";
import { AliasTaken, type Writer } from "@callosum/contract/ports.ts";
import { clientName } from "@callosum/contract/principal.ts";
import { bad } from "./body.ts";
import type { GraphCall } from "./operation.ts";

/**
 * Runs `work` in a transaction and records `action` (`applications/create`) on `key`.
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
      await appendActivity(writer, {
        random,
        now: clock.now(),
        action: `microsoft.directory/${action}`,
        resourceId: key,
        httpStatus: 200,
        correlationId: call.correlationId,
        remoteAddress: call.remoteAddress,
        caller: clientName(principal),
        callerObjectId: principal.objectId,
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
