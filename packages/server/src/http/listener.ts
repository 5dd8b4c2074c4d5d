// The one listener for every HTTP plane. It finds the plane, reads the body, gives the handler a Call
// and renders what comes back; what a plane is lives in the plane.

import type { IncomingMessage } from "node:http";
import { createServer, type Server } from "node:https";
import { pipeline, type Readable } from "node:stream";
import { ServiceError } from "@callosum/contract/error.ts";
import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Random } from "@callosum/contract/ports.ts";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { describeError, type Log } from "../platform/log.ts";
import { readBody } from "./body.ts";
import type { CertificateAuthority } from "./certificates.ts";
import { findTarget, originOf, type PlaneName, type Target } from "./plane.ts";
import type { Answer, Call, Method, Plane, Route } from "./route.ts";
import type { TokenVerifier } from "./token-verifier.ts";

export interface ListenerOptions {
  readonly planes: readonly Plane[];
  readonly verifier: TokenVerifier;
  readonly random: Random;
  readonly log: Log;
  readonly isTenant: (segment: string) => boolean;
  /** The authority's: localhost's leaf by default, others by server name. */
  readonly tls: ReturnType<CertificateAuthority["tlsOptions"]>;
  /** Further names under which our own origin is reached, beside localhost and loopback. */
  readonly ownNames?: readonly string[];
}

export interface Listener {
  /** Starts to accept; gives the port and `https://localhost:{port}`. */
  listen(address: { host: string; port: number }): Promise<{ port: number; origin: string }>;
  /** Where the CONNECT proxy hands its sockets to. */
  readonly server: Server;
  close(): Promise<void>;
}

/** What the listener knows of a request beside what the client sent. */
const targets = new WeakMap<IncomingMessage, Target>();

const planeOfPath = /^\/([a-z]+)/;
const unknownHost = "/unknown-host";
const headersTimeoutMs = 20_000;
/** For whole uploads; headers and bodies that are held in memory have limits of their own. */
const requestTimeoutMs = 6 * 3600_000;
/** An upload of which nothing arrives for so long is cut off. */
const streamIdleTimeoutMs = 120_000;
const keepAliveTimeoutMs = 65_000;
const headerBytesMax = 64 * 1024;
/** Azure's names only: said of localhost it would hold for every other port of the machine, too. */
const strictTransport = { "strict-transport-security": "max-age=31536000" };

export function createListener(options: ListenerOptions): Listener {
  const ownHosts = new Set<string>();
  let ownOrigin = "";
  const planes = new Map(options.planes.map((plane) => [plane.name, plane]));
  const server = createHttpsServer(options);

  const app = fastify({
    serverFactory: (handler) => {
      server.on("request", handler);
      return server;
    },
    logger: false,
    exposeHeadRoutes: false,
    routerOptions: {
      caseSensitive: false,
      ignoreTrailingSlash: true,
      maxParamLength: 1024,
    },
    genReqId: () => options.random.guid(),
    rewriteUrl: (request) => {
      const raw = request as IncomingMessage;
      const target = findTarget(
        { host: raw.headers.host ?? "", url: raw.url ?? "/", isTenant: options.isTenant },
        ownHosts,
      );
      if (!target) return unknownHost;
      targets.set(raw, target);
      return target.internalUrl;
    },
  }) as unknown as FastifyInstance;

  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _payload, done) => done(null, undefined));
  const context: AnswerContext = { ...options, origin: () => ownOrigin };
  for (const plane of options.planes) register(app, plane, context);
  app.setNotFoundHandler((request, reply) => answerNowhere(request, reply, { planes, context }));
  app.setErrorHandler((error, request, reply) => {
    // Only Fastify itself gets here (a malformed URL, say); handlers answer their own errors.
    options.log.write("warn", "request.refused", { error: describeError(error) });
    reply.code(400).send({ error: { code: "BadRequest", message: "The request is malformed." } });
    void request;
  });

  return {
    server,
    async listen({ host, port }) {
      await app.ready();
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, host, () => resolve());
      });
      const address = server.address();
      const actual = typeof address === "object" && address ? address.port : port;
      ownOrigin = `https://localhost:${actual}`;
      for (const name of ["localhost", "127.0.0.1", "[::1]", ...(options.ownNames ?? [])]) {
        ownHosts.add(`${name}:${actual}`);
        if (actual === 443) ownHosts.add(name);
      }
      return { port: actual, origin: ownOrigin };
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await app.close();
      await closed;
    },
  };
}

