// Kernel, steps 5 and 6: the boundary slots of a tree become each row's leaf as a byte, and its value is added.
// Leaves carry Gray codes: neighbours differ in one bit, so each boundary belongs to exactly one bit of the leaf.
import {
  type Code,
  type FunctionWriter,
  f32,
  f32x4,
  i8x16,
  i32,
  type Local,
  loop,
  type ModuleWriter,
  v128,
  whileLoop,
} from "./assembler.ts";
import { PLANE_BYTES, transpose } from "./kernel-plane.ts";
import { KERNEL_ROWS } from "./kernel-rank.ts";

type Callable = { call(...args: Code[]): Code };

export interface LeafFunctions {
  /** `leafSmall(slots, leafCount, out, scratch)`: up to 32 leaves; bit 4 of the leaf is put in bit 7. */
  leafSmall: Callable;
  /** The same for up to 256 leaves, bits in their places. */
  leafWide: Callable;
  /** `add16(leaves, table, sums)`: adds one value per row; so do add32, add64 and add256. */
  add16: Callable;
  add32: Callable;
  add64: Callable;
  add256: Callable;
}

export function addLeaf(module: ModuleWriter): LeafFunctions {
  return {
    leafSmall: addLeafBytes(module, "leafSmall", [0, 1, 2, 3, 7]),
    leafWide: addLeafBytes(module, "leafWide", [0, 1, 2, 3, 4, 5, 6, 7]),
    add16: addSwizzled(module, "add16", 1),
    add32: addSwizzled(module, "add32", 2),
    add64: addSwizzled(module, "add64", 4),
    add256: addGathered(module),
  };
}

const PARTS = [0, 16, 32, 48] as const;

/** `places[b]` is where bit b of the leaf goes in its byte. */
function addLeafBytes(module: ModuleWriter, name: string, places: readonly number[]): Callable {
  return module.add(name, ["i32", "i32", "i32", "i32"], (writer) => {
    const [slots, leafCount, out, scratch] = [0, 1, 2, 3].map(writer.param) as [
      ...[Local, Local, Local, Local],
    ];
    const [at, end, part] = [writer.i32(), writer.i32(), writer.i32()];
    const sums = PARTS.map((offset) => ({ offset, bits: writer.v128() }));
    const vectors = Array.from({ length: 8 }, () => writer.v128());
    // Bit b of a Gray code flips at boundaries 2^b, 3·2^b, 5·2^b, …
    const bit = (b: number) => [
      ...at.set(i32.add(slots.get, i32.const(PLANE_BYTES << b))),
      ...sums.flatMap(({ bits }) => bits.set(v128.zero)),
      ...whileLoop(i32.ltU(at.get, end.get), [
        ...sums.flatMap(({ offset, bits }) =>
          bits.set(v128.xor(bits.get, v128.load(at.get, offset))),
        ),
        ...at.set(i32.add(at.get, i32.const(PLANE_BYTES << (b + 1)))),
      ]),
      ...sums.flatMap(({ offset, bits }) =>
        v128.store(scratch.get, bits.get, b * PLANE_BYTES + offset),
      ),
    ];
    return [
      ...end.set(i32.add(slots.get, i32.shl(leafCount.get, i32.const(6)))),
      ...places.flatMap((_, b) => bit(b)),
      ...part.set(i32.const(0)),
      ...loop(part, i32.const(PLANE_BYTES), 16, [
        ...vectors.flatMap((vector, place) => {
          const b = places.indexOf(place);
          if (b === -1) return vector.set(v128.zero);
          return vector.set(v128.load(i32.add(scratch.get, part.get), b * PLANE_BYTES));
        }),
        ...transpose(writer, vectors),
        ...vectors.flatMap((vector, g) =>
          v128.store(i32.add(out.get, i32.shl(part.get, i32.const(3))), vector.get, g * 16),
        ),
      ]),
    ];
  });
}

const LOW_BYTES = [0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23];
const HIGH_BYTES = LOW_BYTES.map((lane) => lane + 8);
const LOW_WORDS = [0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23];
const HIGH_WORDS = LOW_WORDS.map((lane) => lane + 8);

