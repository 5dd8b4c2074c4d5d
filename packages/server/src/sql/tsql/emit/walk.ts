// The direct parts of an expression, and questions that walk over all of them.
import type { Expression } from "../ast.ts";

export function partsOf(expression: Expression): readonly (Expression | undefined)[] {
  switch (expression.kind) {
    case "literal":
    case "null":
    case "default":
    case "variable":
    case "global":
    case "column":
    case "subquery":
    case "exists":
      return [];
    case "unary":
    case "collate":
    case "cast":
    case "not":
    case "isNull":
      return [expression.operand];
    case "convert":
      return [expression.operand, expression.style];
    case "binary":
    case "compare":
    case "logical":
      return [expression.left, expression.right];
    case "case":
      return [
        expression.operand,
        ...expression.branches.flatMap(({ when, result }) => [when, result]),
        expression.otherwise,
      ];
    case "call":
      return [
        ...expression.call.args,
        ...(expression.call.over?.partitionBy ?? []),
        ...(expression.call.over?.orderBy ?? []).map((item) => item.expression),
      ];
    case "atTimeZone":
      return [expression.operand, expression.zone];
    case "quantified":
      return [expression.left];
    case "between":
      return [expression.operand, expression.low, expression.high];
    case "in":
      return [expression.operand, ...("body" in expression.values ? [] : expression.values)];
    case "like":
      return [expression.operand, expression.pattern, expression.escape];
  }
}

/** True when the expression or a part of it, subqueries left out, satisfies `test`. */
export function some(
  expression: Expression | undefined,
  test: (part: Expression) => boolean,
): boolean {
  if (expression === undefined) return false;
  return test(expression) || partsOf(expression).some((part) => some(part, test));
}

/** True when a node of a statement or one below it, subqueries included, satisfies `test`. */
export function someNode(node: object, test: (node: object) => boolean): boolean {
  if (node instanceof Uint8Array) return false;
  if (test(node)) return true;
  for (const part of Object.values(node))
    if (typeof part === "object" && part !== null && someNode(part, test)) return true;
  return false;
}

const aggregateNames = new Set([
  "APPROX_COUNT_DISTINCT",
  "AVG",
  "CHECKSUM_AGG",
  "COUNT",
  "COUNT_BIG",
  "GROUPING",
  "GROUPING_ID",
  "MAX",
  "MIN",
  "STDEV",
  "STDEVP",
  "STRING_AGG",
  "SUM",
  "VAR",
  "VARP",
]);

export function isAggregate(expression: Expression): boolean {
  if (expression.kind !== "call" || expression.call.over !== undefined) return false;
  const { parts } = expression.call.name;
  return parts.length === 1 && aggregateNames.has(parts[0]!.toUpperCase());
}

export function hasAggregate(expression: Expression | undefined): boolean {
  return some(expression, isAggregate);
}

export function hasWindow(expression: Expression | undefined): boolean {
  return some(expression, (part) => part.kind === "call" && part.call.over !== undefined);
}

const predicates = new Set([
  "compare",
  "quantified",
  "logical",
  "not",
  "isNull",
  "between",
  "in",
  "like",
  "exists",
]);

export function isPredicate(expression: Expression): boolean {
  return predicates.has(expression.kind);
}
