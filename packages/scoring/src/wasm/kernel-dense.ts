// Kernel: linear layers. Columns lie apart (a table holds their addresses); each output is one column of 512 rows.
import {
  type Code,
  f32x4,
  i32,
  type Local,
  loop,
  type ModuleWriter,
  v128,
  whileLoop,
} from "./assembler.ts";
import { KERNEL_ROWS } from "./kernel-rank.ts";

/**
 * A layer of a block: addresses of its table of columns, of its weights in the kernel's own order, and of its outputs.
 */
export type DenseKernel = (
  columns: number,
  columnCount: number,
  weights: number,
  out: number,
  outputCount: number,
  floor: number,
) => void;

/** What a program knows of a kernel of layers. */
export interface DenseForm {
  run: DenseKernel;
  /** Whether columns may lie outside the memory. */
  canReferTo: boolean;
  /** The order in which it reads weights. */
  order(weights: readonly Float32Array[], biases: Float32Array): Float32Array;
  /** Its table of columns at an address, eight bytes for each: addresses, or distances that reach beyond the memory. */
  table(memory: WebAssembly.Memory, address: number, count: number): Int32Array | Float64Array;
}

/** Outputs that are computed together; the rest of a layer one by one. Six by two vectors fill the registers. */
const TILE_OUTPUTS = 6;

/** A layer's weights in the order in which `dense` reads them: tile by tile, biases first, then input by input. */
export function tiledWeights(weights: readonly Float32Array[], biases: Float32Array): Float32Array {
  const inputCount = weights[0]?.length ?? 0;
  const words: number[] = [];
  for (let first = 0; first < weights.length; ) {
    const size = weights.length - first >= TILE_OUTPUTS ? TILE_OUTPUTS : 1;
    const tile = weights.slice(first, first + size);
    words.push(...biases.subarray(first, first + size));
    for (let i = 0; i < inputCount; i += 1) words.push(...tile.map((row) => row[i] as number));
    first += size;
  }
  return Float32Array.from(words);
}

/** The biases, then the weights of one output after the other. */
export function flatWeights(weights: readonly Float32Array[], biases: Float32Array): Float32Array {
  const words = new Float32Array(biases.length * (1 + (weights[0]?.length ?? 0)));
  words.set(biases);
  for (const [output, row] of weights.entries())
    words.set(row, biases.length + output * row.length);
  return words;
}

/** The kernel in machine code if there is one, else the WebAssembly module's own. */
export function denseForm(own: { dense: DenseKernel }, native: DenseKernel | null): DenseForm {
  if (native) {
    return {
      run: native,
      order: flatWeights,
      canReferTo: true,
      table: ({ buffer }, address, count) => new Float64Array(buffer, address, count),
    };
  }
  return {
    run: own.dense,
    order: tiledWeights,
    canReferTo: false,
    table: ({ buffer }, address, count) => new Int32Array(buffer, address, count),
  };
}

/**
 * `dense(columns, columnCount, weights, out, outputCount, floor)`. Outputs lie one after the other, 512 floats each;
 * those below `floor` are raised to it (0 for ReLU, else -Infinity). Sums are fused where the machine can.
 */
export function addDense(module: ModuleWriter): void {
  const many = addTile(module, "denseTile", TILE_OUTPUTS, 2);
  const one = addSingle(module);
  module.add("dense", ["i32", "i32", "i32", "i32", "i32", "f32"], (writer) => {
    const [columns, count, weights, out, outputs, floor] = [0, 1, 2, 3, 4, 5].map(writer.param) as [
      ...[Local, Local, Local, Local, Local, Local],
    ];
    const end = writer.i32();
    const stride = i32.shl(i32.add(count.get, i32.const(1)), i32.const(2));
    const step = (tile: typeof many, size: number) => [
      ...tile.call(columns.get, end.get, weights.get, out.get, floor.get),
      ...weights.set(i32.add(weights.get, i32.mul(stride, i32.const(size)))),
      ...out.set(i32.add(out.get, i32.const(size * KERNEL_ROWS * 4))),
      ...outputs.set(i32.sub(outputs.get, i32.const(size))),
    ];
    return [
      ...end.set(i32.add(columns.get, i32.shl(count.get, i32.const(2)))),
      ...whileLoop(i32.geU(outputs.get, i32.const(TILE_OUTPUTS)), step(many, TILE_OUTPUTS)),
      ...whileLoop(outputs.get, step(one, 1)),
    ];
  });
}

