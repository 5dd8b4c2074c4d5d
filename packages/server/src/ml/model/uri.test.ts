import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ModelLocation, parseModelUri, withoutSignature } from "./uri.ts";

describe("a model URI", () => {
  const workspace = { subscriptionId: "s", resourceGroup: "g", name: "ml1" };
  const rows: [string, ModelLocation][] = [
    [
      "azureml://subscriptions/s/resourcegroups/g/workspaces/ml1/datastores/workspaceblobstore/paths/LocalUpload/ab/m.onnx",
      {
        kind: "datastore",
        workspace,
        datastore: "workspaceblobstore",
        path: "LocalUpload/ab/m.onnx",
      },
    ],
    [
      "azureml://subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/ml1/datastores/d/paths/x/",
      { kind: "datastore", workspace, datastore: "d", path: "x" },
    ],
    [
      "azureml://datastores/d/paths/a/b",
      { kind: "datastore", workspace: undefined, datastore: "d", path: "a/b" },
    ],
    [
      "azureml://jobs/job_1/outputs/artifacts/paths/model/",
      { kind: "artifact", origin: "ExperimentRun", container: "dcid.job_1", path: "model" },
    ],
    [
      "runs:/abc/model",
      { kind: "artifact", origin: "ExperimentRun", container: "dcid.abc", path: "model" },
    ],
    [
      "https://lake1.blob.core.windows.net/models/a%20b/m.onnx",
      { kind: "blob", account: "lake1", container: "models", path: "a b/m.onnx", signature: "" },
    ],
    [
      "https://LAKE1.dfs.core.windows.net/models/m",
      { kind: "blob", account: "lake1", container: "models", path: "m", signature: "" },
    ],
    [
      "https://localhost:8443/storage/lake1/blob/models/m.onnx",
      { kind: "blob", account: "lake1", container: "models", path: "m.onnx", signature: "" },
    ],
    [
      "https://lake1.blob.core.windows.net/models/m.onnx?sv=2024-11-04&sig=abc",
      {
        kind: "blob",
        account: "lake1",
        container: "models",
        path: "m.onnx",
        signature: "?sv=2024-11-04&sig=abc",
      },
    ],
    [
      "wasbs://models@lake1.blob.core.windows.net/x/m.onnx",
      { kind: "blob", account: "lake1", container: "models", path: "x/m.onnx", signature: "" },
    ],
    [
      "abfss://models@lake1.dfs.core.windows.net/m.onnx",
      { kind: "blob", account: "lake1", container: "models", path: "m.onnx", signature: "" },
    ],
  ];
  for (const [uri, expected] of rows) {
    it(`${uri.slice(0, 60)} is understood`, () => assert.deepEqual(parseModelUri(uri), expected));
  }

  it("keeps no signature in what is stored or said", () => {
    const signed = "https://lake1.blob.core.windows.net/?sig=secret";
    assert.equal(withoutSignature(signed), "https://lake1.blob.core.windows.net/");
    assert.throws(
      () => parseModelUri(signed),
      (error: Error) => !error.message.includes("secret"),
    );
  });

  const refused: [string, RegExp][] = [
    ["", /must be an azureml/],
    ["m.onnx", /must be an azureml/],
    ["file:///etc/passwd", /must be an azureml/],
    ["https://example.org/m.onnx", /'example.org' is no storage account of this instance/],
    ["https://example.org/storage/lake1/blob/c/m.onnx", /no storage account of this instance/],
    ["https://lake1.blob.core.windows.net.example.org/c/m", /no storage account/],
    ["https://lake1.blob.core.windows.net/", /names no container/],
    ["https://lake1.blob.core.windows.net/c/%", /not percent-encoded/],
    ["azureml://datastores/d/paths/a/../../b", /'\.\.' leads out/],
    ["azureml://registries/r/models/m/versions/1", /datastores and of jobs/],
    ["azureml://jobs/j/outputs/model_output", /'model_output'/],
    [`azureml://datastores/d/paths/${"x".repeat(5000)}`, /too long/],
  ];
  for (const [uri, reason] of refused) {
    it(`${uri.slice(0, 60)} is refused with the reason`, () => {
      assert.throws(() => parseModelUri(uri), { code: "UserError", message: reason });
    });
  }
});
