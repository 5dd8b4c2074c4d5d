// Buffers that bodies pass through on their way to disk: slots of one shared memory, which the thread
// that writes (file-thread.ts) sees without a copy, and which is the same however many bodies come.

/** What is written at once: larger pieces are no faster, and where memory is fragmented much slower. */
export const slotBytes = 256 * 1024;
const slotCount = 64;

let arena: SharedArrayBuffer | undefined;
let free: Buffer[] = [];

/** The memory of all slots; its pages are only real once they are used. */
export function slotMemory(): SharedArrayBuffer {
  if (!arena) {
    arena = new SharedArrayBuffer(slotCount * slotBytes);
    const memory = arena;
    free = Array.from({ length: slotCount }, (_, index) =>
      Buffer.from(memory, (slotCount - 1 - index) * slotBytes, slotBytes),
    );
  }
  return arena;
}

/** A slot, or memory of its own when none is left: nobody waits for a slow client's slot. */
export function takeSlot(): Buffer {
  slotMemory();
  return free.pop() ?? Buffer.allocUnsafeSlow(slotBytes);
}

/** Takes back what `takeSlot` gave; other buffers are left alone. */
export function giveSlot(buffer: Buffer): void {
  if (buffer.buffer === arena) free.push(buffer);
}
