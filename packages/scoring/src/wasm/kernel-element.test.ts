import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { type Binary, binaryFunctions, unaryFunctions } from "../graph/value.ts";
import { newMemory, openArena } from "./arena.ts";
import { openKernel } from "./kernel.ts";
import type { ElementUnary } from "./kernel-element.ts";
import type { ExponentialKernel } from "./kernel-exponential.ts";
import { KERNEL_ROWS } from "./kernel-rank.ts";

const special = [0, -0, 1, -1, 0.5, -2.5, 1e-45, 3e38, Number.NaN, Infinity, -Infinity];
/** Every pair of the special values, then odd fractions. */
const pairs = Array.from({ length: KERNEL_ROWS }, (_, i): [number, number] => {
  const row = Math.floor(i / special.length);
  if (row < special.length) return [special[row] as number, special[i % special.length] as number];
  return [(i * 7.3) % 11, i / 13 - 20];
});

const arena = openArena(newMemory());
const kernel = openKernel(arena.memory);
function newColumn() {
  const address = arena.allocate(KERNEL_ROWS * 4);
  return { address, view: arena.float32(address, KERNEL_ROWS) };
}
const [a, b, c, out] = [newColumn(), newColumn(), newColumn(), newColumn()];
beforeEach(() => out.view.fill(7));
a.view.set(pairs.map(([x]) => x));
b.view.set(pairs.map(([, y]) => y));

function check(expected: (x: number, y: number, row: number) => number): void {
  const wanted = Float32Array.from(a.view, (x, i) => expected(x, b.view[i] as number, i));
  // As numbers: one NaN may have other bits than another.
  assert.deepEqual([...out.view], [...wanted]);
}

const exponentials: (keyof ExponentialKernel)[] = ["exp", "sigmoid", "tanh"];
for (const [name, expected] of Object.entries(unaryFunctions)) {
  if (name === "log" || exponentials.some((fn) => fn === name)) continue;
  test(`the kernel of ${name} does to four values what ${name} does to one`, () => {
    kernel[name as ElementUnary](a.address, out.address);
    check(expected);
  });
}
for (const [name, expected] of Object.entries(binaryFunctions)) {
  test(`the kernel of ${name} does to four pairs what ${name} does to one`, () => {
    kernel[name as Binary](a.address, b.address, out.address);
    check((x, y) => expected(x, y));
  });
}
test("the kernel of select takes the first value where the condition is not 0, NaN included", () => {
  c.view.set(pairs.map((_, row) => special[row % 4] as number));
  c.view[7] = Number.NaN;
  kernel.select(c.address, a.address, b.address, out.address);
  check((x, y, row) => (c.view[row] !== 0 ? x : y));
});

for (const name of exponentials) {
  test(`the kernel of ${name} differs from JavaScript's by a last bit at most`, () => {
    for (const scale of [0.03, 1, 10, 250]) {
      c.view.set(pairs.map((_, row) => special[row] ?? ((row * 7.31) % 2) * scale - scale));
      kernel[name](c.address, out.address);
      out.view.forEach((value, row) => {
        const wanted = Math.fround(unaryFunctions[name](c.view[row] as number));
        const isEqual = Object.is(value, wanted);
        const isNear = Math.abs(value - wanted) <= 2 ** -23 * Math.abs(wanted);
        assert.ok(isEqual || isNear, `${name}(${c.view[row]}) is ${wanted} and not ${value}`);
      });
    }
  });
}
