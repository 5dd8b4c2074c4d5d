// Requests to the services with the caller's credential: one pipeline of @azure/core-rest-pipeline
// for each service, because each takes tokens of its own audience.

import type { TokenCredential } from "@azure/core-auth";
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpClient,
  type HttpMethods,
  type Pipeline,
  type PipelineOptions,
  type PipelineResponse,
  proxyPolicyName,
} from "@azure/core-rest-pipeline";
import {
  azureEndpoints,
  azureScopes,
  baseOf,
  type Endpoints,
  type ServiceName,
} from "./endpoint.ts";
import { readFailure } from "./request-failed.ts";

export interface ConnectionOptions {
  /** Any credential of @azure/identity, or of your own. */
  readonly credential: TokenCredential;
  /** Those that are not Azure's public cloud. */
  readonly endpoints?: Partial<Endpoints>;
  /** Repeats after 429, 5xx and broken connections; 3 unless given. */
  readonly retryCountMax?: number;
  /** "none" ignores HTTPS_PROXY and the like. */
  readonly proxy?: "environment" | "none";
  /** More of the pipeline: TLS, agent, user agent. */
  readonly pipeline?: Omit<PipelineOptions, "retryOptions">;
  readonly httpClient?: HttpClient;
}

export interface ServiceRequest {
  readonly service: ServiceName;
  /** Name of the Synapse workspace, for its endpoint. */
  readonly subject?: string;
  readonly method?: HttpMethods;
  /** Below the service's endpoint, or absolute as a service answered it. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Error statuses that are answers to the caller, not failures. */
  readonly accept?: readonly number[];
  readonly signal?: AbortSignal;
}

export interface ServiceResponse {
  readonly status: number;
  header(name: string): string | undefined;
  /** Parsed JSON; text where it is none; undefined when empty. */
  readonly body: unknown;
}

export interface Connection {
  readonly endpoints: Endpoints;
  /** Throws RequestFailed for an error status that is not in `accept`. */
  send(request: ServiceRequest): Promise<ServiceResponse>;
}

/** Opens a connection; nothing is sent yet. */
export function connect(options: ConnectionOptions): Connection {
  const endpoints: Endpoints = { ...azureEndpoints, ...options.endpoints };
  const client = options.httpClient ?? createDefaultHttpClient();
  const pipelines = new Map<ServiceName, Pipeline>();
  const pipelineOf = (service: ServiceName) => {
    const made = pipelines.get(service) ?? createPipeline(options, service);
    pipelines.set(service, made);
    return made;
  };
  return {
    endpoints,
    async send(request) {
      const { service, method = "GET", body, accept = [], signal } = request;
      const sent = createPipelineRequest({
        url: urlOf(endpoints, request),
        method,
        headers: createHttpHeaders({
          accept: "application/json",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...request.headers,
        }),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { abortSignal: signal }),
      });
      const response = toResponse(await pipelineOf(service).sendRequest(client, sent));
      if (response.status < 400 || accept.includes(response.status)) return response;
      throw readFailure({ ...response, requestId: response.header("x-ms-request-id") });
    },
  };
}

/** Whether a value is a connection already, where functions take either. */
export function isConnection(value: Connection | ConnectionOptions): value is Connection {
  return "send" in value;
}

function createPipeline(options: ConnectionOptions, service: ServiceName): Pipeline {
  const { credential, retryCountMax = 3, proxy = "environment" } = options;
  const pipeline = createPipelineFromOptions({
    ...options.pipeline,
    retryOptions: { maxRetries: retryCountMax },
  });
  if (proxy === "none") pipeline.removePolicy({ name: proxyPolicyName });
  const scopes = azureScopes[service];
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes }), { phase: "Sign" });
  return pipeline;
}

/** Absolute addresses come from answers: a token goes to no other host than the endpoint's own. */
function urlOf(endpoints: Endpoints, request: ServiceRequest): string {
  const base = baseOf(endpoints, request);
  const isAbsolute = /^https?:\/\//i.test(request.path);
  if (isAbsolute && new URL(request.path).origin !== new URL(base).origin) {
    throw new Error(`The service at ${base} answered an address of another host: ${request.path}`);
  }
  const url = new URL(isAbsolute ? request.path : `${base}${request.path}`);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url.href;
}

function toResponse({ status, headers, bodyAsText }: PipelineResponse): ServiceResponse {
  return { status, header: (name) => headers.get(name), body: parseBody(bodyAsText) };
}

function parseBody(text: string | null | undefined): unknown {
  if (text === null || text === undefined || text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
