import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type Environment,
  ExpressionError,
  type ExpressionErrorCode,
  evaluateTemplate,
  evaluateTemplateNode,
  type Json,
  parseTemplateExpression,
  type Scope,
  templateCalls,
} from "./template.ts";

const environment: Environment = {
  now: () => new Date("2018-04-15T13:00:00Z"),
  newGuid: () => "c2ecc88d-88c8-4096-912c-d6f2e2b138ce",
  random: () => 0.5,
};

const variables: Readonly<Record<string, Json>> = { logicApps: ["la1", "la2"], dlsName: "lake" };
const scope: Scope = {
  parameters: ([name]) => (name === "location" ? "westeurope" : undefined),
  variables: ([name]) => variables[String(name)],
  resourceGroup: () => ({ id: "/subscriptions/s/resourceGroups/g", location: "westeurope" }),
  deployment: () => ({ properties: { templateLink: { uri: "https://x.test/a/main.json" } } }),
  resourceId: (args) => args.join("/"),
  "contoso.shout": ([text]) => String(text).toUpperCase(),
};

function evaluate(text: Json): Json {
  return evaluateTemplate(text, scope, environment);
}

describe("the forms of a text", () => {
  const rows: [string, Json][] = [
    ["plain", "plain"],
    ["[[not an expression]", "[not an expression]"],
    ["[test] value", "[test] value"],
    ["[[test] value", "[[test] value"],
    [" [concat('a')]", " [concat('a')]"],
    ["[concat('sa', 'x''y')]", "sax'y"],
    ["[ add( 1 , -2 ) ]", -1],
    ["[variables('logicApps')[0]]", "la1"],
    // The template of the quickstart writes templatelink; property names have no case.
    ["[deployment().properties.templatelink.uri]", "https://x.test/a/main.json"],
    ["[uri(deployment().properties.templatelink.uri, 'b.json')]", "https://x.test/a/b.json"],
    ["[contoso.Shout('hi')]", "HI"],
    ["[if(equals(variables('dlsName'), 'lake'), json('null'), parameters('no'))]", null],
  ];
  for (const [text, value] of rows) {
    it(`${text} is ${JSON.stringify(value)}`, () => assert.deepEqual(evaluate(text), value));
  }
});

describe("errors name their place", () => {
  const rows: [string, ExpressionErrorCode, number][] = [
    ["[]", "Syntax", 1],
    ["[true]", "Syntax", 5],
    ["[concat('a']", "Syntax", 11],
    ["[concat('a')] and [concat('b')]", "Syntax", 13],
    ["[concat('a')?.b]", "Syntax", 12],
    ["[parameters('no')]", "PropertyNotFound", 1],
    ["[resourceGroup().nope]", "PropertyNotFound", 17],
    ["[reference('x')]", "UnknownFunction", 1],
    ["[lambdaVariables('x')]", "ArgumentValue", 1],
    [`[concat('${"x".repeat(25_000)}')]`, "LimitExceeded", 0],
  ];
  for (const [text, code, position] of rows) {
    it(`${text.slice(0, 40)} fails with ${code}`, () => {
      assert.throws(
        () => evaluate({ at: text }),
        (error) => {
          assert.ok(error instanceof ExpressionError, String(error));
          assert.equal(error.code, code, error.message);
          if (code !== "LimitExceeded") assert.equal(error.position, position);
          assert.equal(error.path, "at");
          return true;
        },
      );
    });
  }
});

describe("evaluateTemplate", () => {
  it("evaluates values and property names, and shares the rest", () => {
    const fixed = { a: [1] };
    const result = evaluate({
      fixed,
      identities: { "[resourceId('Microsoft.X/y', 'z')]": {} },
      "[[literal]": ["[parameters('location')]"],
    }) as Record<string, Json>;
    assert.deepEqual(result, {
      fixed,
      identities: { "Microsoft.X/y/z": {} },
      "[literal]": ["westeurope"],
    });
    assert.equal(result.fixed, fixed);
  });
  it("refuses a property name that is no string", () => {
    assert.throws(() => evaluate({ "[add(1, 1)]": 1 }), { code: "ResultType" });
  });
});

describe("dependency discovery", () => {
  const resource = {
    properties: {
      url: "[concat(reference(variables('dlsName')).primaryEndpoints.dfs, '/x')]",
      id: "[if(true(), reference(resourceId('A/b', 'c'), '2020-01-01', 'Full'), 1)]",
    },
    dependsOn: ["[resourceId('D/e', 'f')]"],
  };
  it("finds the calls and where they stand without evaluating", () => {
    assert.deepEqual(
      templateCalls(resource, ["reference", "RESOURCEID"]).map(({ node, path }) => [
        node.name,
        path,
      ]),
      [
        ["reference", "properties.url"],
        ["reference", "properties.id"],
        ["resourceId", "properties.id"],
        ["resourceId", "dependsOn[0]"],
      ],
    );
  });
  it("lets the caller evaluate one argument of a call", () => {
    const targets = templateCalls(resource, ["reference"]).map(({ node }) =>
      evaluateTemplateNode(node.args[0]!, scope, environment),
    );
    assert.deepEqual(targets, ["lake", "A/b/c"]);
  });
});

it("a text is parsed once", () => {
  const text = "[concat('once', 'only')]";
  assert.equal(parseTemplateExpression(text), parseTemplateExpression(text));
  assert.equal(parseTemplateExpression("once"), undefined);
});