/** 512 rows of `outputCount` outputs, with `vectorCount` vectors of four rows in registers for each. */
function addTile(module: ModuleWriter, name: string, outputCount: number, vectorCount: number) {
  return module.add(name, ["i32", "i32", "i32", "i32", "f32"], (writer) => {
    const [columns, end, weights, out, floor] = [0, 1, 2, 3, 4].map(writer.param) as [
      ...[Local, Local, Local, Local, Local],
    ];
    const [row, column, x, weight] = [writer.i32(), writer.i32(), writer.i32(), writer.i32()];
    const scale = writer.v128();
    const inputs = Array.from({ length: vectorCount }, (_, v) => ({
      at: v * 16,
      value: writer.v128(),
    }));
    const tiles = Array.from({ length: outputCount }, (_, o) => ({
      o,
      sums: inputs.map((input) => ({ input, sum: writer.v128() })),
    }));
    const nextWeights = weight.set(i32.add(weight.get, i32.const(outputCount * 4)));
    const atLeast = (sum: Local) => f32x4.pmax(sum.get, f32x4.splat(floor.get));
    return [
      ...row.set(i32.const(0)),
      ...loop(row, i32.const(KERNEL_ROWS * 4), vectorCount * 16, [
        ...weight.set(weights.get),
        ...tiles.flatMap(({ o, sums }) => [
          ...scale.set(v128.load32Splat(weight.get, o * 4)),
          ...sums.flatMap(({ sum }) => sum.set(scale.get)),
        ]),
        ...nextWeights,
        ...column.set(columns.get),
        ...whileLoop(i32.ltU(column.get, end.get), [
          ...x.set(i32.add(i32.load(column.get), row.get)),
          ...inputs.flatMap(({ at, value }) => value.set(v128.load(x.get, at))),
          ...tiles.flatMap(({ o, sums }) => [
            ...scale.set(v128.load32Splat(weight.get, o * 4)),
            ...sums.flatMap(({ input, sum }) =>
              sum.set(f32x4.madd(input.value.get, scale.get, sum.get)),
            ),
          ]),
          ...nextWeights,
          ...column.set(i32.add(column.get, i32.const(4))),
        ]),
        ...tiles.flatMap(({ o, sums }) =>
          sums.flatMap(({ input, sum }) =>
            v128.store(i32.add(out.get, row.get), atLeast(sum), o * KERNEL_ROWS * 4 + input.at),
          ),
        ),
      ]),
    ];
  });
}

/**
 * One output: columns are read four at a time, 512 rows each, and summed up in place. Reading all of them side by
 * side would ask memory for more streams than it prefetches.
 */
function addSingle(module: ModuleWriter) {
  return module.add("denseSingle", ["i32", "i32", "i32", "i32", "f32"], (writer) => {
    const [columns, end, weights, out, floor] = [0, 1, 2, 3, 4].map(writer.param) as [
      ...[Local, Local, Local, Local, Local],
    ];
    const [row, sum] = [writer.i32(), writer.v128()];
    const terms = [0, 1, 2, 3].map((i) => ({ i, x: writer.i32(), scale: writer.v128() }));
    const target = i32.add(out.get, row.get);
    const forRows = (body: Code) => [
      ...row.set(i32.const(0)),
      ...loop(row, i32.const(KERNEL_ROWS * 4), 16, body),
    ];
    const pass = (count: number) => {
      const own = terms.slice(0, count);
      return [
        ...own.flatMap(({ i, x, scale }) => [
          ...x.set(i32.load(columns.get, i * 4)),
          ...scale.set(v128.load32Splat(weights.get, i * 4)),
        ]),
        ...forRows([
          ...sum.set(v128.load(target)),
          ...own.flatMap(({ x, scale }) =>
            sum.set(f32x4.madd(v128.load(i32.add(x.get, row.get)), scale.get, sum.get)),
          ),
          ...v128.store(target, sum.get),
        ]),
        ...columns.set(i32.add(columns.get, i32.const(count * 4))),
        ...weights.set(i32.add(weights.get, i32.const(count * 4))),
      ];
    };
    return [
      ...sum.set(v128.load32Splat(weights.get)),
      ...weights.set(i32.add(weights.get, i32.const(4))),
      ...forRows(v128.store(target, sum.get)),
      ...whileLoop(i32.geU(i32.sub(end.get, columns.get), i32.const(16)), pass(4)),
      ...whileLoop(i32.ltU(columns.get, end.get), pass(1)),
      ...sum.set(f32x4.splat(floor.get)),
      ...forRows(v128.store(target, f32x4.pmax(v128.load(target), sum.get))),
    ];
  });
}
