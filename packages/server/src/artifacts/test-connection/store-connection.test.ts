import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { TestConnectivityAnswer } from "@callosum/contract/verdict.ts";
import { startServer, type TestServer } from "../../../../../tests/fixture/server.ts";
import { putTestApplication, putVault, sendFix, type TestApplication } from "../testing/link.ts";
import { putGroup, putResource, putWorkspace, type TestWorkspace } from "../testing/workspace.ts";

describe("Test Connection of vaults and lakes", () => {
  let server: TestServer;
  let workspace: TestWorkspace;
  let application: TestApplication;
  before(async () => {
    server = await startServer();
    await putGroup(server);
    workspace = await putWorkspace(server, { name: "syn1" });
    application = await putTestApplication(server, { displayName: "lake reader" });
    await putVault(server, { name: "kv-rbac", rbac: true });
    await putVault(server, { name: "kv-policy", rbac: false });
    const id = await putResource(server, {
      type: "Microsoft.Storage/storageAccounts",
      name: "lake1",
    });
    await server.running.internals.store.transaction((writer) =>
      writer.claim({ kind: "endpoint-storage", name: "lake1", id: id.toLowerCase() }),
    );
  });
  after(() => server.close());

  const test = async (properties: object): Promise<TestConnectivityAnswer> => {
    const body = { linkedService: { properties } };
    const answer = await workspace.send(server.admin, "POST", "/testConnectivity", body);
    assert.equal(answer.status, 200, answer.text);
    return answer.body;
  };
  const vault = (baseUrl: string) => ({ type: "AzureKeyVault", typeProperties: { baseUrl } });
  const lake = (typeProperties: object) => ({ type: "AzureBlobFS", typeProperties });
  const principal = () => ({
    url: "https://lake1.dfs.core.windows.net",
    servicePrincipalId: application.clientId,
    servicePrincipalKey: { type: "SecureString", value: application.secretText },
    tenant: server.contract.tenantId,
  });

  it("names what is wrong, and the fix of a missing right repairs it", async () => {
    const rows: [
      what: string,
      properties: object,
      hop: string,
      reason: string,
      repairs: boolean,
    ][] = [
      [
        "vault by role",
        vault("https://kv-rbac.vault.azure.net/"),
        "permission",
        "vaultAccessMissing",
        true,
      ],
      [
        "vault by policy",
        vault("https://kv-policy.vault.azure.net"),
        "permission",
        "vaultAccessMissing",
        true,
      ],
      ["no vault", vault("https://kv-none.vault.azure.net"), "resource", "vaultNotFound", false],
      ["no vault url", vault("https://example.org"), "definition", "valueInvalid", false],
      [
        "lake",
        lake({ url: "https://lake1.dfs.core.windows.net" }),
        "permission",
        "roleMissing",
        true,
      ],
      ["lake by principal", lake(principal()), "permission", "roleMissing", true],
      [
        "no lake",
        lake({ url: "https://lake2.dfs.core.windows.net" }),
        "resource",
        "storageAccountNotFound",
        false,
      ],
      ["no lake url", lake({ url: "lake1" }), "definition", "valueInvalid", false],
    ];
    for (const [what, properties, hop, reason, repairs] of rows) {
      const { verdict } = await test(properties);
      const failure = verdict.hops.find(({ status }) => status === "failed");
      assert.deepEqual([failure?.hop, failure?.reason], [hop, reason], what);
      if (!repairs) continue;
      const request = failure?.fix?.request;
      assert.ok(request, what);
      const sent = await sendFix(server.admin, { workspace, request });
      assert.ok(sent.status < 300, `${what}: ${sent.text}`);
      const again = await test(properties);
      assert.equal(again.succeeded, true, `${what}: ${JSON.stringify(again)}`);
    }
  });

  it("refuses by name what it cannot try", async () => {
    const linkedService = {
      properties: lake({ url: "https://lake1.dfs.core.windows.net", accountKey: "k" }),
    };
    const refused = await workspace.send(server.admin, "POST", "/testConnectivity", {
      linkedService,
    });
    assert.equal(refused.status, 501);
    assert.match(refused.body.error.message, /AzureBlobFS with 'accountKey'/);
  });
});
