// Long-running operations in the shapes that these services have: Azure-AsyncOperation, Location with
// 202, a provisioningState in the resource, and Synapse's 200 with a Failed body (protocols.md 4.2).

import type { Connection, ServiceRequest, ServiceResponse } from "./connection.ts";
import { readFailure } from "./request-failed.ts";

export interface WaitOptions {
  /** 10 minutes unless given. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

const timeoutMsDefault = 600_000;
/** Between polls where the service does not say: at once, then ever slower. */
const firstPollDelayMs = 25;
const pollDelayMsMax = 2_000;

interface OperationBody {
  readonly status?: string;
  readonly error?: unknown;
  readonly properties?: { readonly provisioningState?: string };
}

/**
 * Sends a request and waits until its work is done. Gives the resource (PUT, PATCH), what the
 * operation answered (POST), or nothing (DELETE). An operation that fails throws RequestFailed.
 */
export async function sendAndWait(
  connection: Connection,
  request: ServiceRequest,
  options: WaitOptions = {},
): Promise<unknown> {
  return waitFor(connection, { request, started: await connection.send(request), options });
}

/** What `sendAndWait` does once the request is answered. */
export async function waitFor(
  connection: Connection,
  wait: { request: ServiceRequest; started: ServiceResponse; options?: WaitOptions | undefined },
): Promise<unknown> {
  const { request, started, options = {} } = wait;
  const statusUrl = started.header("azure-asyncoperation") ?? started.header("operation-location");
  const location = started.header("location");
  const isResourceWanted = request.method === "PUT" || request.method === "PATCH";
  const { signal } = options;
  const read = (path: string) =>
    connection.send({ ...readOf(request), path, ...(signal && { signal }) });
  if (statusUrl !== undefined) {
    const ended = await poll(() => read(statusUrl), { options, isDone: hasEnded });
    if (isResourceWanted) return (await connection.send(readOf(request))).body;
    return location === undefined ? ended : (await read(location)).body;
  }
  if (started.status === 202 && location !== undefined) {
    return poll(() => read(location), { options, isDone: ({ status }) => status !== 202 });
  }
  if (!isResourceWanted || !isProvisioning(started)) {
    requireSuccess(started);
    return started.body;
  }
  return poll(() => connection.send(readOf(request)), {
    options,
    isDone: (response) => !isProvisioning(response),
  });
}

function readOf(request: ServiceRequest): ServiceRequest {
  const { service, subject, path, query, accept } = request;
  return {
    service,
    path,
    ...(subject === undefined ? {} : { subject }),
    ...(query === undefined || /^https?:/i.test(path) ? {} : { query }),
    ...(accept === undefined ? {} : { accept }),
  };
}

async function poll(
  read: () => Promise<ServiceResponse>,
  wait: {
    options: WaitOptions;
    isDone: (response: ServiceResponse) => boolean;
  },
): Promise<unknown> {
  const { options, isDone } = wait;
  const { timeoutMs = timeoutMsDefault, signal } = options;
  const deadlineMs = Date.now() + timeoutMs;
  // Many operations are done when they are answered: the first look does not wait for Retry-After.
  let delayMs = 0;
  for (;;) {
    if (delayMs > 0) await sleep(delayMs, signal);
    const response = await read();
    if (isDone(response)) {
      requireSuccess(response);
      return response.body;
    }
    if (Date.now() > deadlineMs) {
      throw new Error(`The operation has not ended within ${timeoutMs / 1_000} s.`);
    }
    const slower = Math.min(Math.max(delayMs * 2, firstPollDelayMs), pollDelayMsMax);
    delayMs = retryAfterMs(response) ?? slower;
  }
}

function hasEnded({ body }: ServiceResponse): boolean {
  const status = (body as OperationBody | undefined)?.status;
  return status === undefined || /^(succeeded|failed|cancell?ed)$/i.test(status);
}

function isProvisioning({ body }: ServiceResponse): boolean {
  const state = (body as OperationBody | undefined)?.properties?.provisioningState;
  return state !== undefined && !/^(succeeded|failed|cancell?ed|unknown)$/i.test(state);
}

/** A body that says Failed is a failure whatever its HTTP status (azure-rest-api-specs#22035). */
function requireSuccess(response: ServiceResponse): void {
  const body = response.body as OperationBody | undefined;
  const state = body?.status ?? body?.properties?.provisioningState;
  if (typeof state === "string" && /^(failed|cancell?ed)$/i.test(state))
    throw readFailure(response);
}

function retryAfterMs(response: ServiceResponse): number | undefined {
  const text = response.header("retry-after");
  return text !== undefined && /^\d+$/.test(text) ? Number(text) * 1_000 : undefined;
}

function sleep(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, delayMs);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
