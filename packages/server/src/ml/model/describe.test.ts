import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { writeModel } from "@callosum/scoring/onnx/write-model.ts";
import { describeContent } from "./describe.ts";

const onnx = writeModel({
  inputs: [{ name: "a", type: "float", shape: [-1, 1] }],
  outputs: [{ name: "b", type: "float", shape: [-1, 1] }],
  nodes: [{ op: "Identity", inputs: ["a"], outputs: ["b"] }],
});
const mlmodel = (data?: string) =>
  `flavors:\n  onnx:\n    onnx_version: "1"\n${data === undefined ? "" : `    data: ${data}\n`}`;

function contentOf(given: Record<string, string | Uint8Array>) {
  const bytes = new Map(Object.entries(given).map(([path, text]) => [path, Buffer.from(text)]));
  const files = [...bytes].map(([path, { length }]) => ({
    ...{ path, length },
    ...{ fileId: path, sha256: "" },
  }));
  return describeContent(files, async ({ path }) => bytes.get(path) ?? Buffer.alloc(0));
}

describe("what a model's files are", () => {
  const rows: [string, Record<string, string | Uint8Array>, string, RegExp | undefined][] = [
    ["an ONNX file alone", { "m.ONNX": onnx }, "m.ONNX", undefined],
    ["the file that MLflow names", folder("", "x.onnx"), "x.onnx", undefined],
    ["MLflow's usual one", folder("", undefined), "model.onnx", undefined],
    ["a folder below the only one", folder("deep/er/", "x.onnx"), "deep/er/x.onnx", undefined],
    [
      "the root's file before those below",
      { ...folder("", "x.onnx"), ...folder("old/", "x.onnx") },
      "x.onnx",
      undefined,
    ],
    [
      "a file that MLflow names and that is not there",
      { MLmodel: mlmodel("x.onnx"), "y.onnx": onnx },
      "x.onnx",
      /names 'x.onnx', which is not there/,
    ],
    ["two ONNX files", { "a.onnx": onnx, "b.onnx": onnx }, "a.onnx", /There are 2 ONNX files/],
    [
      "two MLflow models",
      { ...folder("a/", "x.onnx"), ...folder("b/", "x.onnx") },
      "a/x.onnx",
      /There are 2 ONNX files/,
    ],
    ["no ONNX", { "m.onnx": "no model" }, "m.onnx", /wire type|field|claims/],
    ["nothing", { "m.onnx": "" }, "m.onnx", /no bytes/],
  ];
  for (const [name, files, path, problem] of rows) {
    it(`${name}: ${problem ?? path}`, async () => {
      const { onnx: found } = await contentOf(files);
      assert.equal(found?.path, path);
      const message = found && "problem" in found ? found.problem.message : undefined;
      if (problem) assert.match(message ?? "", problem);
      else assert.equal(message, undefined);
    });
  }

  it("two MLflow models are no MLflow model", async () => {
    const { mlflow } = await contentOf({ ...folder("a/", "x.onnx"), ...folder("b/", "x.onnx") });
    assert.ok(mlflow && "problem" in mlflow);
    assert.match(mlflow.problem.message, /There are 2 MLmodel files/);
  });
});

function folder(place: string, data: string | undefined): Record<string, string | Uint8Array> {
  return { [`${place}MLmodel`]: mlmodel(data), [`${place}${data ?? "model.onnx"}`]: onnx };
}
