import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  canonicalId,
  childId,
  isWithin,
  parentId,
  parseResourceId,
  parseResourcePath,
} from "./resource-id.ts";

const workspace = "/subscriptions/S/resourceGroups/G/providers/Microsoft.Synapse/workspaces/w";

describe("a resource path", () => {
  const rows: [string, string | undefined, string | undefined][] = [
    ["/", "/", undefined],
    ["/subscriptions", "/", "Microsoft.Resources/subscriptions"],
    ["/subscriptions/S", "/subscriptions/S", undefined],
    ["//subscriptions/S//resourcegroups/G", "/subscriptions/S/resourceGroups/G", undefined],
    [
      "/subscriptions/S/resourceGroups",
      "/subscriptions/S",
      "Microsoft.Resources/subscriptions/resourceGroups",
    ],
    [workspace, workspace, undefined],
    [`${workspace}/bigDataPools`, workspace, "Microsoft.Synapse/workspaces/bigDataPools"],
    [`${workspace}/bigDataPools/p`, `${workspace}/bigDataPools/p`, undefined],
    [
      "/subscriptions/S/providers/Microsoft.Synapse/workspaces",
      "/subscriptions/S",
      "Microsoft.Synapse/workspaces",
    ],
    [
      `${workspace}/providers/Microsoft.Authorization/roleAssignments/r`,
      `${workspace}/providers/Microsoft.Authorization/roleAssignments/r`,
      undefined,
    ],
    ["/subscriptions/S/resourceGroups/G/x", undefined, undefined],
    ["/nonsense/x", undefined, undefined],
    ["/providers/Microsoft.Synapse", undefined, undefined],
  ];
  for (const [path, id, collection] of rows) {
    it(`${path} is ${id === undefined ? "no path" : `${id} ${collection ?? ""}`}`, () => {
      const parsed = parseResourcePath(path);
      assert.deepEqual([parsed?.id.text, parsed?.collection], [id, collection]);
    });
  }

  it("decodes names and compares in lower case", () => {
    const id = parseResourceId("/subscriptions/S/resourceGroups/My%20Group");
    assert.equal(id?.name, "My Group");
    assert.equal(id?.key, "/subscriptions/s/resourcegroups/my group");
  });

  it("knows parents, children and canonical casing", () => {
    const id = parseResourceId(`${workspace}/bigdatapools/P`.replace("providers", "PROVIDERS"));
    assert.ok(id);
    const canonical = canonicalId(id, "Microsoft.Synapse/workspaces/bigDataPools");
    assert.equal(canonical.text, `${workspace}/bigDataPools/P`);
    assert.equal(parentId(canonical).text, workspace);
    assert.equal(parentId(parentId(canonical)).text, "/subscriptions/S/resourceGroups/G");
    assert.equal(childId(parentId(canonical), "sqlPools", "q").text, `${workspace}/sqlPools/q`);
  });

  it("is within its scopes and not within a sibling that begins alike", () => {
    assert.ok(isWithin("/subscriptions/s/resourcegroups/g", "/subscriptions/s"));
    assert.ok(isWithin("/subscriptions/s", "/"));
    assert.ok(!isWithin("/subscriptions/s2", "/subscriptions/s"));
  });
});
