// Steps that are all in machine code, as one call for all rows: native/chain.c. An engine's threads make it without
// JavaScript, which costs as much for a chunk as a small model's steps do.
import type { ColumnChain } from "../engine.ts";
import { type Arena, writeWords } from "../wasm/arena.ts";
import type { OpenChain } from "./kernel-addon.ts";
import type { IntegerTable } from "./read-column.ts";
import type { Slot } from "./slot.ts";

/** In the order of native/element.c. */
export const elementKinds = [
  ...(["abs", "add", "and", "ceil", "div", "equal", "exp", "floor", "greater"] as const),
  ...(["greaterOrEqual", "isNaN", "less", "lessOrEqual", "max", "min", "mul", "neg"] as const),
  ...(["not", "or", "relu", "select", "sigmoid", "sqrt", "sub", "tanh"] as const),
] as const;

/** In the order of native/column.c: conversions to floats, and tables for whole numbers. */
const columnKinds = ["double", "int32", "int64", "bool", "int32 table", "int64 table"] as const;

/** In the order of native/chain.c. */
const kinds = ["forest", "layer", "argMax", ...columnKinds, ...elementKinds] as const;

export type ElementKind = (typeof elementKinds)[number];

/** A step of a chain: what it is, where what it works on is, and the doubles that it finds its operands by. */
export interface Link {
  kind: (typeof kinds)[number];
  at: number;
  operands: readonly Operand[];
}

/** The double at `at` is to say where a slot's floats are, or a column of the caller's with so many bytes for a row. */
export type Operand = { at: number; slot: Slot } | { at: number; column: number; rowBytes: number };

/** Where floats of a slot go: to a column at an address, as they are or as what they stand for. */
export interface ChainOutput {
  slot: Slot;
  address: number;
  /** What their places in a list stand for; or they are whole numbers themselves. */
  as: readonly bigint[] | "floats" | "whole numbers";
}

interface Ends {
  /** Slots that are columns of the caller's. */
  inputs: ReadonlyMap<Slot, number>;
  outputs: readonly ChainOutput[];
}

const outputKind = ({ as }: ChainOutput): number =>
  as === "floats" ? 0 : as === "whole numbers" ? 2 : 1;

/** Lays a chain out; what is an operand and no input is where it is for good. */
export function openChain(
  arena: Arena,
  open: OpenChain,
  links: readonly Link[],
  { inputs, outputs }: Ends,
): ColumnChain | null {
  const columns = new Map<number, { rowBytes: number; targets: number[] }>();
  for (const operand of links.flatMap(({ operands }) => operands)) {
    const source = sourceOf(operand, inputs);
    if (typeof source === "number") {
      doubleAt(arena, operand.at)[0] = source;
      continue;
    }
    const known = columns.get(source.column);
    if (known) known.targets.push(operand.at);
    else columns.set(source.column, { rowBytes: source.rowBytes, targets: [operand.at] });
  }
  // Its place, and what it is made of.
  const inputWords = [...columns.values()].flatMap(({ rowBytes, targets }) => {
    return [0, 0, writeWords(arena, targets), targets.length, rowBytes, 0];
  });
  const stepWords = links.flatMap(({ kind, at }) => [kinds.indexOf(kind), at]);
  const outputWords = outputs.flatMap((output) => {
    const labels = typeof output.as === "string" ? 0 : writeWords(arena, wordsOf(output.as));
    return [output.slot.address, output.address, outputKind(output), labels];
  });
  const inputsAt = writeWords(arena, inputWords);
  const chain = writeWords(arena, [
    ...[inputsAt, columns.size],
    ...[writeWords(arena, stepWords), links.length],
    ...[writeWords(arena, outputWords), outputs.length],
  ]);
  const run = open(chain);
  if (!run) return null;
  const places = [...columns.keys()].map((column, i): [number, Float64Array] => {
    return [column, doubleAt(arena, inputsAt + i * INPUT_BYTES)];
  });
  return { places: new Map(places), run };
}

/** An address for good, or a column of the caller's. */
function sourceOf(
  operand: Operand,
  inputs: Ends["inputs"],
): number | { column: number; rowBytes: number } {
  if (!("slot" in operand)) return operand;
  const column = inputs.get(operand.slot);
  return column === undefined ? operand.slot.address : { column, rowBytes: 4 };
}

/** `struct chain_input`; its first eight bytes are the place. */
const INPUT_BYTES = 24;

function wordsOf(integers: readonly bigint[]): Int32Array {
  return new Int32Array(BigInt64Array.from(integers).buffer);
}

function doubleAt({ memory }: Arena, address: number): Float64Array {
  return new Float64Array(memory.buffer, address, 1);
}

/** An element-wise step: places of up to three operands, and the address of its result. */
export function elementLink(
  arena: Arena,
  kind: ElementKind,
  operands: readonly Slot[],
  out: Slot,
): Link {
  const at = writeWords(arena, [0, 0, 0, 0, 0, 0, out.address]);
  return { kind, at, operands: operands.map((slot, i) => ({ slot, at: at + i * 8 })) };
}

/** The place of the first largest operand. */
export function argMaxLink(arena: Arena, slots: readonly Slot[], out: Slot): Link {
  const list = arena.allocate(slots.length * 8);
  const at = writeWords(arena, [out.address, list, slots.length]);
  return { kind: "argMax", at, operands: slots.map((slot, i) => ({ slot, at: list + i * 8 })) };
}

/** What a column of the caller's holds. */
export interface ColumnType {
  index: number;
  kind: "double" | "int32" | "int64" | "bool";
}

const rowBytes = { double: 8, int32: 4, int64: 8, bool: 1 };

/** A column as floats: its numbers, or what a table has for them. */
export function columnLink(
  arena: Arena,
  { index, kind }: ColumnType,
  out: Slot,
  table?: IntegerTable,
): Link {
  const tableWords = table ? writeTable(arena, table) : [0, 0, 0, 0, 0];
  const at = writeWords(arena, [0, 0, out.address, ...tableWords]);
  return {
    kind: table ? `${kind as "int32" | "int64"} table` : kind,
    at,
    operands: [{ at, column: index, rowBytes: rowBytes[kind] }],
  };
}

/** Where its floats are, and its ends. */
function writeTable(arena: Arena, { low, floats }: IntegerTable): readonly number[] {
  const at = arena.allocate(floats.byteLength);
  arena.float32(at, floats.length).set(floats);
  return [at, ...wordsOf([low, low + floats.length - 1].map(BigInt))];
}