/** Byte planes of 16 floats, interleaved back into floats and added to 16 sums. */
function addPlanesTo(
  writer: FunctionWriter,
  sums: Code,
  planes: readonly [Code, Code, Code, Code],
): Code {
  const locals = Array.from({ length: 6 }, writer.v128);
  const [even, odd, q0, q1, q2, q3] = locals as [Local, Local, Local, Local, Local, Local];
  const pair = (a: Code, b: Code, low: Local, high: Local) => [
    ...even.set(a),
    ...odd.set(b),
    ...low.set(v128.shuffle(even.get, odd.get, LOW_BYTES)),
    ...high.set(v128.shuffle(even.get, odd.get, HIGH_BYTES)),
  ];
  const add = (offset: number, a: Local, b: Local, lanes: readonly number[]) =>
    v128.store(sums, f32x4.add(v128.load(sums, offset), v128.shuffle(a.get, b.get, lanes)), offset);
  return [
    ...pair(planes[0], planes[1], q0, q1),
    ...pair(planes[2], planes[3], q2, q3),
    ...add(0, q0, q2, LOW_WORDS),
    ...add(16, q0, q2, HIGH_WORDS),
    ...add(32, q1, q3, LOW_WORDS),
    ...add(48, q1, q3, HIGH_WORDS),
  ];
}

/**
 * Up to 64 leaves: the four bytes of a leaf's value are looked up in tables of 16 bytes, 16 rows at a time. A table
 * that does not hold the leaf is given an index of 128 or more and contributes zero.
 */
function addSwizzled(module: ModuleWriter, name: string, tableCount: 1 | 2 | 4): Callable {
  return module.add(name, ["i32", "i32", "i32"], (writer) => {
    const [leaves, table, sums] = [0, 1, 2].map(writer.param) as [Local, Local, Local];
    const [row, sumsAt] = [writer.i32(), writer.i32()];
    const leaf = writer.v128();
    const bytePlanes = [0, 1, 2, 3] as const;
    const tables = Array.from({ length: tableCount }, (_, t) => ({
      index: writer.v128(),
      values: bytePlanes.map((p) => ({ at: (p * tableCount + t) * 16, held: writer.v128() })),
    }));
    // Eight tables fit in registers, sixteen do not.
    const isHeld = tableCount <= 2;
    const bytes = (value: number) => writer.constant(v128.bytes(value));
    const [past, kept] = [bytes(0x70), bytes(0x8f)];
    const indexOf = (t: number): Code => {
      if (tableCount === 1) return leaf.get;
      if (tableCount === 2) return t === 0 ? leaf.get : v128.xor(leaf.get, bytes(0x80));
      const from = t === 0 ? leaf.get : i8x16.sub(leaf.get, bytes(16 * t));
      // Before the last table a leaf is below 0, that is 128 or more.
      return t === 3 ? from : v128.and(i8x16.addSaturatedU(from, past), kept);
    };
    const looked = bytePlanes.map((p) =>
      tables
        .map(({ index, values }) => {
          const { at, held } = values[p] as { at: number; held: Local };
          return i8x16.swizzle(isHeld ? held.get : v128.load(table.get, at), index.get);
        })
        .reduce((a, b) => v128.or(a, b)),
    ) as unknown as [Code, Code, Code, Code];
    return [
      ...(isHeld
        ? tables.flatMap(({ values }) =>
            values.flatMap(({ at, held }) => held.set(v128.load(table.get, at))),
          )
        : []),
      ...row.set(i32.const(0)),
      ...sumsAt.set(sums.get),
      ...loop(row, i32.const(KERNEL_ROWS), 16, [
        ...leaf.set(v128.load(i32.add(leaves.get, row.get))),
        ...tables.flatMap(({ index }, t) => index.set(indexOf(t))),
        ...addPlanesTo(writer, sumsAt.get, looked),
        ...sumsAt.set(i32.add(sumsAt.get, i32.const(64))),
      ]),
    ];
  });
}

/** Up to 256 leaves: one load per row. */
function addGathered(module: ModuleWriter): Callable {
  return module.add("add256", ["i32", "i32", "i32"], (writer) => {
    const [leaves, table, sums] = [0, 1, 2].map(writer.param) as [Local, Local, Local];
    const end = writer.i32();
    return [
      ...end.set(i32.add(leaves.get, i32.const(KERNEL_ROWS))),
      ...loop(leaves, end.get, 4, [
        ...[0, 1, 2, 3].flatMap((i) => {
          const value = i32.add(table.get, i32.shl(i32.load8u(leaves.get, i), i32.const(2)));
          return f32.store(sums.get, f32.add(f32.load(sums.get, i * 4), f32.load(value)), i * 4);
        }),
        ...sums.set(i32.add(sums.get, i32.const(16))),
      ]),
    ];
  });
}
