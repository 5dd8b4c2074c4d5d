// Long-running operations in the services' shape: the work is done in the request's transaction, the
// operation's record says when it counts as finished. Served at `…/operationStatuses/{id}` and
// `…/operationResults/{id}` below the resource's own provider path (protocols.md 5.1, 2.1).

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Writer } from "@callosum/contract/ports.ts";
import type { LongRunning } from "@callosum/contract/resource.ts";
import type { ResourceId } from "@callosum/contract/resource-id.ts";
import type { Answer, Call } from "../http/route.ts";
import { findResource, present } from "./document.ts";
import type { RequestTarget } from "./request.ts";
import type { ArmServices } from "./services.ts";

const kind = "armOperation";
const keptMs = 7 * 24 * 3600 * 1000;

export interface OperationRecord {
  readonly id: string;
  /** Text of the id of the resource that the operation is about. */
  readonly resourceId: string;
  readonly type: string;
  readonly apiVersion: string;
  readonly startedMs: number;
  readonly readyMs: number;
  /** Status of the Location URL when finished. */
  readonly resultStatus: number;
  /** Body of the Location URL; the resource itself when absent and it still exists. */
  readonly result?: unknown;
  readonly error?: { code: string; message: string };
}

/** Records an operation and gives the headers that announce it. */
export async function startOperation(options: {
  services: ArmServices;
  writer: Writer;
  call: Call;
  id: ResourceId;
  type: string;
  apiVersion: string;
  answer: LongRunning;
  result?: unknown;
}): Promise<{ headers: Record<string, string>; readyMs: number }> {
  const { services, writer, call, id, type, apiVersion, answer, result } = options;
  const nowMs = services.clock.now().getTime();
  const record: OperationRecord = {
    id: services.random.guid(),
    resourceId: id.text,
    type,
    apiVersion,
    startedMs: nowMs,
    readyMs: nowMs + services.operationDelayMs,
    resultStatus: answer.resultStatus ?? 200,
    ...(result === undefined ? {} : { result }),
  };
  await writer.putTicket({ kind, id: record.id, expiresMs: nowMs + keptMs, body: record });
  const base = `${call.origin.base("arm")}${operationRoot(id)}`;
  const query = `?api-version=${encodeURIComponent(apiVersion)}`;
  const urls = {
    "Azure-AsyncOperation": `${base}/operationStatuses/${record.id}${query}`,
    Location: `${base}/operationResults/${record.id}${query}`,
  };
  const headers = Object.fromEntries(answer.headers.map((name) => [name, urls[name]]));
  return { headers: { ...headers, "Retry-After": "1" }, readyMs: record.readyMs };
}

/** Operations hang below the top-level resource; a group's below its subscription. */
function operationRoot(id: ResourceId): string {
  if (id.namespace === undefined) return `/subscriptions/${id.subscriptionId}`;
  const [topType = ""] = id.type.split("/").slice(1);
  return `${id.scope}/providers/${id.namespace}/${topType}/${id.names[0]}`;
}

const operationPath = /\/operation(statuses|results)\/([0-9a-f-]{36})$/i;

/** The operation that a path asks for, if it asks for one. */
export function operationIn(path: string): { view: "status" | "result"; id: string } | undefined {
  const match = operationPath.exec(path);
  if (!match) return undefined;
  return {
    view: match[1]?.toLowerCase() === "statuses" ? "status" : "result",
    id: (match[2] ?? "").toLowerCase(),
  };
}

/** Answers a poll. Who may read the resource (or made it, when it is gone) may poll. */
export async function pollOperation(options: {
  services: ArmServices;
  call: Call;
  operation: { view: "status" | "result"; id: string };
}): Promise<Answer> {
  const { services, call, operation } = options;
  const principal = await call.principal();
  const ticket = await services.store.read.ticket<OperationRecord>(kind, operation.id);
  if (!ticket) throw fail.NotFound({ path: call.path });
  const record = ticket.body;
  await services.authorizer.require(principal, {
    action: `${record.type}/read`,
    scope: record.resourceId,
  });
  const finished = services.clock.now().getTime() >= record.readyMs;
  if (operation.view === "status") {
    const headers = finished ? undefined : { "Retry-After": "1" };
    return { status: 200, ...(headers && { headers }), body: statusBody(record, finished, call) };
  }
  if (!finished) {
    const location = `${call.origin.base("arm")}${call.path}?api-version=${encodeURIComponent(record.apiVersion)}`;
    return { status: 202, headers: { Location: location, "Retry-After": "1" } };
  }
  const body = record.result ?? (await currentBody(services, record, call));
  return body === undefined
    ? { status: record.resultStatus === 200 ? 200 : 204 }
    : { status: record.resultStatus, body };
}

function statusBody(record: OperationRecord, finished: boolean, call: Call) {
  const status = !finished ? "InProgress" : record.error ? "Failed" : "Succeeded";
  return {
    id: call.path,
    name: record.id,
    status,
    startTime: new Date(record.startedMs).toISOString(),
    ...(finished ? { endTime: new Date(record.readyMs).toISOString() } : {}),
    ...(finished && record.error ? { error: record.error } : {}),
    ...(finished && !record.error ? { percentComplete: 100 } : {}),
  };
}

async function currentBody(
  services: ArmServices,
  record: OperationRecord,
  call: Call,
): Promise<unknown> {
  const type = services.registry.find(record.type);
  if (!type) return undefined;
  const id = {
    key: record.resourceId.toLowerCase(),
    text: record.resourceId,
  } as RequestTarget["id"];
  const document = await services.store.read.document(id.key);
  if (!document) return undefined;
  const found = await findResource(services.store.read, { id, definition: type.definition });
  return (
    found &&
    present({
      resource: found.resource,
      definition: type.definition,
      now: services.clock.now(),
      apiVersion: record.apiVersion,
      origin: call.origin,
      reader: services.store.read,
    })
  );
}
