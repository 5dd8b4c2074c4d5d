// Runs a compiled model: a list of steps over blocks of 512 rows, each writing a column of floats into linear memory.
import type { Column } from "../column.ts";
import type { Engine } from "../engine.ts";
import type { TensorValue } from "../graph/tensor-value.ts";
import { type Forest, type Layer, operandsOf, type Value } from "../graph/value.ts";
import { openTreeKernel, type TreeKernel } from "../tree/tree-kernel.ts";
import type { Arena } from "../wasm/arena.ts";
import { type Kernel, openKernel } from "../wasm/kernel.ts";
import { tiledWeights } from "../wasm/kernel-dense.ts";
import { KERNEL_ROWS } from "../wasm/kernel-rank.ts";
import { argMaxLoop, binaryLoops, selectLoop, unaryLoops } from "./element-wise.ts";
import { type BlockRange, convertFloats, copyFloats, lookUpReader } from "./read-column.ts";
import type { Slot } from "./slot.ts";
import { emptyOutput, writeOutput } from "./write-output.ts";

interface Block extends BlockRange {
  columns: readonly (Column | null)[];
}

type Step = (block: Block) => void;

interface Builder {
  arena: Arena;
  kernel: Kernel;
  slots: Map<Value, Slot>;
  steps: Map<Value, Step>;
  layers: Map<Layer, { firstSlot: number; step: Step }>;
  forests: Map<Forest, { kernel: TreeKernel; step: Step }>;
  inputs: Map<Value, InputSlot>;
  /** Input columns that a step in JavaScript reads. */
  viewed: Set<number>;
}

/** A float column of the caller's. `slot` points at it, block after block, or at `copy`. */
interface InputSlot {
  column: number;
  slot: Slot;
  copy: Slot;
}

/** What some outputs need. */
interface Plan {
  inputs: readonly InputSlot[];
  steps: readonly Step[];
  outputs: readonly { name: string; tensor: TensorValue; slots: readonly Slot[] }[];
}

const SLOT_BYTES = KERNEL_ROWS * 4;

/** Lays a model out in the arena and returns what scores it. */
export function openProgram(arena: Arena, outputs: ReadonlyMap<string, TensorValue>): Engine {
  const builder: Builder = {
    arena,
    kernel: openKernel(arena.memory),
    slots: new Map(),
    steps: new Map(),
    layers: new Map(),
    forests: new Map(),
    inputs: new Map(),
    viewed: new Set(),
  };
  for (const value of [...outputs.values()].flatMap(valuesOf)) {
    build(builder, value);
    if (value.op === "input") builder.viewed.add(value.column);
  }
  const plans = new WeakMap<readonly string[], Plan>();
  const planFor = (names: readonly string[]): Plan => {
    const plan = plans.get(names) ?? planOf(builder, outputs, names);
    plans.set(names, plan);
    return plan;
  };
  return {
    score(request) {
      const { columns, firstRow, rowCount, into } = request;
      const plan = planFor(request.outputs);
      const results = plan.outputs.map(({ name, tensor, slots }, at) => {
        const given = into?.[at];
        const values = given ?? emptyOutput(tensor, rowCount * slots.length);
        return { name, width: slots.length, values, firstRow: given ? firstRow : 0 };
      });
      const point = inputPointer(builder, plan.inputs, columns);
      const block = { columns, firstRow, rowCount: 0 };
      for (let at = 0; at < rowCount; at += KERNEL_ROWS) {
        block.firstRow = firstRow + at;
        block.rowCount = Math.min(KERNEL_ROWS, rowCount - at);
        point(block);
        for (const step of plan.steps) step(block);
        for (let i = 0; i < results.length; i += 1) {
          const { tensor, slots } = plan.outputs[i] as Plan["outputs"][0];
          const { values, firstRow: first } = results[i] as (typeof results)[0];
          writeOutput(tensor, slots, { values, firstRow: first + at, rowCount: block.rowCount });
        }
      }
      return results.map(({ name, width, values }) => ({ name, width, values }));
    },
    close() {},
  };
}

/** The expressions behind an output. */
export function valuesOf(tensor: TensorValue): readonly Value[] {
  switch (tensor.kind) {
    case "numbers":
    case "indices":
      return tensor.columns;
    case "labels":
      return [tensor.index];
    default:
      return [];
  }
}

/** Steps in the order in which they were built: operands first. */
function planOf(
  builder: Builder,
  outputs: ReadonlyMap<string, TensorValue>,
  names: readonly string[],
): Plan {
  const needed = new Set<Value>();
  const visit = (value: Value): void => {
    if (needed.has(value)) return;
    needed.add(value);
    for (const operand of operandsOf(value)) visit(operand);
  };
  const wanted = names.map((name) => {
    const tensor = outputs.get(name) as TensorValue;
    const slots = valuesOf(tensor).map((value) => {
      visit(value);
      return builder.slots.get(value) as Slot;
    });
    return { name, tensor, slots };
  });
  const steps = new Set<Step>();
  for (const [value, step] of builder.steps) if (needed.has(value)) steps.add(step);
  const inputs = [...builder.inputs].filter(([value]) => needed.has(value));
  return { inputs: inputs.map(([, input]) => input), steps: [...steps], outputs: wanted };
}

function newSlot({ arena }: Builder): Slot {
  const address = arena.allocate(SLOT_BYTES);
  return { address, view: arena.float32(address, KERNEL_ROWS) };
}

function slotAt({ arena }: Builder, address: number): Slot {
  return { address, view: arena.float32(address, KERNEL_ROWS) };
}

