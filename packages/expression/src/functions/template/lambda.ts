// The lambda chapter of the template functions: lambda('x', body) makes a Lambda value, and inside
// its body lambdaVariables('x') reads the argument.
import { ExpressionError } from "../../error.ts";
import {
  abbreviate,
  defineFunction,
  defineLazyFunction,
  type FunctionDefinition,
} from "../../function.ts";
import { definedKeys, kindOf, Lambda, type Value } from "../../value.ts";

const chapter = "lambda";
const source = "ARM template functions, Lambda";

const definitions: readonly FunctionDefinition[] = [
  defineLazyFunction({
    name: "lambda",
    chapter,
    signature: "(...parametersAndBody: any): lambda",
    source,
    examples: [
      { text: "[lambda('x', 1)]", fails: "ResultType" },
      { text: "[map(createArray(1), lambda(1, 2))]", fails: "ArgumentType" },
      { text: "[map(createArray(1), lambda())]", fails: "ArgumentCount" },
    ],
    call: (args, { bindings }) => {
      const body = args.at(-1);
      if (body === undefined) {
        throw new ExpressionError("ArgumentCount", "'lambda' needs a body.");
      }
      const parameters = args.slice(0, -1).map((arg) => {
        const name = arg.evaluate();
        if (typeof name === "string") return name.toLowerCase();
        throw new ExpressionError("ArgumentType", "The parameters of 'lambda' are strings.");
      });
      return new Lambda(parameters, (...values) =>
        body.evaluate(
          new Map([...bindings, ...parameters.map((name, i) => [name, values[i]!] as const)]),
        ),
      );
    },
  }),
  defineFunction({
    name: "lambdaVariables",
    chapter,
    signature: "(name: string): any",
    source,
    examples: [
      { text: "[map(range(0, 2), lambda('x', lambdaVariables('X')))]", result: [0, 1] },
      { text: "[lambdaVariables('x')]", fails: "ArgumentValue" },
    ],
    call: ([name], { bindings }) => {
      const value = bindings.get(name.toLowerCase());
      if (value !== undefined) return value;
      throw new ExpressionError("ArgumentValue", `No lambda here has '${abbreviate(name)}'.`);
    },
  }),
];

