// Kernel: arithmetic, comparison and choice over columns of 512 floats, four values at a time. Truth values are 0 and 1.
// kernel-exponential.ts has exp and what is made of it.
import type { Binary } from "../graph/value.ts";
import { type Code, f32x4, i32, i32x4, loop, type ModuleWriter, v128 } from "./assembler.ts";
import { KERNEL_ROWS } from "./kernel-rank.ts";

type Operation = (...operands: Code[]) => Code;

const isTrue = (value: Code) => f32x4.ne(value, v128.zero);

const unaryNumbers = {
  abs: f32x4.abs,
  ceil: f32x4.ceil,
  floor: f32x4.floor,
  neg: f32x4.neg,
  relu: (a: Code) => f32x4.max(a, v128.zero),
  sqrt: f32x4.sqrt,
};
const unaryTruths = {
  isNaN: (a: Code) => f32x4.ne(a, a),
  not: (a: Code) => f32x4.eq(a, v128.zero),
};
const binaryNumbers = {
  add: f32x4.add,
  div: f32x4.div,
  max: f32x4.max,
  min: f32x4.min,
  mul: f32x4.mul,
  sub: f32x4.sub,
};
const binaryTruths = {
  and: (a: Code, b: Code) => v128.and(isTrue(a), isTrue(b)),
  equal: f32x4.eq,
  greater: f32x4.gt,
  greaterOrEqual: f32x4.ge,
  less: f32x4.lt,
  lessOrEqual: f32x4.le,
  or: (a: Code, b: Code) => v128.or(isTrue(a), isTrue(b)),
};
const choice = {
  select: (condition: Code, a: Code, b: Code) => v128.select(a, b, isTrue(condition)),
};

export type ElementUnary = keyof typeof unaryNumbers | keyof typeof unaryTruths;

/** Arguments are addresses, the result's last. `select` gives `a` where `condition` is not 0, else `b`. */
export type ElementKernel = Record<ElementUnary, (a: number, out: number) => void> &
  Record<Binary, (a: number, b: number, out: number) => void> &
  Record<keyof typeof choice, (condition: number, a: number, b: number, out: number) => void>;

export function addElements(module: ModuleWriter): void {
  const addAll = (operandCount: number, operations: object, isTruth: boolean) => {
    for (const [name, operation] of Object.entries(operations)) {
      addElement(module, name, { operandCount, operation, isTruth });
    }
  };
  addAll(1, unaryNumbers, false);
  addAll(1, unaryTruths, true);
  addAll(2, binaryNumbers, false);
  addAll(2, binaryTruths, true);
  addAll(3, choice, false);
}

function addElement(
  module: ModuleWriter,
  name: string,
  given: { operandCount: number; operation: Operation; isTruth: boolean },
): void {
  const { operandCount, operation, isTruth } = given;
  const places = Array.from({ length: operandCount + 1 }, (_, index) => index);
  module.add(
    name,
    places.map(() => "i32"),
    (writer) => {
      const row = writer.i32();
      const at = (index: number) => i32.add(writer.param(index).get, row.get);
      const operands = places.slice(0, operandCount).map((index) => v128.load(at(index)));
      const result = operation(...operands);
      const one = i32x4.splat(i32.const(0x3f800000));
      const value = isTruth ? v128.and(result, writer.constant(one)) : result;
      return [
        ...row.set(i32.const(0)),
        ...loop(row, i32.const(KERNEL_ROWS * 4), 16, v128.store(at(operandCount), value)),
      ];
    },
  );
}
