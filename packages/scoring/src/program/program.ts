// Runs a compiled model: a list of steps over blocks of 512 rows, each writing a column of floats into linear memory.
import type { Column, ScorerColumn } from "../column.ts";
import type { ColumnChain, Engine } from "../engine.ts";
import type { TensorValue } from "../graph/tensor-value.ts";
import { type Forest, type Layer, operandsOf, type Value } from "../graph/value.ts";
import { openForestKernel } from "../tree/forest-kernel.ts";
import { bitsOf } from "../tree/rank-table.ts";
import { openTreeKernel, type TreeKernel } from "../tree/tree-kernel.ts";
import { type Arena, writeWords } from "../wasm/arena.ts";
import { type Kernel, openKernel } from "../wasm/kernel.ts";
import { type DenseForm, denseForm } from "../wasm/kernel-dense.ts";
import { KERNEL_ROWS } from "../wasm/kernel-rank.ts";
import {
  argMaxLink,
  type ChainOutput,
  columnLink,
  type ElementKind,
  elementLink,
  type Link,
  openChain,
} from "./chain.ts";
import { argMaxLoop, logLoop } from "./element-wise.ts";
import { findInputs, type InputSlot, pointInputs } from "./input-slot.ts";
import type { NativeKernels } from "./kernel-addon.ts";
import { codeTable, convertFloats, integerTable, keyMap, lookUpReader } from "./read-column.ts";
import type { Slot } from "./slot.ts";
import type { Block, Step } from "./step.ts";
import { emptyOutput, writeOutput } from "./write-output.ts";

interface Builder {
  arena: Arena;
  kernel: Kernel;
  native: NativeKernels;
  columns: ProgramOptions["columns"];
  /** What linear layers run on. */
  dense: DenseForm;
  slots: Map<Value, Slot>;
  steps: Map<Value, Step>;
  layers: Map<Layer, { firstSlot: number; step: Step }>;
  forests: Map<Forest, { kernel: TreeKernel; step: Step }>;
  inputs: Map<Value, InputSlot>;
}

/** What some outputs need. */
interface Plan {
  inputs: readonly InputSlot[];
  steps: readonly Step[];
  outputs: readonly { name: string; tensor: TensorValue; slots: readonly Slot[] }[];
}

const SLOT_BYTES = KERNEL_ROWS * 4;

interface ProgramOptions {
  /** The caller's columns. */
  columns: readonly Pick<ScorerColumn, "type" | "texts">[];
  native: NativeKernels;
}

/** Lays a model out in the arena and returns what scores it: on kernels in machine code as far as there are. */
export function openProgram(
  arena: Arena,
  outputs: ReadonlyMap<string, TensorValue>,
  { columns, native }: ProgramOptions,
): Engine {
  const kernel = openKernel(arena.memory);
  const builder: Builder = {
    arena,
    kernel,
    dense: denseForm(kernel, native.dense),
    native,
    columns,
    slots: new Map(),
    steps: new Map(),
    layers: new Map(),
    forests: new Map(),
    inputs: new Map(),
  };
  for (const value of [...outputs.values()].flatMap(valuesOf)) {
    build(builder, value);
    viewInput(builder, value);
    readInput(builder, value);
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
      const rowsInPlace = findInputs(arena, plan.inputs, columns);
      const block = { columns, firstRow, rowCount: 0 };
      for (let at = 0; at < rowCount; at += KERNEL_ROWS) {
        block.firstRow = firstRow + at;
        block.rowCount = Math.min(KERNEL_ROWS, rowCount - at);
        pointInputs(plan.inputs, block, rowsInPlace);
        for (const step of plan.steps) step.run(block);
        for (let i = 0; i < results.length; i += 1) {
          const { tensor, slots } = plan.outputs[i] as Plan["outputs"][0];
          const { values, firstRow: first } = results[i] as (typeof results)[0];
          writeOutput(tensor, slots, { values, firstRow: first + at, rowCount: block.rowCount });
        }
      }
      return results.map(({ name, width, values }) => ({ name, width, values }));
    },
    referable: referableColumns(builder),
    chain: (names, addresses) => chainOf(builder, planFor(names), addresses),
    close() {},
  };
}

