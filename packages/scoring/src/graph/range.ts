// What a value can be: from the caller's column statistics or WHERE clause, or from how it is computed.
// tree/prune.ts removes the branches that this rules out.
import type { Value } from "./value.ts";
import { anything, type ValueRange } from "./value-range.ts";

const truth: ValueRange = { min: 0, max: 1, mayBeMissing: false };
const comparisons = ["and", "equal", "greater", "greaterOrEqual", "less", "lessOrEqual", "or"];

export function rangeOf(value: Value): ValueRange {
  switch (value.op) {
    case "constant":
      return Number.isNaN(value.value)
        ? anything
        : { min: value.value, max: value.value, mayBeMissing: false };
    case "input":
      return value.range ?? anything;
    case "unary":
      return value.fn === "isNaN" || value.fn === "not" ? truth : anything;
    case "binary":
      return comparisons.includes(value.fn) ? truth : anything;
    case "select": {
      const { condition, a, b } = value;
      const [whenTrue, whenFalse] = [rangeOf(a), rangeOf(b)];
      // An imputer: what is selected instead of NaN is not NaN.
      const isImputed = condition.op === "unary" && condition.fn === "isNaN" && condition.a === b;
      return {
        min: Math.min(whenTrue.min, whenFalse.min),
        max: Math.max(whenTrue.max, whenFalse.max),
        mayBeMissing: whenTrue.mayBeMissing || (whenFalse.mayBeMissing && !isImputed),
      };
    }
    default:
      return anything;
  }
}
