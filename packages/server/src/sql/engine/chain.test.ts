// Models as one call of machine code, against WebAssembly and the scorer.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { CHUNK_ROWS, isForDesk, openDesk } from "@callosum/scoring/desk.ts";
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
    const outputs = [{ slot: out, address: found.address }];
    openChain(arena, open, [link], { inputs: [], outputs })?.run(ROWS);
    const kernel = openKernel(arena.memory)[kind] as (...addresses: number[]) => void;
    kernel(...slots.map(({ address }) => address));
    for (const [row, value] of out.view.entries()) {
      const given = slots.slice(0, -1).map(({ view }) => view[row]);
      assert.ok(Object.is(found.view[row], value), `${given}: ${found.view[row]}, not ${value}`);
    }
  });
}

const models = [
  ...modelNames().map((name) => [name, readFixture(name)] as const),
  ...shapes.map(([what, shape]) => [what, perceptron(shape)] as const),
];
/** What rows have that nobody scored. */
const marked = (output: object) => (output instanceof BigInt64Array ? 7n : 7) as never;

/** Doubles, trees of more leaves, columns of codes; and labels, whose place in their list is looked for. */
const needJavaScript = /^(double|forest-deep|pipeline|svm|.*-(cancer|wine|iris)|mlp-.*-|classes)/;

for (const [name, bytes] of models) {
  test(`${name} on a desk of machine code scores as it does in WebAssembly`, { skip }, () => {
    const scorer = openScorer(bytes);
    const outputs = outputsOf(scorer);
    if (outputs.length === 0 || !isForDesk(scorer, outputs)) return;
    const desk = openDesk(bytes, outputs, { kernelsPath: path as string });
    if (kernels?.forest) assert.equal(desk.direct === null, needJavaScript.test(name));
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
