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

  it("reads a long graph aside: the thread that serves goes on", async () => {
    const values = Array.from({ length: 300_000 }, (_, index) => index);
    const long = writeModel({
      inputs: [{ name: "a", type: "float", shape: [-1, 1] }],
      outputs: [{ name: "b", type: "float", shape: [-1, 1] }],
      nodes: [{ op: "Add", inputs: ["a", "many"], outputs: ["b"] }],
      initializers: { many: { dims: [1, values.length], floats: values } },
    });
    let isDone = false;
    let turns = 0;
    const described = contentOf({ "m.onnx": long }).finally(() => {
      isDone = true;
    });
    while (!isDone) {
      await new Promise(setImmediate);
      turns += 1;
    }
    const { onnx } = await described;
    assert.ok(onnx && "inputs" in onnx, JSON.stringify(onnx));
    assert.deepEqual(
      onnx.inputs.map(({ name }) => name),
      ["a"],
    );
    assert.ok(turns > 20, `${turns} turns of the event loop`);
    const { onnx: cut } = await contentOf({ "m.onnx": long.subarray(0, long.length - 9) });
    assert.ok(cut && "problem" in cut && cut.problem.code === "CorruptModel", JSON.stringify(cut));
  });
});

function folder(place: string, data: string | undefined): Record<string, string | Uint8Array> {
  return { [`${place}MLmodel`]: mlmodel(data), [`${place}${data ?? "model.onnx"}`]: onnx };
}
