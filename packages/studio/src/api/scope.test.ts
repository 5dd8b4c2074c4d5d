import assert from "node:assert/strict";
import { test } from "node:test";
import { parentOf, reaches, typeLabel, typeOf } from "./scope.ts";

const group = "/subscriptions/s/resourceGroups/g";
const workspace = `${group}/providers/Microsoft.Synapse/workspaces/ws`;

test("an id tells its type and what contains it", () => {
  for (const [id, type, parent] of [
    ["/subscriptions/s", "Microsoft.Resources/subscriptions", undefined],
    [group, "Microsoft.Resources/subscriptions/resourceGroups", "/subscriptions/s"],
    [workspace, "Microsoft.Synapse/workspaces", group],
    [`${workspace}/bigDataPools/p`, "Microsoft.Synapse/workspaces/bigDataPools", workspace],
  ] as const) {
    assert.equal(typeOf(id), type);
    assert.equal(parentOf(id), parent);
  }
});

test("a role reaches everything below its scope and nothing beside it", () => {
  assert.equal(reaches("/", group), true);
  assert.equal(reaches(group.toUpperCase(), workspace), true);
  assert.equal(reaches(`${group}2`, workspace), false);
  assert.equal(reaches(workspace, group), false);
});

test("types read as in Azure's portal", () => {
  assert.equal(typeLabel("microsoft.synapse/workspaces"), "Synapse workspace");
  assert.equal(typeLabel("A.B/workspaces/firewallRules"), "Firewall rules");
});
