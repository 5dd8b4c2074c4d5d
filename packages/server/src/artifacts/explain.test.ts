import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Caller } from "../../../../tests/fixture/server.ts";
import { startServer, type TestServer } from "../../../../tests/fixture/server.ts";
import { assignRole } from "../../../../tests/registry/principal.ts";
import type { Explanation } from "./explain.ts";
import { azureRole, putMachineLearning } from "./testing/link.ts";
import {
  grantSynapse,
  putGroup,
  putPrincipal,
  putWorkspace,
  synapseRole,
  type TestWorkspace,
} from "./testing/workspace.ts";

describe("explain", () => {
  let server: TestServer;
  let workspace: TestWorkspace;
  let publisher: Caller;
  before(async () => {
    server = await startServer();
    await putGroup(server);
    workspace = await putWorkspace(server, { name: "ws1" });
    const scope = await putMachineLearning(server, "ml1");
    await assignRole(server, {
      principalId: workspace.identityId,
      roleId: azureRole.contributor,
      scope,
    });
    publisher = await putPrincipal(server, "publisher");
    const roleId = synapseRole.artifactPublisher;
    await grantSynapse(server, {
      workspaceId: workspace.id,
      principalId: publisher.objectId,
      roleId,
    });
    const typeProperties = {
      subscriptionId: server.contract.subscriptionId,
      resourceGroupName: "rg1",
      mlWorkspaceName: "ml1",
      authentication: "MSI",
    };
    const body = { properties: { type: "AzureMLService", typeProperties } };
    await workspace.send(server.admin, "PUT", "/linkedservices/link1", body);
  });
  after(() => server.close());

  const explain = async (as: Caller): Promise<Explanation> =>
    (await workspace.send(as, "GET", "/callosum/explain?linkedService=LINK1")).body;

  it("says assignment by assignment who may do what with a link", async () => {
    const told = await explain(server.admin);
    assert.deepEqual([told.linkedService, told.type], ["link1", "AzureMLService"]);
    assert.deepEqual(told.identity, {
      kind: "workspaceIdentity",
      principalId: workspace.identityId,
      displayName: "ws1",
    });
    assert.ok(
      told.target?.access.every(
        ({ allowed, because }) => allowed && because[0]?.roleName === "Contributor",
      ),
    );
    const [mine] = told.principals.filter(({ principalId }) => principalId === publisher.objectId);
    const allowed = mine?.tasks.map(({ task, allowed: may, because }) => [
      task,
      may,
      because[0]?.roleName,
    ]);
    const role = "Synapse Artifact Publisher";
    assert.deepEqual(allowed, [
      ["list", true, role],
      ["open", true, role],
      ["publish", true, role],
      ["delete", true, role],
      ["use", false, undefined],
    ]);
    const use = mine?.tasks.find(({ task }) => task === "use");
    assert.equal(use?.scope, "workspaces/ws1/credentials/WorkspaceSystemIdentity");
  });

  it("shows grants on the target only to who may see role assignments there", async () => {
    const told = await explain(publisher);
    assert.deepEqual(
      told.target?.access.map(({ because }) => because),
      [[], []],
    );
  });

  it("is for those who may open the link", async () => {
    const user = await putPrincipal(server, "user");
    const roleId = synapseRole.user;
    await grantSynapse(server, { workspaceId: workspace.id, principalId: user.objectId, roleId });
    const refused = await workspace.send(user, "GET", "/callosum/explain?linkedService=link1");
    assert.equal(refused.status, 403);
    assert.equal((await workspace.send(server.admin, "GET", "/callosum/explain")).status, 400);
    const none = await workspace.send(server.admin, "GET", "/callosum/explain?linkedService=none");
    assert.equal(none.body.code, "LinkedServiceNotFound");
  });
});
