// Kernel, steps 2 to 4: ranks become bit planes (one bit per row and threshold), trees are walked on whole planes.
// 128 rows share one instruction here; the leaf of a row comes out as a byte again (kernel-leaf.ts adds its value).
import {
  type Code,
  type FunctionWriter,
  f32x4,
  i8x16,
  i16x8,
  i32,
  i64x2,
  type Local,
  loop,
  type ModuleWriter,
  v128,
  whileLoop,
} from "./assembler.ts";
import { KERNEL_ROWS } from "./kernel-rank.ts";

/** Bytes of one plane: a bit for each of the 512 rows. */
export const PLANE_BYTES = KERNEL_ROWS / 8;

const PARTS = [0, 16, 32, 48] as const;
const PAIRS: readonly (readonly [step: number, mask: number])[] = [
  [4, 0x0f],
  [2, 0x33],
  [1, 0x55],
];

/**
 * Transposes 8 vectors as 16 matrices of 8 × 8 bits: bit b of byte j in vector g ↔ bit g of byte j in vector b.
 * It is its own inverse, so bytes → planes and planes → bytes are the same code and the order of rows is kept.
 */
export function transpose(writer: FunctionWriter, vectors: readonly Local[]): Code {
  const temporary = writer.v128();
  return PAIRS.flatMap(([step, bits]) => {
    const mask = writer.constant(v128.bytes(bits));
    return vectors.flatMap((low, i) => {
      const high = vectors[i + step];
      if ((i & step) !== 0 || !high) return [];
      const shifted = i64x2.shrU(low.get, i32.const(step));
      return [
        ...temporary.set(v128.and(v128.xor(shifted, high.get), mask)),
        ...high.set(v128.xor(high.get, temporary.get)),
        ...low.set(v128.xor(low.get, i64x2.shl(temporary.get, i32.const(step)))),
      ];
    });
  });
}

/** Adds `planes`, `compareLow`, `compareHigh` and `derive`. */
export function addPlanes(module: ModuleWriter): void {
  addThresholds(module);
  addCompare(module, "compareLow");
  addCompare(module, "compareHigh");
  addDerive(module);
}

/** Planes that `planes` writes come in blocks of 16; their number is rounded up. */
export const PLANE_BLOCK = 16;

/** Bytes of scratch for `planes`: the two nibbles' planes "nibble > k", each with all-ones before and zeros after. */
export const PLANE_SCRATCH_BYTES = 2 * 17 * PLANE_BYTES;

const HIGH_NIBBLE = 17 * PLANE_BYTES;

/**
 * Sixteen planes "nibble >= 0", "nibble > 0", … "nibble > 14" and a zero from the nibble's four bits, lowest first.
 * A new bit b turns rank > k of n bits into b | old(k) below 2^n, b at 2^n - 1, and b & old(k - 2^n) above.
 */
function nibblePlanes(base: Local, offset: number, part: Local, bits: readonly Local[]): Code {
  const at = (k: number) => offset + (k + 1) * PLANE_BYTES;
  const store = (k: number, value: Code) => v128.store(i32.add(base.get, part.get), value, at(k));
  const load = (k: number) => v128.load(i32.add(base.get, part.get), at(k));
  const code: number[] = [...store(-1, v128.bytes(255)), ...store(15, v128.zero)];
  bits.forEach((bit, n) => {
    const known = 2 ** n - 1;
    for (let k = 0; k < known; k += 1) {
      code.push(...store(k + known + 1, v128.and(bit.get, load(k))));
      code.push(...store(k, v128.or(bit.get, load(k))));
    }
    code.push(...store(known, bit.get));
  });
  return code;
}

/**
 * `planes(ranks, planes, planesEnd, scratch)`: 512 rank bytes become planes "rank > k", k = 0, 1, …, in blocks of 16.
 * With h and l the nibbles of k: rank > k is high > h | (high >= h & low > l): two instructions for 128 rows.
 */
function addThresholds(module: ModuleWriter): void {
  module.add("planes", ["i32", "i32", "i32", "i32"], (writer) => {
    const [ranks, planes, end, scratch] = [0, 1, 2, 3].map(writer.param) as [
      ...[Local, Local, Local, Local],
    ];
    const [part, high] = [writer.i32(), writer.i32()];
    const vectors = Array.from({ length: 8 }, () => writer.v128());
    const parts = PARTS.map((offset) => ({ offset, above: writer.v128(), from: writer.v128() }));
    return [
      ...part.set(i32.const(0)),
      ...loop(part, i32.const(PLANE_BYTES), 16, [
        ...vectors.flatMap((vector, g) =>
          vector.set(v128.load(i32.add(ranks.get, i32.shl(part.get, i32.const(3))), g * 16)),
        ),
        ...transpose(writer, vectors),
        ...nibblePlanes(scratch, 0, part, vectors.slice(0, 4)),
        ...nibblePlanes(scratch, HIGH_NIBBLE, part, vectors.slice(4)),
      ]),
      ...high.set(i32.add(scratch.get, i32.const(HIGH_NIBBLE))),
      ...loop(planes, end.get, PLANE_BLOCK * PLANE_BYTES, [
        ...parts.flatMap(({ offset, above, from }) => [
          ...from.set(v128.load(high.get, offset)),
          ...above.set(v128.load(high.get, PLANE_BYTES + offset)),
        ]),
        ...Array.from({ length: PLANE_BLOCK }, (_, low) =>
          parts.flatMap(({ offset, above, from }) => {
            const at = low * PLANE_BYTES + offset;
            const isLowAbove = v128.load(scratch.get, at + PLANE_BYTES);
            const isAbove = v128.or(above.get, v128.and(from.get, isLowAbove));
            return v128.store(planes.get, low === 15 ? above.get : isAbove, at);
          }),
        ).flat(),
        ...high.set(i32.add(high.get, i32.const(PLANE_BYTES))),
      ]),
    ];
  });
}

