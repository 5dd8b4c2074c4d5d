// Walks every function of both languages: its examples are its tests.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ExpressionError } from "../error.ts";
import type { Environment, Example, FunctionTable } from "../function.ts";
import { evaluateText } from "../pipeline.ts";
import { evaluateTemplate } from "../template.ts";
import { pipelineFunctions } from "./pipeline/table.ts";
import { templateFunctions } from "./template/table.ts";

function environmentAt(now = "2018-04-15T13:00:00Z"): Environment {
  return {
    now: () => new Date(now),
    newGuid: () => "c2ecc88d-88c8-4096-912c-d6f2e2b138ce",
    random: () => 0.5,
  };
}

function walkExamples(
  table: FunctionTable,
  evaluate: (text: string, environment: Environment) => unknown,
) {
  for (const definition of table.values()) {
    describe(`${definition.chapter}: ${definition.name}`, () => {
      for (const example of definition.examples) {
        it(`${example.text} gives ${example.fails ?? JSON.stringify(example.result)}`, () =>
          checkExample(example, evaluate));
      }
    });
  }
}

function checkExample(
  example: Example,
  evaluate: (text: string, environment: Environment) => unknown,
) {
  const run = () => evaluate(example.text, environmentAt(example.now));
  if (example.fails === undefined) {
    assert.deepEqual(run(), example.result);
    return;
  }
  assert.throws(run, (error) => {
    assert.ok(error instanceof ExpressionError, String(error));
    assert.equal(error.code, example.fails, error.message);
    assert.notEqual(error.position, undefined);
    return true;
  });
}

describe("pipeline functions", () => {
  walkExamples(pipelineFunctions, (text, environment) => evaluateText(text, {}, environment));

  // expressions.md 3: 84 functions, 12 + 10 + 9 + 24 + 9 + 20.
  it("are the 84 of the reference, chapter by chapter", () => {
    const counts = Object.groupBy(pipelineFunctions.values(), (each) => each.chapter);
    assert.deepEqual(
      Object.fromEntries(Object.entries(counts).map(([name, each]) => [name, each?.length])),
      { string: 12, collection: 10, logical: 9, conversion: 24, math: 9, date: 20 },
    );
  });
});

describe("template functions", () => {
  walkExamples(templateFunctions, (text, environment) => evaluateTemplate(text, {}, environment));
});

it("every function has an example", () => {
  const bare = [...pipelineFunctions.values(), ...templateFunctions.values()].filter(
    (each) => each.examples.length === 0,
  );
  assert.deepEqual(
    bare.map((each) => each.name),
    [],
  );
});
