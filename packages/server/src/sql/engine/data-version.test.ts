// Which version of a pool's data a connection sees.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { countVersions, type SeenData } from "./data-version.ts";

let own: SeenData;
let other: SeenData;

beforeEach(() => {
  const connect = countVersions();
  own = connect();
  other = connect();
});

const run = (data: SeenData, ...texts: string[]): Promise<void> =>
  data.run(
    texts.map((sql) => ({ sql })),
    async () => {},
  );

test("reading leaves the version as it is, and so do transactions that only read", async () => {
  const before = own.version();
  assert.notEqual(before, undefined);
  await run(own, "BEGIN TRANSACTION");
  assert.equal(own.version(), before);
  await run(own, "COMMIT");
  await run(other, "BEGIN TRANSACTION");
  await run(other, "ROLLBACK");
  assert.equal(own.version(), before);
  assert.equal(other.version(), before);
});

test("a change makes a new version for all, and there is none while it runs", async () => {
  const before = own.version();
  const { promise, resolve } = Promise.withResolvers<void>();
  const changed = own.run([{ sql: "DELETE FROM t" }], () => promise);
  assert.equal(own.version(), undefined);
  assert.equal(other.version(), undefined);
  resolve();
  await changed;
  assert.notEqual(own.version(), before);
  assert.equal(other.version(), own.version());
});

test("a change that fails may have changed something", async () => {
  const before = own.version();
  await assert.rejects(own.run([{ sql: "x" }], () => Promise.reject(new Error("no"))));
  assert.notEqual(own.version(), undefined);
  assert.notEqual(own.version(), before);
});

test("a transaction that has changed something makes a version when it ends, however it ends", async () => {
  for (const end of ["COMMIT", "ROLLBACK"]) {
    await run(own, "BEGIN TRANSACTION");
    await run(own, "DELETE FROM t");
    const before = other.version();
    await run(own, end);
    assert.notEqual(other.version(), undefined);
    assert.notEqual(other.version(), before, end);
    assert.equal(own.version(), other.version());
  }
  await run(own, "BEGIN TRANSACTION", "DELETE FROM t");
  const before = other.version();
  await run(own, "COMMIT");
  assert.notEqual(other.version(), before);
});

test("a transaction has no version once something has changed since it began", async () => {
  await run(own, "BEGIN TRANSACTION");
  await run(other, "DELETE FROM t");
  assert.equal(own.version(), undefined);
  await run(own, "COMMIT");
  assert.notEqual(own.version(), undefined);
  await run(own, "BEGIN TRANSACTION");
  await run(own, "DELETE FROM t");
  assert.equal(own.version(), undefined);
});

test("a transaction that began while something changed has no version", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const changed = other.run([{ sql: "DELETE FROM t" }], () => promise);
  await run(own, "BEGIN TRANSACTION");
  resolve();
  await changed;
  assert.equal(own.version(), undefined);
});