/** A plan of steps in machine code, as one call. */
function chainOf(
  { arena, native }: Builder,
  { inputs, steps, outputs }: Plan,
  addresses: readonly number[],
): ColumnChain | null {
  const links = steps.flatMap(({ link }) => link ?? []);
  if (!native.chain || links.length < steps.length) return null;
  const columns = new Map(inputs.map(({ column, slot }) => [slot, column]));
  const ends = outputs.flatMap(({ tensor, slots }, at): ChainOutput[] => {
    const [slot, ...more] = slots as [Slot];
    const as = outputForm(tensor);
    // A column as it is has no slot that it is copied to.
    if (!as || more.length > 0 || columns.has(slot)) return [];
    return [{ slot, address: addresses[at] as number, as }];
  });
  if (ends.length < outputs.length) return null;
  return openChain(arena, native.chain, links, { inputs: columns, outputs: ends });
}

/** Null for text, and for places that may not be in the list. */
function outputForm(tensor: TensorValue): ChainOutput["as"] | null {
  if (tensor.kind === "numbers") return "floats";
  if (tensor.kind === "indices") return "whole numbers";
  if (tensor.kind !== "labels" || tensor.type !== "int64") return null;
  const { index, labels } = tensor;
  const most = index.op === "argMax" ? index.of.length : index.op === "binary" ? 2 : Infinity;
  return most <= labels.length ? (labels as readonly bigint[]) : null;
}

/** Columns that nothing reads in memory only. */
function referableColumns({ inputs, slots }: Builder): Set<number> {
  const columns = new Set<number>();
  for (const { column } of inputs.values()) columns.add(column);
  for (const value of slots.keys()) {
    if ("column" in value && (inputs.get(value)?.isRead ?? true)) columns.delete(value.column);
  }
  return columns;
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
  if (isScript(value)) for (const operand of operandsOf(value)) viewInput(builder, operand);
  const { slot, step } = stepOf(builder, value, operands);
  for (const operand of operandsOf(value)) {
    if (!isReferring(builder, value)) readInput(builder, operand);
  }
  builder.slots.set(value, slot);
  if (step) builder.steps.set(value, step);
  return slot;
}

/** Steps that run in JavaScript. */
function isScript(value: Value): boolean {
  return value.op === "argMax" || (value.op === "unary" && value.fn === "log");
}

function viewInput({ inputs }: Builder, value: Value): void {
  const input = inputs.get(value);
  if (input) input.isViewed = true;
}

/** Whether a step takes its operands wherever they are, in memory or not. */
function isReferring({ dense, forests }: Builder, value: Value): boolean {
  if (value.op === "dense") return dense.canReferTo;
  return value.op === "trees" && Boolean(forests.get(value.forest)?.kernel.native);
}

function readInput({ inputs }: Builder, value: Value): void {
  const input = inputs.get(value);
  if (input) input.isRead = true;
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
      const slot = newSlot(builder);
      builder.inputs.set(value, {
        ...{ column: value.column, slot, copyAddress: slot.address, isViewed: false },
        ...{ isRead: false, values: null, address: null, isInPlace: false },
      });
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
      return { slot, step: columnStep(builder, value, [...operands, slot]) };
    }
  }
}

type ColumnValue = Exclude<Value, { op: "constant" | "input" | "dense" | "trees" }>;

