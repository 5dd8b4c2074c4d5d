// Models are registered, listed and read by the unmodified machine learning client, with bytes that the
// unmodified blob client uploaded.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { AzureMachineLearningWorkspaces } from "@azure/arm-machinelearning";
import {
  BlobSASPermissions,
  BlobServiceClient,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import { readFixture } from "../../packages/scoring/test/fixture.ts";
import {
  createLake,
  dataRoleIds,
  type TestLake,
} from "../../packages/server/src/storage/testing/lake.ts";
import { type Caller, startServer, type TestServer } from "../fixture/server.ts";
import { createCaller, roleIds } from "../registry/principal.ts";
import { collect, credentialOf, trust } from "./arm-client.ts";

const group = "models";
const workspace = "ml1";
const mlmodel = `flavors:
  onnx:
    data: model.onnx
    onnx_version: 1.16.1
  python_function:
    data: model.onnx
    loader_module: mlflow.onnx
run_id: 0123
signature:
  inputs: '[{"type": "float", "name": "age"}, {"type": "float", "name": "income"}, {"type":
    "long", "name": "visits"}, {"type": "string", "name": "city"}]'
  outputs: '[{"type": "string", "name": "label"}]'
`;

describe("the model registry through @azure/arm-machinelearning and @azure/storage-blob", () => {
  let server: TestServer;
  let lake: TestLake;
  let client: AzureMachineLearningWorkspaces;
  let blobs: BlobServiceClient;
  const scope = () => `${server.subscription}/resourceGroups/${group}`;
  const clientOf = (caller: Caller) =>
    new AzureMachineLearningWorkspaces(credentialOf(caller), server.contract.subscriptionId, {
      endpoint: server.contract.origin,
    });

  before(async () => {
    server = await startServer();
    trust(server);
    lake = await createLake(server, "modellake", { isHnsEnabled: false });
    const put = async (path: string, body: unknown) => {
      const reply = await server.admin.send("PUT", path, body);
      assert.ok(reply.status < 300, reply.text);
    };
    await put(`${scope()}?api-version=2022-09-01`, { location: "westeurope" });
    await put(
      `${scope()}/providers/Microsoft.MachineLearningServices/workspaces/${workspace}?api-version=2022-10-01`,
      { location: "westeurope", properties: { storageAccount: lake.id } },
    );
    client = clientOf(server.admin);
    blobs = new BlobServiceClient(lake.blob, new StorageSharedKeyCredential(lake.name, lake.key));
    await blobs.getContainerClient("models").create();
    await upload("tips.onnx", readFixture("pipeline-logistic"));
    await upload("mlflow/MLmodel", Buffer.from(mlmodel));
    await upload("mlflow/model.onnx", readFixture("pipeline-logistic"));
    await upload("broken.onnx", Buffer.from("this is no model"));
    await upload("weights.pkl", Buffer.from("pickle"));
  });
  after(() => server.close());

  async function upload(name: string, bytes: Uint8Array, container = "models"): Promise<string> {
    const blob = blobs.getContainerClient(container).getBlockBlobClient(name);
    await blob.upload(bytes, bytes.length);
    return `https://${lake.name}.blob.core.windows.net/${container}/${name}`;
  }

  const uriOf = (name: string) => `https://${lake.name}.blob.core.windows.net/models/${name}`;
  const register = (
    name: string,
    version: string,
    properties: Record<string, unknown>,
    as = client,
  ) => as.modelVersions.createOrUpdate(group, workspace, name, version, { properties });
  const contentFiles = () => {
    const folder = `${server.contract.dataDir}/models/content`;
    return readdirSync(folder).length;
  };
  const refusal = (work: Promise<unknown>) =>
    work.then(
      () => "none",
      (error: { statusCode?: number; code?: string }) => `${error.statusCode} ${error.code}`,
    );

  it("registers a file and names the model with its first version", async () => {
    const made = await register("tips", "1", {
      modelUri: uriOf("tips.onnx"),
      modelType: "custom_model",
      description: "Tips",
      tags: { team: "a" },
      properties: { origin: "test" },
    });
    assert.equal(made.name, "1");
    assert.equal(made.type, "Microsoft.MachineLearningServices/workspaces/models/versions");
    assert.equal(made.properties.modelUri, uriOf("tips.onnx"));
    assert.equal(made.properties.isArchived, false);
    assert.ok(made.systemData?.createdAt instanceof Date);
    const container = await client.modelContainers.get(group, workspace, "tips");
    assert.equal(container.properties.latestVersion, "1");
    assert.equal(container.properties.nextVersion, "2");
  });

  it("registers an MLflow folder and takes its flavors from the MLmodel file", async () => {
    const made = await register("flow", "1", {
      modelUri: uriOf("mlflow"),
      modelType: "mlflow_model",
    });
    assert.deepEqual(made.properties.flavors, {
      onnx: { data: { data: "model.onnx", onnx_version: "1.16.1" } },
      python_function: { data: { data: "model.onnx", loader_module: "mlflow.onnx" } },
    });
  });

  it("keeps equal content once, and lets go of what nothing names", async () => {
    const before = contentFiles();
    await register("copy", "1", { modelUri: uriOf("tips.onnx") });
    assert.equal(contentFiles(), before);
    await register("other", "1", { modelUri: uriOf("weights.pkl") });
    assert.equal(contentFiles(), before + 1);
    await client.modelVersions.delete(group, workspace, "copy", "1");
    await client.modelContainers.delete(group, workspace, "other");
    await until(() => contentFiles() === before);
    assert.equal((await client.modelVersions.get(group, workspace, "tips", "1")).name, "1");
  });

  it("versions are immutable but for what describes them", async () => {
    const changed = { modelUri: uriOf("weights.pkl") };
    await assert.rejects(register("tips", "1", changed), {
      statusCode: 400,
      code: "UserError",
      message: /Asset paths are immutable/,
    });
    const same = { modelUri: uriOf("tips.onnx"), modelType: "custom_model" };
    assert.equal(
      await refusal(register("tips", "1", { ...same, modelType: "triton_model" })),
      "400 UserError",
    );
    assert.equal(
      await refusal(register("tips", "1", { ...same, properties: { a: "b" } })),
      "400 UserError",
    );
    assert.equal(
      await refusal(register("tips", "1", { ...same, jobName: "job" })),
      "400 UserError",
    );
    const updated = await register("tips", "1", {
      ...same,
      tags: { team: "b" },
      description: "New",
    });
    assert.deepEqual(updated.properties.tags, { team: "b" });
    assert.equal(updated.properties.description, "New");
    assert.deepEqual(updated.properties.properties, { origin: "test" });
  });

  it("a version stays what it was when the blob changes or goes", async () => {
    const uri = await upload("passing.onnx", readFixture("pipeline-logistic"));
    await register("passing", "1", { modelUri: uri });
    await blobs.getContainerClient("models").deleteBlob("passing.onnx");
    const again = await register("passing", "1", { modelUri: uri, isArchived: true });
    assert.equal(again.properties.isArchived, true);
  });

  it("lists by view, version, tags and order, page by page", async () => {
    for (const version of ["2", "10"]) {
      await register("tips", version, { modelUri: uriOf("tips.onnx"), tags: { round: version } });
    }
    const names = async (options: object) =>
      (await collect(client.modelVersions.list(group, workspace, "tips", options))).map(
        ({ name }) => name,
      );
    assert.deepEqual(await names({}), ["10", "2", "1"]);
    assert.deepEqual(await names({ orderBy: "createdtime asc" }), ["1", "2", "10"]);
    assert.deepEqual(await names({ orderBy: "version desc" }), ["10", "2", "1"]);
    assert.deepEqual(await names({ version: "2" }), ["2"]);
    assert.deepEqual(await names({ tags: "round=10" }), ["10"]);
    assert.deepEqual(await names({ tags: "round" }), ["10", "2"]);
    assert.deepEqual(await names({ properties: "origin=test" }), ["1"]);
    assert.deepEqual(await names({ top: 1 }), ["10", "2", "1"]);
    assert.deepEqual(await names({ offset: 1 }), ["2", "1"]);
    const pages = client.modelVersions.list(group, workspace, "tips", { top: 2 }).byPage();
    const sizes = [];
    for await (const page of pages) sizes.push(page.length);
    assert.deepEqual(sizes, [2, 1]);
    assert.equal(await refusal(names({ orderBy: "size desc" })), "400 InvalidParameter");
    const containers = async (options: object) =>
      (await collect(client.modelContainers.list(group, workspace, options)))
        .map(({ name }) => name)
        .sort();
    assert.deepEqual(await containers({}), ["copy", "flow", "passing", "tips"]);
    await client.modelContainers.createOrUpdate(group, workspace, "flow", {
      properties: { isArchived: true },
    });
    assert.deepEqual(await containers({}), ["copy", "passing", "tips"]);
    assert.deepEqual(await containers({ listViewType: "ArchivedOnly" }), ["flow"]);
    assert.equal((await containers({ listViewType: "All", count: 1 })).length, 4);
  });

  it("numbers the next version after the highest, and the latest is the last registered", async () => {
    await register("tips", "beta", { modelUri: uriOf("tips.onnx") });
    const { properties } = await client.modelContainers.get(group, workspace, "tips");
    assert.deepEqual([properties.latestVersion, properties.nextVersion], ["beta", "11"]);
  });

  it("reads the workspace's own datastore for whoever may read datastores", async () => {
    const ws = await client.workspaces.get(group, workspace);
    const container = `azureml-blobstore-${ws.workspaceId}`;
    await upload("LocalUpload/ab12/tips.onnx", readFixture("pipeline-logistic"), container);
    const scientist = await createCaller(server, { roleId: roleIds.contributor, scope: scope() });
    const uri = `azureml://subscriptions/${server.contract.subscriptionId}/resourcegroups/${group}/workspaces/${workspace}/datastores/workspaceblobstore/paths/LocalUpload/ab12/tips.onnx`;
    const made = await register("own", "1", { modelUri: uri }, clientOf(scientist));
    assert.equal(made.properties.modelUri, uri);
  });

  it("reads other places as the caller, who must be allowed to", async () => {
    const contributor = await createCaller(server, { roleId: roleIds.contributor, scope: scope() });
    const mine = clientOf(contributor);
    const attempt = () => register("theirs", "1", { modelUri: uriOf("tips.onnx") }, mine);
    assert.equal(await refusal(attempt()), "403 AuthorizationPermissionMismatch");
    const missing = register("theirs", "1", { modelUri: uriOf("nothing.onnx") }, mine);
    assert.equal(await refusal(missing), "403 AuthorizationPermissionMismatch");
    const reader = await createCaller(server, { roleId: dataRoleIds.reader, scope: lake.id });
    assert.equal(
      await refusal(register("theirs", "1", { modelUri: uriOf("tips.onnx") }, clientOf(reader))),
      "403 AuthorizationFailed",
    );
  });

  it("a datastore that someone writes gives no more than its writer may read", async () => {
    const contributor = await createCaller(server, { roleId: roleIds.contributor, scope: scope() });
    const mine = clientOf(contributor);
    for (const name of ["stolen", "workspaceblobstore"]) {
      await mine.datastores.createOrUpdate(group, workspace, name, {
        properties: {
          datastoreType: "AzureBlob",
          accountName: lake.name,
          containerName: "models",
          credentials: { credentialsType: "None" },
        },
      });
      const modelUri = `azureml://datastores/${name}/paths/tips.onnx`;
      assert.equal(
        await refusal(register("stolen", "1", { modelUri }, mine)),
        "403 AuthorizationPermissionMismatch",
      );
      assert.equal(await refusal(register(`${name}-owned`, "1", { modelUri })), "none");
      await mine.datastores.delete(group, workspace, name);
    }
  });

  it("keys give nothing where the account takes none", async () => {
    const keyless = await createLake(server, "keylesslake", {
      isHnsEnabled: false,
      allowSharedKeyAccess: false,
    });
    const modelUri = `https://${keyless.name}.blob.core.windows.net/models/m.onnx`;
    assert.equal(
      await refusal(register("keyless", "1", { modelUri })),
      "403 AuthorizationPermissionMismatch",
    );
  });

  it("takes a signature in the URL, and keeps the URL without it", async () => {
    const signature = generateBlobSASQueryParameters(
      {
        containerName: "models",
        blobName: "tips.onnx",
        permissions: BlobSASPermissions.parse("r"),
        expiresOn: new Date(Date.now() + 600_000),
      },
      new StorageSharedKeyCredential(lake.name, lake.key),
    );
    const contributor = await createCaller(server, { roleId: roleIds.contributor, scope: scope() });
    const modelUri = `${uriOf("tips.onnx")}?${signature}`;
    const made = await register("signed", "1", { modelUri }, clientOf(contributor));
    assert.equal(made.properties.modelUri, uriOf("tips.onnx"));
    const wrong = modelUri.replace(/sig=.{6}/, "sig=AAAAAA");
    assert.match(
      await refusal(register("signed", "2", { modelUri: wrong }, clientOf(contributor))),
      /^403/,
    );
  });

  it("refuses what cannot be copied, by name, and keeps nothing", async () => {
    const rows: [string, RegExp][] = [
      [uriOf("nothing.onnx"), /There is nothing at/],
      ["https://elsewhere.blob.core.windows.net/c/m.onnx", /There is nothing at/],
      ["https://example.org/m.onnx", /no storage account of this instance/],
      ["azureml://registries/azureml/models/m/versions/1", /datastores and of jobs/],
      ["azureml://datastores/nowhere/paths/m", /There is no datastore 'nowhere'/],
      ["azureml://jobs/job1/outputs/artifacts/paths/model", /There is nothing at/],
    ];
    const before = contentFiles();
    for (const [modelUri, message] of rows) {
      await assert.rejects(register("refused", "1", { modelUri }), { message });
    }
    await assert.rejects(
      register("refused", "1", { modelUri: uriOf("tips.onnx"), modelType: "mlflow_model" }),
      {
        message: /holds no MLmodel file/,
      },
    );
    await assert.rejects(
      register("refused", "1", { modelUri: uriOf("tips.onnx"), modelType: "docker" }),
      {
        message: /none of custom_model, mlflow_model, triton_model/,
      },
    );
    await assert.rejects(register("-x", "1", { modelUri: uriOf("tips.onnx") }), {
      code: "InvalidResourceName",
    });
    await assert.rejects(register("refused", "1".repeat(31), { modelUri: uriOf("tips.onnx") }), {
      message: /It has 1 to 30 letters, digits/,
    });
    assert.equal(
      await refusal(client.modelContainers.get(group, workspace, "refused")),
      "404 ResourceNotFound",
    );
    await until(() => contentFiles() === before);
  });

  it("registers a broken model: scoring names what is wrong with it", async () => {
    const made = await register("broken", "1", { modelUri: uriOf("broken.onnx") });
    assert.equal(made.properties.modelType, "custom_model");
  });
});

/** Removal of files follows their commit, on the same disk that is read here. */
async function until(holds: () => boolean): Promise<void> {
  for (let round = 0; round < 20_000 && !holds(); round += 1) await readdir("/");
  assert.ok(holds(), "it did not come about");
}
