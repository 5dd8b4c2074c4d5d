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

interface InboxOptions {
  clock: WireClock;
  stallTimeoutMs: number;
  onAttention: () => void;
  /** The client broke the protocol or stalled; called once. */
  onFailure: (error: ProtocolError) => void;
  pause: () => void;
  resume: () => void;
}

const nothing = Buffer.alloc(0);

/** Bulk bytes in memory before the client is made to wait. */
const streamBytesMax = 1 << 20;

export class Inbox {
  readonly #options: InboxOptions;
  #allowed: readonly number[] = [];
  #bytesMax = 0;
  #tail: Buffer = nothing;
  #open: OpenMessage | undefined;
  #closed: { error: Error | undefined } | undefined;
  #waiting: { resolve(message?: Message): void; reject(error: Error): void } | undefined;
  readonly #queue: Message[] = [];
  /** Given out last: an attention may overtake it before its answer has begun. */
  #given: Message | undefined;
  #attentionOwed = false;
  #cancelStall: (() => void) | undefined;

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  /** Only messages of these types may begin from now on. */
  expect(types: readonly number[], bytesMax: number): void {
    this.#allowed = types;
    this.#bytesMax = bytesMax;
  }

  push(chunk: Buffer): void {
    if (this.#closed !== undefined) return;
    try {
      this.#consume(chunk);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#fail(error);
    }
    this.#watchStall();
  }

  /** Undefined once the client has closed the connection. */
  next(): Promise<Message | undefined> {
    this.#given = this.#queue.shift();
    if (this.#given !== undefined) return Promise.resolve(this.#given);
    if (this.#closed?.error !== undefined) return Promise.reject(this.#closed.error);
    if (this.#closed !== undefined) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  /** An attention that comes before this call is the same one, however often it was sent. */
  attentionAnswered(): void {
    this.#attentionOwed = false;
  }

  /** No more bytes: a pending next() resolves to undefined or rejects with the error. */
  close(error?: Error): void {
    if (this.#closed !== undefined) return;
    this.#closed = { error };
    this.#cancelStall?.();
    this.#open?.stream?.fail(new ProtocolError("connection closed inside a bulk load"));
    this.#open = undefined;
    this.#tail = nothing;
    // Nobody is left to be answered.
    this.#queue.length = 0;
    if (error !== undefined) this.#waiting?.reject(error);
    else this.#waiting?.resolve();
    this.#waiting = undefined;
  }

  /** Nothing received is waiting: required where the bytes change meaning (TLS begins). */
  get empty(): boolean {
    return this.#tail.length === 0 && this.#open === undefined && this.#queue.length === 0;
  }

  #consume(chunk: Buffer): void {
    const data = this.#tail.length === 0 ? chunk : Buffer.concat([this.#tail, chunk]);
    let at = 0;
    while (data.length - at >= headerBytes) {
      const length = data.readUInt16BE(at + 2);
      checkHeader(data[at]!, length);
      if (data.length - at < length) break;
      this.#onPacket(data[at]!, data[at + 1]!, data.subarray(at + headerBytes, at + length));
      at += length;
    }
    // An empty view would keep the whole chunk of an idle connection alive.
    this.#tail = at === data.length ? nothing : data.subarray(at);
  }

  #onPacket(type: number, status: number, payload: Buffer): void {
    if (type === packetType.attention && this.#allowed.includes(type)) {
      this.#onAttention();
      return;
    }
    this.#open ??= this.#begin(type, status);
    const open = this.#open;
    if (open.type !== type) throw new ProtocolError("message of mixed packet types");
    const last = (status & packetStatus.endOfMessage) !== 0;
    const ignored = (status & packetStatus.ignore) !== 0;
    if (payload.length === 0 && !last) throw new ProtocolError("empty packet inside a message");
    if (open.stream === undefined) append(open, payload, { last, bytesMax: this.#bytesMax });
    else if (!ignored && payload.length > 0) open.stream.push(payload);
    if (!last) return;
    this.#open = undefined;
    if (open.stream !== undefined) {
      open.stream.end({ ignored });
      return;
    }
    const body = ignored ? Buffer.alloc(0) : open.body.subarray(0, open.length);
    this.#deliver({ type, status: open.status, payload: body, ignored, stream: undefined });
  }

  #begin(type: number, status: number): OpenMessage {
    if (!this.#allowed.includes(type)) {
      throw new ProtocolError(`message of type ${type} out of order`);
    }
    const payload = Buffer.alloc(0);
    if (type !== packetType.bulkLoad) return { type, status, body: payload, length: 0 };
    const stream = createStream(this.#options);
    this.#deliver({ type, status, payload, ignored: false, stream });
    return { type, status, body: payload, length: 0, stream };
  }

  #deliver(message: Message): void {
    if (this.#waiting !== undefined) {
      const { resolve } = this.#waiting;
      this.#waiting = undefined;
      this.#given = message;
      resolve(message);
      return;
    }
    if (message.type !== packetType.attention && this.#queue.some(isRequest)) {
      throw new ProtocolError("requests sent without awaiting their answers");
    }
    this.#queue.push(message);
  }

  #onAttention(): void {
    this.#open?.stream?.end({ ignored: true });
    this.#open = undefined;
    if (this.#given !== undefined) this.#given.ignored = true;
    for (const message of this.#queue) message.ignored = true;
    if (!this.#attentionOwed) {
      this.#attentionOwed = true;
      const type = packetType.attention;
      const payload = Buffer.alloc(0);
      this.#deliver({ type, status: 0, payload, ignored: false, stream: undefined });
    }
    this.#options.onAttention();
  }

  #watchStall(): void {
    this.#cancelStall?.();
    this.#cancelStall = undefined;
    if (this.#closed !== undefined) return;
    if (this.#open === undefined && this.#tail.length === 0) return;
    this.#cancelStall = this.#options.clock.after(this.#options.stallTimeoutMs, () => {
      this.#fail(new ProtocolError("client stalled inside a message"));
    });
  }

  #fail(error: ProtocolError): void {
    if (this.#closed !== undefined) return;
    this.close(error);
    this.#options.onFailure(error);
  }
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
