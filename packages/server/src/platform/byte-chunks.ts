// A request's body as large buffers. Sockets give 16 KiB at a time; disks and checksums want more, and
// an await for each of a million pieces costs more than the copy.

import type { Readable } from "node:stream";
import { giveSlot, slotBytes, takeSlot } from "./byte-slots.ts";

/**
 * Buffers of one source that may be filled and not released; then the source is paused. With fewer, it waits
 * for the thread that writes whenever the machine is busy.
 */
const heldMax = 12;

/** Thrown when the source ends before it should: the client went away. */
export class SourceBroken extends Error {
  constructor(cause?: unknown) {
    super("The source ended before all of it had come.", { cause });
    this.name = "SourceBroken";
  }
}

export interface Chunk {
  readonly bytes: Buffer;
  /** Says that the bytes are not needed any more, so that the source goes on. Once is enough. */
  release(): void;
}

/**
 * Gives the source in buffers of `slotBytes`, the last one shorter, at most a few in memory: each must
 * be released. Rejects with SourceBroken when the source fails.
 */
export async function* readChunks(
  source: Readable,
  options: { expectedBytes?: number | undefined } = {},
): AsyncGenerator<Chunk, void, void> {
  const filling = fillBuffers(source, options.expectedBytes ?? slotBytes);
  let ended = false;
  let failure: SourceBroken | undefined;
  let wake: (() => void) | undefined;
  const notify = () => {
    wake?.();
    wake = undefined;
  };
  const onData = (data: Buffer) => {
    if (filling.add(data)) notify();
  };
  const onEnd = () => {
    ended = true;
    notify();
  };
  const onBroken = (cause?: unknown) => {
    if (!ended) failure ??= new SourceBroken(cause);
    notify();
  };
  source.on("data", onData).on("end", onEnd).on("error", onBroken).on("close", onBroken);
  try {
    for (;;) {
      if (failure) throw failure;
      const next = filling.next() ?? (ended ? filling.rest() : undefined);
      if (next) {
        yield next;
      } else if (ended) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    source.off("data", onData).off("end", onEnd).off("error", onBroken).off("close", onBroken);
    filling.close();
  }
}

/** Buffers on their way from full to released. The source rests while too many are. */
function fillBuffers(source: Readable, expectedBytes: number) {
  const full: Buffer[] = [];
  let current: Buffer | undefined;
  let filled = 0;
  let held = 0;
  let isClosed = false;
  const take = () =>
    expectedBytes < slotBytes ? Buffer.allocUnsafe(Math.max(1, expectedBytes)) : takeSlot();
  const chunkOf = (buffer: Buffer, length: number): Chunk => {
    let isHeld = true;
    return {
      bytes: length === buffer.length ? buffer : buffer.subarray(0, length),
      release() {
        if (!isHeld) return;
        isHeld = false;
        giveSlot(buffer);
        held -= 1;
        if (held < heldMax && !isClosed) source.resume();
      },
    };
  };
  return {
    /** Whether a buffer is full now. */
    add(data: Buffer): boolean {
      for (let from = 0; from < data.length; ) {
        current ??= take();
        const copied = data.copy(current, filled, from);
        from += copied;
        filled += copied;
        if (filled < current.length) break;
        full.push(current);
        held += 1;
        current = undefined;
        filled = 0;
      }
      if (held >= heldMax) source.pause();
      return full.length > 0;
    },
    next(): Chunk | undefined {
      const buffer = full.shift();
      return buffer && chunkOf(buffer, buffer.length);
    },
    /** What is in the last buffer, which is not full. */
    rest(): Chunk | undefined {
      const buffer = current;
      current = undefined;
      if (!buffer) return undefined;
      held += 1;
      return chunkOf(buffer, filled);
    },
    close(): void {
      isClosed = true;
      for (const buffer of full) giveSlot(buffer);
      if (current) giveSlot(current);
    },
  };
}
