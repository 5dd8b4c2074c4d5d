// When a binding is kept and when it is good again; tests/known-query.test.ts has what statements see of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Query } from "../ast.ts";
import type { Asked, StatementEnvironment } from "./environment.ts";
import { bindAndKeep, knownBinding } from "./known-binding.ts";
import { newFrame, type Session } from "./state.ts";

interface Circumstances {
  catalogue?: number | undefined;
  data?: number | undefined;
  dateFirst?: number;
  impersonated?: unknown[];
  chained?: boolean;
}

const usual = { catalogue: 1, data: 1, dateFirst: 7, impersonated: [], chained: false };
const bindings: Session["bindings"] = new WeakMap();

/** As much of a session as a binding depends on. */
function sessionIn(circumstances: Circumstances): Session {
  const { catalogue, data, dateFirst, impersonated, chained } = { ...usual, ...circumstances };
  return {
    database: { catalogueVersion: () => catalogue },
    connection: { version: () => data },
    options: { dateFirst },
    frames: [newFrame(undefined, chained)],
    impersonated,
    bindings,
  } as unknown as Session;
}

const relation = { sql: "SELECT 1 AS c1", columns: [] };

async function isKnown(asked: Asked, first: Circumstances, then: Circumstances): Promise<boolean> {
  const query = {} as Query;
  const bind = async () => ({
    result: relation,
    env: { asked: () => asked } as StatementEnvironment,
  });
  await bindAndKeep(sessionIn(first), query, bind);
  return knownBinding(sessionIn(then), query) === relation;
}

const plain = { isRepeatable: true, readsModels: false };
const scoring = { isRepeatable: true, readsModels: true };

const cases: [what: string, asked: Asked, first: Circumstances, then: Circumstances, boolean][] = [
  ["nothing changed", plain, {}, {}, true],
  ["nothing changed for a model", scoring, {}, {}, true],
  ["rows changed", plain, {}, { data: 2 }, true],
  ["rows are changing", plain, { data: undefined }, { data: undefined }, true],
  ["rows changed where a model is", scoring, {}, { data: 2 }, false],
  ["rows were changing where a model is", scoring, { data: undefined }, { data: undefined }, false],
  ["the catalogue changed", plain, {}, { catalogue: 2 }, false],
  ["the catalogue is changing", plain, {}, { catalogue: undefined }, false],
  ["the catalogue was changing", plain, { catalogue: undefined }, { catalogue: undefined }, false],
  ["SET DATEFIRST", plain, {}, { dateFirst: 1 }, false],
  ["EXECUTE AS", plain, {}, { impersonated: [{}] }, false],
  ["it was asked as another user", plain, { impersonated: [{}] }, {}, false],
  ["it stands in a procedure", plain, { chained: true }, {}, false],
  ["it asked for more", { ...plain, isRepeatable: false }, {}, {}, false],
];

for (const [what, asked, first, then, expected] of cases)
  test(`a binding is ${expected ? "good" : "not good"} again: ${what}`, async () => {
    assert.equal(await isKnown(asked, first, then), expected);
  });
