// Requests to the resource manager from inside, as the principal who deploys: the same handler that
// answers clients, so every right, rule and record is the same. Waits for what it starts.

import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { ServiceError } from "@callosum/contract/error.ts";
import { fail } from "@callosum/contract/error-catalogue.ts";
import { type Origin, originOf } from "../http/plane.ts";
import type { Answer, Call, Method } from "../http/route.ts";
import type { DeploymentPorts } from "./ports.ts";

export interface CallerOptions {
  readonly ports: Pick<DeploymentPorts, "resourceManager" | "directory" | "random">;
  readonly principalId: string;
  readonly origin: Origin;
  readonly correlationId: string;
  readonly remoteAddress: string;
  readonly signal: AbortSignal;
}

/**
 * What one resource says of another is written in Azure's names, whatever the client's form: these
 * are the ones that resources take. A deployment's own outputs follow the client.
 */
export function azureForm({ own }: Origin): Origin {
  return originOf({ form: "host", own });
}

export interface CallRequest {
  readonly method: Method;
  readonly id: string;
  readonly apiVersion: string;
  readonly body?: unknown;
}

export interface Caller {
  /** Rejects with the ServiceError that the resource manager refuses with. */
  send(request: CallRequest): Promise<Answer>;
  /** Sends and waits until the resource manager has done it. */
  complete(request: CallRequest): Promise<Answer>;
}

const pollDelayMsFirst = 10;
const pollDelayMsMax = 1_000;

export function createCaller(options: CallerOptions): Caller {
  const send = ({ method, id, apiVersion, body }: CallRequest) =>
    sendPath(options, { method, path: encodeId(id), query: { "api-version": apiVersion }, body });
  return {
    send,
    async complete(request) {
      const started = await send(request);
      const statusUrl = headerOf(started, "azure-asyncoperation");
      const location = started.status === 202 ? headerOf(started, "location") : undefined;
      const next = statusUrl ?? location;
      if (next !== undefined) await poll(options, new URL(next), statusUrl !== undefined);
      return started;
    },
  };
}

function headerOf({ headers = {} }: Answer, wanted: string): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1];
}

/** Polls the instance's own address of an operation; it never leaves the process. */
async function poll(options: CallerOptions, url: URL, hasStatus: boolean): Promise<void> {
  const query = Object.fromEntries(url.searchParams);
  for (
    let delayMs = 0;
    ;
    delayMs = Math.min(Math.max(delayMs * 2, pollDelayMsFirst), pollDelayMsMax)
  ) {
    if (delayMs > 0) await sleep(delayMs, undefined, { signal: options.signal });
    const answer = await sendPath(options, {
      method: "GET",
      path: url.pathname,
      query,
      body: undefined,
    });
    if (!hasStatus && answer.status !== 202) return;
    const body = answer.body as { status?: string; error?: { code: string; message: string } };
    if (/^succeeded$/i.test(body?.status ?? "")) return;
    if (/^(?:failed|cancell?ed)$/i.test(body?.status ?? "")) {
      const { code = "OperationFailed", message = "The operation failed." } = body.error ?? {};
      throw new ServiceError({ code, message, status: "conflict" });
    }
  }
}

async function sendPath(
  options: CallerOptions,
  request: { method: Method; path: string; query: Record<string, string>; body: unknown },
): Promise<Answer> {
  const { ports, principalId, origin, correlationId, remoteAddress, signal } = options;
  const principalIfAny = () => ports.directory.asPrincipal(principalId);
  const call: Call = {
    method: request.method,
    path: request.path,
    params: {},
    query: new URLSearchParams(request.query),
    headers: {},
    body: request.body,
    stream: Readable.from([]),
    requestId: ports.random.guid(),
    correlationId,
    origin,
    remoteAddress,
    signal,
    principalIfAny,
    async principal() {
      const principal = await principalIfAny();
      if (!principal) throw fail.AuthenticationFailed({});
      return principal;
    },
  };
  return ports.resourceManager(call);
}

/** Names are text in ids and encoded in paths. */
function encodeId(id: string): string {
  return id
    .split("/")
    .map((segment) => encodeURIComponent(segment))
    .join("/");
}
