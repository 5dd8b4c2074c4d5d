// Who may at the storage endpoints, beyond the walk of every operation (storage-walk.test.ts): scopes of roles,
// custom roles, what signatures can say, anonymous access.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import {
  BlobServiceClient,
  type ContainerClient,
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  SASProtocol,
  type StorageSharedKeyCredential,
} from "@azure/storage-blob";
import { dataRoleIds, type TestLake } from "../../packages/server/src/storage/testing/lake.ts";
import type { Caller, TestServer } from "../fixture/server.ts";
import { createCaller } from "../registry/principal.ts";
import { credentialOf } from "./arm-client.ts";
import { codeOf, noRetries, startBlobService } from "./storage-client.ts";

let server: TestServer;
let lake: TestLake;
let key: StorageSharedKeyCredential;
let container: ContainerClient;
const denied = "403 AuthorizationPermissionMismatch";
const as = (caller: Caller, name = "data") =>
  new BlobServiceClient(lake.blob, credentialOf(caller), noRetries).getContainerClient(name);
const signedBlob = (query: { toString(): string }) =>
  new BlobServiceClient(`${lake.blob}?${query}`, undefined, noRetries)
    .getContainerClient("data")
    .getBlockBlobClient("blob");
const anHour = 3_600_000;

before(async () => {
  let service: BlobServiceClient;
  ({ server, lake, key, service } = await startBlobService("rightslake"));
  container = service.getContainerClient("data");
  await container.create();
  await service.createContainer("other");
  await container.getBlockBlobClient("blob").upload("content", 7);
});
after(() => server.close());

describe("rights at the storage endpoints", () => {
  it("come from roles at the container, the account, the resource group and above", async () => {
    const group = lake.id.slice(0, lake.id.indexOf("/providers/"));
    const containerId = `${lake.id}/blobServices/default/containers/data`;
    const rows: [scope: string, data: string, other: string][] = [
      [containerId, "none", denied],
      [lake.id, "none", "none"],
      [group, "none", "none"],
      [server.subscription, "none", "none"],
      [`${containerId.slice(0, -"data".length)}other`, denied, "none"],
    ];
    for (const [scope, data, other] of rows) {
      const caller = await createCaller(server, { roleId: dataRoleIds.contributor, scope });
      const write = (name: string) =>
        codeOf(as(caller, name).getBlockBlobClient("written").upload("x", 1));
      assert.deepEqual([await write("data"), await write("other")], [data, other], scope);
    }
  });

  it("come from custom roles with data actions, and not from plain actions", async () => {
    const actionRoot = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";
    const custom = async (permissions: object) => {
      const roleId = randomUUID();
      const path = `${server.subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`;
      const reply = await server.admin.send("PUT", `${path}?api-version=2022-04-01`, {
        properties: {
          roleName: `custom ${roleId}`,
          type: "CustomRole",
          permissions: [permissions],
          assignableScopes: [server.subscription],
        },
      });
      assert.ok(reply.status < 300, reply.text);
      return createCaller(server, { roleId, scope: lake.id });
    };
    const reads = await custom({ actions: [], dataActions: [`${actionRoot}/read`] });
    const blob = as(reads).getBlockBlobClient("blob");
    assert.equal((await blob.downloadToBuffer()).toString(), "content");
    assert.equal(await codeOf(blob.upload("x", 1)), denied);
    const most = { dataActions: [`${actionRoot}/*`], notDataActions: [`${actionRoot}/delete`] };
    const writes = await custom({ actions: [], ...most });
    await as(writes).getBlockBlobClient("made").upload("x", 1);
    assert.equal(await codeOf(as(writes).getBlobClient("made").delete()), denied);
    const plain = await custom({ actions: ["Microsoft.Storage/*"], dataActions: [] });
    assert.equal(await codeOf(as(plain).getBlobClient("blob").download()), denied);
  });

  it("end when a role is taken away, signatures that were delegated included", async () => {
    const scope = lake.id;
    const caller = await createCaller(server, { roleId: dataRoleIds.reader, scope });
    const service = new BlobServiceClient(lake.blob, credentialOf(caller), noRetries);
    const times = [new Date(Date.now() - 60_000), new Date(Date.now() + anHour)] as const;
    const delegation = await service.getUserDelegationKey(...times);
    const permissions = ContainerSASPermissions.parse("rw");
    const options = { containerName: "data", permissions, expiresOn: times[1] };
    const query = generateBlobSASQueryParameters(options, delegation, lake.name);
    assert.equal((await signedBlob(query).downloadToBuffer()).toString(), "content");
    // The signature says write; who made it may not.
    assert.equal(await codeOf(signedBlob(query).upload("x", 1)), denied);
    const assignments = `${lake.id}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01`;
    const { value } = (await server.admin.send("GET", assignments)).body;
    for (const { id, properties } of value) {
      if (properties.principalId === caller.objectId)
        await server.admin.send("DELETE", `${id}?api-version=2022-04-01`);
    }
    assert.equal(await codeOf(signedBlob(query).download()), denied);
  });

  it("of signatures hold in their time, protocol, version and scope only", async () => {
    const sign = (fields: Partial<Parameters<typeof generateBlobSASQueryParameters>[0]>) =>
      generateBlobSASQueryParameters(
        {
          containerName: "data",
          permissions: ContainerSASPermissions.parse("r"),
          expiresOn: new Date(Date.now() + anHour),
          ...fields,
        } as Parameters<typeof generateBlobSASQueryParameters>[0],
        key,
      );
    const rows: [fields: Parameters<typeof sign>[0], code: string][] = [
      [{}, "none"],
      [{ startsOn: new Date(Date.now() - 60_000) }, "none"],
      [{ startsOn: new Date(Date.now() + anHour / 2) }, "403 AuthenticationFailed"],
      [{ expiresOn: new Date(Date.now() - 1000) }, "403 AuthenticationFailed"],
      [{ protocol: SASProtocol.Https }, "none"],
      [{ protocol: SASProtocol.HttpsAndHttp }, "none"],
      [{ protocol: "http" as SASProtocol }, "403 AuthorizationProtocolMismatch"],
      [{ ipRange: { start: "127.0.0.1" } }, "none"],
      [{ ipRange: { start: "10.0.0.1", end: "10.0.0.9" } }, "403 AuthorizationSourceIPMismatch"],
      [{ encryptionScope: "mine" }, "501 NotSupportedHere"],
      [{ blobName: "blob", snapshotTime: "2026-01-01T00:00:00.0000000Z" }, "501 NotSupportedHere"],
      [{ identifier: "none" }, "403 AuthenticationFailed"],
    ];
    for (const [fields, code] of rows)
      assert.equal(await codeOf(signedBlob(sign(fields)).download()), code, JSON.stringify(fields));
  });

  it("are nobody's without a sign: public access can't be turned on", async () => {
    const open = new BlobServiceClient(lake.blob, undefined, noRetries);
    const refused = "409 PublicAccessNotPermitted";
    const created = new BlobServiceClient(lake.blob, key, noRetries).createContainer("public", {
      access: "blob",
    });
    assert.equal(await codeOf(created), refused);
    assert.equal(await codeOf(container.setAccessPolicy("container")), refused);
    const read = open.getContainerClient("data").getBlobClient("blob").download();
    assert.equal(await codeOf(read), "401 NoAuthenticationInformation");
  });
});
