// Kernel: exp, sigmoid and tanh over columns of 512 floats, two at a time as doubles: rounded to floats they are what
// JavaScript's functions round to but for a last bit now and then. kernel-element.ts has the other operations.
import {
  type Code,
  type FunctionWriter,
  f64x2,
  i32,
  i64x2,
  type Local,
  loop,
  type ModuleWriter,
  v128,
} from "./assembler.ts";
import { KERNEL_ROWS } from "./kernel-rank.ts";

/** Arguments are addresses. */
export type ExponentialKernel = Record<
  "exp" | "sigmoid" | "tanh",
  (a: number, out: number) => void
>;

export function addExponentials(module: ModuleWriter): void {
  add(module, "exp", (writer, x) => exponential(writer, x));
  add(module, "sigmoid", (writer, x) => {
    const one = doubles(writer, 1);
    const { code, value } = exponential(writer, f64x2.neg(x));
    return { code, value: f64x2.div(one, f64x2.add(one, value)) };
  });
  add(module, "tanh", (writer, x) => {
    const one = doubles(writer, 1);
    const { code, value } = exponential(writer, f64x2.add(x, x));
    const ratio = f64x2.div(f64x2.sub(value, one), f64x2.add(value, one));
    // Near 0 the difference would have few digits, and the series has few terms.
    const isSmall = f64x2.lt(f64x2.abs(x), doubles(writer, 0.02));
    const square = f64x2.mul(x, x);
    const series = polynomial(writer, square, [1, -1 / 3, 2 / 15]);
    return { code, value: v128.select(f64x2.mul(x, series), ratio, isSmall) };
  });
}

interface Expression {
  /** What has to run before. */
  code: Code;
  value: Code;
}

function add(
  module: ModuleWriter,
  name: keyof ExponentialKernel,
  expression: (writer: FunctionWriter, x: Code) => Expression,
): void {
  module.add(name, ["i32", "i32"], (writer) => {
    const [a, out, row, x] = [writer.param(0), writer.param(1), writer.i32(), writer.v128()];
    const at = (start: Local) => i32.add(start.get, row.get);
    const { code, value } = expression(writer, x.get);
    return [
      ...row.set(i32.const(0)),
      ...loop(row, i32.const(KERNEL_ROWS * 4), 8, [
        ...x.set(f64x2.promoteLow(v128.load64Zero(at(a)))),
        ...code,
        ...v128.store64Lane(at(out), f64x2.demoteZero(value), 0),
      ]),
    ];
  });
}

/** A double whose last digits are those of an integer: adding 1.5 · 2^52 rounds to it. */
const ROUNDER = 1.5 * 2 ** 52;

/** Beyond these a float is infinite or 0, and powers of two still are doubles. */
const [LEAST, MOST] = [-200, 200];

/** e^x = 2^n · e^r with n whole and |r| ≤ ln 2 / 2: there ten terms of the series differ by less than 10^-11. */
function exponential(writer: FunctionWriter, x: Code): Expression {
  const [rest, shifted] = [writer.v128(), writer.v128()];
  const constant = (value: number) => doubles(writer, value);
  const rounder = constant(ROUNDER);
  const inRange = f64x2.pmax(f64x2.pmin(x, constant(MOST)), constant(LEAST));
  const whole = f64x2.sub(shifted.get, rounder);
  const terms = [1, 1, 2, 6, 24, 120, 720, 5040, 40_320, 362_880].map((factorial) => 1 / factorial);
  // The low bits of `shifted` are n: moved up they are added to the exponent of 1.
  const power = i64x2.add(i64x2.shl(shifted.get, i32.const(52)), constant(1));
  return {
    code: [
      ...rest.set(inRange),
      ...shifted.set(f64x2.madd(rest.get, constant(Math.LOG2E), rounder)),
      ...rest.set(f64x2.madd(whole, constant(-Math.LN2), rest.get)),
    ],
    value: f64x2.mul(polynomial(writer, rest.get, terms), power),
  };
}

/** `terms` by rising powers of x. */
function polynomial(writer: FunctionWriter, x: Code, terms: readonly number[]): Code {
  return terms
    .map((term) => doubles(writer, term))
    .reduceRight((sum, term) => f64x2.madd(sum, x, term));
}

function doubles(writer: FunctionWriter, value: number): Code {
  return writer.constant(v128.doubles(value));
}
