import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { addToRecord, type LinkPair, type Made, readRecord, writeRecord } from "./link-record.ts";

const dataDirectory = mkdtempSync(join(tmpdir(), "callosum-record-"));
after(() => rmSync(dataDirectory, { recursive: true }));

const pair: LinkPair = { dataDirectory, synapse: "/s/ws1", machineLearning: "/m/ml1" };
const service: Made = { kind: "linkedService", summary: "a linked service", id: "ml1" };
const compute: Made = { kind: "compute", summary: "a pool", id: "/m/ml1/computes/spark1" };

test("what link makes is added up, each thing once, for its pair only", () => {
  assert.equal(readRecord(pair), undefined);
  addToRecord(pair, [service]);
  addToRecord(pair, [{ ...service, id: "ML1" }, compute]);
  assert.deepEqual(
    readRecord(pair)?.made.map(({ kind }) => kind),
    ["linkedService", "compute"],
  );
  assert.equal(readRecord({ ...pair, synapse: "/s/ws2" }), undefined);
  // Ids are the same in any casing.
  assert.equal(readRecord({ ...pair, synapse: "/S/WS1" })?.made.length, 2);
  assert.equal(statSync(join(dataDirectory, "links")).mode & 0o777, 0o700);
});

test("a record of nothing is none", () => {
  writeRecord(pair, []);
  assert.equal(readRecord(pair), undefined);
  assert.ok(existsSync(join(dataDirectory, "links")));
});
