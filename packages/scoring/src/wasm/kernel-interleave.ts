// Kernel: columns → the row-major matrix that ONNX Runtime takes. Four by four values are turned in registers.
import { i32, type Local, loop, type ModuleWriter, v128, whileLoop } from "./assembler.ts";

const PAIR_LOW = [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23];
const PAIR_HIGH = PAIR_LOW.map((lane) => lane + 8);
const HALF_LOW = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
const HALF_HIGH = HALF_LOW.map((lane) => lane + 8);

/** `interleave(columns, columnsEnd, out, first, last)`: rows first to last of each column, a multiple of 4, to `out`. */
export function addInterleave(module: ModuleWriter): void {
  module.add("interleave", ["i32", "i32", "i32", "i32", "i32"], (writer) => {
    const [columns, end, out, first, last] = [0, 1, 2, 3, 4].map(writer.param) as [
      ...[Local, Local, Local, Local, Local],
    ];
    const [row, target, stride] = [writer.i32(), writer.i32(), writer.i32()];
    const quads = [0, 1, 2, 3].map((i) => ({ i, value: writer.v128(), mixed: writer.v128() }));
    const [a, b, c, d] = quads as [
      (typeof quads)[0],
      (typeof quads)[0],
      (typeof quads)[0],
      (typeof quads)[0],
    ];
    const source = (i: number) => i32.add(i32.load(columns.get, i * 4), row.get);
    const nextRow = target.set(i32.add(target.get, stride.get));
    const begin = [...row.set(first.get), ...target.set(out.get)];
    const four = [
      ...quads.flatMap(({ i, value }) => value.set(v128.load(source(i)))),
      ...a.mixed.set(v128.shuffle(a.value.get, b.value.get, PAIR_LOW)),
      ...b.mixed.set(v128.shuffle(a.value.get, b.value.get, PAIR_HIGH)),
      ...c.mixed.set(v128.shuffle(c.value.get, d.value.get, PAIR_LOW)),
      ...d.mixed.set(v128.shuffle(c.value.get, d.value.get, PAIR_HIGH)),
      ...[
        v128.shuffle(a.mixed.get, c.mixed.get, HALF_LOW),
        v128.shuffle(a.mixed.get, c.mixed.get, HALF_HIGH),
        v128.shuffle(b.mixed.get, d.mixed.get, HALF_LOW),
        v128.shuffle(b.mixed.get, d.mixed.get, HALF_HIGH),
      ].flatMap((value) => [...v128.store(target.get, value), ...nextRow]),
    ];
    const single = [0, 1, 2, 3].flatMap((i) => [
      ...i32.store(target.get, i32.load(source(0), i * 4)),
      ...nextRow,
    ]);
    const advance = (count: number) => [
      ...columns.set(i32.add(columns.get, i32.const(count * 4))),
      ...out.set(i32.add(out.get, i32.const(count * 4))),
    ];
    return [
      ...stride.set(i32.sub(end.get, columns.get)),
      ...first.set(i32.shl(first.get, i32.const(2))),
      ...last.set(i32.shl(last.get, i32.const(2))),
      ...whileLoop(i32.geU(i32.sub(end.get, columns.get), i32.const(16)), [
        ...begin,
        ...loop(row, last.get, 16, four),
        ...advance(4),
      ]),
      ...whileLoop(i32.ltU(columns.get, end.get), [
        ...begin,
        ...loop(row, last.get, 16, single),
        ...advance(1),
      ]),
    ];
  });
}
