// A workspace with a managed network: its link waits for a private endpoint that the other side's
// owner approves, each step by the command that the verdict prints.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { putResource } from "@callosum/sdk/resource.ts";
import { openApi } from "callosum/api.ts";
import { openCallosumDirectory } from "../../packages/cli/test/callosum-process.ts";
import {
  createLinkableWorkspaces,
  type LinkableWorkspaces,
} from "../../packages/cli/test/linkable-workspace.ts";

const directory = openCallosumDirectory();
let ids: LinkableWorkspaces;

before(async () => {
  const contract = (await directory.up()).json();
  const api = openApi(contract);
  ids = await createLinkableWorkspaces(api, contract.subscriptionId);
  await putResource(api, {
    id: ids.synapse.replace(/ws1$/, "ws2"),
    apiVersion: "2021-06-01",
    body: {
      location: "westeurope",
      identity: { type: "SystemAssigned" },
      properties: {
        managedVirtualNetwork: "default",
        defaultDataLakeStorage: {
          accountUrl: "https://lake1.dfs.core.windows.net",
          filesystem: "default",
        },
      },
    },
  });
});
after(() => directory.close());

const endpoint = (action: string, ...words: string[]) =>
  directory.run("endpoint", action, "--resource", ids.machineLearning, ...words);

test("the link works once its private endpoint is made and approved", async () => {
  const linked = await directory.run("link", "--synapse", "ws2", "--ml", "ml1", "--yes", "--json");
  assert.equal(linked.code, 1, linked.stderr);
  assert.equal(linked.json().test.succeeded, false);

  const url =
    "https://ws2.dev.azuresynapse.net/managedVirtualNetworks/default/managedPrivateEndpoints/to-ml1?api-version=2020-12-01";
  const properties = { privateLinkResourceId: ids.machineLearning, groupId: "amlworkspace" };
  const body = JSON.stringify({ properties });
  const made = await directory.run("rest", "--method", "PUT", "--url", url, "--body", body);
  assert.equal(made.code, 0, made.stderr);
  const [pending] = (await endpoint("list", "--json")).json().connections;
  assert.equal(pending.properties.privateLinkServiceConnectionState.status, "Pending");

  const approved = await endpoint("approve", "--name", "to-ml1");
  assert.equal(approved.code, 0, approved.stderr);
  const tested = await directory.run("test-connection", "--workspace", "ws2", "--service", "ml1");
  assert.equal(tested.code, 0, tested.stdout);
});

test("a rejected endpoint carries nothing, and a name that is none is answered with those there", async () => {
  assert.equal((await endpoint("reject", "--name", "to-ml1")).code, 0);
  const tested = await directory.run("test-connection", "--workspace", "ws2", "--service", "ml1");
  assert.equal(tested.code, 1, tested.stdout);
  const wrong = await endpoint("approve", "--name", "to-ml9");
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /There are: \S+/);
});
