import assert from "node:assert/strict";
import { test } from "node:test";
import type { ScoringPlan } from "@callosum/sdk/scoring.ts";
import { CommandError, exitCodes } from "../command.ts";
import {
  readMapping,
  readModel,
  readOutputs,
  requireMapped,
  requireTypes,
  toRequest,
} from "./score-request.ts";

const accepted: [string, unknown, unknown][] = [
  ["tip", readModel("tip"), { name: "tip", version: undefined }],
  ["tip:12", readModel("tip:12"), { name: "tip", version: "12" }],
  ["no mapping", pairs(readMapping(undefined)), []],
  ["two columns", pairs(readMapping("a=x, b=y")), ["x←a", "y←b"]],
  ["brackets", pairs(readMapping("[a,b]=[x=1],[c]]d]=[y]")), ["x=1←a,b", "y←c]d"]],
  ["an input like a property", pairs(readMapping("a=__proto__")), ["__proto__←a"]],
  ["outputs", readOutputs("delay:REAL,other"), [output("delay", "real"), output("other")]],
  ["tensor names", readOutputs("dense:0,[a:real]"), [output("dense:0"), output("a:real")]],
];
for (const [text, read, wanted] of accepted) {
  test(`${text} is read`, () => assert.deepEqual(read, wanted));
}

function pairs(inputs: Record<string, string>): string[] {
  return Object.keys(inputs).map((input) => `${input}←${inputs[input]}`);
}

function output(name: string, type?: string) {
  return { name, type };
}

const plan: ScoringPlan = {
  model: { id: "tip:1", framework: "Onnx", isPrefilled: false },
  table: "[dbo].[trips]",
  columns: [
    { name: "fare", type: "float" },
    { name: "miles", type: "float" },
  ],
  inputs: [
    { input: "f", type: "real", column: { name: "fare", type: "float" } },
    { input: "m", type: "real" },
  ],
  outputs: [{ output: "tip", type: "real" }],
  unusableOutputs: [],
  modelTable: { name: "[dbo].[models]", exists: true },
  object: { name: "[dbo].[predict_tip]", exists: false },
};

const refused: [string, () => unknown, RegExp][] = [
  ["a model of two versions", () => readModel("tip:1:2"), /NAME:VERSION, not 'tip:1:2'/],
  ["a model without a name", () => readModel(":1"), /NAME:VERSION/],
  ["a mapping without an input", () => readMapping("a"), /'a' is not/],
  ["a mapping of nothing", () => readMapping("=x"), /'=x' is not/],
  ["an input twice", () => readMapping("a=x,b=x"), /the input 'x' twice/],
  ["a type that the output is not", () => requireTypes(plan, readOutputs("tip:float")), /is real/],
  ["an input without a column", () => requireMapped(plan), /mapped to m \(real\): tip:1 has no/],
];
for (const [text, read, message] of refused) {
  test(`${text} is refused`, () => {
    assert.throws(read, (error) => {
      assert.ok(error instanceof CommandError);
      assert.equal(error.exitCode, exitCodes.usage);
      assert.match(error.message, message);
      return true;
    });
  });
}

test("types that are the model's, or left to it, are right", () => {
  requireTypes(plan, readOutputs("tip:real"));
  requireTypes(plan, readOutputs("tip"));
});

test("what is free is offered for an open input", () => {
  assert.throws(
    () => requireMapped(plan),
    (error) => error instanceof CommandError && /not used yet: miles\./.test(error.hint ?? ""),
  );
});

test("the wizard gets what was chosen only, and may make the model table", () => {
  const wanted = {
    database: "pool1",
    table: "dbo.trips",
    model: readModel("tip"),
    inputs: {},
    outputs: [],
    kind: "procedure" as const,
    object: undefined,
    modelTable: undefined,
  };
  assert.deepEqual(toRequest(wanted, "link1"), {
    database: "pool1",
    table: "dbo.trips",
    model: { linkedService: "link1", name: "tip" },
    inputs: {},
    script: { kind: "procedure" },
    modelTable: { create: true },
  });
});
