// Client bytes to whole messages, with everything bounded: packet, message, queue and patience.
// Bulk loads are handed over packet by packet. connection.ts is the only reader.
import type { WireClock } from "./option.ts";
import { headerBytes, packetBytesMax, packetStatus, packetType } from "./packet.ts";
import { ProtocolError } from "./protocol-error.ts";

export interface Message {
  type: number;
  /** Status bits of its first packet, where the reset flags are. */
  status: number;
  payload: Buffer;
  /** The client took it back while sending, or cancelled it before it was begun. */
  ignored: boolean;
  /** Bulk load only: the rest of the message, as it arrives. */
  stream: MessageStream | undefined;
}

export interface MessageStream {
  /** Undefined at the end of the message. Rejects with ProtocolError when the client is gone. */
  next(): Promise<Buffer | undefined>;
  /** The client took the message back; what came so far must not count. */
  readonly ignored: boolean;
}

export interface Inbox {
  /** Only messages of these types may begin from now on. */
  expect(types: readonly number[], bytesMax: number): void;
  push(chunk: Buffer): void;
  /** Undefined once the client has closed the connection. */
  next(): Promise<Message | undefined>;
  /** An attention that comes before this call is the same one, however often it was sent. */
  attentionAnswered(): void;
  /** No more bytes: a pending next() resolves to undefined or rejects with the error. */
  close(error?: Error): void;
  /** Nothing received is waiting: required where the bytes change meaning (TLS begins). */
  readonly empty: boolean;
}

interface InboxOptions {
  clock: WireClock;
  stallTimeoutMs: number;
  onAttention: () => void;
  /** The client broke the protocol or stalled; called once. */
  onFailure: (error: ProtocolError) => void;
  pause: () => void;
  resume: () => void;
}

/** Bulk bytes in memory before the client is made to wait. */
const streamBytesMax = 1 << 20;

export function createInbox(options: InboxOptions): Inbox {
  let allowed: readonly number[] = [];
  let bytesMax = 0;
  let tail: Buffer = Buffer.alloc(0);
  let open: OpenMessage | undefined;
  let closed: { error: Error | undefined } | undefined;
  let waiting: { resolve(message?: Message): void; reject(error: Error): void } | undefined;
  const queue: Message[] = [];
  // Given out last: an attention may overtake it before its answer has begun.
  let given: Message | undefined;
  let attentionOwed = false;
  let cancelStall: (() => void) | undefined;

  function deliver(message: Message): void {
    if (waiting !== undefined) {
      const { resolve } = waiting;
      waiting = undefined;
      given = message;
      resolve(message);
      return;
    }
    if (message.type !== packetType.attention && queue.some(isRequest)) {
      throw new ProtocolError("requests sent without awaiting their answers");
    }
    queue.push(message);
  }

  function onAttention(): void {
    open?.stream?.end({ ignored: true });
    open = undefined;
    if (given !== undefined) given.ignored = true;
    for (const message of queue) message.ignored = true;
    if (!attentionOwed) {
      attentionOwed = true;
      const payload = Buffer.alloc(0);
      const message = { type: packetType.attention, status: 0, payload, ignored: false };
      deliver({ ...message, stream: undefined });
    }
    options.onAttention();
  }

  function begin(type: number, status: number): OpenMessage {
    if (!allowed.includes(type)) throw new ProtocolError(`message of type ${type} out of order`);
    if (type !== packetType.bulkLoad) return { type, status, body: Buffer.alloc(0), length: 0 };
    const stream = createStream(options);
    const payload = Buffer.alloc(0);
    deliver({ type, status, payload, ignored: false, stream });
    return { type, status, body: payload, length: 0, stream };
  }

  function onPacket(type: number, status: number, payload: Buffer): void {
    if (type === packetType.attention && allowed.includes(type)) {
      onAttention();
      return;
    }
    open ??= begin(type, status);
    if (open.type !== type) throw new ProtocolError("message of mixed packet types");
    const last = (status & packetStatus.endOfMessage) !== 0;
    const ignored = (status & packetStatus.ignore) !== 0;
    if (payload.length === 0 && !last) throw new ProtocolError("empty packet inside a message");
    if (open.stream === undefined) append(open, payload, { last, bytesMax });
    else if (!ignored && payload.length > 0) open.stream.push(payload);
    if (!last) return;
    const done = open;
    open = undefined;
    if (done.stream !== undefined) {
      done.stream.end({ ignored });
      return;
    }
    const body = ignored ? Buffer.alloc(0) : done.body.subarray(0, done.length);
    deliver({ type, status: done.status, payload: body, ignored, stream: undefined });
  }

  function consume(chunk: Buffer): void {
    const data = tail.length === 0 ? chunk : Buffer.concat([tail, chunk]);
    let at = 0;
    while (data.length - at >= headerBytes) {
      const length = data.readUInt16BE(at + 2);
      checkHeader(data[at]!, length);
      if (data.length - at < length) break;
      onPacket(data[at]!, data[at + 1]!, data.subarray(at + headerBytes, at + length));
      at += length;
    }
    tail = data.subarray(at);
  }

  function watchStall(): void {
    cancelStall?.();
    cancelStall = undefined;
    if (closed !== undefined || (open === undefined && tail.length === 0)) return;
    cancelStall = options.clock.after(options.stallTimeoutMs, () => {
      fail(new ProtocolError("client stalled inside a message"));
    });
  }

  function close(error?: Error): void {
    if (closed !== undefined) return;
    closed = { error };
    cancelStall?.();
    open?.stream?.fail(new ProtocolError("connection closed inside a bulk load"));
    open = undefined;
    tail = Buffer.alloc(0);
    // Nobody is left to be answered.
    queue.length = 0;
    if (error !== undefined) waiting?.reject(error);
    else waiting?.resolve();
    waiting = undefined;
  }

  function fail(error: ProtocolError): void {
    if (closed !== undefined) return;
    close(error);
    options.onFailure(error);
  }

  return {
    expect(types, max) {
      allowed = types;
      bytesMax = max;
    },
    push(chunk) {
      if (closed !== undefined) return;
      try {
        consume(chunk);
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        fail(error);
      }
      watchStall();
    },
    next() {
      given = queue.shift();
      if (given !== undefined) return Promise.resolve(given);
      if (closed?.error !== undefined) return Promise.reject(closed.error);
      if (closed !== undefined) return Promise.resolve(undefined);
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
      });
    },
    attentionAnswered() {
      attentionOwed = false;
    },
    close,
    get empty() {
      return tail.length === 0 && open === undefined && queue.length === 0;
    },
  };
}

