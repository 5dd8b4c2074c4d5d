import assert from "node:assert/strict";
import { test } from "node:test";
import { modelNames, readFixture } from "../../test/fixture.ts";
import { random } from "../../test/random.ts";
import { ModelError } from "../model-error.ts";
import { readModel } from "./model.ts";
import { signatureOf } from "./signature.ts";
import { writeModel } from "./write-model.ts";

test("a pipeline's signature has its inputs, outputs, opsets and producer", () => {
  const signature = signatureOf(readModel(readFixture("pipeline-logistic")));
  const inputs = signature.inputs.map(({ name, type, shape, width }) => ({
    name,
    type,
    shape,
    width,
  }));
  assert.deepEqual(inputs, [
    { name: "age", type: "float", shape: [null, 1], width: 1 },
    { name: "income", type: "float", shape: [null, 1], width: 1 },
    { name: "visits", type: "int64", shape: [null, 1], width: 1 },
    { name: "city", type: "string", shape: [null, 1], width: 1 },
  ]);
  const outputs = signature.outputs.map(({ name, type, width }) => ({ name, type, width }));
  assert.deepEqual(outputs, [
    { name: "label", type: "string", width: 1 },
    { name: "probabilities", type: "float", width: 2 },
  ]);
  assert.equal(signature.producerName, "skl2onnx");
  assert.equal(signature.framework, "ScikitLearn");
  assert.equal(signature.opsets["ai.onnx.ml"], 1);
});

test("a map of probabilities is no column", () => {
  const signature = signatureOf(readModel(readFixture("logistic-iris-zipmap")));
  const map = signature.outputs.find((output) => output.name === "output_probability");
  assert.equal(map?.kind, "sequence");
  assert.equal(map?.width, 0);
});

test("every fixture reads", () => {
  for (const name of modelNames())
    assert.ok(readModel(readFixture(name)).graph.nodes.length > 0, name);
});

const bytes = (...values: (number | number[])[]) => Uint8Array.from(values.flat());
const nested = (depth: number): number[] => {
  let graph: number[] = [];
  const length = (of: number[]) => [(of.length & 127) | 128, of.length >> 7];
  for (let i = 0; i < depth; i += 1) {
    const attribute = [0x32, ...length(graph), ...graph];
    const node = [0x22, 1, 65, 0x2a, ...length(attribute), ...attribute];
    graph = [0x0a, ...length(node), ...node];
  }
  return [0x3a, ...length(graph), ...graph];
};

const hostile: readonly (readonly [what: string, bytes: Uint8Array, message: RegExp])[] = [
  ["nothing", bytes(), /no bytes/],
  ["text", new TextEncoder().encode("SELECT 1"), /./],
  ["no graph", bytes(0x08, 8), /no graph/],
  ["a length past the end", bytes(0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f), /claims 4294967295 bytes/],
  ["a length of 2^64", bytes(0x3a, Array(9).fill(255), 1), /claims/],
  ["an endless varint", bytes(0x08, Array(20).fill(255)), /longer than 10 bytes/],
  ["an unknown wire type", bytes(0x0b), /wire type 3/],
  ["a field numbered 0", bytes(0x00, 1), /numbered 0/],
  ["a graph that is a number", bytes(0x38, 1), /not a message/],
  ["graphs in graphs in graphs", bytes(0x08, 8, nested(40)), /nested/],
  [
    "a tensor of 2^62 elements",
    bytes(0x3a, 0x10, 0x2a, 0x0e, 0x08, Array(8).fill(128), 64, 0x10, 1, 0x4a, 0),
    /elements/,
  ],
];
for (const [what, model, message] of hostile) {
  test(`${what} is named as corrupt`, () => {
    assert.throws(
      () => readModel(model),
      (error) => {
        assert.ok(error instanceof ModelError);
        assert.equal(error.code, "CorruptModel");
        assert.match(error.message, message);
        return true;
      },
    );
  });
}

test("external data is refused", () => {
  const external = bytes(0x08, 8, 0x3a, 0x08, 0x2a, 0x06, 0x10, 1, 0x70, 1, 0x4a, 0);
  assert.throws(() => readModel(external), { code: "UnsupportedModel", message: /external/ });
});

test("a cut or scrambled model ends in a ModelError or a model, never in another error", () => {
  const chance = random(1);
  const original = readFixture("pipeline-ridge");
  const attempt = (candidate: Uint8Array) => {
    try {
      readModel(candidate);
    } catch (error) {
      assert.ok(error instanceof ModelError, String(error));
    }
  };
  for (let end = 0; end < original.length; end += 1) attempt(original.subarray(0, end));
  for (let round = 0; round < 2000; round += 1) {
    const scrambled = Uint8Array.from(original);
    for (let i = 0; i < 3; i += 1) scrambled[chance.below(scrambled.length)] = chance.below(256);
    attempt(scrambled);
  }
});

test("a shape of a billion columns makes no list of columns", () => {
  const model = writeModel({
    inputs: [{ name: "x", type: "float", shape: [-1, 1_000_000_000] }],
    outputs: [{ name: "y", type: "float", shape: [-1, 1] }],
    nodes: [{ op: "Identity", inputs: ["x"], outputs: ["y"] }],
  });
  const [input] = signatureOf(readModel(model)).inputs;
  assert.deepEqual(input?.shape, [null, 1_000_000_000]);
  assert.equal(input?.width, 0);
});

test("a model in a Buffer of Node's pool reads as one in bytes of its own", async () => {
  const { openScorer } = await import("../scorer.ts");
  const bytes = writeModel({
    inputs: [{ name: "x", type: "float", shape: [-1, 1] }],
    outputs: [{ name: "y", type: "float", shape: [-1, 1] }],
    nodes: [{ op: "Mul", inputs: ["x", "two"], outputs: ["y"] }],
    initializers: { two: { dims: [1], floats: [2] } },
  });
  // Short Buffers lie in a shared pool of 8 KiB, where slice() is a view.
  const scorer = openScorer(Buffer.from(bytes));
  const { outputs } = scorer.score([{ values: Float32Array.of(3) }], 1) as never as {
    outputs: { values: Float32Array }[];
  };
  assert.deepEqual([...(outputs[0]?.values ?? [])], [6]);
  scorer.close();
});
