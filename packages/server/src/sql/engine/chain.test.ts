// Models as one call of machine code, against WebAssembly and the scorer.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { CHUNK_ROWS, isForDesk, openDesk } from "@callosum/scoring/desk.ts";
import { writeModel } from "@callosum/scoring/onnx/write-model.ts";
import {
  type ElementKind,
  elementKinds,
  elementLink,
  openChain,
} from "@callosum/scoring/program/chain.ts";
import {
  kernelSources,
  type OpenChain,
  openKernels,
} from "@callosum/scoring/program/kernel-addon.ts";
import type { Slot } from "@callosum/scoring/program/slot.ts";
import { openScorer } from "@callosum/scoring/scorer.ts";
import { type Arena, newMemory, openArena } from "@callosum/scoring/wasm/arena.ts";
import { openKernel } from "@callosum/scoring/wasm/kernel.ts";
import { fill, outputsOf } from "../../../../scoring/test/desk-rows.ts";
import { differences } from "../../../../scoring/test/difference.ts";
import { modelNames, randomColumns, readFixture } from "../../../../scoring/test/fixture.ts";
import { perceptron, shapes } from "../../../../scoring/test/perceptron.ts";
import { random } from "../../../../scoring/test/random.ts";
import { buildAddon } from "../../platform/native-addon.ts";

const { path, reason } = await buildAddon(kernelSources);
const kernels = path === null ? null : openKernels(path, newMemory());
const skip = kernels?.dense
  ? false
  : `there are no chains: ${reason ?? "the processor lacks AVX2"}`;
before(() => {
  if (skip) console.log(`Models in one call are not tested: ${skip}.`);
});

const ROWS = 512;

function slotsOf(arena: Arena, count: number): Slot[] {
  return Array.from({ length: count }, () => {
    const address = arena.allocate(ROWS * 4);
    return { address, view: arena.float32(address, ROWS) };
  });
}

const odd = [0, -0, NaN, Infinity, -Infinity, 1e-45, -1e-45, 3.4e38, -3.4e38, 88.7, -103.9, 0.02];
const operandsOf = (kind: ElementKind): number =>
  kind === "select" ? 3 : (openKernel(newMemory())[kind] as { length: number }).length - 1;

for (const kind of elementKinds) {
  test(`${kind} in machine code is what it is in WebAssembly, bit by bit`, { skip }, () => {
    const arena = openArena(newMemory());
    const chance = random(3);
    const slots = slotsOf(arena, operandsOf(kind) + 1);
    for (const [i, { view }] of slots.entries()) {
      for (let row = 0; row < ROWS; row += 1) {
        // Every pair of odd numbers, then others, of all sizes.
        const place = i === 0 ? row % odd.length : Math.floor(row / odd.length) % odd.length;
        const size = 10 ** (chance.below(9) - 4);
        view[row] = row < odd.length ** 2 ? (odd[place] as number) : chance.normal() * size;
      }
    }
    const out = slots.at(-1) as Slot;
    const [found] = slotsOf(arena, 1) as [Slot];
    const open = openKernels(path as string, arena.memory).chain as OpenChain;
    const link = elementLink(arena, kind, slots.slice(0, -1), out);
    const outputs = [{ slot: out, address: found.address, as: "floats" as const }];
    openChain(arena, open, [link], { inputs: new Map(), outputs })?.run(ROWS);
    const kernel = openKernel(arena.memory)[kind] as (...addresses: number[]) => void;
    kernel(...slots.map(({ address }) => address));
    for (const [row, value] of out.view.entries()) {
      const given = slots.slice(0, -1).map(({ view }) => view[row]);
      assert.ok(Object.is(found.view[row], value), `${given}: ${found.view[row]}, not ${value}`);
    }
  });
}

