// Rotation: new tokens by the new key, old ones as long as they live.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { decodeProtectedHeader } from "jose";
import { audiences, startServer, type TestServer } from "../../../../tests/fixture/server.ts";
import { simulatedClock } from "../platform/simulated.ts";

const clock = simulatedClock();
let server: TestServer;

before(async () => {
  server = await startServer({ clock });
});
after(() => server.close());

const rotate = (token?: string) =>
  server.admin.send(
    "POST",
    `/${server.contract.tenantId}/callosum/keys/rotate`,
    undefined,
    token === undefined ? {} : { token },
  );
const status = async (token: string) =>
  (await server.nobody.send("GET", "/subscriptions?api-version=2022-12-01", undefined, { token }))
    .status;
const published = async (): Promise<string[]> => {
  const { body } = await server.nobody.send("GET", "/common/discovery/v2.0/keys");
  return body.keys.map(({ kid }: { kid: string }) => kid);
};

test("Tokens of the old key stay valid until they expire, then the key is forgotten", async () => {
  const old = await server.admin.token(audiences.arm);
  const { status: answered, body } = await rotate();
  assert.equal(answered, 200);
  const fresh = await server.admin.token(audiences.arm);
  assert.equal(decodeProtectedHeader(fresh).kid, body.keyId);
  assert.notEqual(decodeProtectedHeader(old).kid, body.keyId);
  assert.deepEqual([await status(old), await status(fresh)], [200, 200]);
  assert.equal((await published()).length, 2);
  clock.advance(3_600_000);
  assert.equal(await status(old), 401, "expired");
  clock.advance(25 * 3_600_000);
  assert.deepEqual(await published(), [body.keyId]);
  await rotate();
  const stored = await server.running.internals.store.read.documents({ under: "/identity" });
  assert.equal(stored.length, 2, "the next rotation removes it from the store");
});

test("Rotations at once leave one key that signs", async () => {
  await Promise.all([rotate(), rotate(), rotate()]);
  const kids = await published();
  const token = await server.admin.token(audiences.arm);
  assert.equal(decodeProtectedHeader(token).kid, kids[0]);
  assert.equal(await status(token), 200);
});

test("Only Owner of everything rotates", async () => {
  const before = await published();
  assert.equal((await rotate("")).status, 401);
  const { store, directory } = server.running.internals;
  const { principalId } = await store.transaction((writer) =>
    directory.createManagedIdentity(writer, {
      resourceId: `${server.subscription}/resourceGroups/g/providers/a/b/c`,
      displayName: "stranger",
      explicit: false,
    }),
  );
  const reply = await rotate(await server.caller(principalId).token(audiences.arm));
  assert.equal(reply.status, 403, reply.text);
  assert.equal(reply.body.error, "access_denied");
  assert.deepEqual(await published(), before);
});
