// SDK v1: the document's own Python with the user's sign-in, and the rest of what people call with an
// application's.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { useInstance } from "./exec.ts";
import { openRecord } from "./record.ts";
import { browserEnvironment } from "./sign-in.ts";
import { openVenv } from "./venv.ts";

const venv = await openVenv("azureml-core");
const record = openRecord(
  "azureml-core",
  {
    client: "azureml-core (SDK v1)",
    version: venv.version("azureml-core"),
    platform: `Python ${venv.pythonVersion}`,
    test: "tests/clients/azureml-core.test.ts",
  },
  ["`LinkedService.get` takes the workspace object, not its name as the document prints it."],
);

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));

describe("azureml-core through exec, on Azure's host names", { skip: venv.skip }, () => {
  const opened = useInstance(record);

  it(
    "registers, lists, attaches, waits, detaches and unregisters as an application",
    record.covers(
      [
        "ServicePrincipalAuthentication",
        "Workspace.get",
        "SynapseWorkspaceLinkedServiceConfiguration",
        "LinkedService.register|get|list|unregister",
        "SynapseCompute.attach_configuration",
        "ComputeTarget.attach, wait_for_completion, detach",
        "Workspace.compute_targets",
      ],
      async () => {
        const saw = await opened.instance.python(venv.python, script("azureml-core.py"));
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
      },
    ),
  );

  it(
    "runs the document's Python, signed in as its user in a browser",
    record.covers(["Workspace.from_config", "InteractiveLoginAuthentication"], async () => {
      const { instance } = opened;
      const { contract, directory } = instance;
      mkdirSync(join(instance.files, ".azureml"));
      instance.file(join(".azureml", "config.json"), {
        subscription_id: contract.subscriptionId,
        resource_group: "rg1",
        workspace_name: "ml1",
      });
      const command = `cd '${instance.files}' && exec '${venv.python}' '${script("linking-document.py")}'`;
      const words = ["exec", "--as", "user", "--home", "--", "sh", "-c", command];
      const environment = browserEnvironment(contract);
      const { code, stdout, stderr } = await directory.runWith({ environment }, ...words);
      assert.equal(code, 0, stderr);
      const saw = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
      assert.deepEqual(saw.workspace, ["ml1", "rg1"]);
      assert.match(saw.identity, /^[0-9a-f-]{36}$/);
      assert.equal(saw["same identity"], true);
      assert.deepEqual([saw.links, saw.state, saw.unlinked], [["synapselink1"], "Succeeded", []]);
    }),
  );
});
