import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startServer, type TestServer } from "../../../../../../tests/fixture/server.ts";
import { createCaller, roleIds } from "../../../../../../tests/registry/principal.ts";

const v = "?api-version=2023-04-01";

describe("the datastores that come with a workspace", () => {
  let server: TestServer;
  let group: string;
  before(async () => {
    server = await startServer();
    group = `${server.subscription}/resourceGroups/stores`;
    await must("PUT", `${group}?api-version=2022-09-01`, { location: "westeurope" });
    await must("PUT", `${account("storesone")}?api-version=2023-01-01`, {
      location: "westeurope",
      sku: { name: "Standard_LRS" },
      kind: "StorageV2",
    });
  });
  after(() => server.close());

  const account = (name: string) => `${group}/providers/Microsoft.Storage/storageAccounts/${name}`;
  const workspace = (name: string) =>
    `${group}/providers/Microsoft.MachineLearningServices/workspaces/${name}`;
  const body = { location: "westeurope", properties: {} };

  async function must(method: string, path: string, sent?: unknown, as = server.admin) {
    const reply = await as.send(method, path, sent);
    assert.ok(reply.status < 300, `${path}: ${reply.text}`);
    return reply.body;
  }

  it("are four, the blob store the default, with containers and the account's key", async () => {
    const properties = { storageAccount: account("storesone") };
    const made = await must("PUT", workspace("one") + v, { ...body, properties });
    const id = (made.properties ?? (await must("GET", workspace("one") + v)).properties)
      .workspaceId;
    const { value } = await must("GET", `${workspace("one")}/datastores${v}`);
    const shown = value.map(({ name, properties }: { name: string; properties: never }) => {
      const { isDefault, containerName, fileShareName, credentials } = properties as Record<
        string,
        { credentialsType?: string }
      >;
      return [name, isDefault, containerName ?? fileShareName, credentials?.credentialsType];
    });
    assert.deepEqual(shown.sort(), [
      ["workspaceartifactstore", false, "azureml", "AccountKey"],
      ["workspaceblobstore", true, `azureml-blobstore-${id}`, "AccountKey"],
      ["workspacefilestore", false, `azureml-filestore-${id}`, "AccountKey"],
      [
        "workspaceworkingdirectory",
        false,
        "code-391ff5ac-6576-460f-ba4d-7e03433c68b6",
        "AccountKey",
      ],
    ]);
    const found = await must("GET", `${workspace("one")}/datastores${v}&isDefault=true`);
    assert.deepEqual(
      found.value.map(({ name }: { name: string }) => name),
      ["workspaceblobstore"],
    );
    const containers = `${account("storesone")}/blobServices/default/containers`;
    const { value: there } = await must("GET", `${containers}?api-version=2023-01-01`);
    assert.deepEqual(there.map(({ name }: { name: string }) => name).sort(), [
      "azureml",
      `azureml-blobstore-${id}`,
    ]);
  });

  it("give the key that the account has now", async () => {
    const secrets = `${workspace("one")}/datastores/workspaceblobstore/listSecrets${v}`;
    const keys = `${account("storesone")}/listKeys?api-version=2023-01-01`;
    const before = await must("POST", secrets, {});
    assert.deepEqual(before, {
      secretsType: "AccountKey",
      key: (await must("POST", keys, {})).keys[0].value,
    });
    await must("POST", `${account("storesone")}/regenerateKey?api-version=2023-01-01`, {
      keyName: "key1",
    });
    const now = await must("POST", secrets, {});
    assert.notEqual(now.key, before.key);
    assert.equal(now.key, (await must("POST", keys, {})).keys[0].value);
  });

  it("hold no key when their maker may not list the account's", async () => {
    const other = `${server.subscription}/resourceGroups/others`;
    await must("PUT", `${other}?api-version=2022-09-01`, { location: "westeurope" });
    const maker = await createCaller(server, { roleId: roleIds.contributor, scope: other });
    await must(
      "PUT",
      `${account("storesone")}/providers/Microsoft.Authorization/roleAssignments/11111111-2222-4333-8444-555555555555?api-version=2022-04-01`,
      {
        properties: {
          roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${roleIds.reader}`,
          principalId: maker.objectId,
        },
      },
    );
    const path = `${other}/providers/Microsoft.MachineLearningServices/workspaces/two`;
    const properties = { storageAccount: account("storesone") };
    await must("PUT", path + v, { ...body, properties }, maker);
    const { value } = await must("GET", `${path}/datastores${v}`, undefined, maker);
    assert.deepEqual(
      value.map((each: { properties: { credentials: unknown } }) => each.properties.credentials),
      Array(4).fill({ credentialsType: "None" }),
    );
    const reply = await maker.send(
      "POST",
      `${path}/datastores/workspaceblobstore/listSecrets${v}`,
      {},
    );
    assert.equal(reply.status, 400, reply.text);
  });

  it("are not there without a storage account", async () => {
    await must("PUT", workspace("three") + v, body);
    assert.deepEqual((await must("GET", `${workspace("three")}/datastores${v}`)).value, []);
  });
});