const shape = [-1, 1];
const casts = (["double", "int32", "int64", "bool"] as const).map((type): [string, Uint8Array] => {
  const inputs = [{ name: "x", type, shape }];
  const outputs = [{ name: "y", type: "float" as const, shape }];
  const nodes = [{ op: "Cast", inputs: ["x"], outputs: ["y"], attributes: { to: { int: 1 } } }];
  return [`a column of type ${type}`, writeModel({ inputs, outputs, nodes })];
});
const same = writeModel({
  inputs: [{ name: "x", type: "float", shape }],
  outputs: [{ name: "y", type: "float", shape }],
  nodes: [{ op: "Identity", inputs: ["x"], outputs: ["y"] }],
});

/** Some whole numbers lie below its keys, some above. */
const encoder = writeModel({
  inputs: [{ name: "x", type: "int64", shape }],
  outputs: [{ name: "y", type: "float", shape }],
  nodes: [
    {
      ...{ op: "LabelEncoder", domain: "ai.onnx.ml", inputs: ["x"], outputs: ["y"] },
      attributes: {
        keys_int64s: { ints: [1, 3] },
        values_floats: { floats: [10, 30] },
        default_float: 7,
      },
    },
  ],
});

const models = [
  ...casts,
  ["keys", encoder] as const,
  ["a column as it is", same] as const,
  ...modelNames().map((name) => [name, readFixture(name)] as const),
  ...shapes.map(([what, shape]) => [what, perceptron(shape)] as const),
];
/** What rows have that nobody scored. */
const marked = (output: object) => (output instanceof BigInt64Array ? 7n : 7) as never;

/** What has no step or one in ONNX Runtime, and trees of many leaves. */
const needJavaScript = ["a column as it is", "double-linear", "forest-deep", "svm-iris"];

for (const [name, bytes] of models) {
  test(`${name} on a desk of machine code scores as it does in WebAssembly`, { skip }, () => {
    const scorer = openScorer(bytes);
    const outputs = outputsOf(scorer);
    if (outputs.length === 0 || !isForDesk(scorer, outputs)) return;
    const desk = openDesk(bytes, outputs, { kernelsPath: path as string });
    if (kernels?.forest) assert.equal(desk.direct === null, needJavaScript.includes(name));
    const style = { scale: 1, edgeShare: 0.02, nullShare: 0.05 };
    for (const [seed, rowCount] of [CHUNK_ROWS, 1, 1999, 512, CHUNK_ROWS].entries()) {
      const columns = randomColumns(scorer.columns, rowCount, random(seed), style);
      for (const output of desk.outputs) output.fill(marked(output));
      fill(desk, scorer, columns, rowCount);
      desk.score(rowCount);
      const actual = outputs.map((output, at) => {
        const values = desk.outputs[at]!.slice(0, rowCount) as Float32Array;
        return { name: output, width: 1, values };
      });
      const expected = scorer.score(columns, rowCount, outputs);
      assert.deepEqual(differences({ outputs: actual, validity: null }, expected), []);
      for (const output of desk.outputs)
        assert.ok(output.subarray(rowCount).every((value) => value === marked(output)));
    }
    desk.close();
    scorer.close();
  });
}

test("places that may not be in a list of labels are looked for in JavaScript", { skip }, () => {
  const wide = [-1, 3];
  for (const [labels, isDirect] of [
    [[5, 6, 7], true],
    [[5, 6], false],
  ] as const) {
    const bytes = writeModel({
      inputs: [{ name: "x", type: "float", shape: wide }],
      outputs: [{ name: "y", type: "int64", shape: [-1] }],
      nodes: [
        {
          ...{ op: "ArgMax", inputs: ["x"], outputs: ["at"] },
          attributes: { axis: { int: 1 }, keepdims: { int: 0 } },
        },
        {
          ...{ op: "ArrayFeatureExtractor", domain: "ai.onnx.ml" },
          ...{ inputs: ["labels", "at"], outputs: ["y"] },
        },
      ],
      initializers: { labels: { dims: [labels.length], int64s: labels } },
    });
    const desk = openDesk(bytes, ["y"], { kernelsPath: path as string });
    assert.equal(desk.direct !== null, isDirect);
    desk.close();
  }
});
