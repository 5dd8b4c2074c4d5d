import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type Environment,
  ExpressionError,
  type ExpressionErrorCode,
  evaluateText,
  evaluateValue,
  type Json,
  references,
  type Scope,
} from "./pipeline.ts";

const environment: Environment = {
  now: () => new Date("2018-04-15T13:00:00Z"),
  newGuid: () => "c2ecc88d-88c8-4096-912c-d6f2e2b138ce",
  random: () => 0.5,
};

const scope: Scope = {
  pipeline: () => ({
    parameters: { myNumber: 42, sub: "inner", inner: { deep: [10, 20] }, flag: true, "my-name": 1 },
    RunId: "r1",
    TriggeredByPipelineName: null,
  }),
  activity: ([name]) =>
    name === "Score"
      ? { output: { value: [{ id: 1 }, { id: 2 }] }, Status: "Succeeded" }
      : undefined,
  item: () => "it",
  linkedService: () => ({ vault: "kv1" }),
  variables: ([name]) => (name === "big" ? 9_007_199_254_740_993n : 1) as Json,
};

function evaluate(text: string): Json {
  return evaluateText(text, scope, environment);
}

function assertFails(
  run: () => unknown,
  expected: { code: ExpressionErrorCode; position?: number; message?: RegExp; path?: string },
) {
  assert.throws(run, (error) => {
    assert.ok(error instanceof ExpressionError, String(error));
    assert.equal(error.code, expected.code, error.message);
    if (expected.position !== undefined) assert.equal(error.position, expected.position);
    if (expected.path !== undefined) assert.equal(error.path, expected.path);
    if (expected.message) assert.match(error.message, expected.message);
    return true;
  });
}

describe("the forms of a text (expressions.md 2)", () => {
  const rows: [string, Json][] = [
    ["parameters", "parameters"],
    ["parameters[1]", "parameters[1]"],
    ["@@", "@"],
    [" @", " @"],
    ["a@b.com", "a@b.com"],
    ["", ""],
    ["@pipeline().parameters.myNumber", 42],
    ["@{pipeline().parameters.myNumber}", "42"],
    ["Answer is: @{pipeline().parameters.myNumber}", "Answer is: 42"],
    ["@{item()}-@{item()}!", "it-it!"],
    [
      "Answer is: @@{pipeline().parameters.myNumber}",
      "Answer is: @{pipeline().parameters.myNumber}",
    ],
    ["@@{x}", "@{x}"],
    ["@@x @{item()}", "@x it"],
    ["@concat('Baba', '''s ', 'book store')", "Baba's book store"],
    ["@{concat('}', '@{')}", "}@{"],
    ["@{pipeline().parameters.flag}", "True"],
    ["@{null}", ""],
    ["@{createArray(1, 'a')}", '[1,"a"]'],
    ["@ concat( 'a' ,\n 'b' ) ", "ab"],
    ["@'plain'", "plain"],
    ["@-1.5e2", -150],
    ["@TRUE", true],
  ];
  for (const [text, value] of rows) {
    it(`${JSON.stringify(text)} is ${JSON.stringify(value)}`, () =>
      assert.deepEqual(evaluate(text), value));
  }
});

describe("member access", () => {
  const rows: [string, Json][] = [
    ["@pipeline().parameters['my-name']", 1],
    ["@pipeline().Parameters.MYNUMBER", 42],
    ["@pipeline().parameters[pipeline().parameters.sub].deep[1]", 20],
    ["@activity('Score').output.value[0].id", 1],
    ["@pipeline()?.TriggeredByPipelineName", null],
    ["@pipeline()?.nothing", null],
    ["@pipeline()?.nothing?.more?['x']?[0]", null],
    ["@activity('Score').output.value?[7]", null],
    ["@json('{\"constructor\":1}').constructor", 1],
  ];
  for (const [text, value] of rows) {
    it(`${text} is ${JSON.stringify(value)}`, () => assert.deepEqual(evaluate(text), value));
  }
});

