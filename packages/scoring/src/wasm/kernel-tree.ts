// Kernel: the walk over all trees of an ensemble for 512 rows, and the module that holds every tree function.
import {
  type Code,
  f32,
  i32,
  type Local,
  loop,
  type ModuleWriter,
  v128,
  when,
  whileLoop,
} from "./assembler.ts";
import { addLeaf, type LeafFunctions } from "./kernel-leaf.ts";
import { addPlanes, walkPlanes } from "./kernel-plane.ts";
import { addRank, KERNEL_ROWS } from "./kernel-rank.ts";

/** How a tree is scored: on planes with tables of 16, 32, 64 or 256 leaves, or row by row on floats. */
export const treeKinds = { leaves16: 0, leaves32: 1, leaves64: 2, leaves256: 3, walk: 4 } as const;

/** Byte offsets in a tree's record. Then follow, per target, the byte offset of its sums and the address of its table. */
export const treeRecord = {
  kind: 0,
  nodes: 4,
  nodesEnd: 8,
  leafCount: 12,
  targetCount: 16,
  targets: 20,
} as const;

/** Byte offsets in a node of the float walk. `column` is a byte offset into the table of column addresses. */
export const floatNode = {
  threshold: 0,
  column: 4,
  isNanRight: 8,
  left: 12,
  right: 16,
  leaf: 20,
  bytes: 24,
} as const;

/** Bytes that `trees` uses at `work`: leaf bytes, then planes of one leaf bit each, then the boundary slots. */
export const WORK = { leaves: 0, bits: 512, slots: 1024, bytes: 1024 + 257 * 64 } as const;

export function addTrees(module: ModuleWriter): void {
  addRank(module);
  addPlanes(module);
  addClear(module);
  const leaf = addLeaf(module);
  const walk = addFloatWalk(module);
  module.add("trees", ["i32", "i32", "i32", "i32", "i32", "i32"], (writer) => {
    const [record, end, planes, columns, sums, work] = [0, 1, 2, 3, 4, 5].map(writer.param) as [
      ...[Local, Local, Local, Local, Local, Local],
    ];
    const [kind, node, nodesEnd, slots, leaves, bits] = Array.from({ length: 6 }, writer.i32) as [
      ...[Local, Local, Local, Local, Local, Local],
    ];
    const [targetsEnd, table, into] = [writer.i32(), writer.i32(), writer.i32()];
    const temporaries = {
      plane: writer.i32(),
      low: writer.i32(),
      high: writer.i32(),
      own: writer.i32(),
    };
    const leafCount = i32.load(record.get, treeRecord.leafCount);
    const addByKind = addLeaves(leaf, { kind, leaves, table, into });
    const onPlanes = [
      ...node.set(i32.load(record.get, treeRecord.nodes)),
      ...nodesEnd.set(i32.load(record.get, treeRecord.nodesEnd)),
      ...clearSlot(i32.add(slots.get, i32.shl(leafCount, i32.const(6)))),
      ...walkPlanes({ node, end: nodesEnd, planes, slots }, temporaries),
      ...when(
        i32.ltU(kind.get, i32.const(treeKinds.leaves64)),
        leaf.leafSmall.call(slots.get, leafCount, leaves.get, bits.get),
        leaf.leafWide.call(slots.get, leafCount, leaves.get, bits.get),
      ),
    ];
    const targets = i32.add(record.get, i32.const(treeRecord.targets));
    return [
      ...leaves.set(i32.add(work.get, i32.const(WORK.leaves))),
      ...bits.set(i32.add(work.get, i32.const(WORK.bits))),
      ...slots.set(i32.add(work.get, i32.const(WORK.slots))),
      ...[0, 16, 32, 48].flatMap((offset) => v128.store(slots.get, v128.bytes(255), offset)),
      ...whileLoop(i32.ltU(record.get, end.get), [
        ...kind.set(i32.load(record.get)),
        ...targetsEnd.set(
          i32.add(targets, i32.shl(i32.load(record.get, treeRecord.targetCount), i32.const(3))),
        ),
        ...when(
          i32.eq(kind.get, i32.const(treeKinds.walk)),
          walk.call(record.get, targetsEnd.get, columns.get, sums.get),
          [
            ...onPlanes,
            ...record.set(targets),
            ...whileLoop(i32.ltU(record.get, targetsEnd.get), [
              ...into.set(i32.add(sums.get, i32.load(record.get))),
              ...table.set(i32.load(record.get, 4)),
              ...addByKind,
              ...record.set(i32.add(record.get, i32.const(8))),
            ]),
          ],
        ),
        ...record.set(targetsEnd.get),
      ]),
    ];
  });
}

