// Unmodified @azure/identity and the Microsoft Graph client on explicit endpoints: every credential
// that people and programs sign in with. identity-exec.test.ts does it on Azure's host names.

import assert from "node:assert/strict";
import { createPublicKey, type JsonWebKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import {
  AuthorizationCodeCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  DefaultAzureCredential,
  DeviceCodeCredential,
  ManagedIdentityCredential,
  UsernamePasswordCredential,
} from "@azure/identity";
import { mintIdentityHeader } from "@callosum/server/identity/identity-header.ts";
import { createBrowser } from "@callosum/server/identity/testing/browser.ts";
import { selfSigned } from "@callosum/server/identity/testing/certificate.ts";
import { openDataDirectory } from "@callosum/server/platform/data-directory.ts";
import { Client } from "@microsoft/microsoft-graph-client";
import { startServer, type TestServer } from "../fixture/server.ts";
import { trust } from "./arm-client.ts";

const azureCli = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
const scope = "https://management.azure.com/.default";

let server: TestServer;
let options: { authorityHost: string; disableInstanceDiscovery: boolean };
let admin: { clientId: string; secret: string };
let person: { upn: string; password: string };

before(async () => {
  server = await startServer();
  trust(server);
  const { contract } = server;
  options = { authorityHost: contract.origin, disableInstanceDiscovery: true };
  const secret = readFileSync(contract.admin.secretFile, "utf8").trim();
  admin = { clientId: contract.admin.clientId, secret };
  const password = readFileSync(contract.user.passwordFile, "utf8").trim();
  person = { upn: contract.user.upn, password };
});
after(() => server.close());

interface TokenSource {
  getToken(scope: string): Promise<{ token: string } | null>;
}

/** Whom Resource Manager lets in with the credential's token. */
async function signedInAs(credential: TokenSource): Promise<string> {
  const token = (await credential.getToken(scope))?.token ?? assert.fail("no token");
  const path = `${server.subscription}/resourcegroups?api-version=2022-09-01`;
  const reply = await server.nobody.send("GET", path, undefined, { token });
  assert.equal(reply.status, 200, reply.text);
  return claimsOf(token).oid;
}

function claimsOf(token: string) {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
}

function graphClient(credential: TokenSource): Client {
  const { origin } = server.contract;
  return Client.initWithMiddleware({
    baseUrl: `${origin}/graph/`,
    customHosts: new Set(["localhost"]),
    authProvider: {
      getAccessToken: async () =>
        (await credential.getToken("https://graph.microsoft.com/.default"))?.token ?? "",
    },
  });
}

const adminCredential = () =>
  new ClientSecretCredential(server.contract.tenantId, admin.clientId, admin.secret, options);

async function withEnvironment<Result>(
  variables: Record<string, string>,
  work: () => Promise<Result>,
): Promise<Result> {
  Object.assign(process.env, variables);
  try {
    return await work();
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
  }
}

test("ClientSecretCredential signs in, and tells what is wrong in Entra's words", async () => {
  assert.equal(await signedInAs(adminCredential()), server.contract.admin.objectId);
  const { tenantId } = server.contract;
  const wrong = new ClientSecretCredential(tenantId, admin.clientId, "wrong", options);
  await assert.rejects(wrong.getToken(scope), /AADSTS7000215: Invalid client secret provided/);
});

test("ClientCertificateCredential signs in, again and for another resource", async () => {
  const { pem, der } = selfSigned(new Date());
  const graph = graphClient(adminCredential());
  const application = await graph.api("/applications").post({
    displayName: "certificate",
    keyCredentials: [{ type: "AsymmetricX509Cert", usage: "Verify", key: der.toString("base64") }],
  });
  const principal = await graph.api("/servicePrincipals").post({ appId: application.appId });
  const credential = new ClientCertificateCredential(
    server.contract.tenantId,
    application.appId,
    { certificate: pem },
    options,
  );
  const { token } = await credential.getToken(scope);
  assert.deepEqual([claimsOf(token).oid, claimsOf(token).appidacr], [principal.id, "2"]);
  const other = await credential.getToken("https://vault.azure.net/.default");
  assert.equal(claimsOf(other.token).aud, "https://vault.azure.net");
});

test("DeviceCodeCredential signs a person in through the page, then without it", async () => {
  const browser = createBrowser(server);
  const credential = new DeviceCodeCredential({
    ...options,
    clientId: azureCli,
    tenantId: server.contract.tenantId,
    userPromptCallback: async ({ verificationUri, userCode }) => {
      const entered = await browser.submit(await browser.open(verificationUri), {
        otc: userCode,
        action: "code",
      });
      const asked = await browser.submit(entered, {
        action: "password",
        username: person.upn,
        password: person.password,
      });
      await browser.submit(asked, { action: "approve" });
    },
  });
  assert.equal(await signedInAs(credential), server.contract.user.objectId);
  // By the refresh token: the page is not asked again.
  const vault = await credential.getToken("https://vault.azure.net/.default");
  assert.equal(claimsOf(vault.token).aud, "https://vault.azure.net");
});

test("AuthorizationCodeCredential redeems what the sign-in page gave", async () => {
  const redirectUri = "http://localhost:8400";
  const browser = createBrowser(server);
  const query = new URLSearchParams({
    client_id: azureCli,
    response_type: "code",
    redirect_uri: redirectUri,
    scope,
  });
  const shown = await browser.open(`/organizations/oauth2/v2.0/authorize?${query}`);
  const { location } = await browser.submit(shown, {
    action: "password",
    username: person.upn,
    password: person.password,
  });
  const code = new URL(location).searchParams.get("code") ?? assert.fail(location);
  const credential = new AuthorizationCodeCredential(
    server.contract.tenantId,
    azureCli,
    code,
    redirectUri,
    options,
  );
  assert.equal(await signedInAs(credential), server.contract.user.objectId);
});

test("UsernamePasswordCredential signs a pipeline in as a user", async () => {
  const { tenantId, user } = server.contract;
  const { upn, password } = person;
  const credential = new UsernamePasswordCredential(tenantId, azureCli, upn, password, options);
  assert.equal(await signedInAs(credential), user.objectId);
});

test("ManagedIdentityCredential finds App Service's and Machine Learning's endpoints", async () => {
  const { store, directory } = server.running.internals;
  const resourceId = `${server.subscription}/resourceGroups/g/providers/Microsoft.Synapse/workspaces/w`;
  const { principalId, clientId } = await store.transaction((writer) =>
    directory.createManagedIdentity(writer, { resourceId, displayName: "w", explicit: false }),
  );
  const { contract } = server;
  const header = mintIdentityHeader({
    key: openDataDirectory(contract.dataDir).instanceKey({}),
    grant: { principalId, userAssigned: [], expiresMs: Date.now() + 60_000 },
  });
  const endpoint = `${contract.origin}/msi/token`;
  const appService = { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header };
  const machineLearning = {
    MSI_ENDPOINT: endpoint,
    MSI_SECRET: header,
    DEFAULT_IDENTITY_CLIENT_ID: clientId,
  };
  const rows: [Record<string, string>, () => TokenSource][] = [
    [appService, () => new ManagedIdentityCredential()],
    [appService, () => new ManagedIdentityCredential({ clientId })],
    [appService, () => new ManagedIdentityCredential({ resourceId })],
    [machineLearning, () => new ManagedIdentityCredential()],
  ];
  for (const [variables, create] of rows) {
    const token = await withEnvironment(variables, () => create().getToken(scope));
    assert.equal(claimsOf(token?.token ?? "").oid, principalId);
  }
  const unknown = "11111111-2222-4333-8444-555555555555";
  await assert.rejects(
    withEnvironment(appService, () =>
      new ManagedIdentityCredential({ clientId: unknown }).getToken(scope),
    ),
    /Identity not found/,
  );
});

test("DefaultAzureCredential takes the application from the environment", async () => {
  const variables = {
    AZURE_TENANT_ID: server.contract.tenantId,
    AZURE_CLIENT_ID: admin.clientId,
    AZURE_CLIENT_SECRET: admin.secret,
    AZURE_AUTHORITY_HOST: server.contract.origin,
  };
  const signedIn = await withEnvironment(variables, () =>
    signedInAs(new DefaultAzureCredential({ disableInstanceDiscovery: true })),
  );
  assert.equal(signedIn, server.contract.admin.objectId);
});

test("The Graph client makes an application that signs in, and finds it by pages", async () => {
  const graph = graphClient(adminCredential());
  const names = ["g1", "g2", "g3"];
  for (const displayName of names) await graph.api("/applications").post({ displayName });
  const found: string[] = [];
  const query = graph
    .api("/applications")
    .filter("startswith(displayName,'g')")
    .select(["displayName", "id", "appId"])
    .top(2);
  for (let page = await query.get(); page; ) {
    found.push(...page.value.map(({ displayName }: { displayName: string }) => displayName));
    const next: string | undefined = page["@odata.nextLink"];
    page = next ? await graph.api(next).get() : undefined;
  }
  assert.deepEqual(found.sort(), names);
  const [{ id, appId }] = (await graph.api("/applications").filter("displayName eq 'g1'").get())
    .value;
  await graph.api("/servicePrincipals").post({ appId });
  const { secretText } = await graph.api(`/applications/${id}/addPassword`).post({});
  const { tenantId } = server.contract;
  const credential = new ClientSecretCredential(tenantId, appId, secretText, options);
  const me = await graphClient(credential).api(`/servicePrincipals(appId='${appId}')`).get();
  assert.equal(me.displayName, "g1");
  await assert.rejects(graph.api("/users/nobody").get(), {
    statusCode: 404,
    code: "Request_ResourceNotFound",
  });
});

test("Anyone verifies a token by the metadata alone", async () => {
  const { origin, tenantId } = server.contract;
  const { token } = await adminCredential().getToken(scope);
  const metadata = `${origin}/${tenantId}/v2.0/.well-known/openid-configuration`;
  const { issuer, jwks_uri } = (await (await fetch(metadata)).json()) as Record<string, string>;
  assert.equal(issuer, `${origin}/${tenantId}/v2.0`);
  const published = await (await fetch(jwks_uri ?? "")).json();
  const { keys } = published as { keys: (JsonWebKey & { kid: string })[] };
  const [header = "", payload = "", signature = ""] = token.split(".");
  const { kid } = JSON.parse(Buffer.from(header, "base64url").toString());
  const jwk = keys.find((key) => key.kid === kid) ?? assert.fail(kid);
  const isGenuine = verify(
    "sha256",
    Buffer.from(`${header}.${payload}`),
    createPublicKey({ key: jwk, format: "jwk" }),
    Buffer.from(signature, "base64url"),
  );
  assert.ok(isGenuine);
});
