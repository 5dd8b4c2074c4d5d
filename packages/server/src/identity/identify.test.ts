import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startServer, type TestServer } from "../../../../tests/fixture/server.ts";
import { putApplication, putServicePrincipal } from "./directory.ts";

const guid = (n: number) => `20000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const now = "2024-01-01T00:00:00.000Z";

describe("identify", () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
    const { store, directory } = server.running.internals;
    await store.transaction(async (writer) => {
      for (const [n, displayName] of [
        [1, "with principal"],
        [5, "without principal"],
      ] as const) {
        await putApplication(writer, {
          id: guid(n),
          appId: guid(n + 1),
          displayName,
          createdDateTime: now,
          passwordCredentials: [
            {
              keyId: guid(n + 3),
              displayName: null,
              startDateTime: now,
              endDateTime: now,
              hint: "abc",
              hash: "00",
            },
          ],
          keyCredentials: [],
          settings: {},
        });
      }
      await putServicePrincipal(writer, {
        id: guid(3),
        appId: guid(2),
        displayName: "with principal",
        servicePrincipalType: "Application",
        accountEnabled: true,
        createdDateTime: now,
        resourceId: undefined,
        isExplicit: false,
        passwordCredentials: [],
        settings: {},
      });
      await directory.createManagedIdentity(writer, {
        resourceId: "/r",
        displayName: "ws1",
        explicit: false,
      });
    });
  });
  after(() => server.close());

  it("tells every kind of id from the others", async () => {
    const { directory } = server.running.internals;
    const rows: [string, string | undefined, string | undefined, boolean][] = [
      [guid(2).toUpperCase(), "clientId", guid(2), true],
      [guid(1), "applicationObjectId", guid(2), true],
      [guid(3), "servicePrincipalObjectId", guid(2), true],
      [guid(4), "secretId", guid(2), true],
      ["With Principal", "displayName", guid(2), true],
      [guid(6), "clientId", guid(6), false],
      ["without principal", "displayName", guid(6), false],
      [server.contract.user.objectId, "userOrGroup", undefined, false],
      ["nobody knows", undefined, undefined, false],
      ["", undefined, undefined, false],
    ];
    for (const [text, kind, appId, hasPrincipal] of rows) {
      const match = await directory.identify(text);
      assert.deepEqual(
        [match?.kind, match?.appId, match?.servicePrincipal !== undefined],
        [kind, appId, hasPrincipal],
        text,
      );
    }
    assert.equal((await directory.identify("ws1"))?.kind, "managedIdentity");
  });
});