function createHttpsServer(options: ListenerOptions): Server {
  const server = createServer({
    ...options.tls,
    handshakeTimeout: headersTimeoutMs,
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    maxHeaderSize: headerBytesMax,
  });
  server.on("tlsClientError", (error: NodeJS.ErrnoException) => {
    options.log.write("debug", "tls.refused", { code: error.code, message: error.message });
  });
  return server;
}

interface AnswerContext extends ListenerOptions {
  readonly origin: () => string;
}

function register(app: FastifyInstance, plane: Plane, context: AnswerContext): void {
  for (const route of plane.routes) {
    const methods: readonly Method[] =
      typeof route.method === "string" ? [route.method] : route.method;
    const url = `/${route.plane}${route.path === "/" ? "" : route.path}`;
    app.route({
      method: [...methods],
      url,
      handler: (request, reply) => serve({ request, reply, plane, route, context }),
    });
  }
}

async function serve(options: {
  request: FastifyRequest;
  reply: FastifyReply;
  plane: Plane;
  route: Route;
  context: AnswerContext;
}): Promise<FastifyReply> {
  const { request, reply, plane, route, context } = options;
  const call = createCall({ request, reply, plane, context });
  try {
    if (hasBody(request.raw)) {
      if (route.body === "stream") limitIdleness(request.raw, reply);
      else call.body = await readBody(route, request.raw);
    }
    return send({ reply, plane, call, answer: await route.handle(call) });
  } catch (error) {
    const known = toServiceError(error, { call, context });
    return send({
      reply,
      plane,
      call,
      answer: plane.renderError(known, { ...call, headers: request.headers }),
    });
  }
}

/** Whether a body follows the head (RFC 9112 6): most requests have none, and then nothing is read. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined;
}

function limitIdleness(request: IncomingMessage, reply: FastifyReply): void {
  reply.raw.setTimeout(streamIdleTimeoutMs, () => {
    if (!request.complete) request.destroy();
  });
}

function createCall(options: {
  request: FastifyRequest;
  reply: FastifyReply;
  plane: Plane;
  context: AnswerContext;
}): Call & { body: unknown } {
  const { request, reply, plane, context } = options;
  const { raw, headers } = request;
  const target = targets.get(raw) as Target;
  const origin = originOf({ form: target.form, own: context.origin() });
  const clientCorrelation = headers["x-ms-correlation-request-id"];
  const [path = "/", search = ""] = split(target.internalUrl, "?");
  let signal: AbortSignal | undefined;
  let query: URLSearchParams | undefined;
  const principalIfAny = async () => {
    const token = bearerToken(headers.authorization);
    if (token === undefined) return undefined;
    const named =
      typeof plane.audiences === "function"
        ? plane.audiences(request.params as Record<string, string>)
        : plane.audiences;
    const audiences = plane.acceptsOwnOrigin ? [...named, context.origin()] : named;
    return context.verifier.verify(token, audiences);
  };
  return {
    method: raw.method as Method,
    path: path.slice(plane.name.length + 1) || "/",
    params: request.params as Record<string, string>,
    get query() {
      query ??= lowerCaseNames(search);
      return query;
    },
    headers,
    body: undefined,
    stream: raw,
    get signal() {
      signal ??= abortSignal(reply);
      return signal;
    },
    requestId: request.id,
    correlationId:
      typeof clientCorrelation === "string" && clientCorrelation.length <= 64
        ? clientCorrelation
        : request.id,
    origin,
    remoteAddress: raw.socket.remoteAddress ?? "",
    principalIfAny,
    async principal() {
      const principal = await principalIfAny();
      if (!principal) throw fail.AuthenticationFailed({});
      return principal;
    },
  };
}

function split(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

/** Query names are compared without regard to case; values are left alone. */
function lowerCaseNames(search: string): URLSearchParams {
  if (!/[A-Z%]/.test(search)) return new URLSearchParams(search);
  const query = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(search)) query.append(name.toLowerCase(), value);
  return query;
}

