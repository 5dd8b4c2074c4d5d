import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { canonicalise } from "@callosum/contract/schema.ts";
import { Ajv } from "ajv";
import { startServer, type TestServer } from "../../../../tests/fixture/server.ts";
import { resources } from "../arm/resources/index.gen.ts";

let server: TestServer;
before(async () => {
  server = await startServer();
});
after(() => server.close());

const get = (path: string, headers: Record<string, string> = {}) =>
  server.nobody.send("GET", `/studio${path}`, undefined, { headers });

test("Every resource type has a form whose schema takes its own examples", async () => {
  const { body } = await get("/definition");
  const listed = body.value.map(({ type }: { type: string }) => type);
  assert.deepEqual([...listed].sort(), resources.map(({ type }) => type).sort());
  const ajv = new Ajv({ strict: false, validateFormats: false, allowUnionTypes: true });
  for (const { type, examples } of resources) {
    const { body: form } = await get(`/definition?type=${encodeURIComponent(type.toUpperCase())}`);
    assert.equal(form.type, type);
    if (!examples[0]) continue;
    const { resourceName: _, name: __, ...example } = examples[0];
    const text = JSON.stringify(example).replaceAll("{tenantId}", server.contract.tenantId);
    const envelope = JSON.parse(text);
    const sent = canonicalise(form.schema, envelope, { unknown: "drop", defaults: true });
    assert.ok(ajv.validate(form.schema, sent), `${type}: ${ajv.errorsText()}`);
  }
});

test("A form says what the server says: names, versions, places, secrets", async () => {
  const { body: form } = await get("/definition?type=Microsoft.Synapse/workspaces");
  assert.ok(new RegExp(form.name.pattern, form.name.flags).test("ws1"));
  assert.ok(!new RegExp(form.name.pattern, form.name.flags).test("ws1-ondemand"));
  assert.match(form.name.rule, /does not end with '-ondemand'/);
  assert.deepEqual(form.secrets, ["properties.sqlAdministratorLoginPassword"]);
  assert.ok(form.locations.some(({ name }: { name: string }) => name === "westeurope"));
  assert.ok(form.apiVersions.includes("2021-06-01"));
  const { body: datastore } = await get(
    "/definition?type=Microsoft.MachineLearningServices/workspaces/datastores",
  );
  assert.ok(datastore.secrets.includes("properties.credentials.secrets.sasToken"));
  assert.equal((await get("/definition?type=Microsoft.Nothing/at")).status, 404);
});

test("Every linked-service type has a form, with a schema where we know one", async () => {
  const { body: form } = await get("/connector/azuremlservice");
  assert.equal(form.type, "AzureMLService");
  assert.deepEqual(form.secrets, ["servicePrincipalKey"]);
  assert.equal(form.canBeTested, true);
  assert.ok(form.typeProperties.required.includes("mlWorkspaceName"));
  const { body } = await get("/connector");
  assert.ok(body.value.length > 90);
  const stored = await get("/connector/Xero");
  assert.equal(stored.body.typeProperties, undefined);
  assert.equal((await get("/connector/Nothing")).status, 404);
});

test("Forms that did not change are not sent again", async () => {
  const { headers } = await get("/connector");
  assert.equal((await get("/connector", { "if-none-match": String(headers.etag) })).status, 304);
});

test("Strict transport is said of Azure's names, not of localhost and all its ports", async () => {
  const header = "strict-transport-security";
  const own = await get("/connector");
  assert.equal(own.headers[header], undefined);
  const azure = await server.nobody.send(
    "GET",
    "/metadata/endpoints?api-version=2022-09-01",
    undefined,
    {
      host: "management.azure.com",
    },
  );
  assert.ok(azure.headers[header], String(azure.status));
});
