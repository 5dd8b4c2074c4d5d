// Long-running operations as the services shape them (protocols.md): 201 or 202 with
// Azure-AsyncOperation, or 202 with Location that answers 202 until it is done.

import { ApiError } from "./api-error.ts";
import { type ApiRequest, type Endpoint, readJson, send } from "./request.ts";

const pauseMs = 500;
const finalStatuses = new Set(["succeeded", "failed", "canceled", "cancelled"]);

/** Sends a write and waits until it is done; the resource or result, undefined when there is none. */
export async function perform<Body>(endpoint: Endpoint, request: ApiRequest): Promise<Body> {
  const response = await send(endpoint, request);
  const status = response.headers.get("azure-asyncoperation");
  if (status !== null) {
    const body = await readJson<Body>(response);
    await untilFinal(endpoint, status, request.signal);
    return request.method === "DELETE" || request.method === "POST"
      ? body
      : await readJson<Body>(await send(endpoint, { path: request.path, signal: request.signal }));
  }
  if (response.status !== 202) return throwIfFailed(await readJson<Body>(response));
  const location = response.headers.get("location");
  return location === null
    ? await readJson<Body>(response)
    : throwIfFailed(await untilAnswered<Body>(endpoint, location, request.signal));
}

async function untilFinal(endpoint: Endpoint, path: string, signal?: AbortSignal): Promise<void> {
  for (;;) {
    const response = await send(endpoint, { path, signal });
    const body = await readJson<{ status?: string; error?: FailedBody["error"] }>(response);
    const status = (body?.status ?? "Succeeded").toLowerCase();
    if (finalStatuses.has(status)) {
      if (status !== "succeeded") throwIfFailed(body);
      return;
    }
    await pause(response, signal);
  }
}

async function untilAnswered<Body>(
  endpoint: Endpoint,
  path: string,
  signal?: AbortSignal,
): Promise<Body> {
  for (;;) {
    const response = await send(endpoint, { path, signal });
    if (response.status !== 202) return await readJson<Body>(response);
    await pause(response, signal);
  }
}

interface FailedBody {
  readonly status?: string;
  readonly error?: { readonly code?: string; readonly message?: string; readonly target?: string };
}

/** An operation's 200 can carry a failure. */
function throwIfFailed<Body>(body: Body): Body {
  const { status, error } = (body ?? {}) as FailedBody;
  if (typeof status !== "string" || !/^(failed|cancell?ed)$/i.test(status)) return body;
  throw new ApiError({
    status: 200,
    code: error?.code ?? status,
    message: error?.message ?? `The operation ended as ${status}.`,
    target: error?.target,
  });
}

function pause(response: Response, signal?: AbortSignal): Promise<void> {
  const seconds = Number(response.headers.get("retry-after"));
  const waitMs = Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 5) * 1000 : pauseMs;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, Math.min(waitMs, pauseMs));
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
