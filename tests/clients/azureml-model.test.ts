// SDK v1 (azureml-core) registers, lists, downloads and deletes models, unmodified, on Azure's host names.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { useInstance } from "./exec.ts";
import { openRecord } from "./record.ts";
import { openVenv } from "./venv.ts";

const venv = await openVenv("azureml-core");
const script = fileURLToPath(new URL("azureml-model.py", import.meta.url));
const example = fileURLToPath(new URL("../../examples/flights/model", import.meta.url));
const record = openRecord(
  "azureml-model",
  {
    client: "azureml-core (models)",
    version: venv.version("azureml-core"),
    platform: `Python ${venv.pythonVersion}`,
    test: "tests/clients/azureml-model.test.ts",
  },
  ["Files of more than 64 MiB, which the SDK sends in blocks, are refused by name."],
);

describe("models of azureml-core", { skip: venv.skip }, () => {
  const opened = useInstance(record);

  const operations = [
    "Workspace.datastores, get_default_datastore",
    "Model.register of a file and a folder, again as the next version",
    "Model.list, Model(…) by name and version, add_tags, download, delete",
  ];
  it(
    "are registered, listed, tagged, downloaded and deleted",
    { timeout: 120_000 },
    record.covers(operations, async () => {
      assert.deepEqual(await opened.instance.python(venv.python, script, example), {
        datastores: [
          "workspaceartifactstore",
          "workspaceblobstore",
          "workspacefilestore",
          "workspaceworkingdirectory",
        ],
        default: "workspaceblobstore",
        file: ["flight:1", 1],
        again: ["flight:2", 2],
        folder: ["flow:1", 1],
        list: [
          ["flight:1", "Onnx"],
          ["flight:2", "Onnx"],
          ["flow:1", "Onnx"],
        ],
        latest: ["flight:2", "flow:1"],
        got: [2, 1],
        tags: { a: "b", x: "y" },
        downloaded: [true, true],
        left: ["flight:1", "flight:2"],
      });
    }),
  );
});
