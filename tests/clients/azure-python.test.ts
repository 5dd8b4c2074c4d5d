// Azure's packages for Python: SDK v2 attaches a pool; the management, Synapse, Key Vault and Graph
// packages tell the whole story.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { linkTemplate } from "../conformance/deployment-fixture.ts";
import { useInstance } from "./exec.ts";
import { openRecord } from "./record.ts";
import { openVenv } from "./venv.ts";

const venv = await openVenv("azure-python");
const test = "tests/clients/azure-python.test.ts";
const platform = `Python ${venv.pythonVersion}`;
const packages = [
  ...["mgmt-resource", "mgmt-resource-deployments", "mgmt-authorization", "mgmt-synapse"],
  ...["mgmt-machinelearningservices", "synapse-artifacts", "synapse-accesscontrol"],
  ...["synapse-managedprivateendpoints", "keyvault-secrets", "identity"],
].map((name) => `azure-${name}`);
const records = {
  second: openRecord("azure-ai-ml", {
    client: "azure-ai-ml (SDK v2)",
    version: venv.version("azure-ai-ml"),
    platform,
    test,
  }),
  management: openRecord(
    "azure-python",
    {
      client: "azure-mgmt-*, azure-synapse-*, msgraph-sdk for Python",
      version: [...packages, "msgraph-sdk"]
        .map((name) => `${name.replace("azure-", "")} ${venv.version(name)}`)
        .join(", "),
      platform,
      test,
    },
    [
      "azure-mgmt-machinelearningservices has no SynapseSpark compute: the pool is attached with the generic resources client, listed and detached with its own.",
      "azure-mgmt-synapse imports `six` without asking for it: the lock names it.",
    ],
  ),
};

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));

describe("Azure's packages for Python through exec, on Azure's host names", {
  skip: venv.skip,
}, () => {
  const opened = useInstance(...Object.values(records));

  it(
    "azure-ai-ml attaches a Spark pool with an identity, reads, updates, lists and detaches it",
    records.second.covers(
      [
        "MLClient.workspaces.get",
        "compute.begin_create_or_update (SynapseSparkCompute)|get|begin_update|list|begin_delete",
      ],
      async () => {
        const saw = await opened.instance.python(venv.python, script("azure-ai-ml.py"));
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
      },
    ),
  );

  it(
    "the management and Synapse packages make, grant, link, attach, deploy and remove",
    records.management.covers(
      [
        "resource groups, providers, resources by id",
        "Synapse workspaces, Spark and SQL pools",
        "machine learning workspaces and computes",
        "role assignments",
        "Graph applications, passwords, service principals",
        "vault secrets",
        "linked services",
        "Synapse role assignments",
        "managed private endpoints",
        "deployments: validate, what-if, create, operations",
      ],
      async () => {
        const { instance } = opened;
        const template = instance.file("link.json", linkTemplate);
        const admin = instance.contract.admin.objectId;
        const words = [`CALLOSUM_TEST_ADMIN=${admin}`, venv.python, script("azure-python.py")];
        const saw = await instance.python("env", ...words, template);
        const { resources, "link identity": identity, ...rest } = saw;
        assert.deepEqual(resources, ["insights2py", "kv2py", "lake2py"]);
        assert.match(identity, /^[0-9a-f-]{36}$/);
        const own = ["ws2py-WorkspaceDefaultSqlServer", "ws2py-WorkspaceDefaultStorage"];
        assert.deepEqual(rest, {
          registered: "Registered",
          synapse: ["Succeeded", "Succeeded", "Online"],
          tags: { a: "b" },
          pools: ["pool1"],
          "machine learning": ["ml2py", "Succeeded"],
          "principal listed": true,
          "read as the application": "ml2py",
          assignments: rest.assignments,
          secret: true,
          link: ["ml2py", "link-key"],
          links: ["AzureML1", "vault1", ...own].sort(),
          unlinked: ["vault1", ...own].sort(),
          "synapse role": true,
          "synapse roles": 11,
          "private endpoint": ["pe1", "amlworkspace"],
          "private endpoints": true,
          attached: ["spark1"],
          detached: [],
          deployment: ["Succeeded", ["Create"], "Succeeded", 2],
          left: ["rg1"],
        });
        assert.ok(rest.assignments >= 2);
      },
    ),
  );
});
