import assert from "node:assert/strict";
import { test } from "node:test";
import type { Fact } from "./fact.ts";
import { buildMap } from "./model.ts";

const group = "/subscriptions/s/resourceGroups/g/providers";
const synapse = `${group}/Microsoft.Synapse/workspaces/syn`;
const ml = `${group}/Microsoft.MachineLearningServices/workspaces/ml`;

const resource = (id: string) => ({ id, name: id.slice(id.lastIndexOf("/") + 1), type: "" });

function facts({ isGranted, canUseSpark }: { isGranted: boolean; canUseSpark?: boolean }): Fact[] {
  return [
    {
      kind: "synapse",
      workspace: resource(synapse),
      pools: [resource(`${synapse}/bigDataPools/p1`)],
      problems: [],
      links: [
        {
          name: "toMl",
          targetId: ml,
          error: undefined,
          answer: { succeeded: isGranted, verdict: { succeeded: isGranted, hops: [] } },
          explanation: {
            identity: { kind: "workspaceIdentity", principalId: "i1", displayName: "syn" },
            target: {
              id: ml,
              access: [
                {
                  action: "read",
                  allowed: isGranted,
                  because: isGranted ? [{ roleName: "Contributor" }] : [],
                },
              ],
            },
          },
        },
      ],
    },
    {
      kind: "machineLearning",
      workspace: resource(ml),
      problems: [],
      computes: [],
      links: [
        { name: "toSyn", targetId: synapse, identityId: "i2", canUseSpark, error: undefined },
      ],
    },
  ];
}

const statuses = (map: ReturnType<typeof buildMap>) =>
  Object.fromEntries(map.edges.map(({ id, status }) => [id, status]));

test("a missing role is missing in both directions, and everything has a place", () => {
  const map = buildMap(facts({ isGranted: false, canUseSpark: false }));
  assert.deepEqual(
    map.nodes.map(({ kind }) => kind),
    ["synapse", "machineLearning", "pool", "identity", "identity"],
  );
  const found = statuses(map);
  assert.equal(found[`link ${synapse.toLowerCase()} toMl`], "missing");
  assert.equal(found[`grant ${synapse.toLowerCase()} toMl`], "missing");
  assert.equal(found[`grant ${ml.toLowerCase()} toSyn`], "missing");
});

test("with the roles there every edge is fine; what may not be asked is unknown", () => {
  const fine = buildMap(facts({ isGranted: true, canUseSpark: true }));
  assert.ok(fine.edges.every(({ status }) => status === "ok"));
  assert.ok(fine.edges.some(({ label }) => label === "Contributor"));
  const unknown = statuses(buildMap(facts({ isGranted: true })));
  assert.equal(unknown[`grant ${ml.toLowerCase()} toSyn`], "unknown");
});

test("a workspace that a link names and nobody sees is drawn as not there", () => {
  const [only] = facts({ isGranted: false });
  const map = buildMap(only ? [only] : []);
  const target = map.nodes.find(({ id }) => id === ml.toLowerCase());
  assert.equal(target?.isThere, false);
});

test("a link that one may list but not open is unknown, not missing", () => {
  const hidden = facts({ isGranted: true, canUseSpark: true }).map((fact) =>
    fact.kind === "synapse"
      ? {
          ...fact,
          links: [
            {
              name: "toMl",
              targetId: "",
              answer: undefined,
              explanation: undefined,
              error: undefined,
            },
          ],
        }
      : fact,
  );
  const map = buildMap(hidden);
  assert.equal(statuses(map)[`link ${synapse.toLowerCase()} toMl`], "unknown");
  assert.equal(statuses(map)[`grant ${synapse.toLowerCase()} toMl`], "unknown");
  const target = map.nodes.find(({ id }) => id === "");
  assert.equal(target?.label, "Not shown");
});
