// SDK v2 (azure-ai-ml) uploads, registers, versions, archives and downloads models through the workspace's
// default datastore, unmodified, on Azure's host names.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { useInstance } from "./exec.ts";
import { openRecord } from "./record.ts";
import { openVenv } from "./venv.ts";

const venv = await openVenv("azure-python");
const script = fileURLToPath(new URL("ai-ml-model.py", import.meta.url));
const example = fileURLToPath(new URL("../../examples/flights/model", import.meta.url));
const record = openRecord("ai-ml-model", {
  client: "azure-ai-ml (models)",
  version: venv.version("azure-ai-ml"),
  platform: `Python ${venv.pythonVersion}`,
  test: "tests/clients/ai-ml-model.test.ts",
});

describe("models through azure-ai-ml", { skip: venv.skip }, () => {
  const opened = useInstance(record);

  const operations = [
    "datastores: list, get_default",
    "models: create_or_update of a file and an MLflow folder, list, get by label, archive, restore, download",
  ];
  it(
    "are uploaded, registered, versioned, archived and downloaded",
    { timeout: 120_000 },
    record.covers(operations, async () => {
      assert.deepEqual(await opened.instance.python(venv.python, script, example), {
        datastores: [
          ["workspaceartifactstore", "AzureBlob"],
          ["workspaceblobstore", "AzureBlob"],
          ["workspacefilestore", "AzureFile"],
          ["workspaceworkingdirectory", "AzureFile"],
        ],
        default: "workspaceblobstore",
        file: ["flight", "1", []],
        again: ["flight", "2", []],
        folder: ["flow", "1", ["onnx", "python_function"]],
        names: [
          ["flight", "2"],
          ["flow", "1"],
        ],
        versions: ["2", "1"],
        archived: ["2"],
        restored: ["2", "1"],
        latest: ["flight", "2", "custom_model"],
        downloaded: [true],
      });
    }),
  );
});
