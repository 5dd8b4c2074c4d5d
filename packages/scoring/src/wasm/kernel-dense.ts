// Kernel: linear layers. Columns lie apart (a table holds their addresses); each output is one column of 512 rows.
import { f32x4, i32, type Local, loop, type ModuleWriter, v128, whileLoop } from "./assembler.ts";
import { KERNEL_ROWS } from "./kernel-rank.ts";

/**
 * `dense(columns, columnCount, weights, out, outputCount, floor)`. Weights lie output by output, the bias first.
 * Outputs lie one after the other, 512 floats each; those below `floor` are raised to it (0 for ReLU, else
 * -Infinity). Sums are fused where the machine can.
 */
export function addDense(module: ModuleWriter): void {
  const four = addTile(module, "denseTile4", 4, 2);
  const one = addTile(module, "denseTile1", 1, 4);
  module.add("dense", ["i32", "i32", "i32", "i32", "i32", "f32"], (writer) => {
    const [columns, count, weights, out, outputs, floor] = [0, 1, 2, 3, 4, 5].map(writer.param) as [
      ...[Local, Local, Local, Local, Local, Local],
    ];
    const stride = i32.shl(i32.add(count.get, i32.const(1)), i32.const(2));
    const step = (tile: typeof four, size: number) => [
      ...tile.call(columns.get, count.get, weights.get, out.get, floor.get),
      ...weights.set(i32.add(weights.get, i32.mul(stride, i32.const(size)))),
      ...out.set(i32.add(out.get, i32.const(size * KERNEL_ROWS * 4))),
      ...outputs.set(i32.sub(outputs.get, i32.const(size))),
    ];
    return [
      ...whileLoop(i32.geU(outputs.get, i32.const(4)), step(four, 4)),
      ...whileLoop(outputs.get, step(one, 1)),
    ];
  });
}

/** 512 rows of `outputCount` outputs, with `vectorCount` vectors of four rows in registers for each. */
function addTile(module: ModuleWriter, name: string, outputCount: number, vectorCount: number) {
  return module.add(name, ["i32", "i32", "i32", "i32", "f32"], (writer) => {
    const [columns, count, weights, out, floor] = [0, 1, 2, 3, 4].map(writer.param) as [
      ...[Local, Local, Local, Local, Local],
    ];
    const floors = writer.v128();
    const [row, column, end, x, weight, stride] = Array.from({ length: 6 }, writer.i32) as [
      ...[Local, Local, Local, Local, Local, Local],
    ];
    const inputs = Array.from({ length: vectorCount }, (_, v) => ({
      at: v * 16,
      value: writer.v128(),
    }));
    const tiles = Array.from({ length: outputCount }, (_, o) => ({
      o,
      at: writer.i32(),
      scale: writer.v128(),
      sums: inputs.map((input) => ({ input, sum: writer.v128() })),
    }));
    return [
      ...stride.set(i32.shl(i32.add(count.get, i32.const(1)), i32.const(2))),
      ...end.set(i32.add(columns.get, i32.shl(count.get, i32.const(2)))),
      ...floors.set(f32x4.splat(floor.get)),
      ...row.set(i32.const(0)),
      ...loop(row, i32.const(KERNEL_ROWS * 4), vectorCount * 16, [
        ...weight.set(weights.get),
        ...tiles.flatMap(({ at, scale, sums }) => [
          ...at.set(weight.get),
          ...weight.set(i32.add(weight.get, stride.get)),
          ...scale.set(v128.load32Splat(at.get)),
          ...sums.flatMap(({ sum }) => sum.set(scale.get)),
        ]),
        ...column.set(columns.get),
        ...whileLoop(i32.ltU(column.get, end.get), [
          ...x.set(i32.add(i32.load(column.get), row.get)),
          ...inputs.flatMap(({ at, value }) => value.set(v128.load(x.get, at))),
          ...tiles.flatMap(({ at, scale, sums }) => [
            ...at.set(i32.add(at.get, i32.const(4))),
            ...scale.set(v128.load32Splat(at.get)),
            ...sums.flatMap(({ input, sum }) =>
              sum.set(f32x4.madd(input.value.get, scale.get, sum.get)),
            ),
          ]),
          ...column.set(i32.add(column.get, i32.const(4))),
        ]),
        ...tiles.flatMap(({ o, sums }) =>
          sums.flatMap(({ input, sum }) =>
            v128.store(
              i32.add(out.get, row.get),
              f32x4.pmax(sum.get, floors.get),
              o * KERNEL_ROWS * 4 + input.at,
            ),
          ),
        ),
      ]),
    ];
  });
}