function build(builder: Builder, value: Value): Slot {
  const known = builder.slots.get(value);
  if (known) return known;
  const operands = operandsOf(value).map((operand) => build(builder, operand));
  if (value.op !== "dense" && value.op !== "trees") {
    for (const operand of operandsOf(value)) {
      if (operand.op === "input") builder.viewed.add(operand.column);
    }
  }
  const { slot, step } = stepOf(builder, value, operands);
  builder.slots.set(value, slot);
  if (step) builder.steps.set(value, step);
  return slot;
}

interface Built {
  slot: Slot;
  step: Step | null;
}

function stepOf(builder: Builder, value: Value, operands: readonly Slot[]): Built {
  switch (value.op) {
    case "constant": {
      const slot = newSlot(builder);
      slot.view.fill(value.value);
      return { slot, step: null };
    }
    case "input": {
      const copy = newSlot(builder);
      const slot = { ...copy };
      builder.inputs.set(value, { column: value.column, slot, copy });
      return { slot, step: null };
    }
    case "dense": {
      const layer = layerStep(builder, value.layer, operands);
      const slot = slotAt(builder, layer.firstSlot + value.index * SLOT_BYTES);
      return { slot, step: layer.step };
    }
    case "trees": {
      const forest = forestStep(builder, value.forest);
      const slot = slotAt(builder, forest.kernel.sumsAddress + value.target * SLOT_BYTES);
      return { slot, step: forest.step };
    }
    default: {
      const slot = newSlot(builder);
      return { slot, step: scriptStep(value, operands, slot) };
    }
  }
}

type ScriptValue = Exclude<Value, { op: "constant" | "input" | "dense" | "trees" }>;

/** Steps that run in JavaScript. Views are read when the step runs: an input's changes from block to block. */
function scriptStep(value: ScriptValue, operands: readonly Slot[], out: Slot): Step {
  const [a, b, c] = operands as [Slot, Slot, Slot];
  switch (value.op) {
    case "convert":
    case "lookUp": {
      const { column } = value;
      const read = value.op === "convert" ? convertFloats : lookUpReader(value);
      return (block) => read(block.columns[column] as Column, block, out.view);
    }
    case "unary": {
      const run = unaryLoops[value.fn];
      return () => run(a.view, out.view);
    }
    case "binary": {
      const run = binaryLoops[value.fn];
      return () => run(a.view, b.view, out.view);
    }
    case "select":
      return () => selectLoop(a.view, b.view, c.view, out.view);
    case "argMax":
      return () =>
        argMaxLoop(
          operands.map((operand) => operand.view),
          out.view,
        );
  }
}

/**
 * Points the inputs at a block. Float columns that lie in linear memory are read in place; the rest is copied. Pointing
 * costs so little because addresses are found once per call, and views are made only for steps in JavaScript.
 */
function inputPointer(
  { arena, viewed }: Builder,
  inputs: readonly InputSlot[],
  columns: readonly (Column | null)[],
): (block: Block) => void {
  let length = Number.POSITIVE_INFINITY;
  // Columns mostly lie in the same buffer, which is then looked up once.
  let known: ArrayBufferLike | null = null;
  const bases = inputs.map(({ column }) => {
    const { values, validity } = columns[column] as Column;
    const { buffer, byteOffset } = values as Float32Array;
    if (validity || (buffer !== known && arena.addressOf({ buffer, byteOffset }) === null))
      return -1;
    known = buffer;
    length = Math.min(length, values.length);
    return byteOffset;
  });
  return (block) => {
    const { firstRow } = block;
    // Kernels read 512 rows, so a last, shorter block is copied unless the columns go on behind it.
    const isInside = firstRow + KERNEL_ROWS <= length;
    for (let i = 0; i < inputs.length; i += 1) {
      const { column, slot, copy } = inputs[i] as InputSlot;
      const base = bases[i] as number;
      if (base < 0 || !isInside) {
        slot.address = copy.address;
        slot.view = copy.view;
        copyFloats(columns[column] as Column, block, copy.view);
      } else {
        slot.address = base + firstRow * 4;
        if (viewed.has(column)) slot.view = arena.float32(slot.address, KERNEL_ROWS);
      }
    }
  };
}

function layerStep(builder: Builder, layer: Layer, inputs: readonly Slot[]) {
  const known = builder.layers.get(layer);
  if (known) return known;
  const { arena, kernel } = builder;
  const columnsAt = arena.allocate(inputs.length * 4);
  const words = tiledWeights(layer.weights, layer.biases);
  const weightsAt = arena.allocate(words.byteLength);
  arena.float32(weightsAt, words.length).set(words);
  const firstSlot = arena.allocate(layer.weights.length * SLOT_BYTES);
  const columns = new Int32Array(arena.memory.buffer, columnsAt, inputs.length);
  const outputCount = layer.weights.length;
  const floor = layer.isRelu ? 0 : Number.NEGATIVE_INFINITY;
  const step = () => {
    for (let i = 0; i < inputs.length; i += 1) columns[i] = (inputs[i] as Slot).address;
    kernel.dense(columnsAt, inputs.length, weightsAt, firstSlot, outputCount, floor);
  };
  const built = { firstSlot, step };
  builder.layers.set(layer, built);
  return built;
}

function forestStep(builder: Builder, forest: Forest) {
  const known = builder.forests.get(forest);
  if (known) return known;
  const { arena } = builder;
  const trees = openTreeKernel(arena, builder.kernel, forest.ensemble, forest.inputs.length);
  // Features that no split asks for keep the address 0, which nothing reads.
  const addresses = new Int32Array(forest.inputs.length);
  const slots = forest.inputs.map((value) => builder.slots.get(value) ?? null);
  const step = () => {
    slots.forEach((slot, feature) => {
      if (slot) addresses[feature] = slot.address;
    });
    trees.run(addresses);
  };
  const built = { kernel: trees, step };
  builder.forests.set(forest, built);
  return built;
}
