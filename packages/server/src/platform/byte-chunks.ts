// A request's body as large buffers. Sockets give 16 KiB at a time; disks and checksums want more, and
// an await for each of a million pieces costs more than the copy.

import type { Readable } from "node:stream";

export const chunkBytesMax = 1024 * 1024;
/** Filled buffers that wait for the consumer; then the source is paused. */
const waitingMax = 2;

/** Thrown when the source ends before it should: the client went away. */
export class SourceBroken extends Error {
  constructor(cause?: unknown) {
    super("The source ended before all of it had come.", { cause });
    this.name = "SourceBroken";
  }
}

/**
 * Gives the source in buffers of up to 1 MiB, at most a few in memory. A buffer is reused after the
 * next one is asked for. Rejects with SourceBroken when the source fails.
 */
export async function* readChunks(
  source: Readable,
  options: { expectedBytes?: number | undefined } = {},
): AsyncGenerator<Buffer, void, void> {
  const size = Math.max(1, Math.min(chunkBytesMax, options.expectedBytes ?? chunkBytesMax));
  const full: Buffer[] = [];
  const free: Buffer[] = [];
  let current: Buffer = Buffer.allocUnsafe(size);
  let filled = 0;
  let ended = false;
  let failure: SourceBroken | undefined;
  let wake: (() => void) | undefined;

  const notify = () => {
    wake?.();
    wake = undefined;
  };
  const onData = (data: Buffer) => {
    let from = 0;
    while (from < data.length) {
      const copied = data.copy(current, filled, from);
      from += copied;
      filled += copied;
      if (filled < current.length) break;
      full.push(current);
      current = free.pop() ?? Buffer.allocUnsafe(size);
      filled = 0;
    }
    if (full.length >= waitingMax) source.pause();
    if (full.length > 0) notify();
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
      const next = full.shift();
      if (next) {
        yield next;
        free.push(next);
        if (full.length < waitingMax) source.resume();
      } else if (ended) {
        if (filled > 0) yield current.subarray(0, filled);
        return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    source.off("data", onData).off("end", onEnd).off("error", onBroken).off("close", onBroken);
  }
}
