import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../../../scoring/test/random.ts";
import { randomEnsemble } from "../../../../scoring/test/random-ensemble.ts";
import { treeModel } from "../../../../scoring/test/tree-model.ts";
import { modelFacts, readFacts } from "./model-facts.ts";

/** 600 KB. */
function longModel(): Uint8Array {
  const shape = { treeCount: 250, leafCount: 60, featureCount: 9, thresholdCount: 50 };
  const rest = { targetCount: 1, equalShare: 0, nanRightShare: 0 };
  const ensemble = randomEnsemble({ ...shape, ...rest }, random(1));
  return treeModel(ensemble, { featureCount: 9, modes: ["BRANCH_LEQ"] }, random(2));
}

/** How often this thread came to do something else. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let [turns, isOver] = [0, false];
  work.finally(() => (isOver = true)).catch(() => {});
  while (!isOver) {
    await new Promise(setImmediate);
    turns += 1;
  }
  return turns;
}

test("a long model has the facts of its scorer, and this thread goes on meanwhile", async () => {
  const bytes = longModel();
  assert.ok(bytes.length > 512 * 1024);
  const facts = modelFacts({ bytes, kernelsPath: null });
  assert.ok((await turnsDuring(facts)) > 2);
  assert.deepEqual(await facts, readFacts({ bytes, kernelsPath: null }));
});

test("a long model that is cut off is refused with the scorer's reason", async () => {
  const bytes = longModel();
  const cut = bytes.subarray(0, bytes.length - 40);
  await assert.rejects(modelFacts({ bytes: cut, kernelsPath: null }), /claims \d+ bytes/);
});
