// Linear layers in machine code: native/, compiled by whoever can. Without it WebAssembly or ONNX Runtime forms them.
import { createRequire } from "node:module";
import type { DenseKernel } from "../wasm/kernel-dense.ts";

/** C sources of the addon. */
export const kernelSources = new URL("../../native/", import.meta.url);

/** Floats of the widest vectors that any processor has. */
const LANES_MAX = 16;

interface KernelAddon {
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
