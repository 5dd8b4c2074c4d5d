// Kernels in machine code: native/, compiled by whoever can. Without them there are WebAssembly's, and ONNX Runtime.
import { createRequire } from "node:module";
import type { DenseKernel } from "../wasm/kernel-dense.ts";

/** C sources of the addon. */
export const kernelSources = new URL("../../native/", import.meta.url);

/** Floats of the widest vectors that any processor has. */
const LANES_MAX = 16;

/** Many features against their thresholds: an address of COMPARISON_BYTES for each, and how many (tree-kernel.ts). */
export type CompareKernel = (comparisons: number, count: number) => void;

interface KernelAddon {
  /** Null where the processor has no such vectors. */
  compare(memory: Uint8Array): CompareKernel | null;
  dense(memory: Uint8Array, lanesMax: number): DenseKernel | null;
}

/**
 * A kernel over a memory, for weights in the order of `flatWeights`. `path`: the compiled addon. Null where the
 * processor's vectors, or those of `lanesMax` floats, are no wider than WebAssembly's.
 */
export function openDense(
  path: string,
  { buffer }: WebAssembly.Memory,
  lanesMax = LANES_MAX,
): DenseKernel | null {
  const addon = createRequire(import.meta.url)(path) as KernelAddon;
  // A shared memory grows where it is.
  return addon.dense(new Uint8Array(buffer), lanesMax);
}

/** A kernel over a memory. Null where the processor has none. */
export function openCompare(path: string, { buffer }: WebAssembly.Memory): CompareKernel | null {
  const addon = createRequire(import.meta.url)(path) as KernelAddon;
  return addon.compare(new Uint8Array(buffer));
}
