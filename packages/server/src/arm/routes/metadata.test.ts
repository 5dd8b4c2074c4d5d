import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startServer, type TestServer } from "../../../../../tests/fixture/server.ts";

describe("the cloud's metadata", () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.close());

  const read = async (version: string, host?: string) =>
    (
      await server.nobody.send(
        "GET",
        `/metadata/endpoints?api-version=${version}`,
        undefined,
        host ? { host } : {},
      )
    ).body;

  it("is the old object, an array of clouds or one cloud, by api-version", async () => {
    const { origin } = server.contract;
    const old = await read("2015-01-01");
    assert.deepEqual(Object.keys(old).sort(), [
      "authentication",
      "galleryEndpoint",
      "graphEndpoint",
      "portalEndpoint",
    ]);
    assert.equal(old.authentication.loginEndpoint, origin);
    const list = await read("2019-05-01");
    assert.ok(Array.isArray(list));
    const one = await read("2022-09-01");
    assert.deepEqual(list, [one]);
    assert.equal(one.resourceManager, `${origin}/`);
    assert.equal(one.authentication.audiences[0], origin);
    assert.equal(one.microsoftGraphResourceId, `${origin}/graph/`);
    // Terraform reads them without a leading dot.
    assert.equal(one.suffixes.synapseAnalytics, "dev.azuresynapse.net");
  });

  it("names Azure's hosts, and Azure's cloud, to who asks on them", async () => {
    const cloud = await read("2022-09-01", "management.azure.com");
    assert.equal(cloud.name, "AzureCloud");
    assert.equal(cloud.resourceManager, "https://management.azure.com/");
    assert.equal(cloud.authentication.loginEndpoint, "https://login.microsoftonline.com/");
  });

  it("needs a version that it knows", async () => {
    assert.equal((await read("1999-01-01")).error.code, "InvalidApiVersionParameter");
  });

  it("is not served to a host that is not ours", async () => {
    const reply = await server.nobody.send(
      "GET",
      "/metadata/endpoints?api-version=2022-09-01",
      undefined,
      { host: "rebound.example" },
    );
    assert.equal(reply.status, 421);
  });
});
