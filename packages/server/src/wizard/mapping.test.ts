import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ModelField, RegisteredModel } from "@callosum/contract/model-registry.ts";
import { mapInputs, similarity, unusableFields, usableOutputs, whyUnusable } from "./mapping.ts";
import { canCast, parseObjectName, twinNames } from "./sql-text.ts";

const field = (
  name: string,
  element = "float",
  shape: ModelField["shape"] = [null, 1],
): ModelField => ({
  name,
  element,
  kind: "tensor",
  shape,
});
const graphOf = (inputs: ModelField[], outputs: ModelField[] = []) => ({
  path: "m.onnx",
  framework: "Onnx",
  inputs,
  outputs,
});
const signed: Pick<RegisteredModel, "mlflow"> = {
  mlflow: { flavors: {}, runId: undefined, signature: { inputs: [], outputs: [] } },
};

describe("columns are mapped to inputs (features.md G-05)", () => {
  const columns = [
    { name: "fare_amount", type: "float" },
    { name: "TripDistance", type: "float" },
    { name: "passengers", type: "int" },
    { name: "photo", type: "varbinary" },
  ];
  const graph = graphOf([
    field("fareAmount"),
    field("trip_distance"),
    field("passengerCount", "int64"),
    field("photo"),
  ]);
  const mapped = (model: Pick<RegisteredModel, "mlflow">, chosen = new Map()) =>
    mapInputs({ model, graph, columns, chosen }).map(({ input, type, column }) => [
      input,
      type,
      column?.name,
    ]);

  it("by similar names when the signature is populated, and by types that can meet", () => {
    assert.deepEqual(mapped(signed), [
      ["fareAmount", "real", "fare_amount"],
      ["trip_distance", "real", "TripDistance"],
      ["passengerCount", "bigint", "passengers"],
      ["photo", "real", undefined],
    ]);
  });

  it("not at all when there is no signature", () => {
    const plain: Pick<RegisteredModel, "mlflow">[] = [
      { mlflow: undefined },
      { mlflow: { flavors: {}, runId: undefined, signature: undefined } },
      { mlflow: { problem: { code: "CorruptMlmodel", message: "" } } },
    ];
    for (const model of plain) {
      assert.deepEqual(
        mapped(model).map(([, , column]) => column),
        [undefined, undefined, undefined, undefined],
      );
    }
  });

  it("by choice above all, and a choice can be none", () => {
    const chosen = new Map([
      ["fareAmount", columns[1] ?? null],
      ["trip_distance", null],
    ]);
    assert.deepEqual(mapped(signed, chosen).slice(0, 2), [
      ["fareAmount", "real", "TripDistance"],
      ["trip_distance", "real", undefined],
    ]);
  });

  it("each column is proposed for one input only, the most similar one", () => {
    const twins = graphOf([field("fare_amounts"), field("fare_amount")]);
    const found = mapInputs({
      model: signed,
      graph: twins,
      columns: columns.slice(0, 1),
      chosen: new Map(),
    });
    assert.deepEqual(
      found.map(({ column }) => column?.name),
      [undefined, "fare_amount"],
    );
  });

  const names: [string, string, number, number][] = [
    ["fareAmount", "fare_amount", 1, 1],
    ["A", "a", 1, 1],
    ["", "", 0, 0],
    ["__", "--", 0, 0],
    ["passengerCount", "passengers", 0.6, 0.99],
    ["tripDistance", "distance", 0.6, 0.99],
    ["origin", "destination", 0, 0.5],
    ["month", "weekday", 0, 0.1],
    ["x1", "x2", 0, 0.1],
  ];
  for (const [a, b, least, most] of names) {
    it(`'${a}' and '${b}' are similar by ${least} to ${most}`, () => {
      const found = similarity(a, b);
      assert.ok(found >= least && found <= most, String(found));
      assert.equal(similarity(b, a), found);
    });
  }
});

describe("what PREDICT can bind (features.md G-17)", () => {
  const rows: [ModelField, RegExp | undefined][] = [
    [field("a"), undefined],
    [field("a", "double", [null]), undefined],
    [field("a", "int64", null), undefined],
    [field("a", "string", [null, 1, 1]), undefined],
    [field("a", "float", [null, 4]), /shape \[\?,4\] which is not supported/],
    [field("a", "float", [1, 3, 224, 224]), /shape \[1,3,224,224\]/],
    [field("a", "bool"), /type bool is not supported/],
    [field("a", "float16"), /type float16/],
    [{ ...field("a"), kind: "sequence" }, /it is a sequence/],
    [field("a".repeat(128)), undefined],
    [field("a".repeat(129)), /its name has more than 128 characters/],
  ];
  for (const [given, reason] of rows) {
    it(`${given.element} ${JSON.stringify(given.shape)} ${given.kind}: ${reason ?? "yes"}`, () => {
      const found = whyUnusable(given);
      if (reason) assert.match(found ?? "", reason);
      else assert.equal(found, undefined);
    });
  }

  it("extra outputs are left out and named (features.md G-06)", () => {
    const map: ModelField = { ...field("probabilities"), kind: "sequence" };
    const graph = graphOf(
      [],
      [field("label", "int64", [null]), map, field("all", "float", [null, 3])],
    );
    assert.deepEqual(usableOutputs(graph), [{ output: "label", type: "bigint" }]);
    assert.deepEqual(
      unusableFields(graph.outputs).map(({ name }) => name),
      ["probabilities", "all"],
    );
  });

  const casts: [string, string, boolean][] = [
    ["float", "real", true],
    ["int", "bigint", true],
    ["decimal", "real", true],
    ["bit", "bigint", true],
    ["nvarchar", "varchar", true],
    ["nvarchar", "real", true],
    ["date", "varchar", true],
    ["uniqueidentifier", "varchar", true],
    ["date", "real", false],
    ["varbinary", "real", false],
    ["varbinary", "varchar", false],
  ];
  for (const [from, to, can] of casts) {
    it(`${from} ${can ? "can" : "cannot"} become ${to}`, () =>
      assert.equal(canCast(from, to), can));
  }
});

describe("names that SQL takes for one", () => {
  const rows: [string[], readonly [string, string] | undefined][] = [
    [
      ["a", "b", "A", "B"],
      ["a", "A"],
    ],
    [
      ["größe", "x", "GRÖSSE", "GRÖßE"],
      ["größe", "GRÖßE"],
    ],
    [["a", "b"], undefined],
    [[], undefined],
  ];
  for (const [names, expected] of rows) {
    it(`${names.join(", ")}: ${expected ?? "none"}`, () =>
      assert.deepEqual(twinNames(names), expected));
  }
});

describe("names of objects", () => {
  const rows: [string, string | undefined][] = [
    ["flights", "dbo|flights"],
    ["dbo.flights", "dbo|flights"],
    [" [my schema].[a.b]]c] ", "my schema|a.b]c"],
    ["[dbo].flights", "dbo|flights"],
    ["a.b.c", undefined],
    ["", undefined],
    ["dbo.", undefined],
    ["dbo.fl ights", undefined],
    ["x; DROP TABLE y", undefined],
    ["[x", undefined],
    ["prévisions.größe", "prévisions|größe"],
    ['"my ""schema"""."a.b"', 'my "schema"|a.b'],
    ["#rows", "dbo|#rows"],
    ["@rows", undefined],
    [`[${"a".repeat(129)}]`, undefined],
  ];
  for (const [text, expected] of rows) {
    it(`'${text.slice(0, 30)}' is ${expected ?? "none"}`, () => {
      const name = parseObjectName(text);
      assert.equal(name && `${name.schema}|${name.name}`, expected);
    });
  }
});
