import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ServiceError } from "@callosum/contract/error.ts";
import type { Json, JsonObject } from "./json.ts";
import { requireType } from "./type-check.ts";

const definitions: JsonObject = {
  tier: { type: "string", allowedValues: ["a", "b"] },
  pair: {
    type: "object",
    properties: { left: { type: "int" }, right: { $ref: "#/definitions/tier", nullable: true } },
    additionalProperties: false,
  },
  shape: {
    type: "object",
    discriminator: {
      propertyName: "kind",
      mapping: {
        circle: { type: "object", properties: { kind: { type: "string" }, r: { type: "int" } } },
      },
    },
  },
  loop: { $ref: "#/definitions/loop" },
};

describe("whether a value is of a type", () => {
  const rows: [Json, JsonObject, RegExp | undefined][] = [
    ["x", { type: "String" }, undefined],
    [1, { type: "int", minValue: 1, maxValue: 1 }, undefined],
    [0, { type: "int", minValue: 1 }, /minimum value '1'/],
    [2, { type: "int", maxValue: 1 }, /maximum value '1'/],
    [1.5, { type: "int" }, /'Int'.*'float'/],
    ["true", { type: "bool" }, /'Bool'.*'string'/],
    [null, { type: "string" }, /'null'/],
    [null, { type: "string", nullable: true }, undefined],
    ["ab", { type: "string", minLength: 3 }, /'3', not '2'/],
    [["a", "b"], { type: "array", allowedValues: ["a", "b"] }, undefined],
    [["a", "c"], { type: "array", allowedValues: ["a", "b"] }, /not part of the allowed/],
    [[1, "x"], { type: "array", items: { type: "int" } }, /item 1.*'Int'/],
    [[1, 2], { type: "array", prefixItems: [{ type: "int" }], items: false }, /too many items/],
    ["c", { $ref: "#/definitions/tier" }, /'c' is not part/],
    [{ left: 1 }, { $ref: "#/definitions/pair" }, undefined],
    [{ left: 1, right: "c" }, { $ref: "#/definitions/pair" }, /property 'right'/],
    [{ right: "a" }, { $ref: "#/definitions/pair" }, /lacks the property 'left'/],
    [{ left: 1, up: 2 }, { $ref: "#/definitions/pair" }, /'up' is not allowed/],
    [{ kind: "circle", r: 1 }, { $ref: "#/definitions/shape" }, undefined],
    [{ kind: "circle", r: "1" }, { $ref: "#/definitions/shape" }, /property 'r'/],
    [{ kind: "line" }, { $ref: "#/definitions/shape" }, /variants/],
    ["x", { $ref: "#/definitions/loop" }, /refers to itself/],
    ["x", { $ref: "#/definitions/none" }, /is not defined/],
  ];
  for (const [value, type, says] of rows) {
    it(`${JSON.stringify(value)} as ${JSON.stringify(type)}`, () => {
      const check = () => requireType(value, type, { definitions, path: "p", what: "it" });
      if (says === undefined) return check();
      assert.throws(check, (error: ServiceError) => {
        assert.ok(error instanceof ServiceError);
        assert.equal(error.code, "InvalidTemplate");
        assert.match(error.message, says);
        return true;
      });
    });
  }

  it("a secure value is not in the error", () => {
    const type = { type: "securestring", allowedValues: ["a"] };
    const check = () => requireType("hidden", type, { definitions, path: "p", what: "it" });
    assert.throws(check, (error: Error) => !error.message.includes("hidden"));
  });
});
