import assert from "node:assert/strict";
import { test } from "node:test";
import { checkName, latestVersion, schemaRules } from "./definition.ts";
import { labelOf, schemaBody, schemaFields } from "./schema-form.ts";

const schema = {
  type: "object",
  required: ["properties"],
  properties: {
    properties: {
      type: "object",
      required: ["tenantId"],
      properties: {
        tenantId: { type: "string", pattern: "^[0-9a-fA-F]{8}-x$" },
        count: { type: "integer", minimum: 3, maximum: 200 },
        size: { enum: ["Small", "Large"] },
        password: { type: "string", writeOnly: true },
        auto: { type: "object", properties: { enabled: { type: "boolean" } } },
        link: {
          anyOf: [
            { type: "string", minLength: 1 },
            { type: "object", required: ["value"] },
          ],
          description: "a text or an expression",
        },
        folders: { type: "array", items: { type: "string", maxLength: 5 } },
      },
    },
  },
};
const rules = schemaRules(schema);

test("a text is checked with the rule at its path", () => {
  for (const [path, text, expected] of [
    ["count", "7", undefined],
    ["count", "1", "It is 3 or more."],
    ["count", "201", "It is 200 or less."],
    ["count", "1.5", "It is a whole number."],
    ["size", "small", undefined],
    ["size", "Huge", "It is one of Small, Large."],
    ["tenantId", "?", "It is an id like 00000000-0000-0000-0000-000000000000."],
    ["link", "x", undefined],
    ["folders", "a\nlonger", "It has at most 5 characters."],
    ["unknown", "x", undefined],
  ] as const) {
    assert.equal(rules.check(`properties.${path}`)(text), expected, `${path} ${text}`);
  }
});

test("what is required and what may be chosen comes from the schema", () => {
  assert.equal(rules.isRequired("properties.tenantId"), true);
  assert.equal(rules.isRequired("properties.count"), false);
  assert.deepEqual(
    rules.choices("properties.size")?.map(({ value }) => value),
    ["Small", "Large"],
  );
  assert.equal(rules.choices("properties.count"), undefined);
});

test("a whole body is checked place by place", () => {
  assert.deepEqual(rules.problems({ properties: { count: 1 } }), [
    { path: "properties", message: "tenantId is required." },
    { path: "properties.count", message: "It is 3 or more." },
  ]);
});

test("while the schema is loading everything fits", () => {
  const loading = schemaRules(undefined);
  assert.equal(loading.isLoading, true);
  assert.equal(loading.check("properties.count")("?"), undefined);
  assert.deepEqual(loading.problems({}), []);
});

test("a form has a field for every property, and its values make the body", () => {
  const fields = schemaFields(schema, { path: "properties", rules });
  assert.deepEqual(
    fields.map(({ name, kind }) => [name, kind]),
    [
      ["properties.tenantId", "text"],
      ["properties.count", "number"],
      ["properties.size", "choice"],
      ["properties.password", "secret"],
      ["properties.auto.enabled", "toggle"],
      ["properties.folders", "list"],
    ],
  );
  assert.deepEqual(
    schemaBody(schema, {
      "properties.count": "7",
      "properties.auto.enabled": "true",
      "properties.size": "",
    }),
    { properties: { count: 7, auto: { enabled: true } } },
  );
});

test("names, labels and versions read as the server's", () => {
  const form = { name: { pattern: "^[a-z]+$", flags: "", rule: "Letters only." } };
  assert.equal(checkName(form, "abc"), undefined);
  assert.equal(checkName(form, "1"), "Letters only.");
  assert.equal(labelOf("properties.autoScale.minNodeCount"), "Auto scale: min node count");
  assert.equal(latestVersion(["2021-06-01", "2021-06-01-preview", "2020-12-01"]), "2021-06-01");
});
