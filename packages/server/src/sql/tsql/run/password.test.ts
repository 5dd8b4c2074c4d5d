// What passwords CREATE LOGIN, ALTER LOGIN and CREATE USER take; messages 40631 and 40632.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { SqlSession } from "../../session.ts";
import { runBatch, startSqlServer, type TestServer } from "../../testing/sql-server.ts";

let server: TestServer;
const sessions = new Map<string, SqlSession>();

before(async () => {
  server = await startSqlServer();
  for (const database of ["master", "pool1"]) {
    const credential = { kind: "password" as const, user: "admin", password: "p" };
    const names = { applicationName: "test", hostName: "host" };
    sessions.set(
      database,
      await server.front.login({ workspace: "ws", database, ...names, credential }),
    );
  }
});
after(() => server.close());

async function errorOf(database: string, text: string): Promise<number | undefined> {
  return (await runBatch(sessions.get(database)!, text)).errors[0]?.number;
}

const passwords: readonly (readonly [password: string, error: number | undefined])[] = [
  ["Aa1aaaa", 40632],
  ["Aa1aaaaa", undefined],
  ["aaaaaaa1", 40632],
  ["aaaaaaaa!1", undefined],
  ["AAAAAAA!1", undefined],
  ["ßÄAb12345", undefined],
  ["Zelda!123", 40632],
  ["zElDa!123", 40632],
  [`Aa1${"x".repeat(125)}`, undefined],
  [`Aa1${"x".repeat(126)}`, 40631],
];

for (const [index, [password, error]] of passwords.entries()) {
  const verdict = error === undefined ? "taken" : `message ${error}`;
  test(`a password of ${password.length} characters, ${password.slice(0, 12)}, is ${verdict}`, async () => {
    await errorOf("master", "CREATE LOGIN zelda WITH PASSWORD = 'Str0ng;word'");
    assert.equal(await errorOf("master", `ALTER LOGIN zelda WITH PASSWORD = '${password}'`), error);
    const name = `zelda${index}`;
    const word = password.replace(/zelda/i, (found) => `${found}${index}`);
    assert.equal(
      await errorOf("master", `CREATE LOGIN ${name} WITH PASSWORD = '${word}'`),
      word.length > 128 ? 40631 : error,
    );
    assert.equal(
      await errorOf("pool1", `CREATE USER u${name} WITH PASSWORD = '${word.replace(/z/i, "uz")}'`),
      error,
    );
  });
}

test("a name of two letters may be in a password", async () => {
  assert.equal(await errorOf("master", "CREATE LOGIN ab WITH PASSWORD = 'Fab12345'"), undefined);
});
