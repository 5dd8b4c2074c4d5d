// Kernel, step 1: a float column becomes a byte column, each value's rank among its feature's thresholds.
// Exact: rank > k holds just when x > threshold k. Layout of a feature's table: tree/rank-table.ts.
import {
  type Code,
  doWhile,
  f32x4,
  i8x16,
  i16x8,
  i32,
  i32x4,
  type Local,
  loop,
  type ModuleWriter,
  v128,
} from "./assembler.ts";

/** Rows per call of every tree kernel: four planes of 128 bits. */
export const KERNEL_ROWS = 512;

/** Byte offsets in a feature's table header. */
export const rankHeader = {
  low: 0,
  scaleOrShift: 4,
  high: 8,
  cells: 12,
  thresholds: 16,
  firstStep: 20,
  nanRank: 24,
  isKeyed: 28,
  bytes: 32,
} as const;

/** Adds `rankLinear(x, out, table, scratch)` and `rankKeyed`: 512 rows each; scratch has 64 bytes. */
export function addRank(module: ModuleWriter): void {
  addVariant(module, false);
  addVariant(module, true);
}

interface Tables {
  low: Local;
  high: Local;
  scale: Local;
  shift: Local;
}

/** The cell of four values: linear in the value, or in its bits. Any monotone function is exact. */
function cellOf(value: Local, tables: Tables, isKeyed: boolean): Code {
  const { low, high, scale, shift } = tables;
  if (!isKeyed) {
    const scaled = f32x4.mul(f32x4.sub(value.get, low.get), scale.get);
    return i32x4.truncF32(f32x4.pmin(high.get, f32x4.pmax(v128.zero, scaled)));
  }
  // Floats as integers of the same order: negative ones have their magnitude bits flipped.
  const flip = i32x4.shrU(i32x4.shrS(value.get, i32.const(31)), i32.const(1));
  const key = i32x4.min(i32x4.max(v128.xor(value.get, flip), low.get), high.get);
  return i32x4.shrU(i32x4.sub(key, low.get), shift.get);
}

const LANES = [0, 1, 2, 3] as const;

function addVariant(module: ModuleWriter, isKeyed: boolean): void {
  const name = isKeyed ? "rankKeyed" : "rankLinear";
  module.add(name, ["i32", "i32", "i32", "i32"], (writer) => {
    const [x, out, table, scratch] = [0, 1, 2, 3].map(writer.param) as [Local, Local, Local, Local];
    const tables = {
      low: writer.v128(),
      high: writer.v128(),
      scale: writer.v128(),
      shift: writer.i32(),
    };
    const [nanRank, gathered] = [writer.v128(), writer.v128()];
    const [cells, thresholds, half, row] = [writer.i32(), writer.i32(), writer.i32(), writer.i32()];
    const groups = LANES.map((i) => ({ at: i * 16, value: writer.v128(), rank: writer.v128() }));
    const slot = (at: number, lane: number) => i32.load(scratch.get, at + lane * 4);

    const load = groups.flatMap(({ at, value }) => [
      ...value.set(v128.load(i32.add(x.get, i32.shl(row.get, i32.const(2))), at)),
      ...v128.store(scratch.get, cellOf(value, tables, isKeyed), at),
    ]);
    const lookUp = groups.flatMap(({ at, rank }) => [
      ...gathered.set(v128.zero),
      ...LANES.flatMap((lane) =>
        gathered.set(v128.load8Lane(i32.add(cells.get, slot(at, lane)), gathered.get, lane * 4)),
      ),
      ...rank.set(gathered.get),
    ]);
    const probe = groups.flatMap(({ at, rank }) => {
      const index = i32x4.add(rank.get, i32x4.splat(i32.sub(half.get, i32.const(1))));
      return v128.store(scratch.get, i32x4.shl(index, i32.const(2)), at);
    });
    const refine = groups.flatMap(({ at, value, rank }) => {
      const address = (lane: number) => i32.add(thresholds.get, slot(at, lane));
      const isAbove = f32x4.gt(value.get, gathered.get);
      return [
        ...gathered.set(v128.load32Zero(address(0))),
        ...([1, 2, 3] as const).flatMap((lane) =>
          gathered.set(v128.load32Lane(address(lane), gathered.get, lane)),
        ),
        ...rank.set(i32x4.add(rank.get, v128.and(isAbove, i32x4.splat(half.get)))),
      ];
    });
    const [a, b, c, d] = groups.map(({ value, rank }) =>
      v128.select(nanRank.get, rank.get, f32x4.ne(value.get, value.get)),
    ) as [Code, Code, Code, Code];
    const bytes = i8x16.narrow(i16x8.narrow(a, b), i16x8.narrow(c, d));

    return [
      ...tables.low.set(v128.load32Splat(table.get, rankHeader.low)),
      ...tables.high.set(v128.load32Splat(table.get, rankHeader.high)),
      ...tables.scale.set(v128.load32Splat(table.get, rankHeader.scaleOrShift)),
      ...tables.shift.set(i32.load(table.get, rankHeader.scaleOrShift)),
      ...nanRank.set(v128.load32Splat(table.get, rankHeader.nanRank)),
      ...cells.set(i32.load(table.get, rankHeader.cells)),
      ...thresholds.set(i32.load(table.get, rankHeader.thresholds)),
      ...row.set(i32.const(0)),
      ...loop(row, i32.const(KERNEL_ROWS), 16, [
        ...load,
        ...lookUp,
        ...half.set(i32.load(table.get, rankHeader.firstStep)),
        // A binary search inside the cell; nearly always one step, because cells are made small enough.
        ...doWhile(half.get, [...probe, ...refine, ...half.set(i32.shrU(half.get, i32.const(1)))]),
        ...v128.store(i32.add(out.get, row.get), bytes),
      ]),
    ];
  });
}