describe("errors name their place", () => {
  const rows: [string, ExpressionErrorCode, number, RegExp][] = [
    ["@pipeline().parameters.other", "PropertyNotFound", 23, /'other'.*there are: myNumber, sub/],
    ["@pipeline().toString", "PropertyNotFound", 12, /'toString'/],
    ["@json('{}').__proto__", "PropertyNotFound", 12, /empty/],
    ["@pipeline()?.nothing.more", "NullValue", 21, /'more'/],
    ["@activity('Score').output.value[2]", "IndexOutOfRange", 32, /2 items/],
    ["@activity('Score').output.value['x']", "ArgumentType", 32, /by an integer/],
    ["@item().x", "ArgumentType", 8, /no members/],
    ["@activity('Other')", "PropertyNotFound", 1, /activity\('Other'\)/],
    ["@nonsense(1)", "UnknownFunction", 1, /'nonsense'/],
    ["@constructor()", "UnknownFunction", 1, /'constructor'/],
    ["x @{add(1, 'a')}", "ArgumentType", 4, /argument 2 \(right\).*string 'a'/],
    ["@if(true, 1, substring('a'))", "ArgumentCount", 13, /takes 3 arguments, not 1/],
    ["@parameters", "Syntax", 11, /must be called/],
    ["@concat('a', 'b'", "Syntax", 16, /'\)'/],
    ["@concat('a' 'b')", "Syntax", 12, /found ''b''/],
    ["@concat('a,", "Syntax", 8, /closing single quote/],
    ['@concat("a")', "Syntax", 8, /single quotes/],
    ["@item() x", "Syntax", 8, /end of the expression/],
    ["x @{item()", "Syntax", 10, /'}'/],
    ["@", "Syntax", 1, /end of the text/],
    ["@pipeline().my-name", "Syntax", 14, /\['\.\.\.'\]/],
    ["@99999999999999999999", "Overflow", 1, /64-bit/],
  ];
  for (const [text, code, position, message] of rows) {
    it(`${text} fails with ${code} at ${position}`, () =>
      assertFails(() => evaluate(text), { code, position, message }));
  }
});

describe("64-bit integers", () => {
  it("are exact inside an expression and in text", () => {
    assert.equal(evaluate("@{add(variables('big'), 1)}"), "9007199254740994");
    assert.equal(evaluate("@equals(variables('big'), 9007199254740992)"), false);
    assert.equal(
      evaluate("@string(json('{\"a\":9223372036854775807}'))"),
      '{"a":9223372036854775807}',
    );
  });
  it("leave as the nearest number, floats as numbers", () => {
    assert.equal(evaluate("@variables('big')"), 9_007_199_254_740_992);
    assert.deepEqual(evaluate("@createArray(float('3'), 1.5)"), [3, 1.5]);
  });
});

describe("evaluateValue", () => {
  it("evaluates every text, the object form included, and shares the rest", () => {
    const fixed = { a: [1, { b: "x" }] };
    const value = {
      fixed,
      list: ["@item()", { value: "@json('{\"k\":[1]}')", type: "Expression" }],
      secret: { type: "SecureString", value: "@{item()}" },
      plain: { value: "as it is", type: "expression" },
    };
    const result = evaluateValue(value, scope, environment) as typeof value;
    assert.deepEqual(result, {
      fixed,
      list: ["it", { k: [1] }],
      secret: { type: "SecureString", value: "it" },
      plain: "as it is",
    });
    assert.equal(result.fixed, fixed);
    assert.equal(evaluateValue(fixed, scope, environment), fixed);
  });
  it("keeps a key named __proto__ a plain key", () => {
    const value = JSON.parse('{"__proto__":{"x":"@item()"}}') as Json;
    assert.equal(
      JSON.stringify(evaluateValue(value, scope, environment)),
      '{"__proto__":{"x":"it"}}',
    );
  });
  it("does not evaluate a result again", () => {
    assert.equal(evaluate("@concat('@', 'item()')"), "@item()");
  });
  it("names the path of the text that fails", () => {
    assertFails(() => evaluateValue({ a: [0, { b: "@x()" }] }, scope, environment), {
      code: "UnknownFunction",
      position: 1,
      path: "a[1].b",
      message: /at position 1 in a\[1\]\.b/,
    });
  });
  it("refuses a value that is nested too deeply", () => {
    let value: Json = "@item()";
    for (let i = 0; i < 300; i++) value = [value];
    assertFails(() => evaluateValue(value, scope, environment), { code: "LimitExceeded" });
  });
});

