import assert from "node:assert/strict";
import { it } from "node:test";
import { evaluateNode, makeFrame } from "./evaluate.ts";
import { defineFunction, type Environment, tableOf } from "./function.ts";
import { Budget } from "./limit.ts";
import { parseExpression } from "./parser.ts";

const environment: Environment = {
  now: () => new Date(0),
  newGuid: () => "",
  random: () => 0,
};
const costly = defineFunction({
  name: "costly",
  chapter: "test",
  signature: "(...items: any): integer",
  source: "none",
  cost: 50,
  examples: [],
  call: (items) => items.length,
});
const grammar = { literals: new Map(), hasSafeAccess: false, hasNamespaces: false };

function evaluateWithin(text: string, units: number) {
  const { node } = parseExpression(text, { start: 0, closing: "", grammar });
  const frame = makeFrame(tableOf([costly]), {}, environment);
  return evaluateNode(node, { ...frame, budget: new Budget(units) });
}

it("a call spends its node, its cost and its arguments", () => {
  assert.equal(evaluateWithin("costly(1, 2)", 53), 2);
  assert.throws(() => evaluateWithin("costly(1, 2)", 52), { code: "LimitExceeded", position: 0 });
});

it("a function that is in no table is refused by name", () => {
  assert.throws(() => evaluateWithin("cheap()", 53), {
    code: "UnknownFunction",
    detail: /'cheap'/,
  });
});
