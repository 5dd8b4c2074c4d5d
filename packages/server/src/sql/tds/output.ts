// Outgoing messages: payload goes straight into packet-shaped slabs that are reused. Rows are
// placed as if contiguous; only the tail of a row that crosses a packet's end is moved, by eight
// bytes, to let the next header in. row-writer.ts fills the rows, connection.ts awaits room().
import { headerBytes, packetStatus, packetType, writeHeader } from "./packet.ts";

export interface Slab {
  readonly bytes: Buffer;
  readonly view: DataView;
}

export interface SlabPool {
  take(): Slab;
  give(slab: Slab): void;
}

export function createSlab(byteCount: number): Slab {
  const bytes = Buffer.allocUnsafeSlow(byteCount);
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
}

/** Shared by all connections of a listener; idle connections hold none. */
export function createSlabPool({ slabBytes = 131_072, keptCountMax = 32 } = {}): SlabPool {
  const free: Slab[] = [];
  return {
    take: () => free.pop() ?? createSlab(slabBytes),
    give(slab) {
      if (free.length < keptCountMax) free.push(slab);
    },
  };
}

/** The socket, or what encrypts for it. `done` is called once the bytes may be reused. */
export type WriteBytes = (bytes: Uint8Array, done: () => void) => void;

/** Slabs on their way to the socket before a response pauses. */
const inFlightMax = 3;
/** Bytes after which a response lets others, and its own client's attention, have their turn. */
const turnBytesMax = 1 << 20;

export class Output {
  readonly #pool: SlabPool;
  readonly #write: WriteBytes;
  #packetBytes: number;
  #slab: Slab | undefined;
  #packetStart = 0;
  #packetEnd = 0;
  #at = 0;
  /** End of the last whole packet that fits the slab. */
  #limit = 0;
  #sequence = 0;
  #inFlight = 0;
  #turnBytes = 0;
  #wake: (() => void) | undefined;
  #room: Promise<void> | undefined;
  #closed = false;
  // Rows that cross a packet's end, noted by place() and mended by settle().
  #crossingCount = 0;
  readonly #crossingAt = new Int32Array(1024);
  readonly #crossingEnd = new Int32Array(1024);
  #placedAt = 0;

  constructor(options: { pool: SlabPool; write: WriteBytes; packetBytes: number }) {
    this.#pool = options.pool;
    this.#write = options.write;
    this.#packetBytes = options.packetBytes;
  }

  get slab(): Slab {
    this.#begin();
    return this.#slab!;
  }

  get packetBytes(): number {
    return this.#packetBytes;
  }

