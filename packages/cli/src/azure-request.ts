// One request to an Azure address, answered by the instance under that name, with the work that it
// starts: 202 with Location, and Azure-AsyncOperation (protocols.md 4.2).

import { setTimeout as sleep } from "node:timers/promises";
import type { Contract } from "@callosum/server/main.ts";
import { CommandError } from "./command.ts";
import { type OwnAnswer, sendOwn } from "./own-request.ts";

export interface AzureRequest {
  readonly method: string;
  readonly url: URL;
  readonly token: string;
  readonly body?: string;
}

const waitTimeoutMs = 600_000;
const firstPollDelayMs = 25;
const pollDelayMsMax = 2_000;

/** Sends and waits until the work is done; the answer of an operation that failed is a 400. */
export async function sendToAzure(contract: Contract, request: AzureRequest): Promise<OwnAnswer> {
  const started = await send(contract, request);
  const statusUrl = started.header("azure-asyncoperation");
  const location = started.status === 202 ? started.header("location") : undefined;
  const next = statusUrl ?? location;
  if (started.status >= 400 || next === undefined) return started;
  const deadlineMs = performance.now() + waitTimeoutMs;
  for (let delayMs = 0; ; delayMs = slower(delayMs)) {
    await sleep(delayMs);
    const poll = { method: "GET", url: requireSameHost(request.url, next), token: request.token };
    const answer = await send(contract, poll);
    const state = (answer.body as { status?: string } | undefined)?.status;
    if (state !== undefined && /^(?:failed|cancell?ed)$/i.test(state)) {
      return { ...answer, status: 400 };
    }
    const isDone =
      answer.status >= 400 ||
      (statusUrl === undefined ? answer.status !== 202 : /^succeeded$/i.test(state ?? "succeeded"));
    if (isDone) return statusUrl !== undefined && answer.status < 400 ? started : answer;
    if (performance.now() > deadlineMs) {
      const message = `The operation has not ended within ${waitTimeoutMs / 1_000} s.`;
      throw new CommandError({ code: "OperationTimeout", message });
    }
  }
}

function send(contract: Contract, { method, url, token, body }: AzureRequest): Promise<OwnAnswer> {
  return sendOwn(contract, {
    method,
    url: `${contract.origin}${url.pathname}${url.search}`,
    hostName: url.hostname,
    headers: {
      authorization: `Bearer ${token}`,
      accept: "application/json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body }),
  });
}

/** The token is for the host that was asked, and goes to no other. */
function requireSameHost({ hostname }: URL, next: string): URL {
  const url = new URL(next);
  if (url.hostname === hostname) return url;
  const message = `${hostname} answered an address of another host: ${next}`;
  throw new CommandError({ code: "UnexpectedAnswer", message });
}

function slower(delayMs: number): number {
  return Math.min(Math.max(delayMs * 2, firstPollDelayMs), pollDelayMsMax);
}