function bearerToken(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const match = /^Bearer ([^\s]+)$/i.exec(header);
  if (!match) throw fail.AuthenticationFailed({});
  return match[1];
}

function abortSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}

function toServiceError(
  error: unknown,
  options: { call: { requestId: string; path: string; method: string }; context: AnswerContext },
): ServiceError {
  const { call, context } = options;
  const facts = { requestId: call.requestId, method: call.method, path: call.path };
  if (error instanceof ServiceError) {
    const { code, status, privateDetail } = error;
    const level = status === "internal" ? "error" : "debug";
    context.log.write(level, "request.failed", { ...facts, code, privateDetail });
    return error;
  }
  context.log.write("error", "request.crashed", { ...facts, error: describeError(error) });
  return fail.InternalServerError({});
}

/** Writes the answer past the framework's own reply: it has nothing to add, and this is the hot path. */
function send(options: {
  reply: FastifyReply;
  plane: Plane;
  call: Pick<Call, "requestId" | "correlationId" | "headers" | "origin">;
  answer: Answer;
}): FastifyReply {
  const { reply, plane, call, answer } = options;
  const { raw } = reply.hijack();
  const headers: Record<string, string | number> = {
    "x-ms-request-id": call.requestId,
    "x-ms-correlation-request-id": call.correlationId,
    "x-content-type-options": "nosniff",
    ...(call.origin.form === "host" ? strictTransport : undefined),
    ...plane.headers,
    ...lowerCaseKeys(answer.headers),
  };
  const clientRequestId = call.headers["x-ms-client-request-id"];
  if (typeof clientRequestId === "string" && clientRequestId.length <= 128) {
    headers["x-ms-client-request-id"] = clientRequestId;
  }
  // What was not worth reading (body.ts) stays unread: the connection can't serve another request.
  const { raw: sent } = reply.request;
  if (sent.readableDidRead && !sent.complete) headers.connection = "close";
  const { status, body } = answer;
  if (isStream(body)) {
    raw.writeHead(status, headers);
    pipeline(body, raw, () => undefined);
    return reply;
  }
  const payload = serialize(body, headers);
  const hasBody = payload !== undefined && status !== 204 && status !== 304;
  if (hasBody) headers["content-length"] ??= Buffer.byteLength(payload);
  else if (status !== 204 && status !== 304) headers["content-length"] ??= 0;
  raw.writeHead(status, headers);
  raw.end(hasBody ? payload : undefined);
  return reply;
}

/** Bytes and text as they are; anything else as JSON. */
function serialize(
  body: unknown,
  headers: Record<string, string | number>,
): string | Uint8Array | undefined {
  if (body === undefined || body instanceof Uint8Array) return body;
  if (typeof body === "string") {
    headers["content-type"] ??= "text/plain; charset=utf-8";
    return body;
  }
  headers["content-type"] ??= "application/json; charset=utf-8";
  return JSON.stringify(body);
}

function lowerCaseKeys(headers: Answer["headers"] = {}): Record<string, string> {
  const result: Record<string, string> = {};
  for (const name in headers) result[name.toLowerCase()] = headers[name] as string;
  return result;
}

function isStream(body: unknown): body is Readable {
  return typeof body === "object" && body !== null && "pipe" in body;
}

function answerNowhere(
  request: FastifyRequest,
  reply: FastifyReply,
  options: { planes: ReadonlyMap<PlaneName, Plane>; context: AnswerContext },
): FastifyReply {
  const { planes, context } = options;
  const target = targets.get(request.raw);
  if (!target) {
    const host = (request.headers.host ?? "").slice(0, 255);
    return reply.code(421).send({
      error: {
        code: "UnknownHost",
        message: `The host '${host}' is not served here. 'callosum env' lists what is.`,
      },
    });
  }
  const name = planeOfPath.exec(target.internalUrl)?.[1] as PlaneName;
  const plane = planes.get(name);
  if (!plane)
    return reply.code(404).send({ error: { code: "NotFound", message: "There is nothing here." } });
  const call = createCall({ request, reply, plane, context });
  const error = fail.NotFound({ path: call.path });
  return send({
    reply,
    plane,
    call,
    answer: plane.renderError(error, { ...call, headers: request.headers }),
  });
}