  /** The negotiated size holds from the next message on. */
  set packetBytes(value: number) {
    if (this.#slab !== undefined) throw new Error("packet size changed inside a message");
    this.#packetBytes = value;
  }

  writeBytes(source: Uint8Array): void {
    this.#begin();
    let from = 0;
    while (from < source.length) {
      if (this.#at === this.#packetEnd) this.#nextPacket();
      const count = Math.min(this.#packetEnd - this.#at, source.length - from);
      this.#slab!.bytes.set(
        count === source.length ? source : source.subarray(from, from + count),
        this.#at,
      );
      this.#at += count;
      from += count;
    }
  }

  /**
   * Chooses positions for rows `from..to` of the given sizes; `starts` receives them. Returns the
   * index after the last row that fits this slab. Nothing is final until settle().
   */
  place(sizes: Int32Array, starts: Int32Array, from: number, to: number): number {
    this.#begin();
    const step = this.#packetBytes;
    const room = step - headerBytes;
    let at = this.#at;
    let end = this.#packetEnd;
    let crossings = 0;
    let row = from;
    for (; row < to; row++) {
      const rowEnd = at + sizes[row]!;
      if (rowEnd <= end) {
        starts[row] = at;
        at = rowEnd;
        continue;
      }
      const headers = Math.ceil((rowEnd - end) / room);
      if (end + headers * step > this.#limit || crossings === this.#crossingAt.length) break;
      this.#crossingAt[crossings] = end;
      this.#crossingEnd[crossings] = rowEnd;
      crossings++;
      starts[row] = at;
      at = rowEnd + headers * headerBytes;
      end += headers * step;
    }
    this.#crossingCount = crossings;
    this.#placedAt = at;
    return row;
  }

  /** The rows chosen by the last place() have been written: let the packet headers in. */
  settle(): void {
    const { bytes } = this.#slab!;
    const step = this.#packetBytes;
    const room = step - headerBytes;
    for (let crossing = 0; crossing < this.#crossingCount; crossing++) {
      const at = this.#crossingAt[crossing]!;
      const end = this.#crossingEnd[crossing]!;
      const headers = Math.ceil((end - at) / room);
      for (let index = headers - 1; index >= 0; index--) {
        const from = at + index * room;
        bytes.copyWithin(at + index * step + headerBytes, from, Math.min(from + room, end));
      }
      for (let index = 0; index < headers; index++) this.#closePacket();
    }
    this.#at = this.#placedAt;
  }

  /** Sends the packets that are complete and goes on in a fresh slab. */
  rotate(): void {
    if (this.#slab === undefined) return;
    if (this.#at === this.#packetEnd) this.#closePacket();
    const old = this.#slab;
    const sent = this.#packetStart;
    const partial = Math.max(this.#at - sent, headerBytes);
    this.#take();
    old.bytes.copy(this.#slab!.bytes, 0, sent, sent + partial);
    this.#at = partial;
    this.#send(old, sent);
  }

  /** Complete packets that wait in the current slab, in bytes. */
  get waitingBytes(): number {
    return this.#packetStart;
  }

  endMessage(): void {
    this.#begin();
    const slab = this.#slab!;
    this.#header(packetStatus.endOfMessage, this.#at - this.#packetStart);
    this.#slab = undefined;
    this.#sequence = 0;
    this.#send(slab, this.#at);
  }

  /**
   * Undefined when there is room, else a promise for it. Resolves at once after close().
   * A client that reads as fast as we write would never make us wait, so long responses also wait
   * for the event loop to go round.
   */
  room(): Promise<void> | undefined {
    if (this.#closed) return undefined;
    if (this.#inFlight < inFlightMax) {
      if (this.#turnBytes < turnBytesMax) return undefined;
      this.#turnBytes = 0;
      return new Promise((resolve) => setImmediate(resolve));
    }
    this.#room ??= new Promise((resolve) => {
      this.#wake = resolve;
    });
    return this.#room;
  }

  close(): void {
    this.#closed = true;
    this.#slab = undefined;
    this.#release();
  }

  #begin(): void {
    if (this.#slab !== undefined) return;
    this.#take();
    this.#at = headerBytes;
  }

  #take(): void {
    this.#slab = this.#pool.take();
    this.#packetStart = 0;
    this.#packetEnd = this.#packetBytes;
    this.#limit = Math.floor(this.#slab.bytes.length / this.#packetBytes) * this.#packetBytes;
  }

  #nextPacket(): void {
    if (this.#packetEnd === this.#limit) this.rotate();
    else {
      this.#closePacket();
      this.#at = this.#packetStart + headerBytes;
    }
  }

  #closePacket(): void {
    this.#header(0, this.#packetBytes);
    this.#packetStart = this.#packetEnd;
    this.#packetEnd += this.#packetBytes;
  }

  #header(status: number, length: number): void {
    this.#sequence = (this.#sequence + 1) & 0xff;
    const header = { type: packetType.tabularResult, status, length, sequence: this.#sequence };
    writeHeader(this.#slab!.bytes, this.#packetStart, header);
  }

  #send(slab: Slab, byteCount: number): void {
    if (byteCount === 0 || this.#closed) {
      this.#pool.give(slab);
      return;
    }
    this.#inFlight++;
    this.#turnBytes += byteCount;
    this.#write(slab.bytes.subarray(0, byteCount), () => {
      this.#inFlight--;
      this.#pool.give(slab);
      if (this.#inFlight < inFlightMax) this.#release();
    });
  }

  #release(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    this.#room = undefined;
    wake?.();
  }
}