/** `clear(from, end)`: sums start at 0. */
function addClear(module: ModuleWriter): void {
  module.add("clear", ["i32", "i32"], (writer) => {
    const [at, end] = [writer.param(0), writer.param(1)];
    return loop(at, end.get, 16, v128.store(at.get, v128.zero));
  });
}

/** Adds a tree's values with the look-up that its number of leaves asks for. */
function addLeaves(
  leaf: LeafFunctions,
  { kind, leaves, table, into }: { kind: Local; leaves: Local; table: Local; into: Local },
): Code {
  const isKind = (value: number) => i32.eq(kind.get, i32.const(value));
  const add = (name: "add16" | "add32" | "add64" | "add256") =>
    leaf[name].call(leaves.get, table.get, into.get);
  const addLarge = when(isKind(treeKinds.leaves64), add("add64"), add("add256"));
  const addOther = when(isKind(treeKinds.leaves16), add("add16"), addLarge);
  return when(isKind(treeKinds.leaves32), add("add32"), addOther);
}

function clearSlot(slot: Code): Code {
  return [0, 16, 32, 48].flatMap((offset) => v128.store(slot, v128.zero, offset));
}

const INTERLEAVED = 4;

/**
 * Trees too large for planes: four rows at a time go down together, so that their loads overlap. Leaves lead to
 * themselves; `leafCount` of the record holds the depth.
 */
function addFloatWalk(module: ModuleWriter): { call(...args: Code[]): Code } {
  return module.add("walk", ["i32", "i32", "i32", "i32"], (writer) => {
    const [record, targetsEnd, columns, sums] = [0, 1, 2, 3].map(writer.param) as [
      ...[Local, Local, Local, Local],
    ];
    const [row, level, target] = [writer.i32(), writer.i32(), writer.i32()];
    const lanes = Array.from({ length: INTERLEAVED }, (_, i) => ({
      at: i * 4,
      node: writer.i32(),
      x: writer.f32(),
    }));
    const down = lanes.flatMap(({ at, node, x }) => {
      const column = i32.load(i32.add(columns.get, i32.load(node.get, floatNode.column)));
      const isNan = i32.and(f32.ne(x.get, x.get), i32.load(node.get, floatNode.isNanRight));
      const isRight = i32.or(f32.gt(x.get, f32.load(node.get, floatNode.threshold)), isNan);
      return [
        ...x.set(f32.load(i32.add(column, row.get), at)),
        ...node.set(i32.load(i32.add(node.get, i32.shl(isRight, i32.const(2))), floatNode.left)),
      ];
    });
    const addTarget = lanes.flatMap(({ at, node }) => {
      const index = i32.shl(i32.load(node.get, floatNode.leaf), i32.const(2));
      const value = f32.load(i32.add(i32.load(target.get, 4), index));
      const into = i32.add(i32.add(sums.get, i32.load(target.get)), row.get);
      return f32.store(into, f32.add(f32.load(into, at), value), at);
    });
    return [
      ...row.set(i32.const(0)),
      ...loop(row, i32.const(KERNEL_ROWS * 4), INTERLEAVED * 4, [
        ...lanes.flatMap(({ node }) => node.set(i32.load(record.get, treeRecord.nodes))),
        ...level.set(i32.load(record.get, treeRecord.leafCount)),
        ...whileLoop(level.get, [...down, ...level.set(i32.sub(level.get, i32.const(1)))]),
        ...target.set(i32.add(record.get, i32.const(treeRecord.targets))),
        ...whileLoop(i32.ltU(target.get, targetsEnd.get), [
          ...addTarget,
          ...target.set(i32.add(target.get, i32.const(8))),
        ]),
      ]),
    ];
  });
}
