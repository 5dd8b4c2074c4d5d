// The CONNECT proxy: brings HTTP clients that use Azure's real host names to our HTTPS listener.
// Who may go where is in proxy-destination.ts; certificates.ts shows how main.ts joins the two.

import type { IncomingMessage, ServerResponse } from "node:http";
import { type AddressInfo, connect, type NetConnectOpts, type Socket } from "node:net";
import { pipeline } from "node:stream";
import { type Destination, type ProxyDecision, parseDestination } from "./proxy-destination.ts";

// As an import, node:http would load all that it exports, its WebSocket client too: 4 MiB.
const { createServer } = process.getBuiltinModule("node:http");

export interface ProxyOptions<Credential> {
  /** 0 chooses a free one. */
  port: number;
  /** Loopback unless told otherwise. */
  host?: string;
  /** Undefined where the credential is not ours. Must compare in constant time. */
  verify(user: string, password: string): Credential | undefined;
  decide(destination: Destination, credential: Credential): ProxyDecision;
  /** Takes over a client's socket, on which TLS is about to begin. */
  onSocket(socket: Socket, destination: Destination): void;
  /** Told of what `verify`, `decide` or `onSocket` throw: a bug; its client is cut off. */
  onFault(error: unknown): void;
  limits?: Partial<ProxyLimits>;
  /** How a tunnel's far end is reached; net.connect unless told otherwise. */
  connect?(options: NetConnectOpts): Socket;
}

export interface ProxyLimits {
  headerBytesMax: number;
  /** Until the whole CONNECT request has arrived. */
  requestTimeoutMs: number;
  /** Until a tunnel's far end has accepted. */
  connectTimeoutMs: number;
  /** A tunnel on which neither side has sent for so long is closed. */
  idleTimeoutMs: number;
  connectionCountMax: number;
}

export interface RunningProxy {
  /** `http://127.0.0.1:8442` */
  url: string;
  port: number;
  /** Stops accepting and ends every connection, also those handed over: drain the listener first. */
  close(): Promise<void>;
}

const defaultLimits: ProxyLimits = {
  headerBytesMax: 16 * 1024,
  requestTimeoutMs: 10_000,
  connectTimeoutMs: 15_000,
  idleTimeoutMs: 600_000,
  connectionCountMax: 2_048,
};

/** How long a refused client has to read the refusal and close. */
const lingerMs = 2_000;

/** Resolves when listening; rejects when the port cannot be had. */
export async function startProxy<Credential>(
  options: ProxyOptions<Credential>,
): Promise<RunningProxy> {
  const host = options.host ?? "127.0.0.1";
  const limits = { ...defaultLimits, ...options.limits };
  const sockets = new Set<Socket>();
  const server = createServer({
    maxHeaderSize: limits.headerBytesMax,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: Math.min(1_000, limits.requestTimeoutMs),
    // A CONNECT names its host in its target; some clients send no Host field.
    requireHostHeader: false,
  });
  server.maxConnections = limits.connectionCountMax;
  server.on("connection", (socket) => {
    sockets.add(socket);
    // Kept for the socket's whole life: whoever owns it later, a reset must not end the process.
    socket.on("error", () => socket.destroy());
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("request", refuseRequest);
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const status = clientErrorStatus[error.code ?? ""] ?? "400 Bad Request";
    refuse(socket as Socket, { status, text: "This is not a request that a proxy understands." });
  });
  server.on("connect", (request, socket, head) => {
    try {
      openConnection({ request, socket: socket as Socket, head, options, limits });
    } catch (error) {
      options.onFault(error);
      socket.destroy();
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    port,
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      return closed;
    },
  };
}

const clientErrorStatus: Record<string, string> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
};

interface Opening<Credential> {
  request: IncomingMessage;
  socket: Socket;
  /** What the client sent after the request without waiting for the answer. */
  head: Buffer;
  options: ProxyOptions<Credential>;
  limits: ProxyLimits;
}

