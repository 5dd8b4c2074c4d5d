// Element-wise steps over blocks of 512 floats. One loop per operation, so that each is compiled for itself.
import type { Binary, Unary } from "../graph/value.ts";

type Floats = Float32Array;
type Loop1 = (a: Floats, out: Floats) => void;
type Loop2 = (a: Floats, b: Floats, out: Floats) => void;

/** Builds a loop from source of its own: a shared one would call its operation through a pointer. */
function loop1(expression: string): Loop1 {
  return new Function(
    "a",
    "out",
    `for (let i = 0; i < out.length; i += 1) { const x = a[i]; out[i] = ${expression}; }`,
  ) as Loop1;
}

function loop2(expression: string): Loop2 {
  return new Function(
    "a",
    "b",
    "out",
    `for (let i = 0; i < out.length; i += 1) { const x = a[i], y = b[i]; out[i] = ${expression}; }`,
  ) as Loop2;
}

export const unaryLoops: Record<Unary, Loop1> = {
  abs: loop1("Math.abs(x)"),
  ceil: loop1("Math.ceil(x)"),
  exp: loop1("Math.exp(x)"),
  floor: loop1("Math.floor(x)"),
  isNaN: loop1("x !== x ? 1 : 0"),
  log: loop1("Math.log(x)"),
  neg: loop1("-x"),
  not: loop1("x === 0 ? 1 : 0"),
  relu: loop1("x > 0 ? x : x !== x ? x : 0"),
  sigmoid: loop1("1 / (1 + Math.exp(-x))"),
  sqrt: loop1("Math.sqrt(x)"),
  tanh: loop1("Math.tanh(x)"),
};

export const binaryLoops: Record<Binary, Loop2> = {
  add: loop2("x + y"),
  and: loop2("x !== 0 && y !== 0 ? 1 : 0"),
  div: loop2("x / y"),
  equal: loop2("x === y ? 1 : 0"),
  greater: loop2("x > y ? 1 : 0"),
  greaterOrEqual: loop2("x >= y ? 1 : 0"),
  less: loop2("x < y ? 1 : 0"),
  lessOrEqual: loop2("x <= y ? 1 : 0"),
  max: loop2("Math.max(x, y)"),
  min: loop2("Math.min(x, y)"),
  mul: loop2("x * y"),
  or: loop2("x !== 0 || y !== 0 ? 1 : 0"),
  sub: loop2("x - y"),
};

export function selectLoop(condition: Floats, a: Floats, b: Floats, out: Floats): void {
  for (let i = 0; i < out.length; i += 1) {
    out[i] = (condition[i] !== 0 ? a[i] : b[i]) as number;
  }
}

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
