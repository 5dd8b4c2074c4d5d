import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decide, defineRole, roleGrants } from "./role.ts";

const role = (rights: Partial<Parameters<typeof defineRole>[0]>) =>
  defineRole({ id: "r", name: "r", description: "", source: "test", ...rights });

describe("a role", () => {
  const rows: [string, Parameters<typeof role>[0], string, boolean, boolean][] = [
    ["grants what it names", { actions: ["A/b/read"] }, "A/b/read", false, true],
    ["ignores casing", { actions: ["a/B/READ"] }, "A/b/read", false, true],
    ["grants all by *", { actions: ["*"] }, "A/b/c/action", false, true],
    ["grants every read by */read", { actions: ["*/read"] }, "A/b/c/read", false, true],
    ["does not grant a write by */read", { actions: ["*/read"] }, "A/b/write", false, false],
    ["grants the thing itself by /*/", { actions: ["A/w/*/read"] }, "A/w/read", false, true],
    ["grants things below by /*/", { actions: ["A/w/*/read"] }, "A/w/x/y/read", false, true],
    ["does not reach beside by /*/", { actions: ["A/w/*/read"] }, "A/ww/read", false, false],
    [
      "withholds notActions",
      { actions: ["*"], notActions: ["A/*/write"] },
      "A/b/write",
      false,
      false,
    ],
    [
      "keeps the rest beside notActions",
      { actions: ["*"], notActions: ["A/*/write"] },
      "A/b/read",
      false,
      true,
    ],
    ["gives no data by actions", { actions: ["*"] }, "A/b/read", true, false],
    ["gives data by dataActions", { dataActions: ["A/b/read"] }, "A/b/read", true, true],
    [
      "withholds notDataActions",
      { dataActions: ["A/*"], notDataActions: ["A/b/*"] },
      "A/b/read",
      true,
      false,
    ],
    ["takes a dot as a dot", { actions: ["A.B/read"] }, "AxB/read", false, false],
    ["needs text for each side of *", { actions: ["A/b*b/read"] }, "A/b/read", false, false],
    // As a regular expression this would search for longer than anyone lives.
    [
      "decides any number of stars",
      { actions: [`${"*e".repeat(20)}*!`] },
      `${"e".repeat(80)}/read`,
      false,
      false,
    ],
  ];
  for (const [name, rights, action, data, expected] of rows) {
    it(name, () => assert.equal(roleGrants(role(rights), { action, data }), expected));
  }
});

describe("a decision", () => {
  const everything = role({ id: "all", actions: ["*"] });
  const assignments = [
    { id: "1", scope: "/subscriptions/s/resourcegroups/g", principalId: "p", roleId: "all" },
    { id: "2", scope: "/", principalId: "group", roleId: "all" },
    { id: "3", scope: "/", principalId: "lost", roleId: "unknown" },
  ];
  const ask = (principalIds: string[], scope: string) =>
    decide({
      principalIds,
      action: "A/read",
      data: false,
      scope,
      assignmentsOf: (id) => assignments.filter(({ principalId }) => principalId === id),
      role: (id) => (id === "all" ? everything : undefined),
    }).map(({ id }) => id);

  const rows: [string, string[], string, string[]][] = [
    ["holds at its scope", ["p"], "/subscriptions/s/resourcegroups/g", ["1"]],
    ["holds below its scope", ["p"], "/subscriptions/s/resourcegroups/g/providers/x", ["1"]],
    ["does not hold above", ["p"], "/subscriptions/s", []],
    [
      "does not hold beside a scope with the same start",
      ["p"],
      "/subscriptions/s/resourcegroups/g2",
      [],
    ],
    ["adds what groups hold", ["p", "group"], "/subscriptions/s/resourcegroups/g", ["1", "2"]],
    ["is no for a role that nobody defines", ["lost"], "/", []],
    ["is no by default", ["stranger"], "/", []],
  ];
  for (const [name, principals, scope, expected] of rows) {
    it(name, () => assert.deepEqual(ask(principals, scope), expected));
  }
});