function openConnection<Credential>(opening: Opening<Credential>): void {
  const { request, socket, head, options } = opening;
  const credential = authenticate(request, options);
  if (credential === undefined) {
    refuse(socket, {
      status: "407 Proxy Authentication Required",
      fields: ['Proxy-Authenticate: Basic realm="Callosum", charset="UTF-8"'],
      text: "This proxy serves programs that 'callosum exec -- <command>' starts.",
    });
    return;
  }
  const destination = parseDestination(request.url ?? "");
  if (!destination) {
    const text = "The target of CONNECT must be host:port.";
    refuse(socket, { status: "400 Bad Request", text });
    return;
  }
  const decision = options.decide(destination, credential);
  switch (decision.kind) {
    case "here":
      establish(socket, head);
      // The proxy's own sockets stay open after the client's end; the listener's should not.
      socket.allowHalfOpen = false;
      options.onSocket(socket, destination);
      return;
    case "tunnel":
      openTunnel(opening, destination);
      return;
    case "refuse":
      refuse(socket, { status: "403 Forbidden", text: decision.reason });
      return;
    default:
      decision satisfies never;
  }
}

function authenticate<Credential>(
  request: IncomingMessage,
  { verify }: ProxyOptions<Credential>,
): Credential | undefined {
  const given = /^Basic +([A-Za-z0-9+/]+=*) *$/i.exec(request.headers["proxy-authorization"] ?? "");
  if (!given) return undefined;
  const text = Buffer.from(given[1]!, "base64").toString();
  const colon = text.indexOf(":");
  return colon < 0 ? undefined : verify(text.slice(0, colon), text.slice(colon + 1));
}

function establish(socket: Socket, head: Buffer): void {
  socket.setNoDelay(true);
  socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
  if (head.length > 0) socket.unshift(head);
}

function openTunnel<Credential>(
  { socket, head, options, limits }: Opening<Credential>,
  { host, port }: Destination,
): void {
  const far = (options.connect ?? connect)({ host, port, allowHalfOpen: true, noDelay: true });
  const giveUp = setTimeout(() => {
    far.destroy(new Error(`no answer in ${limits.connectTimeoutMs} ms`));
  }, limits.connectTimeoutMs);
  let isOpen = false;
  far.once("connect", () => {
    clearTimeout(giveUp);
    isOpen = true;
    establish(socket, head);
    const close = () => {
      socket.destroy();
      far.destroy();
    };
    for (const side of [socket, far]) side.setTimeout(limits.idleTimeoutMs, close);
    // Each direction ends by itself; a side that breaks takes the other with it.
    pipeline(socket, far, () => {});
    pipeline(far, socket, () => {});
  });
  far.on("error", (error: NodeJS.ErrnoException) => {
    clearTimeout(giveUp);
    if (isOpen) return;
    const text = `${host}:${port} cannot be reached: ${error.code ?? error.message}.`;
    refuse(socket, { status: "502 Bad Gateway", text });
  });
  socket.once("close", () => {
    clearTimeout(giveUp);
    if (!isOpen) far.destroy();
  });
}

/** Everything but CONNECT: plain HTTP, and instance metadata requests that exec points here. */
function refuseRequest(request: IncomingMessage, response: ServerResponse): void {
  const target = URL.parse(request.url ?? "");
  // Credential chains take a 403 that says "unreachable" for an absent metadata service and go on
  // (@azure/identity, managed identity over IMDS).
  const text = target
    ? `${target.host} was asked for over plain HTTP. This proxy takes CONNECT only: use https.`
    : "The instance metadata service is unreachable here: this is Callosum's proxy, CONNECT only. For a managed identity: callosum exec --as <identity>.";
  response.writeHead(403, { "content-type": "text/plain; charset=utf-8", connection: "close" });
  response.end(`${text}\n`);
  request.resume();
}

interface Refusal {
  /** Code and reason phrase. */
  status: string;
  fields?: readonly string[];
  text: string;
}

function refuse(socket: Socket, { status, fields = [], text }: Refusal): void {
  if (socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const body = `Callosum: ${text}\n`;
  const head = [
    `HTTP/1.1 ${status}`,
    ...fields,
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
  socket.setTimeout(lingerMs, () => socket.destroy());
  // Unread input would keep the connection from closing in order.
  socket.resume();
}
