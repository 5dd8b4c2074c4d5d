// The TDS listener: sockets and TLS, and nothing of the protocol but its first byte. The only file
// of the wire that touches the network; connection.ts serves what it accepts.
import { type AddressInfo, createServer, type Socket } from "node:net";
import { type SecureContext, TLSSocket, type TLSSocketOptions } from "node:tls";
import { describeError } from "../../platform/log.ts";
import type { Channel, ConnectionContext } from "./channel.ts";
import { serveConnection } from "./connection.ts";
import { createHandshakeFraming } from "./handshake-framing.ts";
import { defaultWireLimits, type ListenOptions, type WireLimits } from "./option.ts";
import { createSlabPool } from "./output.ts";
import { ProtocolError } from "./protocol-error.ts";

type Secure = Pick<ListenOptions, "secureContext">;
type Handlers = Parameters<Channel["receive"]>[0];

export interface TdsListener {
  readonly port: number;
  /** Stops accepting, drops every connection, and resolves when all sessions are closed. */
  close(): Promise<void>;
}

/** How long a connection that we have ended may stay half open. */
const lingerMs = 5000;

/** First byte of a TLS record that carries a handshake: the client speaks TDS 8.0. */
const tlsHandshakeRecord = 0x16;
const strictProtocol = "tds/8.0";

export async function listen(options: ListenOptions): Promise<TdsListener> {
  const { host, port, log, front, clock } = options;
  const limits: WireLimits = { ...defaultWireLimits, ...options.limits };
  const context: ConnectionContext = {
    front,
    limits,
    clock,
    log,
    pool: createSlabPool(),
    allowPlain: options.allowPlain ?? false,
    federatedSignIn: options.federatedSignIn,
  };
  const sockets = new Set<Socket>();
  const served = new Set<Promise<void>>();
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    if (sockets.size >= limits.connectionCountMax) {
      log.write("warn", "tds: too many connections", { remote: socket.remoteAddress });
      socket.destroy();
      return;
    }
    sockets.add(socket);
    const done = serveSocket(socket, context, options).finally(() => {
      sockets.delete(socket);
      served.delete(done);
    });
    served.add(done);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
  server.on("error", (error) =>
    log.write("error", "tds: listener failed", { cause: describeError(error) }),
  );
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await Promise.all([closed, ...served]);
    },
  };
}

async function serveSocket(
  socket: Socket,
  context: ConnectionContext,
  secure: Secure,
): Promise<void> {
  const { clock, limits, log } = context;
  const remote = `${socket.remoteAddress}:${socket.remotePort}`;
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.on("error", (error) =>
    log.write("debug", "tds: socket error", { remote, cause: describeError(error) }),
  );
  const cancelTimeout = clock.after(limits.loginTimeoutMs, () => socket.destroy());
  try {
    const first = await Promise.race([firstByte(socket), closed]);
    if (first === undefined) return;
    const strict = first === tlsHandshakeRecord;
    const stream = strict ? await secureFromStart(socket, closed, secure) : socket;
    cancelTimeout();
    await serveConnection(channelOver(socket, stream, { remote, clock, secure }), context);
  } catch (error) {
    log.write("warn", "tds: client dropped", { remote, reason: (error as Error).message });
    socket.destroy();
  } finally {
    cancelTimeout();
    const cancelLinger = clock.after(lingerMs, () => socket.destroy());
    await closed;
    cancelLinger();
  }
}

/** Looks at the first byte and leaves it to be read. */
function firstByte(socket: Socket): Promise<number> {
  return new Promise((resolve) => {
    socket.on("readable", function look() {
      const chunk: Buffer | null = socket.read();
      if (chunk === null) return;
      socket.removeListener("readable", look);
      socket.unshift(chunk);
      resolve(chunk[0]!);
    });
  });
}

async function tlsOptions(
  { secureContext }: Secure,
  maxVersion: "TLSv1.2" | "TLSv1.3",
): Promise<TLSSocketOptions> {
  return {
    isServer: true,
    secureContext: await secureContext(undefined, { maxVersion }),
    SNICallback(serverName, done) {
      // Through a promise, so that a throw refuses the handshake like a rejection does.
      new Promise<SecureContext>((resolve) =>
        resolve(secureContext(serverName, { maxVersion })),
      ).then(
        (found) => done(null, found),
        (error: Error) => done(error),
      );
    },
  };
}

/** TDS 8.0: TLS before the first packet, named by ALPN (MS-TDS 3.2.5.1). */
async function secureFromStart(
  socket: Socket,
  closed: Promise<void>,
  secure: Secure,
): Promise<TLSSocket> {
  const options = await tlsOptions(secure, "TLSv1.3");
  const tls = new TLSSocket(socket, { ...options, ALPNProtocols: [strictProtocol] });
  await Promise.race([secured(tls), closed]);
  if (tls.alpnProtocol !== strictProtocol) {
    throw new ProtocolError(`TLS from the first byte without ALPN ${strictProtocol}`);
  }
  return tls;
}

function secured(tls: TLSSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      reject(new ProtocolError(`TLS handshake failed: ${error.message}`));
    };
    tls.once("secure", resolve);
    // Before the handshake is over Node reports its failures under this name only.
    tls.on("_tlsError", fail);
    tls.on("error", fail);
    tls.once("close", () => fail(new Error("connection closed")));
  });
}

function channelOver(
  socket: Socket,
  stream: Socket | TLSSocket,
  options: { remote: string; clock: ConnectionContext["clock"]; secure: Secure },
): Channel {
  // What requests and answers go through: the socket, or TLS once its handshake is over.
  let current = stream;
  let handlers: Handlers | undefined;
  const deliver = (chunk: Buffer): void => handlers?.data(chunk);

  return {
    remote: options.remote,
    strict: stream !== socket,
    serverName: () => ("servername" in current && current.servername) || undefined,
    receive(given) {
      handlers = given;
      let failure: Error | undefined;
      stream.on("error", (error) => {
        failure = error;
        socket.destroy();
      });
      socket.once("close", () => given.closed(failure));
      if (socket.destroyed) given.closed();
      stream.on("data", deliver);
    },
    async startTls() {
      const framing = createHandshakeFraming({
        write: (bytes, done) => socket.write(bytes, () => done()),
        end: () => socket.end(),
        pause: () => socket.pause(),
        resume: () => socket.resume(),
      });
      socket.removeListener("data", deliver);
      socket.on("data", (chunk: Buffer) => {
        try {
          framing.push(chunk);
        } catch (error) {
          framing.stream.destroy(error as Error);
        }
      });
      socket.once("close", () => framing.stream.destroy());
      const tls = new TLSSocket(framing.stream, await tlsOptions(options.secure, "TLSv1.2"));
      tls.on("error", () => socket.destroy());
      tls.on("data", deliver);
      await secured(tls);
      current = tls;
    },
    write: (bytes, done) => current.write(bytes, () => done()),
    pause: () => current.pause(),
    resume: () => current.resume(),
    end: () => current.end(),
    destroy: () => socket.destroy(),
  };
}
