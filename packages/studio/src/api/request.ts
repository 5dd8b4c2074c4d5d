// Every request of the studio: the routes that everyone uses, with the signed-in person's own token.

import { accessToken, forgetToken, type Resource } from "../sign-in/session.ts";
import { readError, serverUnreachable } from "./api-error.ts";

/** Where a request goes: a plane and what it is for there. */
export type Endpoint =
  | { readonly plane: "arm" | "graph" }
  /** A Synapse workspace by name. */
  | { readonly plane: "synapse" | "sql"; readonly workspace: string }
  | { readonly plane: "ml"; readonly region: string }
  | { readonly plane: "storage"; readonly account: string; readonly service: "blob" | "dfs" };

export const arm: Endpoint = { plane: "arm" };
export const graph: Endpoint = { plane: "graph" };

export interface ApiRequest {
  readonly method?: "GET" | "PUT" | "PATCH" | "POST" | "DELETE" | "HEAD";
  /** Below the endpoint, with its query; or a whole address of our own origin (next pages). */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

const bases: { [Plane in Resource]: (endpoint: Extract<Endpoint, { plane: Plane }>) => string } = {
  arm: () => "",
  graph: () => "/graph/v1.0",
  synapse: ({ workspace }) => `/synapse/${encodeURIComponent(workspace)}`,
  sql: ({ workspace }) => `/sql/${encodeURIComponent(workspace)}`,
  ml: ({ region }) => `/ml/${encodeURIComponent(region)}`,
  storage: ({ account, service }) => `/storage/${encodeURIComponent(account)}/${service}`,
};

/** The address of a path; throws for an address outside, which must never get a token. */
export function addressOf(endpoint: Endpoint, path: string): string {
  if (path.startsWith("/"))
    return (bases[endpoint.plane] as (e: Endpoint) => string)(endpoint) + path;
  const url = new URL(path);
  if (url.origin !== location.origin) throw new Error(`${url.origin} is not this server.`);
  return url.pathname + url.search;
}

/** The raw answer of a success; throws ApiError for every other. */
export async function send(endpoint: Endpoint, request: ApiRequest): Promise<Response> {
  let response = await attempt(endpoint, request);
  if (response.status === 401) {
    // The instance was reset or its keys were changed: once more with a new token.
    forgetToken(endpoint.plane);
    response = await attempt(endpoint, request);
  }
  if (!response.ok) throw readError(response, await response.text());
  return response;
}

/** The parsed body of a success; undefined when it is empty. */
export async function call<Body>(endpoint: Endpoint, request: ApiRequest): Promise<Body> {
  return await readJson<Body>(await send(endpoint, request));
}

export async function readJson<Body>(response: Response): Promise<Body> {
  const text = await response.text();
  return (text === "" ? undefined : JSON.parse(text)) as Body;
}

async function attempt(
  endpoint: Endpoint,
  { method = "GET", path, body, headers, signal }: ApiRequest,
): Promise<Response> {
  const token = await accessToken(endpoint.plane).catch(unreachable);
  const isRaw = body instanceof Blob || body instanceof Uint8Array || typeof body === "string";
  return await fetch(addressOf(endpoint, path), {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && !isRaw && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: isRaw ? (body as BodyInit) : JSON.stringify(body) }),
    ...(signal && { signal }),
  }).catch(unreachable);
}

function unreachable(error: unknown): never {
  if (!(error instanceof TypeError)) throw error;
  throw serverUnreachable();
}
