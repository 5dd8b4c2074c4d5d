// The one WebAssembly module of this package: assembled once per process, it serves every model (models are data).
import { MEMORY_PAGES_MAX } from "./arena.ts";
import { moduleWriter } from "./assembler.ts";
import { addBounds } from "./kernel-bounds.ts";
import { addDense, type DenseKernel } from "./kernel-dense.ts";
import { addElements, type ElementKernel } from "./kernel-element.ts";
import { addExponentials, type ExponentialKernel } from "./kernel-exponential.ts";
import { addInterleave } from "./kernel-interleave.ts";
import { addTrees } from "./kernel-tree.ts";

export interface Kernel extends ElementKernel, ExponentialKernel {
  rankLinear(x: number, out: number, table: number, scratch: number): void;
  rankKeyed(x: number, out: number, table: number, scratch: number): void;
  planes(ranks: number, planes: number, planesEnd: number, scratch: number): void;
  compareLow(x: number, thresholds: number, thresholdsEnd: number, planes: number): void;
  compareHigh(x: number, thresholds: number, thresholdsEnd: number, planes: number): void;
  derive(list: number, end: number, planes: number): void;
  clear(from: number, end: number): void;
  trees(
    records: number,
    recordsEnd: number,
    planes: number,
    columns: number,
    sums: number,
    work: number,
  ): void;
  dense: DenseKernel;
  bounds(x: number, end: number, out: number): void;
  interleave(columns: number, columnsEnd: number, out: number, first: number, last: number): void;
}

let compiled: WebAssembly.Module | null = null;

export function kernelModule(): WebAssembly.Module {
  if (!compiled) {
    const writer = moduleWriter();
    addTrees(writer);
    addDense(writer);
    addElements(writer);
    addExponentials(writer);
    addBounds(writer);
    addInterleave(writer);
    compiled = new WebAssembly.Module(writer.bytes(MEMORY_PAGES_MAX));
  }
  return compiled;
}

/** Makes this thread use a module that another one has compiled, and its optimised code. */
export function shareKernelModule(module: WebAssembly.Module): void {
  compiled = module;
}

export function openKernel(memory: WebAssembly.Memory): Kernel {
  const instance = new WebAssembly.Instance(kernelModule(), { env: { memory } });
  return instance.exports as unknown as Kernel;
}
