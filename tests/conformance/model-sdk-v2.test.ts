// SDK v2 is Python, so it is not a dependency: a virtual environment that has it is named when its
// story is wanted.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import {
  type CallosumDirectory,
  openCallosumDirectory,
} from "../../packages/cli/test/callosum-process.ts";

const environment = process.env.CALLOSUM_AZURE_AI_ML_VENV;
const script = fileURLToPath(new URL("model-sdk-v2.py", import.meta.url));
const example = fileURLToPath(new URL("../../examples/flights/model", import.meta.url));
const wanted =
  "name a virtual environment with azure-ai-ml and azure-identity in CALLOSUM_AZURE_AI_ML_VENV";

describe("models through azure-ai-ml, on Azure's host names", {
  skip: !environment && wanted,
}, () => {
  let directory: CallosumDirectory;
  before(async () => {
    directory = openCallosumDirectory();
    const { code, stderr } = await directory.up();
    assert.equal(code, 0, stderr);
  });
  after(() => directory?.close());

  it("uploads, registers, versions, archives and downloads them", async () => {
    const python = join(environment ?? "", "bin", "python");
    const { code, stdout, stderr } = await directory.run("exec", "--", python, script, example);
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""), {
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
  });
});
