// The Graph subset through the listener, as its clients call it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  audiences,
  type Caller,
  type Reply,
  startServer,
  type TestServer,
} from "../../../../../tests/fixture/server.ts";
import { grantedRoles } from "../granted-role.ts";
import { graphOperations } from "./plane.ts";

const graphAppId = "00000003-0000-0000-c000-000000000000";
const domain = "callosum.onmicrosoft.com";
let server: TestServer;

before(async () => {
  server = await startServer();
});
after(() => server.close());

function as(caller: Caller) {
  return (method: string, path: string, body?: unknown): Promise<Reply> =>
    caller.send(method, `/graph/v1.0${path.replaceAll(" ", "%20")}`, body, {
      audience: audiences.graph,
    });
}

const graph = (method: string, path: string, body?: unknown) =>
  as(server.admin)(method, path, body);

async function made(path: string, body: unknown) {
  const reply = await graph("POST", path, body);
  assert.equal(reply.status, 201, reply.text);
  return reply.body;
}

let count = 0;
function unique(name: string): string {
  count += 1;
  return `${name}${count}`;
}

const userBody = (name: string) => ({
  accountEnabled: true,
  displayName: name,
  mailNickname: name,
  userPrincipalName: `${name}@${domain}`,
  passwordProfile: { password: "A-Password-1", forceChangePasswordNextSignIn: false },
});
const groupBody = (name: string) => ({
  displayName: name,
  mailEnabled: false,
  mailNickname: name,
  securityEnabled: true,
});
const newUser = () => made("/users", userBody(unique("user")));
const newGroup = () => made("/groups", groupBody(unique("group")));
const newApplication = () => made("/applications", { displayName: unique("application") });
async function newServicePrincipal() {
  const application = await newApplication();
  return { application, principal: await made("/servicePrincipals", { appId: application.appId }) };
}
const reference = (id: string) => ({
  "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${id}`,
});