interface OpenMessage {
  type: number;
  status: number;
  body: Buffer;
  length: number;
  stream?: WritableStream;
}

function isRequest(message: Message): boolean {
  return message.type !== packetType.attention;
}

const knownTypes = new Set<number>(Object.values(packetType));

function checkHeader(type: number, length: number): void {
  if (!knownTypes.has(type) || type === packetType.tabularResult) {
    throw new ProtocolError(`unknown packet type ${type}`);
  }
  if (length < headerBytes || length > packetBytesMax) {
    throw new ProtocolError(`packet of ${length} bytes`);
  }
}

/** Grows by doubling, so memory follows what arrived and not how it was cut. */
function append(
  message: OpenMessage,
  payload: Buffer,
  { last, bytesMax }: { last: boolean; bytesMax: number },
): void {
  const length = message.length + payload.length;
  if (length > bytesMax) throw new ProtocolError(`message longer than ${bytesMax} bytes`);
  if (message.length === 0 && last) {
    message.body = payload;
  } else {
    if (length > message.body.length) {
      const grown = Buffer.allocUnsafe(Math.min(Math.max(length * 2, 16_384), bytesMax));
      message.body.copy(grown, 0, 0, message.length);
      message.body = grown;
    }
    payload.copy(message.body, message.length);
  }
  message.length = length;
}

interface WritableStream extends MessageStream {
  push(payload: Buffer): void;
  end(result: { ignored: boolean }): void;
  fail(error: ProtocolError): void;
}

function createStream({ pause, resume }: InboxOptions): WritableStream {
  const queue: Buffer[] = [];
  let queuedBytes = 0;
  let ended = false;
  let ignored = false;
  let failure: ProtocolError | undefined;
  let wake: (() => void) | undefined;

  function awaken(): void {
    wake?.();
    wake = undefined;
  }

  return {
    get ignored() {
      return ignored;
    },
    push(payload) {
      queue.push(payload);
      queuedBytes += payload.length;
      if (queuedBytes > streamBytesMax) pause();
      awaken();
    },
    end(result) {
      ended = true;
      ignored = result.ignored;
      awaken();
    },
    fail(error) {
      failure = error;
      awaken();
    },
    async next() {
      for (;;) {
        if (failure !== undefined) throw failure;
        const payload = queue.shift();
        if (payload !== undefined) {
          queuedBytes -= payload.length;
          if (queuedBytes <= streamBytesMax) resume();
          return payload;
        }
        if (ended) return undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
