// Evaluates any part of a template: expressions in values and names, and `copy` inside objects.

import {
  type Environment,
  ExpressionError,
  evaluateTemplate,
  type Scope,
} from "@callosum/expression/template.ts";
import { invalid, limits } from "./document.ts";
import { isArray, isObject, type Json, type JsonObject, member } from "./json.ts";

/** Loops around a text, innermost included: index by lower-case name. */
export interface Copies {
  readonly loops: ReadonlyMap<string, number>;
  /** What copyIndex() without a name means. */
  readonly current: string | undefined;
}

export const noCopies: Copies = { loops: new Map(), current: undefined };

export interface Evaluation {
  readonly copies: Copies;
  readonly environment: Environment;
  scopeOf(copies: Copies): Scope;
}

/** Fails with InvalidTemplate whose path is the text's place. */
export function evaluateValue(value: Json, evaluation: Evaluation, path: string): Json {
  const scope = evaluation.scopeOf(evaluation.copies);
  return evaluatePart(value, { ...evaluation, scope }, path);
}

type Bound = Evaluation & { readonly scope: Scope };

function evaluatePart(value: Json, bound: Bound, path: string): Json {
  if (typeof value === "string") return evaluateText(value, bound, path);
  if (isArray(value))
    return value.map((item, index) => evaluatePart(item, bound, `${path}[${index}]`));
  if (!isObject(value)) return value;
  const entries: [string, Json][] = [];
  for (const [key, item] of Object.entries(value)) {
    const place = path === "" ? key : `${path}.${key}`;
    if (key.toLowerCase() === "copy" && isLoopList(item)) {
      entries.push(...expandLoops(item, bound, place));
      continue;
    }
    const name = key.startsWith("[") ? evaluateText(key, bound, place) : key;
    if (typeof name !== "string") throw invalid("A property name must be a string", place);
    entries.push([name, evaluatePart(item, bound, place)]);
  }
  return Object.fromEntries(entries);
}

function evaluateText(text: string, { scope, environment }: Bound, path: string): Json {
  if (!text.startsWith("[")) return text;
  try {
    return evaluateTemplate(text, scope, environment);
  } catch (error) {
    throw error instanceof ExpressionError ? invalidExpression(error, path) : error;
  }
}

export function invalidExpression(error: ExpressionError, path: string) {
  return invalid(
    `Unable to process template language expressions at '${path}'. '${error.detail.replace(/\.$/, "")}'`,
    path,
  );
}

function isLoopList(value: Json): value is readonly JsonObject[] {
  return (
    isArray(value) &&
    value.length > 0 &&
    value.every((item) => isObject(item) && "name" in item && "count" in item)
  );
}

function expandLoops(loops: readonly JsonObject[], bound: Bound, path: string): [string, Json][] {
  return loops.map((loop, index) => {
    const place = `${path}[${index}]`;
    const name = member(loop, "name");
    const input = member(loop, "input");
    if (typeof name !== "string" || input === undefined) {
      throw invalid("A copy of a property needs 'name', 'count' and 'input'", place);
    }
    return [name, expandLoop({ name, loop, input }, bound, place)];
  });
}

/** The items of a loop over values. */
export function expandLoop(
  { name, loop, input }: { name: string; loop: JsonObject; input: Json },
  evaluation: Evaluation,
  path: string,
  isCurrent = false,
): Json[] {
  const count = copyCount(loop, evaluation, path);
  return Array.from({ length: count }, (_, index) =>
    evaluateValue(
      input,
      {
        ...evaluation,
        copies: withLoop(evaluation.copies, { name, index, isCurrent }),
      },
      `${path}.input`,
    ),
  );
}

export function withLoop(
  copies: Copies,
  { name, index, isCurrent }: { name: string; index: number; isCurrent: boolean },
): Copies {
  return {
    loops: new Map(copies.loops).set(name.toLowerCase(), index),
    current: isCurrent ? name.toLowerCase() : copies.current,
  };
}

/** How often a loop runs: 0 to 800. */
export function copyCount(loop: JsonObject, evaluation: Evaluation, path: string): number {
  const count = evaluateValue(member(loop, "count") ?? null, evaluation, `${path}.count`);
  if (typeof count !== "number" || !Number.isInteger(count)) {
    throw invalid("The copy count must be an integer", `${path}.count`);
  }
  if (count < 0 || count > limits.copies) {
    throw invalid(
      `The copy count '${count}' is not valid. It must be 0 to ${limits.copies}`,
      `${path}.count`,
    );
  }
  return count;
}