test("az ad sp create-for-rbac finds, registers, makes a secret and a principal", async () => {
  const displayName = unique("azure-cli-");
  const listed = await graph(
    "GET",
    `/applications?$filter=startswith(displayName,'${displayName}')`,
  );
  assert.deepEqual(listed.body.value, []);
  const application = await made("/applications", {
    displayName,
    signInAudience: "AzureADMyOrg",
    keyCredentials: [],
  });
  assert.match(application["@odata.context"], /\/graph\/v1\.0\/\$metadata#applications\/\$entity$/);
  const { body: secret } = await graph("POST", `/applications/${application.id}/addPassword`, {
    passwordCredential: { displayName: "rbac", endDateTime: "2027-11-21T00:00:00Z" },
  });
  assert.match(secret.secretText, /^.{16,64}$/);
  assert.equal(secret.hint, secret.secretText.slice(0, 3));
  const principal = await made("/servicePrincipals", { appId: application.appId });
  assert.deepEqual(principal.servicePrincipalNames, [application.appId]);
  const again = await graph("POST", "/servicePrincipals", { appId: application.appId });
  assert.deepEqual(
    [again.status, again.body.error.code],
    [409, "Request_MultipleObjectsWithSameKeyValue"],
  );
  const any = `/servicePrincipals?$filter=servicePrincipalNames/any(c:c eq '${application.appId}')`;
  assert.equal((await graph("GET", encodeURI(any))).body.value[0].id, principal.id);
  const shown = await graph("GET", `/applications/${application.id}`);
  assert.equal(shown.body.passwordCredentials[0].secretText, null);
  assert.ok(!shown.text.includes(secret.secretText) && !shown.text.includes('"hash"'));
});

test("Objects answer by id and by their other keys, in both versions", async () => {
  const { application, principal } = await newServicePrincipal();
  const user = await newUser();
  const rows = [
    [`/applications(appId='${application.appId}')`, application.id],
    [`/Applications(appId=%27${application.appId.toUpperCase()}%27)`, application.id],
    [`/servicePrincipals(appId='${application.appId}')`, principal.id],
    [`/servicePrincipals('${principal.id}')`, principal.id],
    [`/users/${user.userPrincipalName}`, user.id],
    [`/users/${encodeURIComponent(user.userPrincipalName.toUpperCase())}`, user.id],
    [`/users(userPrincipalName='${user.userPrincipalName}')`, user.id],
    [`/directoryObjects/${principal.id}`, principal.id],
  ];
  for (const [path, id] of rows) {
    const { body } = await graph("GET", path ?? "");
    assert.equal(body.id, id, path);
    const beta = `/graph/beta${path}`;
    const { body: same } = await server.admin.send("GET", beta, undefined, {
      audience: audiences.graph,
    });
    assert.equal(same.id, id, beta);
  }
  const added = await graph("POST", `/applications(appId='${application.appId}')/addPassword`);
  assert.ok(added.body.secretText);
  const unknown = await graph("GET", "/nonsense(appId='x')");
  assert.deepEqual([unknown.status, unknown.body.error.code], [400, "BadRequest"]);
});

test("A managed identity is found by its resource's name, and only its resource ends it", async () => {
  const resourceId = `${server.subscription}/resourceGroups/g/providers/Microsoft.Synapse/workspaces/ws9`;
  const { directory, store } = server.running.internals;
  const { principalId, clientId } = await store.transaction((writer) =>
    directory.createManagedIdentity(writer, { resourceId, displayName: "ws9", explicit: false }),
  );
  const found = await graph("GET", "/servicePrincipals?$filter=displayName eq 'ws9'");
  const [principal] = found.body.value;
  assert.equal(principal.id, principalId);
  assert.equal(principal.servicePrincipalType, "ManagedIdentity");
  assert.deepEqual(principal.alternativeNames, ["isExplicit=False", resourceId]);
  const group = await newGroup();
  await graph("POST", `/groups/${group.id}/members/$ref`, reference(principalId));
  assert.equal((await graph("DELETE", `/servicePrincipals/${principalId}`)).status, 400);
  assert.equal((await graph("POST", `/servicePrincipals/${principalId}/addPassword`)).status, 400);
  assert.equal((await graph("GET", `/servicePrincipals(appId='${clientId}')`)).status, 200);
  await store.transaction((writer) => directory.removeManagedIdentities(writer, [resourceId]));
  assert.equal((await graph("GET", `/servicePrincipals/${principalId}`)).status, 404);
  assert.deepEqual((await graph("GET", `/groups/${group.id}/members`)).body.value, []);
});

test("Membership is direct and transitive, and ends with the member", async () => {
  const user = await newUser();
  const [inner, outer] = [await newGroup(), await newGroup()];
  await graph("POST", `/groups/${inner.id}/members/$ref`, reference(user.id));
  await graph("POST", `/groups/${outer.id}/members/$ref`, reference(inner.id));
  const ids = async (path: string) =>
    (await graph("GET", path)).body.value.map(({ id }: { id: string }) => id).sort();
  assert.deepEqual(await ids(`/users/${user.id}/memberOf`), [inner.id]);
  assert.deepEqual(await ids(`/users/${user.id}/transitiveMemberOf`), [inner.id, outer.id].sort());
  assert.deepEqual(await ids(`/groups/${outer.id}/members`), [inner.id]);
  assert.deepEqual(await ids(`/groups/${outer.id}/transitiveMembers`), [inner.id, user.id].sort());
  const groups = await graph("POST", `/users/${user.id}/getMemberGroups`, {
    securityEnabledOnly: true,
  });
  assert.deepEqual(groups.body.value.sort(), [inner.id, outer.id].sort());
  const checked = await graph("POST", `/directoryObjects/${user.id}/checkMemberGroups`, {
    groupIds: [outer.id, user.id],
  });
  assert.deepEqual(checked.body.value, [outer.id]);
  const twice = await graph("POST", `/groups/${inner.id}/members/$ref`, reference(user.id));
  assert.equal(twice.status, 400);
  await graph("DELETE", `/groups/${inner.id}/members/${user.id}/$ref`);
  assert.deepEqual(await ids(`/users/${user.id}/transitiveMemberOf`), []);
  await graph("PATCH", `/groups/${inner.id}`, {
    "members@odata.bind": [reference(user.id)["@odata.id"]],
  });
  await graph("DELETE", `/users/${user.id}`);
  assert.deepEqual(await ids(`/groups/${inner.id}/members`), []);
});

test("Removing a principal takes its ownerships and permissions; role assignments stay", async () => {
  const user = await newUser();
  const group = await newGroup();
  const { application, principal } = await newServicePrincipal();
  const owned = [`/applications/${application.id}`, `/groups/${group.id}`];
  const owners = async (path: string): Promise<string[]> =>
    (await graph("GET", `${path}/owners`)).body.value.map(({ id }: { id: string }) => id);
  for (const path of owned) {
    assert.equal((await graph("POST", `${path}/owners/$ref`, reference(user.id))).status, 204);
    assert.ok((await owners(path)).includes(user.id), path);
  }
  const { body: resource } = await graph("GET", `/servicePrincipals(appId='${graphAppId}')`);
  const granted = async () =>
    (await graph("GET", `/servicePrincipals/${resource.id}/appRoleAssignedTo`)).body.value.length;
  const before = await granted();
  await made(`/servicePrincipals/${principal.id}/appRoleAssignments`, {
    principalId: principal.id,
    resourceId: resource.id,
    appRoleId: resource.appRoles[0].id,
  });
  assert.equal(await granted(), before + 1);
  const reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
  const assignment = `${server.subscription}/providers/Microsoft.Authorization/roleAssignments/11111111-2222-4333-8444-666666666666?api-version=2022-04-01`;
  const roleDefinitionId = `${server.subscription}/providers/Microsoft.Authorization/roleDefinitions/${reader}`;
  const assigned = await server.admin.send("PUT", assignment, {
    properties: { roleDefinitionId, principalId: principal.id },
  });
  assert.equal(assigned.status, 201, assigned.text);
  await graph("DELETE", `/users/${user.id}`);
  await graph("DELETE", `/servicePrincipals/${principal.id}`);
  const { store } = server.running.internals;
  for (const { body } of await store.read.documents<{ owners?: string[] }>({
    under: "/directory",
  })) {
    assert.ok(!body.owners?.includes(user.id));
  }
  assert.equal(await granted(), before);
  assert.equal((await server.admin.send("GET", assignment)).status, 200);
});

test("Objects are read by their ids, of the types that are asked for", async () => {
  const { application, principal } = await newServicePrincipal();
  const user = await newUser();
  const types = async (body: unknown) =>
    (await graph("POST", "/directoryObjects/getByIds", body)).body.value.map(
      (item: Record<string, unknown>) => item["@odata.type"],
    );
  const ids = [principal.id, user.id, application.id, "11111111-2222-4333-8444-555555555555"];
  assert.deepEqual(await types({ ids }), [
    "#microsoft.graph.servicePrincipal",
    "#microsoft.graph.user",
    "#microsoft.graph.application",
  ]);
  assert.deepEqual(await types({ ids, types: ["user", "group"] }), ["#microsoft.graph.user"]);
});

test("Lists filter, search, order, select, count and page", async () => {
  const prefix = unique("paged");
  for (const name of ["c", "a", "b"]) {
    await made("/groups", { ...groupBody(`${prefix}-${name}`), description: name });
  }
  const filter = `$filter=startswith(displayName,'${prefix}')`;
  const first = await graph("GET", `/groups?${filter}&$top=2&$orderby=displayName&$count=true`);
  assert.equal(first.body["@odata.count"], 3);
  const names = (reply: Reply) =>
    reply.body.value.map((item: { displayName: string }) => item.displayName);
  assert.deepEqual(names(first), [`${prefix}-a`, `${prefix}-b`]);
  const next = new URL(first.body["@odata.nextLink"]);
  assert.equal(next.origin, server.contract.origin);
  const second = await graph("GET", next.href.split("/graph/v1.0")[1] ?? "");
  assert.deepEqual(names(second), [`${prefix}-c`]);
  assert.equal(second.body["@odata.nextLink"], undefined);
  const selected = await graph("GET", `/groups?${filter}&$select=displayName,id`);
  assert.deepEqual(Object.keys(selected.body.value[0]).sort(), ["displayName", "id"]);
  const searched = await graph(
    "GET",
    `/groups?$search=${encodeURIComponent(`"displayName:${prefix}"`)}`,
  );
  assert.equal(searched.body.value.length, 3);
  assert.equal((await graph("GET", `/groups/$count?${filter}`)).text, "3");
});

test("What a query or a body may not say is refused with its name", async () => {
  const user = await newUser();
  const group = await newGroup();
  const application = await newApplication();
  const rows: [string, string, unknown, number, RegExp][] = [
    ["GET", "/users?$expand=memberOf", undefined, 400, /\$expand/],
    ["GET", "/users?$select=nothing", undefined, 400, /'nothing'/],
    ["GET", "/users?$top=0", undefined, 400, /page size/],
    ["GET", "/users?$top=x", undefined, 400, /page size/],
    ["GET", "/users?$skiptoken=x", undefined, 400, /skip token/],
    ["GET", "/users?$orderby=mail", undefined, 400, /\$orderby/],
    ["GET", "/users?$search=x", undefined, 400, /\$search/],
    ["GET", "/users?$filter=mail ne 'x'", undefined, 400, /'ne'/],
    ["GET", `/users/${group.id}`, undefined, 404, /does not exist/],
    ["POST", "/users", {}, 400, /accountEnabled/],
    ["POST", "/users", [], 400, /JSON object/],
    ["POST", "/users", undefined, 400, /JSON object/],
    ["POST", "/users", { ...userBody("x"), userPrincipalName: "x@contoso.com" }, 400, /domain/],
    [
      "POST",
      "/users",
      { ...userBody("x"), userPrincipalName: user.userPrincipalName },
      400,
      /already exists/,
    ],
    [
      "POST",
      "/users",
      { ...userBody("x"), passwordProfile: { password: "short" } },
      400,
      /complexity/,
    ],
    [
      "POST",
      "/users",
      {
        ...userBody("x"),
        passwordProfile: { password: "A-Password-1", forceChangePasswordNextSignIn: true },
      },
      501,
      /forceChange/,
    ],
    ["POST", "/users", { ...userBody("x"), displayName: 5 }, 400, /displayName/],
    ["POST", "/users", { ...userBody("x"), hat: "red" }, 400, /'hat'/],
    ["POST", "/groups", { ...groupBody("x"), groupTypes: ["Unified"] }, 501, /security group/],
    ["POST", "/groups", { displayName: "x", mailNickname: "x" }, 400, /mailEnabled/],
    [
      "POST",
      "/groups",
      { ...groupBody("x"), "members@odata.bind": ["nonsense"] },
      400,
      /@odata.id/,
    ],
    ["POST", `/groups/${group.id}/members/$ref`, reference(application.id), 400, /type/],
    ["POST", `/groups/${group.id}/members/$ref`, {}, 400, /@odata.id/],
    ["DELETE", `/groups/${group.id}/members/${user.id}/$ref`, undefined, 404, /does not exist/],
    ["POST", "/applications", { displayName: "" }, 400, /displayName/],
    ["POST", "/applications", { displayName: "x".repeat(2000) }, 400, /displayName/],
    [
      "POST",
      "/applications",
      { displayName: "x", web: { redirectUris: ["http://x.y/"] } },
      400,
      /Reply URL/,
    ],
    [
      "POST",
      "/applications",
      { displayName: "x", web: { redirectUris: "x" } },
      400,
      /redirectUris/,
    ],
    [
      "POST",
      "/applications",
      { displayName: "x", publicClient: { redirectUris: ["javascript:x"] } },
      400,
      /Reply URL/,
    ],
    [
      "POST",
      "/applications",
      { displayName: "x", identifierUris: ["https://management.azure.com"] },
      400,
      /verified domain/,
    ],
    [
      "POST",
      "/applications",
      { displayName: "x", keyCredentials: [{ key: "AAAA" }] },
      400,
      /certificate/,
    ],
    ["PATCH", `/applications/${application.id}`, { passwordCredentials: [] }, 400, /addPassword/],
    ["POST", `/applications/${application.id}/removePassword`, { keyId: "x" }, 400, /keyId 'x'/],
    [
      "POST",
      `/applications/${application.id}/addPassword`,
      { passwordCredential: { secretText: "mine" } },
      400,
      /secretText/,
    ],
    [
      "POST",
      `/applications/${application.id}/addPassword`,
      { passwordCredential: { endDateTime: "soon" } },
      400,
      /endDateTime/,
    ],
    [
      "POST",
      "/servicePrincipals",
      { appId: "11111111-2222-4333-8444-555555555555" },
      400,
      /valid application/,
    ],
    ["POST", "/directoryObjects/getByIds", { ids: "x" }, 400, /'ids'/],
    ["GET", "/me", undefined, 400, /delegated/],
    ["POST", "/$batch", {}, 501, /\$batch is not supported/],
    ["POST", `/applications/${application.id}/addKey`, {}, 501, /addKey/],
    ["GET", "/directoryRoles", undefined, 501, /Owner at/],
    ["GET", "/nothing", undefined, 400, /segment 'nothing'/],
  ];
  for (const [method, path, body, status, message] of rows) {
    const reply = await graph(method, path, body);
    assert.equal(reply.status, status, `${method} ${path} ${JSON.stringify(body)} ${reply.text}`);
    assert.match(reply.body.error.message, message, path);
    assert.ok(reply.body.error.innerError["request-id"], path);
  }
});

test("Registered addresses, tags and the like come back as they were written", async () => {
  const application = await newApplication();
  const settings = {
    web: { redirectUris: ["https://app.example/back"] },
    identifierUris: [`api://${application.appId}`],
    tags: ["one"],
    isFallbackPublicClient: true,
  };
  assert.equal((await graph("PATCH", `/applications/${application.id}`, settings)).status, 204);
  const { body } = await graph("GET", `/applications/${application.id}`);
  for (const [name, value] of Object.entries(settings)) assert.deepEqual(body[name], value, name);
  const other = await newApplication();
  const taken = await graph("PATCH", `/applications/${other.id}`, {
    identifierUris: [`api://${other.appId}`, `api://${application.appId}`],
  });
  assert.equal(taken.status, 400);
  await graph("DELETE", `/applications/${application.id}`);
  assert.equal((await graph("GET", `/applications/${application.id}`)).status, 404);
});

test("Deleting a registration deletes its principal, and its id can sign in no more", async () => {
  const { application, principal } = await newServicePrincipal();
  await graph("DELETE", `/applications/${application.id}`);
  assert.equal((await graph("GET", `/servicePrincipals/${principal.id}`)).status, 404);
});

test("Nobody writes but owners of everything, of the object, and who was granted it", async () => {
  const user = await newUser();
  const { principal: stranger } = await newServicePrincipal();
  const asUser = as(server.caller(user.id));
  const asStranger = as(server.caller(stranger.id));
  const other = await newServicePrincipal();
  const group = await newGroup();
  const refused: [typeof asUser, string, string, unknown][] = [
    [asUser, "POST", "/users", userBody("never")],
    [asUser, "PATCH", `/users/${user.id}`, { displayName: "never" }],
    [asUser, "DELETE", `/users/${user.id}`, undefined],
    [asUser, "PATCH", `/applications/${other.application.id}`, { displayName: "never" }],
    [asUser, "POST", `/applications/${other.application.id}/addPassword`, undefined],
    [asUser, "POST", `/applications/${other.application.id}/owners/$ref`, reference(user.id)],
    [asUser, "DELETE", `/applications/${other.application.id}`, undefined],
    [asUser, "POST", `/servicePrincipals/${other.principal.id}/addPassword`, undefined],
    [asUser, "DELETE", `/servicePrincipals/${other.principal.id}`, undefined],
    [asUser, "POST", "/servicePrincipals", { appId: (await newApplication()).appId }],
    [asUser, "POST", `/groups/${group.id}/members/$ref`, reference(user.id)],
    [asUser, "DELETE", `/groups/${group.id}`, undefined],
    [asStranger, "POST", "/applications", { displayName: "never" }],
    [asStranger, "POST", "/groups", groupBody("never")],
    [asStranger, "POST", "/users", userBody("never")],
  ];
  const before = await graph("GET", `/applications/${other.application.id}`);
  for (const [send, method, path, body] of refused) {
    const reply = await send(method, path, body);
    assert.equal(reply.status, 403, `${method} ${path} ${reply.text}`);
    assert.equal(reply.body.error.code, "Authorization_RequestDenied");
  }
  assert.deepEqual(
    (await graph("GET", `/applications/${other.application.id}`)).body,
    before.body,
    "nothing changed",
  );
  const own = await asUser("POST", "/applications", { displayName: "mine" });
  assert.equal(own.status, 201);
  assert.equal((await asUser("POST", `/applications/${own.body.id}/addPassword`)).status, 200);
  assert.equal((await asUser("POST", "/servicePrincipals", { appId: own.body.appId })).status, 201);
  assert.equal((await asUser("GET", "/users")).status, 200);
});

test("A granted application permission lets an application write its part, until taken back", async () => {
  const { principal } = await newServicePrincipal();
  const asApplication = as(server.caller(principal.id));
  const { body: resource } = await graph("GET", `/servicePrincipals(appId='${graphAppId}')`);
  const role = resource.appRoles.find(
    ({ value }: { value: string }) => value === "Group.ReadWrite.All",
  );
  const grant = { principalId: principal.id, resourceId: resource.id, appRoleId: role.id };
  const path = `/servicePrincipals/${principal.id}/appRoleAssignments`;
  assert.equal((await asApplication("POST", path, grant)).status, 403);
  const granted = await made(path, grant);
  assert.equal(granted.resourceDisplayName, "Microsoft Graph");
  assert.equal((await graph("POST", path, grant)).status, 400, "twice");
  const { services } = server.running.internals.directory;
  assert.deepEqual(
    await grantedRoles(services, { objectId: principal.id, resourceAppId: graphAppId }),
    ["Group.ReadWrite.All"],
  );
  assert.equal((await asApplication("POST", "/groups", groupBody(unique("group")))).status, 201);
  assert.equal((await asApplication("POST", "/users", userBody(unique("user")))).status, 403);
  const unknown = { ...grant, appRoleId: "11111111-2222-4333-8444-555555555555" };
  assert.equal((await graph("POST", path, unknown)).status, 400);
  const listed = await graph("GET", `/servicePrincipals/${resource.id}/appRoleAssignedTo`);
  assert.equal(listed.body.value.length, 1);
  assert.equal((await graph("DELETE", `${path}/${granted.id}`)).status, 204);
  assert.equal((await asApplication("POST", "/groups", groupBody("never"))).status, 403);
});

test("Application.ReadWrite.OwnedBy reaches what the application made, and nothing else", async () => {
  const { principal } = await newServicePrincipal();
  const { body: resource } = await graph("GET", `/servicePrincipals(appId='${graphAppId}')`);
  await made(`/servicePrincipals/${principal.id}/appRoleAssignments`, {
    principalId: principal.id,
    resourceId: resource.id,
    appRoleId: "18a4783c-866b-4cc7-a460-3d5e5662c884",
  });
  const asApplication = as(server.caller(principal.id));
  const own = await asApplication("POST", "/applications", { displayName: "its own" });
  assert.equal(own.status, 201);
  const secret = await asApplication("POST", `/applications/${own.body.id}/addPassword`);
  assert.equal(secret.status, 200);
  const { application } = await newServicePrincipal();
  const foreign = await asApplication("POST", `/applications/${application.id}/addPassword`);
  assert.equal(foreign.status, 403);
});

test("A person changes their own password, and no permission sets another's", async () => {
  const user = await newUser();
  const asUser = as(server.caller(user.id));
  const wrong = { currentPassword: "wrong", newPassword: "B-Password-2" };
  assert.equal((await asUser("POST", "/me/changePassword", wrong)).status, 400);
  const right = { currentPassword: "A-Password-1", newPassword: "B-Password-2" };
  assert.equal((await asUser("POST", "/me/changePassword", right)).status, 204);
  assert.equal((await asUser("GET", "/me")).body.userPrincipalName, user.userPrincipalName);
  const { principal } = await newServicePrincipal();
  const { body: resource } = await graph("GET", `/servicePrincipals(appId='${graphAppId}')`);
  await made(`/servicePrincipals/${principal.id}/appRoleAssignments`, {
    principalId: principal.id,
    resourceId: resource.id,
    appRoleId: "741f803b-c850-494e-b5df-cde7c675a1ca",
  });
  const asApplication = as(server.caller(principal.id));
  const named = await asApplication("PATCH", `/users/${user.id}`, { jobTitle: "x" });
  assert.equal(named.status, 204);
  const passwordProfile = { password: "C-Password-3" };
  const reset = await asApplication("PATCH", `/users/${user.id}`, { passwordProfile });
  assert.equal(reset.status, 403);
});

test("The tenant is one organization with one domain", async () => {
  const { body } = await graph("GET", "/organization");
  assert.equal(body.value[0].id, server.contract.tenantId);
  assert.equal((await graph("GET", `/domains/${domain}`)).body.isDefault, true);
});

test("Every operation wants a token, for Graph", async () => {
  for (const { method, set, path } of graphOperations) {
    const address = `/graph/v1.0/${set}${path.replace(/:\w+/g, "x")}`;
    const anonymous = await server.nobody.send(method, address);
    assert.equal(anonymous.status, 401, `${method} ${address}`);
    const foreign = await server.admin.send(method, address, undefined, {
      audience: audiences.arm,
    });
    assert.equal(foreign.status, 401, `${method} ${address}`);
  }
});

test("Writes are in the activity log", async () => {
  const application = await newApplication();
  const [record] = await server.running.internals.store.read.activity({
    scope: `/directory/applications/${application.id}`,
    fromMs: 0,
    toMs: Number.MAX_SAFE_INTEGER,
    limit: 5,
  });
  const { action, callerObjectId } = (record?.body ?? {}) as Record<string, string>;
  assert.equal(action, "microsoft.directory/applications/create");
  assert.equal(callerObjectId, server.contract.admin.objectId);
});
