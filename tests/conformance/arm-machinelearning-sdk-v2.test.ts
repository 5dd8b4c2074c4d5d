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
const script = fileURLToPath(new URL("arm-machinelearning-sdk-v2.py", import.meta.url));
const wanted =
  "name a virtual environment with azure-ai-ml and azure-identity in CALLOSUM_AZURE_AI_ML_VENV";

describe("azure-ai-ml through exec, on Azure's host names", {
  skip: !environment && wanted,
}, () => {
  let directory: CallosumDirectory;
  before(async () => {
    directory = openCallosumDirectory();
    const { code, stderr } = await directory.up();
    assert.equal(code, 0, stderr);
  });
  after(() => directory?.close());

  it("attaches a Spark pool with an identity, reads, updates, lists and detaches it", async () => {
    const python = join(environment ?? "", "bin", "python");
    const { code, stdout, stderr } = await directory.run("exec", "--", python, script);
    assert.equal(code, 0, stderr);
    const saw = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    assert.match(saw.workspace, /^azureml:\/\/westeurope\.api\.azureml\.ms\/mlflow\/v1\.0\//);
    const { pool, identity, ...rest } = saw.attached;
    assert.match(pool, /\/resourceGroups\/rg1\/.*\/workspaces\/ws1\/bigDataPools\/pool1$/);
    assert.match(identity, /^[0-9a-f-]{36}$/);
    assert.deepEqual(rest, {
      name: "spark1",
      type: "synapsespark",
      state: rest.state,
      tags: { a: "1" },
      spark: "3.4",
      nodes: ["MemoryOptimized", "Small", 3],
      pauses: false,
      scales: false,
    });
    assert.match(rest.state, /^succeeded$/i);
    assert.deepEqual(saw.read, saw.attached);
    assert.deepEqual(saw.updated, { ...saw.attached, tags: { b: "2" } });
    assert.deepEqual(saw.listed, ["spark1"]);
    assert.deepEqual(saw.detached, []);
  });
});
