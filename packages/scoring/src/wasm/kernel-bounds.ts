// Kernel: the smallest and largest value of a float column, and whether it has a NaN.
import { f32x4, i32, loop, type ModuleWriter, v128 } from "./assembler.ts";

/** Bytes that `bounds` writes: four minima, four maxima, four masks that are not 0 where a NaN was. */
export const BOUNDS_BYTES = 48;

/** `bounds(x, end, out)`: the floats from address x to end, at least one and a multiple of four. NaN is passed over. */
export function addBounds(module: ModuleWriter): void {
  module.add("bounds", ["i32", "i32", "i32"], (writer) => {
    const [x, end, out] = [writer.param(0), writer.param(1), writer.param(2)];
    const [value, low, high, missing] = Array.from({ length: 4 }, writer.v128) as [
      ...[ReturnType<typeof writer.v128>, ReturnType<typeof writer.v128>],
      ...[ReturnType<typeof writer.v128>, ReturnType<typeof writer.v128>],
    ];
    const infinity = i32.const(0x7f800000);
    const minusInfinity = i32.const(0xff800000 | 0);
    const splat = (bits: typeof infinity) => [...bits, 0xfd, 17];
    return [
      ...low.set(splat(infinity)),
      ...high.set(splat(minusInfinity)),
      ...missing.set(v128.zero),
      ...loop(x, end.get, 16, [
        ...value.set(v128.load(x.get)),
        ...low.set(f32x4.pmin(low.get, value.get)),
        ...high.set(f32x4.pmax(high.get, value.get)),
        ...missing.set(v128.or(missing.get, f32x4.ne(value.get, value.get))),
      ]),
      ...v128.store(out.get, low.get),
      ...v128.store(out.get, high.get, 16),
      ...v128.store(out.get, missing.get, 32),
    ];
  });
}
