// Unmodified clients with nothing configured, under `callosum exec`: MSAL's own instance discovery and
// authority validation, on Azure's real host names.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openCallosumDirectory } from "../../packages/cli/test/callosum-process.ts";

const directory = openCallosumDirectory();

before(async () => {
  const { code, stderr } = await directory.up();
  assert.equal(code, 0, stderr);
});
after(() => directory.close());

/** Runs a script of this workspace's clients; what it prints, as JSON. */
async function run(script: string): Promise<unknown> {
  const words = ["exec", "--", process.execPath, "--input-type=module", "-e", script];
  const { stdout, stderr } = await directory.run(...words);
  assert.notEqual(stdout, "", stderr);
  return JSON.parse(stdout);
}

const claims = `const claims = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url"));`;

test("Credentials without any option pass MSAL's instance discovery", async () => {
  const answer = await run(`
    import { ClientSecretCredential, DefaultAzureCredential } from "@azure/identity";
    ${claims}
    const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET } = process.env;
    const secret = new ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET);
    const scope = "https://management.azure.com/.default";
    const first = claims((await secret.getToken(scope)).token);
    const second = claims((await new DefaultAzureCredential().getToken(scope)).token);
    const unknown = new ClientSecretCredential(
      "11111111-2222-4333-8444-555555555555", AZURE_CLIENT_ID, AZURE_CLIENT_SECRET);
    const refused = await unknown.getToken(scope).catch((error) => error.message);
    console.log(JSON.stringify({
      isSame: first.oid === second.oid && first.tid === AZURE_TENANT_ID,
      issuer: first.iss.replace(AZURE_TENANT_ID, "{tenant}"),
      refused: /AADSTS90002|endpoints_resolution_error/.test(refused),
    }));`);
  assert.deepEqual(answer, {
    isSame: true,
    issuer: "https://sts.windows.net/{tenant}/",
    refused: true,
  });
});

test("The Graph client reads graph.microsoft.com, page by page", async () => {
  const answer = await run(`
    import { DefaultAzureCredential } from "@azure/identity";
    import { Client } from "@microsoft/microsoft-graph-client";
    const credential = new DefaultAzureCredential();
    const client = Client.initWithMiddleware({ authProvider: {
      getAccessToken: async () =>
        (await credential.getToken("https://graph.microsoft.com/.default")).token } });
    const page = await client.api("/servicePrincipals").top(2).get();
    const next = await client.api(page["@odata.nextLink"]).get();
    console.log(JSON.stringify({
      next: new URL(page["@odata.nextLink"]).origin,
      counts: [page.value.length, next.value.length],
    }));`);
  assert.deepEqual(answer, { next: "https://graph.microsoft.com", counts: [2, 2] });
});

test("Metadata names the host that was asked, and instance discovery knows it", async () => {
  const answer = await run(`
    const login = "https://login.microsoftonline.com";
    const read = async (path) => (await fetch(login + path)).json();
    const tenant = process.env.AZURE_TENANT_ID;
    const own = await read("/" + tenant + "/v2.0/.well-known/openid-configuration");
    const any = await read("/common/v2.0/.well-known/openid-configuration");
    const discovery = await read("/common/discovery/instance?api-version=1.1&authorization_endpoint="
      + encodeURIComponent(login + "/" + tenant + "/oauth2/v2.0/authorize"));
    console.log(JSON.stringify({
      own: own.issuer === login + "/" + tenant + "/v2.0",
      any: any.issuer,
      token: any.token_endpoint,
      discovered: discovery.tenant_discovery_endpoint.replace(tenant, "{tenant}"),
      aliases: discovery.metadata[0].aliases.includes("login.microsoftonline.com"),
    }));`);
  const login = "https://login.microsoftonline.com";
  assert.deepEqual(answer, {
    own: true,
    any: `${login}/{tenantid}/v2.0`,
    token: `${login}/common/oauth2/v2.0/token`,
    discovered: `${login}/{tenant}/v2.0/.well-known/openid-configuration`,
    aliases: true,
  });
});
