import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { accountSasText } from "@callosum/contract/storage-sas.ts";
import { startServer, type TestServer } from "../../../../../../tests/fixture/server.ts";

const version = "?api-version=2023-05-01";

describe("storage accounts", () => {
  let server: TestServer;
  let group: string;
  before(async () => {
    server = await startServer();
    group = `${server.subscription}/resourceGroups/lake`;
    await server.admin.send("PUT", `${group}?api-version=2022-09-01`, { location: "westeurope" });
  });
  after(() => server.close());

  const send = (method: string, path: string, body?: unknown) =>
    server.admin.send(method, path.includes("?") ? path : `${path}${version}`, body);
  const account = (name: string) => `${group}/providers/Microsoft.Storage/storageAccounts/${name}`;
  const lake = {
    location: "westeurope",
    sku: { name: "standard_lrs" },
    kind: "StorageV2",
    properties: { isHnsEnabled: true },
  };

  it("are accepted with 202 and then answer sku, defaults and endpoints in the request's form", async () => {
    const created = await send("PUT", account("lakeone"), lake);
    assert.equal(created.status, 202, created.text);
    const poll = await send("GET", new URL(String(created.headers.location)).pathname);
    assert.equal(poll.status, 200);
    assert.deepEqual(poll.body.sku, { name: "Standard_LRS", tier: "Standard" });
    const { properties } = (await send("GET", account("lakeone"))).body;
    assert.equal(properties.isHnsEnabled, true);
    assert.equal(properties.allowBlobPublicAccess, false);
    assert.equal(properties.provisioningState, "Succeeded");
    assert.deepEqual(properties.primaryEndpoints, {
      dfs: `${server.contract.origin}/storage/lakeone/dfs/`,
      blob: `${server.contract.origin}/storage/lakeone/blob/`,
    });
    const byHost = await server.admin.send("GET", `${account("lakeone")}${version}`, undefined, {
      host: "management.azure.com",
    });
    assert.equal(
      byHost.body.properties.primaryEndpoints.blob,
      "https://lakeone.blob.core.windows.net/",
    );
  });

  it("keep what an update does not name and refuse changes of what is fixed", async () => {
    await send("PUT", account("laketwo"), lake);
    const patched = await send("PATCH", account("laketwo"), {
      properties: { minimumTlsVersion: "TLS1_1" },
    });
    assert.equal(patched.status, 200, patched.text);
    assert.equal(patched.body.properties.minimumTlsVersion, "TLS1_1");
    assert.equal(patched.body.properties.isHnsEnabled, true);
    const fixed = await send("PUT", account("laketwo"), {
      ...lake,
      properties: { isHnsEnabled: false },
    });
    assert.equal(fixed.body.error.code, "AccountPropertyCannotBeUpdated");
  });

  it("refuse bad names, taken names, unknown kinds and features that are not run", async () => {
    const rows: [string, unknown, number, string][] = [
      ["Lake-X", lake, 400, "InvalidResourceName"],
      ["lakex", { ...lake, sku: { name: "Cheap_LRS" } }, 400, "InvalidParameter"],
      ["lakex", { ...lake, kind: "FileStorage" }, 400, "AccountPropertyIsInvalid"],
      ["lakex", { ...lake, sku: undefined }, 400, "AccountPropertyIsInvalid"],
      ["lakex", { ...lake, properties: { isSftpEnabled: true } }, 501, "NotSupportedHere"],
      ["lakex", { ...lake, properties: { isNfsV3Enabled: true } }, 501, "NotSupportedHere"],
    ];
    for (const [name, body, status, code] of rows) {
      const answer = await send("PUT", account(name), body);
      assert.equal(answer.status, status, answer.text);
      assert.equal(answer.body.error.code, code);
    }
    await send("PUT", account("lakethree"), lake);
    const other = `${server.subscription}/resourceGroups/lake2`;
    await send("PUT", `${other}?api-version=2022-09-01`, { location: "westeurope" });
    const taken = await send(
      "PUT",
      `${other}/providers/Microsoft.Storage/storageAccounts/lakethree`,
      lake,
    );
    assert.equal(taken.status, 409);
    assert.equal(taken.body.error.code, "StorageAccountAlreadyTaken");
  });

  it("show their keys to who may list them and replace one at a time", async () => {
    await send("PUT", account("lakefour"), lake);
    const listed = await send("POST", `${account("lakefour")}/listKeys`);
    assert.equal(listed.status, 200, listed.text);
    const [key1, key2] = listed.body.keys;
    assert.deepEqual([key1.keyName, key1.permissions], ["key1", "FULL"]);
    assert.equal(Buffer.from(key1.value, "base64").length, 64);
    const renewed = await send("POST", `${account("lakefour")}/regenerateKey`, { keyName: "key1" });
    assert.notEqual(renewed.body.keys[0].value, key1.value);
    assert.equal(renewed.body.keys[1].value, key2.value);
    const read = await send("GET", account("lakefour"));
    assert.ok(!read.text.includes(key2.value));
  });

  it("sign account signatures with the key asked for", async () => {
    await send("PUT", account("lakefive"), lake);
    const { keys } = (await send("POST", `${account("lakefive")}/listKeys`)).body;
    const answer = await send("POST", `${account("lakefive")}/ListAccountSas`, {
      signedServices: "b",
      signedResourceTypes: "sco",
      signedPermission: "rl",
      signedExpiry: "2030-01-01T00:00:00.0000000Z",
      keyToSign: "key2",
    });
    assert.equal(answer.status, 200, answer.text);
    const { sig, ...fields } = Object.fromEntries(
      new URLSearchParams(answer.body.accountSasToken),
    ) as Record<string, string>;
    const text = accountSasText({ accountName: "lakefive", fields });
    const key = Buffer.from(keys[1].value, "base64");
    assert.equal(sig, createHmac("sha256", key).update(text).digest("base64"));
    assert.equal(fields.se, "2030-01-01T00:00:00Z");
  });

  it("have a blob service, containers and private link groups below them", async () => {
    await send("PUT", account("lakesix"), lake);
    const service = await send("GET", `${account("lakesix")}/blobServices/default`);
    assert.equal(service.body.properties.deleteRetentionPolicy.enabled, false);
    const versions = await send("PUT", `${account("lakesix")}/blobServices/default`, {
      properties: { isVersioningEnabled: true },
    });
    assert.equal(versions.status, 501);
    const container = `${account("lakesix")}/blobServices/default/containers/data`;
    const made = await send("PUT", container, { properties: { metadata: { a: "b" } } });
    assert.equal(made.status, 201, made.text);
    assert.equal(made.body.properties.leaseState, "Available");
    assert.equal(made.body.properties.storageId, undefined);
    const listed = await send("GET", `${account("lakesix")}/blobServices/default/containers`);
    assert.deepEqual(
      listed.body.value.map((item: { name: string }) => item.name),
      ["data"],
    );
    assert.equal((await send("DELETE", container)).status, 200);
    const groups = await send("GET", `${account("lakesix")}/privateLinkResources`);
    assert.equal(groups.body.value[0].properties.groupId, "blob");
    const files = await send("GET", `${account("lakesix")}/fileServices/default`);
    assert.deepEqual(files.body.properties.shareDeleteRetentionPolicy, { enabled: false, days: 0 });
    assert.equal((await send("PUT", `${account("lakesix")}/fileServices/default`, {})).status, 501);
    const queues = await send("GET", `${account("lakesix")}/queueServices/default`);
    assert.equal(queues.status, 501, queues.text);
  });

  it("say whether a name is free, which kinds there are and how many accounts are used", async () => {
    await send("PUT", account("lakeseven"), lake);
    const root = `${server.subscription}/providers/Microsoft.Storage`;
    const check = async (name: string) =>
      (
        await send("POST", `${root}/checkNameAvailability`, {
          name,
          type: "Microsoft.Storage/storageAccounts",
        })
      ).body;
    assert.deepEqual(await check("freename1"), { nameAvailable: true });
    assert.equal((await check("lakeseven")).reason, "AlreadyExists");
    assert.equal((await check("No")).reason, "AccountNameInvalid");
    const skus = (await send("GET", `${root}/skus`)).body.value;
    assert.ok(skus.some((sku: { name: string }) => sku.name === "Standard_LRS"));
    const usages = (await send("GET", `${root}/locations/westeurope/usages`)).body.value;
    assert.ok(usages[0].currentValue >= 1);
  });
});
