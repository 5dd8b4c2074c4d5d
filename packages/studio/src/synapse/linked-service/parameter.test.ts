import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parametersProblem, parametersText, readParameters, testValues } from "./parameter.ts";

const one = (name: string, type: string, defaultText: string) =>
  JSON.stringify([{ name, type, defaultText }]);

describe("Parameters", () => {
  const right: readonly (readonly [string, string, unknown])[] = [
    ["String", "1", "1"],
    ["Int", "1", 1],
    ["Float", "1.50", 1.5],
    ["Bool", "true", true],
    ["Array", "[1]", [1]],
    ["Object", '{"a":1}', { a: 1 }],
  ];
  for (const [type, text, value] of right) {
    it(`of type ${type} have a default of that type`, () => {
      assert.equal(parametersProblem(one("p", type, text)), undefined);
      assert.deepEqual(readParameters(one("p", type, text)), { p: { type, defaultValue: value } });
    });
  }
  const wrong: readonly (readonly [string, string])[] = [
    ["Int", "1.5"],
    ["Int", "x"],
    ["Float", "true"],
    ["Bool", "yes"],
    ["Array", "{}"],
    ["Object", "[]"],
  ];
  for (const [type, text] of wrong) {
    it(`of type ${type} don't have the default ${text}`, () => {
      assert.match(parametersProblem(one("p", type, text)) ?? "", new RegExp(`no ${type}`));
    });
  }

  it("have names of letters, digits and underscores, each once", () => {
    assert.match(parametersProblem(one("a-b", "String", "")) ?? "", /letters/);
    const twice = ["p", "P"].map((name) => ({ name, type: "String", defaultText: "" }));
    assert.match(parametersProblem(JSON.stringify(twice)) ?? "", /two parameters/);
  });

  it("are written as they were read", () => {
    const parameters = { a: { type: "String" }, b: { type: "Object", defaultValue: { c: [1] } } };
    assert.deepEqual(readParameters(parametersText(parameters)), parameters);
  });

  it("without a default take a value for the test, of their type", () => {
    const parameters = parametersText({
      a: { type: "Int" },
      b: { type: "String", defaultValue: "x" },
      c: { type: "String" },
      d: { type: "Bool" },
    });
    const typed = { parameters, "testValue.a": "3", "testValue.b": "y", "testValue.d": "perhaps" };
    assert.deepEqual(testValues(typed), { a: 3 });
  });
});