describe("references", () => {
  it("lists what a value needs from its surroundings", () => {
    const found = references({
      url: "https://@{linkedService().vault}.vault/@{toLower(linkedService()['secret'].x)}",
      body: { value: "@activity('A').output[item().key].id", type: "Expression" },
      own: "@concat('linkedService().no', string(1))",
      loop: "@activity(variables('v')).Status",
    });
    assert.deepEqual(
      found.map(({ root, args, members, path }) => ({ root, args, members, path })),
      [
        { root: "linkedService", args: [], members: ["vault"], path: "url" },
        { root: "linkedService", args: [], members: ["secret", "x"], path: "url" },
        { root: "item", args: [], members: ["key"], path: "body" },
        { root: "activity", args: ["A"], members: ["output"], path: "body" },
        { root: "activity", args: [undefined], members: ["Status"], path: "loop" },
        { root: "variables", args: ["v"], members: [], path: "loop" },
      ],
    );
  });
  it("validates without evaluating", () => {
    assertFails(() => references({ a: "@if(true, 1)" }), { code: "ArgumentCount", path: "a" });
    assertFails(() => references("@{oops"), { code: "Syntax" });
  });
});

describe("a scope", () => {
  it("is matched without regard to case and comes before the functions", () => {
    assert.equal(evaluateText("@ITEM()", scope, environment), "it");
    const forbidding: Scope = { utcnow: () => "never" };
    assert.equal(evaluateText("@utcNow()", forbidding, environment), "never");
  });
  it("may serve every name with a prefix, and get its arguments unevaluated", () => {
    const lazy: Scope = {
      "list*": {
        lazy: ([first], call) =>
          `${call.name}:${first?.node.type}:${JSON.stringify(first?.evaluate())}`,
      },
    };
    assert.equal(evaluateText("@listKeys(add(1, 1))", lazy, environment), "listKeys:call:2");
  });
  it("lets its own errors pass", () => {
    const failing: Scope = {
      item: () => {
        throw new TypeError("mine");
      },
    };
    assert.throws(() => evaluateText("@item()", failing, environment), TypeError);
  });
  it("must give JSON", () => {
    const bad: Scope = { item: () => (() => 1) as unknown as Json };
    assertFails(() => evaluateText("@item()", bad, environment), { code: "ResultType" });
  });
});

describe("limits", () => {
  const rows: [string, string][] = [
    ["nested calls", `@${"not(".repeat(300)}true${")".repeat(300)}`],
    ["a long chain", `@item()${".a".repeat(300)}`],
    ["a long text", `@{item()}${"x".repeat(300_000)}`],
    [
      "a replacement that grows",
      `@${"replace(".repeat(12)}'aaaaaaaa'${",'a','aaaaaaaaaa')".repeat(12)}`,
    ],
    [
      "a search that takes the product of both lengths",
      `@contains(string(range(1, 90000)), string(range(5, 89000)))`,
    ],
    ["nested JSON", `@json('${"[".repeat(1000)}')`],
  ];
  for (const [name, text] of rows) {
    it(`${name} is refused`, () => assertFails(() => evaluate(text), { code: "LimitExceeded" }));
  }
  it("a long text without an expression is none of ours", () => {
    const text = "x@".repeat(300_000);
    assert.equal(evaluate(text), text);
  });
});
