// A load generator that costs little: raw TLS sockets, one request in flight each, the request's bytes
// made once, answers counted by their Content-Length. Runs in a process of its own.

import { connect, type TLSSocket } from "node:tls";

export interface LoadOptions {
  readonly port: number;
  readonly ca: string;
  readonly connections: number;
  readonly durationMs: number;
  /** Whole requests as sent; each connection takes them in turn. */
  readonly requests: readonly string[];
}

export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly errors: number;
}

/** Drives the server for `durationMs` after a warm-up of a fifth of it. */
export async function drive(options: LoadOptions): Promise<LoadResult> {
  const latencies: number[] = [];
  let errors = 0;
  const warmUntil = performance.now() + options.durationMs / 5;
  const until = warmUntil + options.durationMs;
  const record = (startedMs: number, ok: boolean) => {
    if (startedMs < warmUntil) return;
    latencies.push(performance.now() - startedMs);
    if (!ok) errors += 1;
  };
  const runs = Array.from({ length: options.connections }, (_, index) =>
    runConnection({ ...options, index, until, record }),
  );
  await Promise.all(runs);
  latencies.sort((a, b) => a - b);
  return {
    requestsPerSecond: Math.round((latencies.length / options.durationMs) * 1000),
    medianMs: latencies[Math.floor(latencies.length / 2)] ?? 0,
    p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? 0,
    errors,
  };
}

async function runConnection(
  options: LoadOptions & {
    index: number;
    until: number;
    record: (startedMs: number, ok: boolean) => void;
  },
): Promise<void> {
  const { port, ca, requests, index, until, record } = options;
  const socket = connect({ host: "127.0.0.1", port, ca, servername: "localhost" });
  await new Promise<void>((resolve, reject) => {
    socket.once("secureConnect", () => resolve());
    socket.once("error", reject);
  });
  socket.setNoDelay(true);
  let next = index;
  await new Promise<void>((resolve, reject) => {
    let startedMs = 0;
    const sendNext = () => {
      startedMs = performance.now();
      if (startedMs >= until) return resolve();
      socket.write(requests[next % requests.length] ?? "");
      next += 1;
    };
    readAnswers(socket, (ok) => {
      record(startedMs, ok);
      sendNext();
    });
    socket.once("error", reject);
    sendNext();
  });
  socket.destroy();
}

/** Calls back for each complete answer; understands what our servers send: a Content-Length. */
function readAnswers(socket: TLSSocket, onAnswer: (ok: boolean) => void): void {
  let held: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const headEnd = held.indexOf("\r\n\r\n");
    if (headEnd === -1) return;
    const head = held.toString("latin1", 0, headEnd);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (held.length < headEnd + 4 + length) return;
    held = held.subarray(headEnd + 4 + length);
    onAnswer(head.startsWith("HTTP/1.1 2"));
  });
}

if (process.argv[2] === "--options") {
  const { text } = await import("node:stream/consumers");
  const result = await drive(JSON.parse(await text(process.stdin)) as LoadOptions);
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
