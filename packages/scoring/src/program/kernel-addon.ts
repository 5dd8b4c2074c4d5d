// Kernels in machine code: native/, compiled by whoever can. Without them there are WebAssembly's, and ONNX Runtime.
import { createRequire } from "node:module";
import type { DenseKernel } from "../wasm/kernel-dense.ts";

/** C sources of the addon. */
export const kernelSources = new URL("../../native/", import.meta.url);

/** Floats of the widest vectors that any processor has. */
const LANES_MAX = 16;

/** The trees of a forest (forest-kernel.ts), by its address, for at most 512 rows. */
export type ForestRun = (forest: number, rowCount: number) => void;

/** Writes the smallest and largest of some floats at a distance from the memory, and 1 if one is NaN, at `out`. */
export type BoundsRun = (values: number, count: number, out: number) => void;

/** A whole model (chain.ts) for so many rows. `direct` is the same for an engine's addon, which needs no JavaScript. */
export interface ChainRun {
  (rowCount: number): void;
  direct: object;
}

/** Makes the chain at an address callable. */
export type OpenChain = (chain: number) => ChainRun | null;

interface KernelAddon {
  chain(memory: Uint8Array, chain: number): ChainRun | null;
  bounds(memory: Uint8Array): BoundsRun;
  dense(memory: Uint8Array, lanesMax: number): DenseKernel | null;
  forest(memory: Uint8Array): ForestRun | null;
}

/** Kernels over a memory; null where the processor's vectors are not wide enough for one, or there is no addon. */
export interface NativeKernels {
  bounds: BoundsRun | null;
  chain: OpenChain | null;
  /** Reads weights in the order of `flatWeights`. */
  dense: DenseKernel | null;
  forest: ForestRun | null;
}

/** What there is without the addon. */
export const noKernels: NativeKernels = { bounds: null, chain: null, dense: null, forest: null };

/** Opens the compiled addon over a memory. `lanesMax`: the widest vectors that layers may use, in floats. */
export function openKernels(
  path: string,
  { buffer }: WebAssembly.Memory,
  lanesMax = LANES_MAX,
): NativeKernels {
  const addon = createRequire(import.meta.url)(path) as KernelAddon;
  // A shared memory grows where it is.
  const memory = new Uint8Array(buffer);
  return {
    bounds: addon.bounds(memory),
    chain: (chain) => addon.chain(memory, chain),
    dense: addon.dense(memory, lanesMax),
    forest: addon.forest(memory),
  };
}
