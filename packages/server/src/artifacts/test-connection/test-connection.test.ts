import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { TestConnectivityAnswer, VerdictHop } from "@callosum/contract/verdict.ts";
import type { Caller, TestServer } from "../../../../../tests/fixture/server.ts";
import { startServer } from "../../../../../tests/fixture/server.ts";
import { assignRole } from "../../../../../tests/registry/principal.ts";
import {
  azureRole,
  mlType,
  putMachineLearning,
  putSecret,
  putTestApplication,
  putVault,
  sendFix,
  type TestApplication,
} from "../testing/link.ts";
import {
  grantSynapse,
  groupId,
  putGroup,
  putPrincipal,
  putResource,
  putWorkspace,
  synapseRole,
  type TestWorkspace,
} from "../testing/workspace.ts";

/** What breaks a link: the properties of its definition, and what else is changed. */
interface Row {
  readonly name: string;
  readonly link: () => object;
  readonly at?: () => TestWorkspace;
  readonly as?: () => Caller;
  /** Beside typeProperties. */
  readonly more?: object;
  /** `hop reason code` of what is not passed or skipped, in order. */
  readonly expect: readonly string[];
  /** Whether sending the fixes' requests as the admin makes the test pass. */
  readonly repaired?: boolean;
}

describe("Test Connection of AzureMLService", () => {
  let server: TestServer;
  let plain: TestWorkspace;
  let networked: TestWorkspace;
  let walled: TestWorkspace;
  let bare: TestWorkspace;
  let tester: Caller;
  let application: TestApplication;
  let expired: TestApplication;
  let disabled: TestApplication;
  let unprincipled: TestApplication;
  let pinned: string;
  let count = 0;

  before(async () => {
    server = await startServer();
    await putGroup(server);
    await server.admin.send(
      "PUT",
      `${server.subscription}/resourceGroups/rg2?api-version=2022-09-01`,
      {
        location: "westeurope",
      },
    );
    plain = await putWorkspace(server, { name: "syn1" });
    networked = await putWorkspace(server, {
      name: "syn2",
      properties: { managedVirtualNetwork: "default" },
    });
    walled = await putWorkspace(server, {
      name: "syn3",
      properties: {
        managedVirtualNetwork: "default",
        managedVirtualNetworkSettings: { preventDataExfiltration: true },
      },
    });
    bare = await putWorkspace(server, { name: "syn4", identity: false });
    await putResource(server, {
      type: "Microsoft.Synapse/workspaces/integrationRuntimes",
      name: "syn1/onprem",
      properties: { type: "SelfHosted" },
    });
    const ids = {
      ready: await putMachineLearning(server, "ml-ready"),
      closed: await putMachineLearning(server, "ml-closed", { publicNetworkAccess: "Disabled" }),
      net: await putMachineLearning(server, "ml-net"),
    };
    await putMachineLearning(server, "ml-norole");
    application = await putTestApplication(server, { displayName: "reporting app" });
    expired = await putTestApplication(server, {
      displayName: "expired app",
      endDateTime: "2021-01-01T00:00:00Z",
    });
    disabled = await putTestApplication(server, {
      displayName: "disabled app",
      principal: "disabled",
    });
    unprincipled = await putTestApplication(server, { displayName: "bare app", principal: "none" });
    const roleId = azureRole.contributor;
    for (const principalId of [
      plain.identityId,
      networked.identityId,
      application.objectId,
      expired.objectId,
      disabled.objectId,
    ]) {
      for (const scope of Object.values(ids))
        await assignRole(server, { principalId, roleId, scope });
    }
    tester = await putPrincipal(server, "tester");
    await grantSynapse(server, {
      workspaceId: plain.id,
      principalId: tester.objectId,
      roleId: synapseRole.artifactPublisher,
    });
    for (const [name, rbac] of [
      ["kv-rbac", true],
      ["kv-policy", false],
      ["kv-closed", true],
      ["kv-nopol", false],
    ] as const) {
      await putVault(server, { name, rbac });
      await putSecret(server, { vault: name, name: "good", value: application.secretText });
      await save(`${name}-link`, {
        type: "AzureKeyVault",
        typeProperties: { baseUrl: `https://${name}.vault.azure.net` },
      });
    }
    pinned = await putSecret(server, {
      vault: "kv-rbac",
      name: "two",
      value: application.secretText,
    });
    await putSecret(server, { vault: "kv-rbac", name: "two", value: "stale" });
    await putSecret(server, {
      vault: "kv-rbac",
      name: "off",
      value: application.secretText,
      attributes: { enabled: false },
    });
    await putSecret(server, {
      vault: "kv-rbac",
      name: "old",
      value: application.secretText,
      attributes: { exp: 1_600_000_000 },
    });
    const group = groupId(server);
    await assignRole(server, {
      principalId: plain.identityId,
      roleId: azureRole.secretsUser,
      scope: `${group}/providers/Microsoft.KeyVault/vaults/kv-rbac`,
    });
    await save("kv-none-link", {
      type: "AzureKeyVault",
      typeProperties: { baseUrl: "https://kv-none.vault.azure.net" },
    });
  });
  after(() => server.close());

  async function save(name: string, properties: object, at = plain) {
    const path = `/linkedservices/${name}`;
    const accepted = await at.send(server.admin, "PUT", path, { properties });
    const done = await at.result(server.admin, accepted);
    assert.equal(done.body.name, name, done.text);
    return done.body;
  }

  /** Saved where it can be: two rules refuse at save, and are then tested as sent. */
  async function prepare(row: Row): Promise<object> {
    count += 1;
    const name = `link${count}`;
    const properties = {
      type: "AzureMLService",
      ...row.more,
      typeProperties: {
        subscriptionId: server.contract.subscriptionId,
        resourceGroupName: "rg1",
        mlWorkspaceName: "ml-ready",
        ...row.link(),
      },
    };
    const at = row.at?.() ?? plain;
    const path = `/linkedservices/${name}`;
    const accepted = await at.send(server.admin, "PUT", path, { properties });
    const done = await at.result(server.admin, accepted);
    return done.body.status === "Failed"
      ? { linkedService: { name, properties } }
      : { linkedServiceName: name };
  }

  async function run(body: object, at = plain, as = server.admin): Promise<TestConnectivityAnswer> {
    const answer = await at.send(as, "POST", "/testConnectivity", body);
    assert.equal(answer.status, 200, answer.text);
    return answer.body;
  }

  const telling = ({ verdict }: TestConnectivityAnswer) =>
    verdict.hops
      .filter(({ status }) => status === "failed" || status === "warning")
      .map(({ hop, reason, code }) => `${hop} ${reason} ${code}`);

  const msi = (more: object = {}) => ({ authentication: "MSI", ...more });
  const sp = (more: object = {}, of = application) => ({
    servicePrincipalId: of.clientId,
    servicePrincipalKey: { type: "SecureString", value: of.secretText },
    tenant: server.contract.tenantId,
    ...more,
  });
  const fromVault = (store: string, secretName: string, secretVersion?: string) =>
    sp({
      servicePrincipalKey: {
        type: "AzureKeyVaultSecret",
        store: { referenceName: `${store}-link`, type: "LinkedServiceReference" },
        secretName,
        secretVersion,
      },
    });
  const via = (name: string) => ({
    connectVia: { referenceName: name, type: "IntegrationRuntimeReference" },
  });

  const rows: Row[] = [
    { name: "nothing, with the identity", link: () => msi(), expect: [] },
    { name: "nothing, with a service principal", link: () => sp(), expect: [] },
    { name: "nothing, secret in a vault", link: () => fromVault("kv-rbac", "good"), expect: [] },
    {
      name: "nothing, pinned version",
      link: () => fromVault("kv-rbac", "two", pinned),
      expect: [],
    },

    {
      name: "no authentication",
      link: () => ({}),
      expect: ["definition authenticationMissing 9512"],
      repaired: true,
    },
    {
      name: "odd authentication",
      link: () => ({ authentication: "Managed" }),
      expect: ["definition authenticationUnknown 4112"],
      repaired: true,
    },
    {
      name: "no tenant",
      link: () => sp({ tenant: undefined }),
      expect: ["definition servicePrincipalIncomplete 2103"],
    },
    {
      name: "no key",
      link: () => sp({ servicePrincipalKey: undefined }),
      expect: ["definition servicePrincipalIncomplete 2103"],
    },
    {
      name: "a path as a name",
      link: () => msi({ mlWorkspaceName: "ml-ready/computes/x" }),
      expect: ["definition valueInvalid 4112"],
    },

    {
      name: "subscription mistyped",
      link: () => msi({ subscriptionId: `${server.contract.subscriptionId.slice(0, -1)}z` }),
      expect: ["resource subscriptionNotFound 4124"],
      repaired: true,
    },
    {
      name: "subscription by name",
      link: () => msi({ subscriptionId: "Callosum" }),
      expect: ["resource subscriptionNotFound 4124"],
      repaired: true,
    },
    {
      name: "group mistyped",
      link: () => msi({ resourceGroupName: "rgg1" }),
      expect: ["resource resourceGroupNotFound 4124"],
      repaired: true,
    },
    {
      name: "group of another",
      link: () => msi({ resourceGroupName: "rg2" }),
      expect: ["resource resourceGroupWrong 4124"],
      repaired: true,
    },
    {
      name: "workspace mistyped",
      link: () => msi({ mlWorkspaceName: "ml-redy" }),
      expect: ["resource workspaceNotFound 4124"],
      repaired: true,
    },
    {
      name: "workspace of no likeness",
      link: () => msi({ mlWorkspaceName: "quite-different" }),
      expect: ["resource workspaceNotFound 4124"],
    },

    {
      name: "identity without a role",
      link: () => msi({ mlWorkspaceName: "ml-norole" }),
      expect: ["permission roleMissing 4122"],
      repaired: true,
    },
    {
      name: "principal without a role",
      link: () => sp({ mlWorkspaceName: "ml-norole" }),
      expect: ["permission roleMissing 4122"],
      repaired: true,
    },

    {
      name: "object id of the application",
      link: () => sp({ servicePrincipalId: application.applicationObjectId }),
      expect: ["token clientIdIsObjectId 4122"],
    },
    {
      name: "object id of the principal",
      link: () => sp({ servicePrincipalId: application.objectId }),
      expect: ["token clientIdIsServicePrincipalObjectId 4122"],
    },
    {
      name: "name of the application",
      link: () => sp({ servicePrincipalId: "Reporting App" }),
      expect: ["token clientIdIsDisplayName 4122"],
    },
    {
      name: "secret id as client id",
      link: () => sp({ servicePrincipalId: application.secretId }),
      expect: ["token clientIdIsSecretId 4122"],
    },
    {
      name: "the identity's id as client id",
      link: () => sp({ servicePrincipalId: plain.identityId }),
      expect: ["token clientIdIsManagedIdentity 4122"],
      repaired: true,
    },
    {
      name: "a user as client id",
      link: () => sp({ servicePrincipalId: server.contract.user.objectId }),
      expect: ["token clientIdIsUserOrGroup 4122"],
    },
    {
      name: "nobody's client id",
      link: () => sp({ servicePrincipalId: "00000000-0000-4000-8000-00000000dead" }),
      expect: ["token clientIdUnknown 4122"],
    },
    {
      name: "wrong secret",
      link: () => sp({ servicePrincipalKey: { type: "SecureString", value: "wrong" } }),
      expect: ["token secretWrong 4122"],
    },
    {
      name: "secret id as secret",
      link: () =>
        sp({ servicePrincipalKey: { type: "SecureString", value: application.secretId } }),
      expect: ["token secretIsSecretId 4122"],
    },
    { name: "expired secret", link: () => sp({}, expired), expect: ["token secretExpired 4121"] },
    {
      name: "wrong tenant",
      link: () => sp({ tenant: "contoso.onmicrosoft.com" }),
      expect: ["token tenantUnknown 4122"],
    },

    {
      name: "vault that does not exist",
      link: () => fromVault("kv-none", "good"),
      expect: ["token vaultNotFound 4122"],
    },
    {
      name: "no such secret",
      link: () => fromVault("kv-rbac", "none"),
      expect: ["token vaultSecretMissing 4122"],
    },
    {
      name: "no such version",
      link: () => fromVault("kv-rbac", "good", "0".repeat(32)),
      expect: ["token vaultSecretVersionMissing 4122"],
      repaired: true,
    },
    {
      name: "disabled secret",
      link: () => fromVault("kv-rbac", "off"),
      expect: ["token vaultSecretDisabled 4122"],
      repaired: true,
    },
    {
      name: "expired vault secret",
      link: () => fromVault("kv-rbac", "old"),
      expect: ["token vaultSecretExpired 4121"],
    },
    {
      name: "wrong secret in the vault",
      link: () => fromVault("kv-rbac", "two"),
      expect: ["token secretWrong 4122"],
    },
    {
      name: "vault without role",
      link: () => fromVault("kv-closed", "good"),
      expect: ["token vaultAccessMissing 4122"],
      repaired: true,
    },
    {
      name: "vault without policy",
      link: () => fromVault("kv-nopol", "good"),
      expect: ["token vaultAccessMissing 4122"],
      repaired: true,
    },

    {
      name: "self-hosted runtime",
      link: () => msi(),
      more: via("onprem"),
      expect: ["runtime selfHostedRuntime 2108"],
    },
    {
      name: "unknown runtime",
      link: () => msi(),
      more: via("nowhere"),
      expect: ["runtime runtimeNotFound 2108"],
    },
    {
      name: "data exfiltration protection",
      link: () => msi(),
      at: () => walled,
      expect: [
        "runtime dataExfiltrationProtection 2108",
        "runtime privateEndpointMissing 2108",
        "permission roleMissing 4122",
      ],
    },
    {
      name: "workspace without an identity",
      link: () => msi(),
      at: () => bare,
      expect: ["token workspaceIdentityMissing 4122"],
    },
    {
      name: "closed workspace",
      link: () => msi({ mlWorkspaceName: "ml-closed" }),
      expect: ["dataPlane publicAccessDisabled 4125"],
      repaired: true,
    },

    {
      name: "wrong secret and no role",
      link: () =>
        sp({
          mlWorkspaceName: "ml-norole",
          servicePrincipalKey: { type: "SecureString", value: "wrong" },
          servicePrincipalId: expired.clientId,
        }),
      expect: ["token secretWrong 4122", "permission roleMissing 4122"],
    },
    {
      name: "object id and no role",
      link: () => sp({ mlWorkspaceName: "ml-norole", servicePrincipalId: expired.objectId }),
      expect: ["token clientIdIsServicePrincipalObjectId 4122", "permission roleMissing 4122"],
    },
    {
      name: "wrong secret and wrong workspace",
      link: () =>
        sp({
          mlWorkspaceName: "ml-redy",
          servicePrincipalKey: { type: "SecureString", value: "wrong" },
        }),
      expect: ["token secretWrong 4122", "resource workspaceNotFound 4124"],
    },
    {
      name: "no authentication and wrong workspace",
      link: () => ({ mlWorkspaceName: "ml-redy" }),
      expect: ["definition authenticationMissing 9512", "resource workspaceNotFound 4124"],
    },
    {
      name: "self-hosted and no role",
      link: () => msi({ mlWorkspaceName: "ml-norole2" }),
      more: via("onprem"),
      expect: ["runtime selfHostedRuntime 2108", "permission roleMissing 4122"],
    },
    {
      name: "no endpoint and no role",
      link: () => msi({ mlWorkspaceName: "ml-norole2" }),
      at: () => networked,
      expect: ["runtime privateEndpointMissing 2108", "permission roleMissing 4122"],
    },
  ];

  it("names the true cause of every broken link, and its requests repair what they can", async () => {
    await putMachineLearning(server, "ml-norole2");
    for (const row of rows) {
      const at = row.at?.() ?? plain;
      const body = await prepare(row);
      const answer = await run(body, at, row.as?.());
      assert.deepEqual(
        telling(answer),
        [...row.expect],
        `${row.name}: ${JSON.stringify(answer, null, 1)}`,
      );
      assert.equal(answer.succeeded, row.expect.length === 0, row.name);
      assert.equal(answer.errors?.length ?? 0, row.expect.length, row.name);
      for (const { status, fix, reason } of answer.verdict.hops) {
        if (status === "failed")
          assert.ok(fix || reason.startsWith("clientIdIs"), `${row.name}: ${reason} has no advice`);
      }
      if (!row.repaired) continue;
      for (const { fix } of answer.verdict.hops) {
        if (!fix?.request) continue;
        assert.ok(fix.command, row.name);
        const { request } = fix;
        const sent = await sendFix(server.admin, { workspace: at, request });
        assert.ok(sent.status < 300, `${row.name}: ${sent.text}`);
      }
      const again = await run(body, at);
      assert.equal(again.succeeded, true, `${row.name}: ${JSON.stringify(again, null, 1)}`);
    }
  });

  it("tells Azure's words for a refused read, with the command that grants the role", async () => {
    const id = `${groupId(server)}/providers/${mlType}/ml-words`;
    await putMachineLearning(server, "ml-words");
    const body = await prepare({
      name: "",
      link: () => msi({ mlWorkspaceName: "ml-words" }),
      expect: [],
    });
    const { errors, verdict } = await run(body);
    assert.equal(errors?.[0]?.code, "4122");
    assert.match(
      errors?.[0]?.message ?? "",
      /^Request sent to Azure ML Service for operation 'validateWorkspace' failed with http status code 'Forbidden'\. Error message from Azure ML Service: '\{"error":\{"code":"AuthorizationFailed","message":"The client '[0-9a-f-]+' with object id '[0-9a-f-]+' does not have authorization to perform action 'Microsoft\.MachineLearningServices\/workspaces\/read' over scope/,
    );
    const hop = verdict.hops.find(({ reason }) => reason === "roleMissing") as VerdictHop;
    assert.deepEqual(hop.missing, {
      role: "Contributor",
      roleDefinitionId: azureRole.contributor,
      action: "Microsoft.MachineLearningServices/workspaces/read",
      scope: id,
    });
    assert.deepEqual(hop.fault, {
      party: "workspaceIdentity",
      principalId: plain.identityId,
      displayName: "syn1",
    });
    assert.equal(
      hop.fix?.command,
      `callosum grant --role Contributor --principal ${plain.identityId} --scope ${id}`,
    );
  });

  it("passes with Reader and warns that Contributor is missing; the warning's fix removes it", async () => {
    const scope = await putMachineLearning(server, "ml-reader");
    await assignRole(server, { principalId: plain.identityId, roleId: azureRole.reader, scope });
    const body = await prepare({
      name: "",
      link: () => msi({ mlWorkspaceName: "ml-reader" }),
      expect: [],
    });
    const answer = await run(body);
    assert.equal(answer.succeeded, true);
    assert.deepEqual(telling(answer), ["permission contributorMissing 0"]);
    const warning = answer.verdict.hops.find(({ status }) => status === "warning");
    const { request } = warning?.fix ?? {};
    assert.ok(request);
    await sendFix(server.admin, { workspace: plain, request });
    assert.deepEqual(telling(await run(body)), []);
  });

  it("leads from a missing private endpoint through approval to a connection", async () => {
    const link = () => msi({ mlWorkspaceName: "ml-net" });
    const body = await prepare({ name: "", link, at: () => networked, expect: [] });
    for (const reason of ["privateEndpointMissing", "privateEndpointPending"]) {
      const answer = await run(body, networked);
      assert.deepEqual(telling(answer), [`runtime ${reason} 2108`]);
      const { request } = answer.verdict.hops.find(({ status }) => status === "failed")?.fix ?? {};
      assert.ok(request);
      const sent = await sendFix(server.admin, { workspace: networked, request });
      assert.ok(sent.status < 300, sent.text);
    }
    assert.equal((await run(body, networked)).succeeded, true);
  });

  it("repairs what Graph holds: a disabled and a missing service principal", async () => {
    const asTold = async (link: () => object, expected: string) => {
      const body = await prepare({ name: "", link, expect: [] });
      const answer = await run(body);
      assert.equal(telling(answer)[0], expected, JSON.stringify(answer, null, 1));
      const { request } = answer.verdict.hops.find(({ status }) => status === "failed")?.fix ?? {};
      assert.ok(request);
      const sent = await sendFix(server.admin, { workspace: plain, request });
      assert.ok(sent.status < 300, sent.text);
      return run(body);
    };
    const enabled = await asTold(() => sp({}, disabled), "token servicePrincipalDisabled 4122");
    assert.equal(enabled.succeeded, true, JSON.stringify(enabled));
    const made = await asTold(() => sp({}, unprincipled), "token servicePrincipalMissing 4122");
    assert.deepEqual(telling(made), ["permission roleMissing 4122"]);
  });

  it("needs Synapse Credential User on what the link uses, and says so", async () => {
    const cases = [
      { link: () => msi(), scope: "workspaces/syn1/credentials/WorkspaceSystemIdentity" },
      {
        link: () => fromVault("kv-rbac", "good"),
        scope: "workspaces/syn1/credentials/WorkspaceSystemIdentity",
      },
      { link: () => sp(), scope: "workspaces/syn1/linkedServices/" },
    ];
    for (const { link, scope } of cases) {
      const caller = await putPrincipal(server, `user ${scope}`);
      const principalId = caller.objectId;
      await grantSynapse(server, { workspaceId: plain.id, principalId, roleId: synapseRole.user });
      const body = await prepare({ name: "", link, expect: [] });
      const answer = await run(body, plain, caller);
      assert.deepEqual(telling(answer), ["token credentialUserMissing 4122"]);
      const hop = answer.verdict.hops.find(({ status }) => status === "failed");
      assert.ok(hop?.missing?.scope.startsWith(scope));
      assert.equal(hop?.fault?.principalId, principalId);
      const request = hop?.fix?.request;
      assert.ok(request);
      const sent = await sendFix(server.admin, { workspace: plain, request });
      assert.equal(sent.status, 200, sent.text);
      const again = await run(body, plain, caller);
      assert.equal(again.succeeded, true, JSON.stringify(again));
    }
  });

  it("tells nobody of a workspace that they could not see", async () => {
    await putMachineLearning(server, "ml-hidden");
    await grantSynapse(server, {
      workspaceId: plain.id,
      principalId: tester.objectId,
      roleId: synapseRole.credentialUser,
    });
    const told: string[] = [];
    for (const mlWorkspaceName of ["ml-hidden", "ml-absent"]) {
      const body = await prepare({ name: "", link: () => msi({ mlWorkspaceName }), expect: [] });
      const answer = await run(body, plain, tester);
      told.push(
        JSON.stringify(answer.verdict.hops)
          .replaceAll(mlWorkspaceName, "X")
          .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "G"),
      );
    }
    assert.equal(told[0], told[1]);
  });

  it("tells nobody what an identity may that is not theirs to use", async () => {
    const nosy = await putPrincipal(server, "nosy");
    const roleId = synapseRole.user;
    await grantSynapse(server, { workspaceId: plain.id, principalId: nosy.objectId, roleId });
    const wrong = { type: "SecureString", value: "guess" };
    for (const link of [() => sp({ servicePrincipalKey: wrong }), () => msi()]) {
      const told: string[] = [];
      for (const mlWorkspaceName of ["ml-ready", "ml-norole", "ml-nowhere"]) {
        const typeProperties = {
          subscriptionId: server.contract.subscriptionId,
          resourceGroupName: "rg1",
          ...link(),
          mlWorkspaceName,
        };
        const linkedService = { properties: { type: "AzureMLService", typeProperties } };
        const { verdict } = await run({ linkedService }, plain, nosy);
        const tokens = verdict.hops.filter(({ hop }) => hop !== "token");
        told.push(JSON.stringify(tokens).replaceAll(mlWorkspaceName, "X"));
      }
      assert.deepEqual(told, [told[0], told[0], told[0]]);
    }
  });

  it("tests what is not saved, and never sends a stored secret to a changed target", async () => {
    const saved = await save("kept", {
      type: "AzureMLService",
      typeProperties: {
        subscriptionId: server.contract.subscriptionId,
        resourceGroupName: "rg1",
        mlWorkspaceName: "ml-ready",
        ...sp(),
      },
    });
    const { properties } = saved;
    const linkedService = { name: "kept", properties };
    assert.equal((await run({ linkedService })).succeeded, true);
    for (const [name, value] of [
      ["tenant", "evil.onmicrosoft.com"],
      ["mlWorkspaceName", "ml-closed"],
    ]) {
      const typeProperties = { ...properties.typeProperties, [name as string]: value };
      const changed = { name: "kept", properties: { ...properties, typeProperties } };
      const answer = await run({ linkedService: changed });
      assert.equal(telling(answer)[0], "token secretNotSent 4112", name);
    }
    const fresh = {
      properties: { ...properties, typeProperties: { ...properties.typeProperties, ...sp() } },
    };
    assert.equal((await run({ linkedService: fresh })).succeeded, true);
    const unsaved = { type: "AzureMLService", typeProperties: { resourceGroupName: "rg1" } };
    const broken = await run({ linkedService: { properties: unsaved } });
    assert.deepEqual(telling(broken), ["definition propertyMissing 2103"]);
  });

  it("fills in parameters, by default or as given, and names one that is missing", async () => {
    const typeProperties = {
      subscriptionId: server.contract.subscriptionId,
      resourceGroupName: "@{linkedService().group}",
      mlWorkspaceName: { value: "@concat('ml-', linkedService().kind)", type: "Expression" },
      authentication: "MSI",
    };
    const parameters = { group: { type: "String", defaultValue: "rg1" }, kind: { type: "String" } };
    await save("parameterised", { type: "AzureMLService", parameters, typeProperties });
    const linkedServiceName = "parameterised";
    const missing = await run({ linkedServiceName });
    assert.deepEqual(telling(missing), ["definition parameterMissing 2103"]);
    assert.match(missing.errors?.[0]?.message ?? "", /'kind'/);
    assert.equal((await run({ linkedServiceName, parameters: { kind: "ready" } })).succeeded, true);
    const inline = {
      properties: {
        type: "AzureMLService",
        typeProperties,
        parameters: { group: "rg1", kind: "ready" },
      },
    };
    assert.equal((await run({ linkedService: inline })).succeeded, true);
    await save("undeclared", {
      type: "AzureMLService",
      typeProperties: { ...typeProperties, resourceGroupName: "@linkedService().nope" },
      parameters,
    });
    assert.deepEqual(
      telling(await run({ linkedServiceName: "undeclared", parameters: { kind: "x" } })),
      ["definition parameterUndeclared 2103"],
    );
  });

  it("is refused by name for other types, and for what names nothing", async () => {
    await save("sql", {
      type: "AzureSqlDatabase",
      typeProperties: { connectionString: "Data Source=x" },
    });
    const refused = await plain.send(server.admin, "POST", "/testConnectivity", {
      linkedServiceName: "sql",
    });
    assert.equal(refused.status, 501);
    assert.match(refused.body.error.message, /Test Connection of type 'AzureSqlDatabase'/);
    const none = await plain.send(server.admin, "POST", "/testConnectivity", {
      linkedServiceName: "none",
    });
    assert.deepEqual([none.status, none.body.code], [404, "LinkedServiceNotFound"]);
    assert.equal((await plain.send(server.admin, "POST", "/testConnectivity", {})).status, 400);
    const stranger = await putPrincipal(server, "stranger");
    assert.equal((await plain.send(stranger, "POST", "/testConnectivity", {})).status, 403);
  });

  it("answers under the resource manager in the form of Data Factory's clients", async () => {
    const body = await prepare({ name: "", link: () => msi(), expect: [] });
    for (const [type, version] of [
      ["Microsoft.DataFactory/factories", "2018-06-01"],
      ["Microsoft.Synapse/workspaces", "2021-06-01"],
    ]) {
      const path = `${server.subscription}/resourcegroups/rg1/providers/${type}/syn1/testConnectivity?api-version=${version}`;
      const answer = await server.admin.send("POST", path, body);
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.body.succeeded, true);
    }
  });
});