/**
 * `compareLow(x, thresholds, thresholdsEnd, planes)`: planes "x > threshold" straight from 512 floats, which beats
 * ranking while a feature has few thresholds. NaN is below every threshold; in `compareHigh`, above.
 */
function addCompare(module: ModuleWriter, name: "compareLow" | "compareHigh"): void {
  module.add(name, ["i32", "i32", "i32", "i32"], (writer) => {
    const [x, thresholds, end, planes] = [0, 1, 2, 3].map(writer.param) as [
      ...[Local, Local, Local, Local],
    ];
    const [part, group] = [writer.i32(), writer.i32()];
    const [threshold, bits] = [writer.v128(), writer.v128()];
    const isLow = name === "compareLow";
    const compare = isLow ? f32x4.gt : f32x4.le;
    const four = (at: number) => compare(v128.load(group.get, at), threshold.get);
    const rows = (at: number) =>
      i8x16.narrowSigned(
        i16x8.narrow(four(at), four(at + 16)),
        i16x8.narrow(four(at + 32), four(at + 48)),
      );
    // 128 rows are 8 groups of 16: group g is bit g of the 16 bytes, as `transpose` would put it. A byte of `rows` is
    // 0 or -1, so shifting the bits and taking it away appends a bit; the last group comes first.
    const append = (g: number) => bits.set(i8x16.sub(i8x16.add(bits.get, bits.get), rows(g * 64)));
    const groups = [7, 6, 5, 4, 3, 2, 1, 0].flatMap(append);
    const isAbove = isLow ? bits.get : v128.not(bits.get);
    return whileLoop(i32.ltU(thresholds.get, end.get), [
      ...threshold.set(v128.load32Splat(thresholds.get)),
      ...part.set(i32.const(0)),
      ...group.set(x.get),
      ...loop(part, i32.const(PLANE_BYTES), 16, [
        ...bits.set(v128.zero),
        ...groups,
        ...v128.store(i32.add(planes.get, part.get), isAbove),
        ...group.set(i32.add(group.get, i32.const(512))),
      ]),
      ...planes.set(i32.add(planes.get, i32.const(PLANE_BYTES))),
      ...thresholds.set(i32.add(thresholds.get, i32.const(4))),
    ]);
  });
}

/** `derive(list, end, planes)`: 12-byte entries (target, a, b: byte offsets), target = a & ~b. */
function addDerive(module: ModuleWriter): void {
  module.add("derive", ["i32", "i32", "i32"], (writer) => {
    const [entry, end, planes] = [0, 1, 2].map(writer.param) as [Local, Local, Local];
    const plane = (at: number) => i32.add(planes.get, i32.load(entry.get, at));
    return whileLoop(i32.ltU(entry.get, end.get), [
      ...PARTS.flatMap((offset) =>
        v128.store(
          plane(0),
          v128.andNot(v128.load(plane(4), offset), v128.load(plane(8), offset)),
          offset,
        ),
      ),
      ...entry.set(i32.add(entry.get, i32.const(12))),
    ]);
  });
}

/** A node of the plane walk: offset of its plane, then the slots of its two bounds and its own. */
export const WALK_NODE_BYTES = 12;

/**
 * Code that fills the boundary slots of one tree. Slot i says for each row "its leaf is number i or higher";
 * slot 0 is all ones, slot `leafCount` all zeros. A node between leaves splits its range [low, high):
 * S = S(high) | (S(low) & plane): two instructions for 128 rows.
 */
export function walkPlanes(
  locals: { node: Local; end: Local; planes: Local; slots: Local },
  temporaries: { plane: Local; low: Local; high: Local; own: Local },
): Code {
  const { node, end, planes, slots } = locals;
  const { plane, low, high, own } = temporaries;
  const slot = (at: number) => i32.add(slots.get, i32.load16u(node.get, at));
  return whileLoop(i32.ltU(node.get, end.get), [
    ...plane.set(i32.add(planes.get, i32.load(node.get))),
    ...low.set(slot(4)),
    ...high.set(slot(6)),
    ...own.set(slot(8)),
    ...PARTS.flatMap((offset) => {
      const inside = v128.and(v128.load(low.get, offset), v128.load(plane.get, offset));
      return v128.store(own.get, v128.or(v128.load(high.get, offset), inside), offset);
    }),
    ...node.set(i32.add(node.get, i32.const(WALK_NODE_BYTES))),
  ]);
}
