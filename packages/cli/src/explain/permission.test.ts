import assert from "node:assert/strict";
import { test } from "node:test";
import { allows, type Permission } from "./permission.ts";

const contributor: Permission = {
  actions: ["*"],
  notActions: ["Microsoft.Authorization/*/Write", "Microsoft.Authorization/*/Delete"],
};
const user: Permission = { dataActions: ["Microsoft.Synapse/workspaces/read"] };

const rows: { permissions: Permission[]; action: string; allowed: boolean }[] = [
  { permissions: [contributor], action: "Microsoft.Synapse/workspaces/write", allowed: true },
  {
    permissions: [contributor],
    action: "microsoft.authorization/roleAssignments/write",
    allowed: false,
  },
  { permissions: [{ actions: ["*/read"] }], action: "A/b/read", allowed: true },
  { permissions: [{ actions: ["*/read"] }], action: "A/b/write", allowed: false },
  { permissions: [user], action: "MICROSOFT.SYNAPSE/workspaces/READ", allowed: true },
  { permissions: [user], action: "Microsoft.Synapse/workspaces/readAll", allowed: false },
  { permissions: [user, contributor], action: "Microsoft.X/y/delete", allowed: true },
  {
    permissions: [{ dataActions: ["A/*"], notDataActions: ["A/b"] }],
    action: "A/b",
    allowed: false,
  },
  { permissions: [], action: "A/b", allowed: false },
];
for (const { permissions, action, allowed } of rows) {
  test(`${JSON.stringify(permissions)} ${allowed ? "includes" : "excludes"} ${action}`, () => {
    assert.equal(allows(permissions, action), allowed);
  });
}
