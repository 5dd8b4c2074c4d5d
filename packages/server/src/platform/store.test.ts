import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { AliasTaken, type Store } from "@callosum/contract/ports.ts";
import { simulatedClock, simulatedRandom } from "./simulated.ts";
import { openStore } from "./store.ts";

describe("the store", () => {
  let directory: string;
  let store: Store;
  const clock = simulatedClock();
  const open = () =>
    openStore({ file: join(directory, "state.db"), clock, random: simulatedRandom(7) });
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "callosum-store-"));
    store = open();
  });
  afterEach(async () => {
    await store.close();
    rmSync(directory, { recursive: true });
  });

  const put = (id: string, body: unknown = {}, type = "T", parent = "/") =>
    store.transaction((writer) => writer.put({ id, type, parent, body }));

  it("gives back what was acknowledged, also after reopening", async () => {
    await put("/a", { n: 1 });
    await store.close();
    store = open();
    assert.deepEqual((await store.read.document("/a"))?.body, { n: 1 });
  });

  it("undoes a transaction that throws and keeps the others of its group", async () => {
    const results = await Promise.allSettled([
      put("/a"),
      store.transaction(async (writer) => {
        await writer.put({ id: "/b", type: "T", parent: "/", body: {} });
        throw new Error("no");
      }),
      put("/c"),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled"],
    );
    const left = await store.read.documents({ type: "T" });
    assert.deepEqual(
      left.map(({ id }) => id),
      ["/a", "/c"],
    );
  });

  it("shows readers nothing of an open transaction", async () => {
    let seen: unknown = "not asked";
    await store.transaction(async (writer) => {
      await writer.put({ id: "/a", type: "T", parent: "/", body: {} });
      assert.ok(await writer.document("/a"));
      seen = await store.read.document("/a");
    });
    assert.equal(seen, undefined);
    assert.ok(await store.read.document("/a"));
  });

  it("tells listeners the changed ids before the caller, and not those of undone work", async () => {
    const told: string[] = [];
    store.onCommit((ids) => void told.push(...ids));
    await put("/a").then(() => told.push("caller"));
    await store
      .transaction(async (writer) => {
        await writer.put({ id: "/lost", type: "T", parent: "/", body: {} });
        throw new Error("no");
      })
      .catch(() => told.push("refused"));
    assert.deepEqual(told, ["/a", "caller", "refused"]);
  });

  it("removes a tree with names and secrets, and nothing beside it", async () => {
    await put("/w");
    await put("/w/child");
    await put("/w2");
    await store.transaction(async (writer) => {
      await writer.claim({ kind: "dns", name: "Child", id: "/w/child" });
      await writer.putSealed("/w/child", "key", Buffer.from("x"));
      await writer.putSealed("/w2", "key", Buffer.from("y"));
    });
    const removed = await store.transaction((writer) => writer.removeTree("/w"));
    assert.deepEqual(
      removed.map(({ id }) => id),
      ["/w", "/w/child"],
    );
    assert.equal(await store.read.alias("dns", "child"), undefined);
    assert.equal(await store.read.sealed("/w/child", "key"), undefined);
    assert.ok(await store.read.document("/w2"));
    assert.ok(await store.read.sealed("/w2", "key"));
  });

  it("lets one document hold a name", async () => {
    await store.transaction((writer) => writer.claim({ kind: "dns", name: "one", id: "/a" }));
    await store.transaction((writer) => writer.claim({ kind: "dns", name: "ONE", id: "/a" }));
    await assert.rejects(
      store.transaction((writer) => writer.claim({ kind: "dns", name: "one", id: "/b" })),
      AliasTaken,
    );
  });

  it("forgets tickets when they expire and gives a taken one once", async () => {
    const expiresMs = clock.now().getTime() + 1000;
    const ticket = (id: string) => ({ kind: "code", id, expiresMs, body: { id } });
    await store.transaction(async (writer) => {
      await writer.putTicket(ticket("a"));
      await writer.putTicket(ticket("b"));
    });
    const take = () => store.transaction((writer) => writer.takeTicket("code", "a"));
    assert.deepEqual((await take())?.body, { id: "a" });
    assert.equal(await take(), undefined);
    clock.advance(1000);
    assert.equal(await store.read.ticket("code", "b"), undefined);
  });

  it("lists by parent, type and tree in id order, from a place on, a page at a time", async () => {
    for (const name of ["c", "a", "b"])
      await put(`/w/${name}`, {}, name === "b" ? "Other" : "T", "/w");
    const ids = async (query: Parameters<Store["read"]["documents"]>[0]) =>
      (await store.read.documents(query)).map(({ id }) => id);
    assert.deepEqual(await ids({ parent: "/w" }), ["/w/a", "/w/b", "/w/c"]);
    assert.deepEqual(await ids({ parent: "/w", type: "T" }), ["/w/a", "/w/c"]);
    assert.deepEqual(await ids({ under: "/w", type: "Other" }), ["/w/b"]);
    assert.deepEqual(await ids({ under: "/w", after: "/w/a", limit: 1 }), ["/w/b"]);
  });

  it("refuses a directory of a newer version", async () => {
    await store.close();
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(join(directory, "state.db"));
    database.exec("PRAGMA user_version = 999");
    database.close();
    assert.throws(open, /newer version/);
    const again = new DatabaseSync(join(directory, "state.db"));
    again.exec("PRAGMA user_version = 1");
    again.close();
    store = open();
  });
});
