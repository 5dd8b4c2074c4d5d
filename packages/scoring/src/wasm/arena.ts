// Linear memory for kernels and columns: shared, so that workers can score the same columns without copies.

const PAGE_BYTES = 65_536;
export const MEMORY_PAGES_MAX = 65_536;

export interface Arena {
  memory: WebAssembly.Memory;
  /** Reserves bytes, aligned to 64, for the arena's life. */
  allocate(byteLength: number): number;
  float32(address: number, length: number): Float32Array;
  /** The address of a vector that lives in this memory; null when it lives elsewhere. */
  addressOf(values: { buffer: ArrayBufferLike; byteOffset: number }): number | null;
  /** Bytes reserved so far. */
  used(): number;
}

export function newMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 1, maximum: MEMORY_PAGES_MAX, shared: true });
}

/**
 * An arena over a memory, from byte `start`. With `end` it stays inside and never grows the memory: that is how
 * several workers share one.
 */
export function openArena(memory: WebAssembly.Memory, start = 0, end?: number): Arena {
  let next = Math.ceil(start / 64) * 64;
  // A shared memory that grows gets new buffer objects over the same bytes; all of them are this memory.
  const buffers = new WeakSet<ArrayBufferLike>([memory.buffer]);
  return {
    memory,
    allocate(byteLength) {
      const address = next;
      next += Math.ceil(byteLength / 64) * 64;
      if (end !== undefined && next > end) throw new RangeError("The arena is full.");
      const missing = next - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
      buffers.add(memory.buffer);
      return address;
    },
    float32: (address, length) => new Float32Array(memory.buffer, address, length),
    addressOf({ buffer, byteOffset }) {
      if (!buffers.has(buffer)) {
        if (buffer !== memory.buffer) return null;
        buffers.add(buffer);
      }
      return byteOffset;
    },
    used: () => next,
  };
}

/** Words of four bytes at an address of their own. */
export function writeWords(arena: Arena, words: ArrayLike<number>): number {
  const address = arena.allocate(words.length * 4);
  new Int32Array(arena.memory.buffer, address, words.length).set(words);
  return address;
}
