import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startServer, type TestServer } from "../../../../../../tests/fixture/server.ts";

describe("resource groups", () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.close());

  const version = "?api-version=2022-09-01";
  const path = (name: string) => `${server.subscription}/resourceGroups/${name}${version}`;

  it("are created with 201, replaced with 200 and read back in canonical form", async () => {
    const created = await server.admin.send("PUT", path("rg1"), {
      location: "West Europe",
      tags: { a: "1" },
    });
    assert.equal(created.status, 201, created.text);
    assert.equal(created.body.location, "westeurope");
    assert.equal(created.body.type, "Microsoft.Resources/resourceGroups");
    const again = await server.admin.send("PUT", path("RG1"), { location: "westeurope" });
    assert.equal(again.status, 200, again.text);
    const read = await server.admin.send(
      "GET",
      path("rG1").replace("resourceGroups", "/resourcegroups"),
    );
    assert.equal(read.status, 200);
    assert.equal(read.body.id, `${server.subscription}/resourceGroups/rg1`);
    assert.deepEqual(read.body.properties, { provisioningState: "Succeeded" });
  });

  it("answer HEAD with 204 or 404 and patch their tags", async () => {
    await server.admin.send("PUT", path("rg2"), { location: "westeurope" });
    assert.equal((await server.admin.send("HEAD", path("rg2"))).status, 204);
    assert.equal((await server.admin.send("HEAD", path("none"))).status, 404);
    const patched = await server.admin.send("PATCH", path("rg2"), { tags: { team: "x" } });
    assert.deepEqual(patched.body.tags, { team: "x" });
  });

  it("are deleted by an operation whose location ends with 200", async () => {
    await server.admin.send("PUT", path("rg3"), { location: "westeurope" });
    const removed = await server.admin.send("DELETE", path("rg3"));
    assert.equal(removed.status, 202);
    const poll = await server.admin.send(
      "GET",
      new URL(String(removed.headers.location)).pathname + version,
    );
    assert.equal(poll.status, 200, poll.text);
    assert.equal(
      (await server.admin.send("GET", path("rg3"))).body.error.code,
      "ResourceGroupNotFound",
    );
  });

  it("refuse callers without a token, without a role and with a bad body", async () => {
    assert.equal((await server.nobody.send("GET", path("rg1"))).status, 401);
    const wrong = await server.admin.send("PUT", path("rg4"), { tags: 7, location: "westeurope" });
    assert.equal(wrong.status, 400);
    assert.equal(wrong.body.error.target, "tags");
    const versionless = await server.admin.send("GET", `${server.subscription}/resourceGroups/rg1`);
    assert.equal(versionless.body.error.code, "MissingApiVersionParameter");
  });
});
