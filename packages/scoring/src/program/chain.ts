// Steps that are all in machine code, as one call for all rows: native/chain.c. An engine's threads make it without
// JavaScript, which costs as much for a chunk as a small model's steps do.
import type { Binary, Unary } from "../graph/value.ts";
import { type Arena, writeWords } from "../wasm/arena.ts";
import type { ChainRun, OpenChain } from "./kernel-addon.ts";
import type { Slot } from "./slot.ts";

export type ElementKind = Exclude<Unary, "log"> | Binary | "select";

/** In the order of native/element.c. */
export const elementKinds: readonly ElementKind[] = [
  ...(["abs", "add", "and", "ceil", "div", "equal", "exp", "floor", "greater"] as const),
  ...(["greaterOrEqual", "isNaN", "less", "lessOrEqual", "max", "min", "mul", "neg"] as const),
  ...(["not", "or", "relu", "select", "sigmoid", "sqrt", "sub", "tanh"] as const),
];

/** In the order of native/chain.c. */
const kinds: readonly Link["kind"][] = ["forest", "layer", ...elementKinds];

/** A step of a chain: what it is, where what it works on is, and the doubles that it finds its operands by. */
export interface Link {
  kind: "forest" | "layer" | ElementKind;
  at: number;
  operands: readonly Operand[];
}

/** The double at `at` is to say where a slot's floats are. */
export interface Operand {
  slot: Slot;
  at: number;
}

export interface Chain {
  /** By the inputs' slots: how far from the memory the input's rows are. All of them must be readable by 512. */
  places: ReadonlyMap<Slot, Float64Array>;
  run: ChainRun;
}

interface Ends {
  inputs: readonly Slot[];
  /** Floats go from a slot to a column at an address. */
  outputs: readonly { slot: Slot; address: number }[];
}

/** Lays a chain out; what is an operand and no input is where it is for good. */
export function openChain(
  arena: Arena,
  open: OpenChain,
  links: readonly Link[],
  { inputs, outputs }: Ends,
): Chain | null {
  const targets = new Map(inputs.map((slot) => [slot, [] as number[]]));
  for (const { slot, at } of links.flatMap(({ operands }) => operands)) {
    const ofInput = targets.get(slot);
    if (ofInput) ofInput.push(at);
    else doubleAt(arena, at)[0] = slot.address;
  }
  // Its place, where its targets are, and how many they are.
  const inputWords = [...targets.values()].flatMap((list) => {
    return [0, 0, writeWords(arena, list), list.length];
  });
  const stepWords = links.flatMap(({ kind, at }) => [kinds.indexOf(kind), at]);
  const outputWords = outputs.flatMap(({ slot, address }) => [slot.address, address]);
  const inputsAt = writeWords(arena, inputWords);
  const chain = writeWords(arena, [
    ...[inputsAt, targets.size],
    ...[writeWords(arena, stepWords), links.length],
    ...[writeWords(arena, outputWords), outputs.length],
  ]);
  const run = open(chain);
  if (!run) return null;
  const places = [...targets.keys()].map((slot, i): [Slot, Float64Array] => {
    return [slot, doubleAt(arena, inputsAt + i * 16)];
  });
  return { places: new Map(places), run };
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