/** Steps from some columns to one, the last of `slots`. */
function columnStep(builder: Builder, value: ColumnValue, slots: readonly Slot[]): Step {
  const { arena, kernel } = builder;
  const [a, b, c, d] = slots as [Slot, Slot, Slot, Slot];
  const out = slots.at(-1) as Slot;
  const inKernel = (kind: ElementKind, run: () => void): Step => {
    return { run, link: elementLink(arena, kind, slots.slice(0, -1), out) };
  };
  switch (value.op) {
    case "convert":
    case "lookUp": {
      const { column } = value;
      const read = value.op === "convert" ? convertFloats : lookUpReader(value);
      return {
        run: (block) => read(block.columns[column] as Column, block, out.view),
        link: readLink(builder, value, out),
      };
    }
    case "unary": {
      if (value.fn === "log") return { run: () => logLoop(a.view, out.view), link: null };
      const run = kernel[value.fn];
      return inKernel(value.fn, () => run(a.address, out.address));
    }
    case "binary": {
      const run = kernel[value.fn];
      return inKernel(value.fn, () => run(a.address, b.address, out.address));
    }
    case "select":
      return inKernel("select", () => {
        kernel.select(a.address, b.address, c.address, d.address);
      });
    case "argMax": {
      const views = slots.slice(0, -1).map(({ view }) => view);
      const link = argMaxLink(arena, slots.slice(0, -1), out);
      return { run: () => argMaxLoop(views, out.view), link };
    }
  }
}

/** Null for texts as they are, and for keys that are no table. */
function readLink(
  { arena, columns }: Builder,
  value: Extract<Value, { op: "convert" | "lookUp" }>,
  out: Slot,
): Link | null {
  const { type, texts } = columns[value.column] as ProgramOptions["columns"][number];
  const kind = texts ? "int32" : type;
  if (kind !== "double" && kind !== "int32" && kind !== "int64" && kind !== "bool") return null;
  const column = { index: value.column, kind } as const;
  if (value.op === "convert") return columnLink(arena, column, out);
  const keyed = keyMap(value);
  const table = texts ? codeTable(keyed, texts) : integerTable(keyed);
  return table && columnLink(arena, column, out, table);
}

function layerStep(builder: Builder, layer: Layer, inputs: readonly Slot[]) {
  const known = builder.layers.get(layer);
  if (known) return known;
  const { arena, dense } = builder;
  const columnsAt = arena.allocate(inputs.length * 8);
  const words = dense.order(layer.weights, layer.biases);
  const weightsAt = arena.allocate(words.byteLength);
  arena.float32(weightsAt, words.length).set(words);
  const firstSlot = arena.allocate(layer.weights.length * SLOT_BYTES);
  const columns = dense.table(arena.memory, columnsAt, inputs.length);
  const outputCount = layer.weights.length;
  const floor = layer.isRelu ? 0 : Number.NEGATIVE_INFINITY;
  const run = () => {
    for (let i = 0; i < inputs.length; i += 1) columns[i] = (inputs[i] as Slot).address;
    dense.run(columnsAt, inputs.length, weightsAt, firstSlot, outputCount, floor);
  };
  const operands = inputs.map((slot, i) => ({ slot, at: columnsAt + i * 8 }));
  const parts = [columnsAt, inputs.length, weightsAt, firstSlot, outputCount, bitsOf(floor)];
  const link: Link = { kind: "layer", at: writeWords(arena, parts), operands };
  const step: Step = { run, link: dense.canReferTo ? link : null };
  const built = { firstSlot, step };
  builder.layers.set(layer, built);
  return built;
}

function forestStep(builder: Builder, forest: Forest) {
  const known = builder.forests.get(forest);
  if (known) return known;
  const { arena } = builder;
  const { ensemble, inputs } = forest;
  const run = builder.native.forest;
  const trees =
    (run && openForestKernel(arena, run, ensemble, inputs.length)) ??
    openTreeKernel(arena, builder.kernel, ensemble, inputs.length);
  // Features that no split asks for keep the address 0, which nothing reads.
  const used = inputs.flatMap((value, feature) => {
    const slot = builder.slots.get(value);
    return slot ? [{ slot, feature }] : [];
  });
  const { native } = trees;
  const operands = used.flatMap(({ slot, feature }) => {
    return (native?.placesOf(feature) ?? []).map((at) => ({ slot, at }));
  });
  const step: Step = {
    run({ rowCount }: Block) {
      for (const { slot, feature } of used) trees.point(feature, slot.address);
      trees.run(rowCount);
    },
    link: native && { kind: "forest", at: native.at, operands },
  };
  const built = { kernel: trees, step };
  builder.forests.set(forest, built);
  return built;
}
