import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readMlmodel } from "./mlmodel.ts";

const read = (text: string) => readMlmodel(new TextEncoder().encode(text));

describe("an MLmodel file", () => {
  it("gives flavors and a signature of columns", () => {
    const found = read(`artifact_path: model
flavors:
  onnx:
    code: null
    data: model.onnx
    onnx_version: 1.16.1
    providers:
    - CUDAExecutionProvider
    - CPUExecutionProvider
  python_function:
    data: model.onnx
    env:
      conda: conda.yaml
      virtualenv: python_env.yaml
    loader_module: mlflow.onnx
mlflow_version: 2.14.1
run_id: 0123abcd
signature:
  inputs: '[{"type": "double", "name": "distance", "required": true}, {"type": "string",
    "name": "origin", "required": true}]'
  outputs: '[{"type": "float", "name": "delay", "required": true}]'
  params: null
utc_time_created: '2026-01-02 03:04:05.678901'
`);
    assert.deepEqual(found, {
      flavors: {
        onnx: { data: "model.onnx", onnx_version: "1.16.1" },
        python_function: { data: "model.onnx", loader_module: "mlflow.onnx" },
      },
      runId: "0123abcd",
      signature: {
        inputs: [
          { name: "distance", type: "double", shape: undefined },
          { name: "origin", type: "string", shape: undefined },
        ],
        outputs: [{ name: "delay", type: "float", shape: undefined }],
      },
    });
  });

  it("gives a signature of tensors", () => {
    const found = read(`flavors:
  onnx:
    data: model.onnx
signature:
  inputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 1]}, "name": "x"}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]'
`);
    assert.ok("flavors" in found);
    assert.deepEqual(found.signature, {
      inputs: [{ name: "x", type: "float32", shape: [-1, 1] }],
      outputs: [{ name: undefined, type: "int64", shape: [-1] }],
    });
  });

  it("has no signature when none is populated", () => {
    for (const tail of ["", "signature: null\n", "signature:\n  inputs: '[]'\n"]) {
      const found = read(`flavors:\n  sklearn:\n    pickled_model: model.pkl\n${tail}`);
      assert.ok("flavors" in found);
      assert.equal(found.signature, undefined);
    }
  });

  const broken: [string, string | Uint8Array, RegExp][] = [
    ["without flavors", "artifact_path: model", /names no flavors/],
    ["that is not YAML", "{", /line 1/],
    ["that is not UTF-8", new Uint8Array([0xff, 0xfe]), /not UTF-8/],
    [
      "whose signature is not JSON",
      "flavors:\n  a: {}\nsignature:\n  inputs: '['",
      /inputs are not JSON/,
    ],
    ["whose signature has no types", "flavors:\n  a: {}\nsignature:\n  inputs: '[{}]'", /no type/],
    [
      "whose signature is null inside",
      "flavors:\n  a: {}\nsignature:\n  inputs: '[null]'",
      /no type/,
    ],
    ["that is too large", `flavors: ${"x".repeat(1024 * 1024)}`, /more than/],
  ];
  for (const [name, content, message] of broken) {
    it(`${name} is described as broken`, () => {
      const found = typeof content === "string" ? read(content) : readMlmodel(content);
      assert.ok("problem" in found);
      assert.equal(found.problem.code, "CorruptMlmodel");
      assert.match(found.problem.message, message);
    });
  }
});
