// Steps in JavaScript over blocks of 512 floats: what wasm/kernel-element.ts has no instructions for.
import type { Unary } from "../graph/value.ts";
import type { VectorUnary } from "../wasm/kernel-element.ts";

type Floats = Float32Array;
type Loop = (a: Floats, out: Floats) => void;

/** Builds a loop from source of its own: a shared one would call its operation through a pointer. */
function loop(expression: string): Loop {
  return new Function(
    "a",
    "out",
    `for (let i = 0; i < out.length; i += 1) { const x = a[i]; out[i] = ${expression}; }`,
  ) as Loop;
}

export const unaryLoops: Partial<Record<Unary, Loop>> = {
  exp: loop("Math.exp(x)"),
  log: loop("Math.log(x)"),
  sigmoid: loop("1 / (1 + Math.exp(-x))"),
  tanh: loop("Math.tanh(x)"),
} satisfies Record<Exclude<Unary, VectorUnary>, Loop>;

/** The first largest: NaN never beats what came before it. */
export function argMaxLoop(of: readonly Floats[], out: Floats): void {
  const [first, ...rest] = of as readonly [Floats, ...Floats[]];
  for (let i = 0; i < out.length; i += 1) {
    let best = first[i] as number;
    let at = 0;
    for (let j = 0; j < rest.length; j += 1) {
      const value = (rest[j] as Floats)[i] as number;
      if (value > best) {
        best = value;
        at = j + 1;
      }
    }
    out[i] = at;
  }
}
