// SDK v1 is Python and proprietary, so it is not a dependency: a virtual environment that has it is
// named when its story is wanted.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import {
  type CallosumDirectory,
  openCallosumDirectory,
} from "../../packages/cli/test/callosum-process.ts";

const environment = process.env.CALLOSUM_AZUREML_VENV;
const script = fileURLToPath(new URL("azureml-core.py", import.meta.url));
const wanted =
  "name a virtual environment with azureml-core (Python 3.8 to 3.11) in CALLOSUM_AZUREML_VENV";

describe("azureml-core through exec, on Azure's host names", {
  skip: !environment && wanted,
}, () => {
  let directory: CallosumDirectory;
  before(async () => {
    directory = openCallosumDirectory();
    const { code, stderr } = await directory.up();
    assert.equal(code, 0, stderr);
  });
  after(() => directory?.close());

  it("registers, lists, attaches, waits, detaches and unregisters", async () => {
    const python = join(environment ?? "", "bin", "python");
    const { code, stdout, stderr } = await directory.run("exec", "--", python, script);
    assert.equal(code, 0, stderr);
    const saw = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    assert.deepEqual(saw.workspace, ["ml1", "westeurope", "rg1"]);
    assert.deepEqual(saw.link.slice(0, 2), ["synapselink1", "Synapse"]);
    assert.match(saw.link[2], /\/providers\/Microsoft\.Synapse\/workspaces\/ws1$/);
    assert.match(saw.identity, /^[0-9a-f-]{36}$/);
    assert.equal(saw["same identity"], true);
    assert.deepEqual(saw.links, ["synapselink1"]);
    assert.equal(saw.state, "Succeeded");
    assert.deepEqual(saw.targets, { spark1: "SynapseCompute" });
    assert.match(saw.pool, /\/resourceGroups\/rg1\/.*\/workspaces\/ws1\/bigDataPools\/pool1$/);
    assert.equal(saw.missing, true);
    assert.equal(saw.refused, true);
    assert.deepEqual(saw.detached, []);
    assert.deepEqual(saw.unlinked, []);
  });
});