const consumers: readonly FunctionDefinition[] = [
  defineFunction({
    name: "filter",
    chapter,
    signature: "(items: array, predicate: lambda): array",
    source,
    examples: [
      {
        text: "[filter(range(0, 6), lambda('i', greater(lambdaVariables('i'), 3)))]",
        result: [4, 5],
      },
      {
        text: "[filter(createArray('a', 'b'), lambda('x', 'i', equals(lambdaVariables('i'), 1)))]",
        result: ["b"],
      },
      { text: "[filter(range(0, 2), lambda('i', lambdaVariables('i')))]", fails: "ResultType" },
    ],
    call: ([items, predicate]) =>
      items.filter((item, i) => {
        const keeps = invoke("filter", predicate, { values: [item, i], least: 1 });
        return requireBoolean("filter", keeps);
      }),
  }),
  defineFunction({
    name: "groupBy",
    chapter,
    signature: "(items: array, key: lambda): object",
    source,
    examples: [
      {
        text: "[groupBy(createArray('foo', 'bar', 'baz'), lambda('x', substring(lambdaVariables('x'), 0, 1)))]",
        result: { f: ["foo"], b: ["bar", "baz"] },
      },
    ],
    call: ([items, key]) => {
      const groups = new Map<string, Value[]>();
      items.forEach((item, i) => {
        const name = requireKey("groupBy", invoke("groupBy", key, { values: [item, i], least: 1 }));
        const group = groups.get(name);
        if (group) group.push(item);
        else groups.set(name, [item]);
      });
      return Object.fromEntries(groups);
    },
  }),
  defineFunction({
    name: "map",
    chapter,
    signature: "(items: array, mapping: lambda): array",
    source,
    examples: [
      {
        text: "[map(createArray('a', 'b'), lambda('x', 'i', format('{0}{1}', lambdaVariables('x'), lambdaVariables('i'))))]",
        result: ["a0", "b1"],
      },
      {
        text: "[map(range(1, 2), lambda('x', map(range(1, 2), lambda('y', mul(lambdaVariables('x'), lambdaVariables('y'))))))]",
        result: [
          [1, 2],
          [2, 4],
        ],
      },
      { text: "[map(range(0, 1), 'x')]", fails: "ArgumentType" },
      { text: "[map(range(0, 10000), lambda('x', range(0, 10000)))]", fails: "LimitExceeded" },
    ],
    call: ([items, mapping]) =>
      items.map((item, i) => invoke("map", mapping, { values: [item, i], least: 1 })),
  }),
  defineFunction({
    name: "mapValues",
    chapter,
    signature: "(object: object, mapping: lambda): object",
    source,
    examples: [
      {
        text: "[mapValues(createObject('a', 1), lambda('v', add(lambdaVariables('v'), 1)))]",
        result: { a: 2 },
      },
    ],
    call: ([object, mapping]) =>
      Object.fromEntries(
        definedKeys(object).map((key) => [
          key,
          invoke("mapValues", mapping, { values: [object[key]!], least: 1 }),
        ]),
      ),
  }),
  defineFunction({
    name: "reduce",
    chapter,
    signature: "(items: array, initial: any, step: lambda): any",
    source,
    examples: [
      {
        text: "[reduce(range(1, 4), 0, lambda('sum', 'x', add(lambdaVariables('sum'), lambdaVariables('x'))))]",
        result: 10,
      },
      {
        text: "[reduce(range(0, 300), 1, lambda('a', 'x', createArray(lambdaVariables('a'))))]",
        fails: "LimitExceeded",
      },
      {
        text: "[reduce(range(0, 60), 1, lambda('a', 'x', createArray(lambdaVariables('a'), lambdaVariables('a'))))]",
        fails: "LimitExceeded",
      },
    ],
    call: ([items, initial, step]) =>
      items.reduce<Value>(
        (current, item, i) => invoke("reduce", step, { values: [current, item, i], least: 2 }),
        initial,
      ),
  }),
  defineFunction({
    name: "sort",
    chapter,
    signature: "(items: array, precedes: lambda): array",
    source,
    examples: [
      {
        text: "[sort(createArray(3, 1, 2), lambda('a', 'b', less(lambdaVariables('a'), lambdaVariables('b'))))]",
        result: [1, 2, 3],
      },
    ],
    call: ([items, precedes]) => {
      const isBefore = (a: Value, b: Value) =>
        requireBoolean("sort", invoke("sort", precedes, { values: [a, b], least: 2 }));
      return items.toSorted((a, b) => (isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : 0));
    },
  }),
  defineFunction({
    name: "toObject",
    chapter,
    signature: "(items: array, key: lambda, value?: lambda): object",
    source,
    examples: [
      {
        text: "[toObject(createArray('a', 'b'), lambda('x', lambdaVariables('x')), lambda('x', length(lambdaVariables('x'))))]",
        result: { a: 1, b: 1 },
      },
      {
        text: "[toObject(createArray(createObject('n', 'a')), lambda('x', lambdaVariables('x').n))]",
        result: { a: { n: "a" } },
      },
    ],
    call: ([items, key, value]) =>
      Object.fromEntries(
        items.map((item) => [
          requireKey("toObject", invoke("toObject", key, { values: [item], least: 1 })),
          value === undefined ? item : invoke("toObject", value, { values: [item], least: 1 }),
        ]),
      ),
  }),
];

export const lambdaFunctions: readonly FunctionDefinition[] = [...definitions, ...consumers];

/** A lambda may leave out the later parameters, such as the index of map. */
function invoke(
  name: string,
  lambda: Lambda,
  { values, least }: { values: readonly Value[]; least: number },
): Value {
  const count = lambda.parameters.length;
  if (count < least || count > values.length) {
    const expected = least === values.length ? least : `${least} to ${values.length}`;
    throw new ExpressionError(
      "ArgumentCount",
      `The lambda of '${name}' takes ${expected} parameters, not ${count}.`,
    );
  }
  return lambda.invoke(...values);
}

function requireBoolean(name: string, value: Value): boolean {
  if (typeof value === "boolean") return value;
  throw new ExpressionError(
    "ResultType",
    `The lambda of '${name}' must give a boolean, not ${kindOf(value)}.`,
  );
}

function requireKey(name: string, value: Value): string {
  if (typeof value === "string") return value;
  throw new ExpressionError(
    "ResultType",
    `The key lambda of '${name}' must give a string, not ${kindOf(value)}.`,
  );
}
