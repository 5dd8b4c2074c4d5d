// Linked services beyond the document's own path: a key from a vault, editing with stored secrets, the
// code view, parameters, other kinds of services, and deleting what is in use.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Page } from "playwright-core";
import { audiences, type TestServer } from "../fixture/server.ts";
import { answer } from "./question.ts";
import { nameOf, prepareStory, type Story } from "./story.ts";
import { useStudio } from "./studio.ts";
import {
  choose,
  fillWorkspace,
  newLinkedService,
  openLinkedServices,
  testConnection,
} from "./synapse-form.ts";
import { createPerson, grantRole, grantSynapseRole } from "./user.ts";

/** Key Vault Secrets Officer. */
const secretsOfficer = { id: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7" };
const artifactUser = "53faaa0e-40b6-40c8-a2ff-e38f2d388875";
const secretName = "link-key";

interface Application {
  readonly appId: string;
  readonly secret: string;
}

let story: Story;
let application: Application;
const studio = useStudio(async (server) => {
  story = await prepareStory(server);
  application = await registerApplication(server);
  await storeInVault(server, application.secret);
});

const workspace = () => nameOf(story.synapse);
const vaultUrl = "https://mlvault.vault.azure.net/";

/** With a secret, a service principal, and Contributor on the machine learning workspace. */
async function registerApplication(server: TestServer): Promise<Application> {
  const graph = async (path: string, body: object) => {
    const reply = await server.admin.send("POST", `/graph/v1.0${path}`, body, {
      audience: audiences.graph,
    });
    assert.ok(reply.status < 300, reply.text);
    return reply.body;
  };
  const { id, appId } = await graph("/applications", { displayName: "vault-application" });
  const { secretText } = await graph(`/applications/${id}/addPassword`, {
    passwordCredential: { displayName: "For the link" },
  });
  const principal = await graph("/servicePrincipals", { appId });
  await grantRole(server, {
    role: "contributor",
    scope: story.machineLearning,
    objectId: principal.id,
  });
  return { appId, secret: secretText };
}

async function storeInVault(server: TestServer, value: string): Promise<void> {
  const scope = `${story.machineLearningGroup}/providers/Microsoft.KeyVault/vaults/mlvault`;
  await grantRole(server, { role: secretsOfficer, scope, objectId: server.admin.objectId });
  const reply = await server.admin.send(
    "PUT",
    `/secrets/${secretName}?api-version=7.4`,
    { value },
    { audience: audiences.vault, host: new URL(vaultUrl).host },
  );
  assert.equal(reply.status, 200, reply.text);
}

async function read(name: string) {
  const path = `/synapse/${workspace()}/linkedservices/${name}?api-version=2020-12-01`;
  const owner = studio.server.caller(studio.server.contract.user.objectId);
  return owner.send("GET", path, undefined, { audience: audiences.synapse });
}

const grid = (page: Page) => page.getByRole("table", { name: "Linked services" });

async function edit(page: Page, name: string) {
  await grid(page).getByRole("button", { name, exact: true }).click();
  const form = page.getByRole("dialog", { name: /^Edit linked service/ });
  await form.getByRole("textbox", { name: "Name", exact: true }).waitFor();
  return form;
}

studio.test("A vault is linked by the form that its definition draws", async (t) => {
  const { page } = t;
  await openLinkedServices(t, { story });
  await page.getByRole("button", { name: "New", exact: true }).click();
  const gallery = page.getByRole("dialog", { name: "New linked service" });
  await gallery.getByRole("tab", { name: "Azure", exact: true }).click();
  await gallery.getByRole("button", { name: "Azure Key Vault", exact: true }).click();
  await t.screenshot("synapse gallery");
  await t.checkAccessibility();
  await gallery.getByRole("button", { name: "Continue" }).click();
  const form = page.getByRole("dialog", { name: "New linked service (Azure Key Vault)" });
  await form.getByRole("textbox", { name: "Name", exact: true }).fill("Vault1");
  await form.getByRole("button", { name: "Save" }).click();
  await form.getByText("Base URL is required.").waitFor();
  await form.getByRole("textbox", { name: "Base URL" }).fill(vaultUrl);
  await form.getByRole("button", { name: "Save" }).click();
  await grid(page).getByRole("button", { name: "Vault1", exact: true }).waitFor();
  assert.equal((await read("Vault1")).body.properties.typeProperties.baseUrl, vaultUrl);
});

studio.test("A service principal's key is taken from the vault when it is tested", async (t) => {
  const { page } = t;
  const form = await newLinkedService(t, { story });
  await choose(page, form.getByLabel("Authentication method"), { option: "Service Principal" });
  await fillWorkspace(page, form, story);
  await form.getByLabel("Service principal ID").fill(application.appId);
  await form.getByRole("radio", { name: "Azure Key Vault" }).click();
  await choose(page, form.getByLabel("AKV linked service"), { option: "Vault1" });
  await form.getByRole("textbox", { name: "Secret name" }).fill(secretName);
  await t.screenshot("synapse form key vault");
  await t.checkAccessibility();
  const failed = await testConnection(form);
  await failed.getByText("Connection failed").waitFor();
  await failed.getByText("Key Vault Secrets User").first().waitFor();
  await t.screenshot("synapse test vault failed");
  await failed.getByRole("button", { name: /^Grant / }).click();
  await failed.getByRole("button", { name: "Test again" }).click();
  await form.getByText("Connection successful").waitFor();
  await form.getByRole("button", { name: "Save" }).click();
  await grid(page).getByRole("button", { name: "AzureMLService1", exact: true }).waitFor();
  const { servicePrincipalKey } = (await read("AzureMLService1")).body.properties.typeProperties;
  assert.deepEqual(servicePrincipalKey, {
    type: "AzureKeyVaultSecret",
    store: { referenceName: "Vault1", type: "LinkedServiceReference" },
    secretName,
  });
});

studio.test(
  "A stored key stays when something else is edited, and goes nowhere else",
  async (t) => {
    const { page } = t;
    const form = await newLinkedService(t, { story });
    await form.getByRole("textbox", { name: "Name", exact: true }).fill("AzureMLtyped");
    await choose(page, form.getByLabel("Authentication method"), { option: "Service Principal" });
    await fillWorkspace(page, form, story);
    await form.getByLabel("Service principal ID").fill(application.appId);
    await form.getByRole("textbox", { name: "Service principal key" }).fill(application.secret);
    await form.getByRole("button", { name: "Save" }).click();
    await form.waitFor({ state: "hidden" });
    const before = (await read("AzureMLtyped")).body.properties.typeProperties;

    const again = await edit(page, "AzureMLtyped");
    await again.getByText("It is stored, and stays unless you type another.").waitFor();
    await again.getByRole("textbox", { name: "Description" }).fill("Scores trips");
    const result = await testConnection(again);
    await result.getByText("Connection successful").waitFor();
    await again.getByRole("button", { name: "Save" }).click();
    await again.waitFor({ state: "hidden" });
    const { body } = await read("AzureMLtyped");
    assert.equal(body.properties.description, "Scores trips");
    assert.equal(body.properties.typeProperties.encryptedCredential, before.encryptedCredential);

    const other = await edit(page, "AzureMLtyped");
    await other.getByLabel("Service principal ID").fill(randomUUID());
    await other.getByText("the stored one is not used: type it again").waitFor();
    await other.getByRole("button", { name: "Save" }).click();
    await other.getByText("Service principal key is required.").waitFor();
    await t.screenshot("synapse form stored key");
    await t.checkAccessibility();
    await other.getByRole("button", { name: "Cancel" }).click();
  },
);

studio.test("The code of a linked service is read and changed as JSON", async (t) => {
  const { page } = t;
  await openLinkedServices(t, { story });
  await page.getByRole("button", { name: "Code of AzureMLService1" }).click();
  const code = page.getByRole("dialog", { name: "Code of 'AzureMLService1'" });
  const editor = code.getByRole("textbox", { name: "JSON of AzureMLService1" });
  await editor.waitFor();
  await t.screenshot("synapse code");
  await t.checkAccessibility();
  const { name, properties } = (await read("AzureMLService1")).body;
  await editor.fill("{ not json");
  await code.getByRole("button", { name: "Save", disabled: true }).hover();
  await page.getByRole("tooltip", { name: /not the JSON/ }).waitFor();
  const annotated = { name, properties: { ...properties, annotations: ["production"] } };
  await editor.fill(JSON.stringify(annotated));
  await code.getByRole("button", { name: "Save" }).click();
  await code.waitFor({ state: "hidden" });
  const row = grid(page).getByRole("row").filter({ hasText: "AzureMLService1" });
  await row.getByText("production").waitFor();
  await page.getByLabel("Filter Linked services").fill("production");
  await page.getByText("1 of ").waitFor();
});

studio.test("Parameters and dynamic contents are written in the form", async (t) => {
  const { page } = t;
  const form = await newLinkedService(t, { story });
  await form.getByRole("textbox", { name: "Name", exact: true }).fill("AzureMLparameters");
  await fillWorkspace(page, form, story);
  await form.getByRole("button", { name: "New parameter" }).click();
  await form.getByRole("textbox", { name: "Name of parameter 1" }).fill("group");
  await form
    .getByRole("textbox", { name: "Default value of parameter 1" })
    .fill(nameOf(story.machineLearningGroup));
  await form.getByText("Advanced", { exact: true }).click();
  await form.getByRole("switch", { name: "Specify dynamic contents in JSON format" }).click();
  const editor = form.getByRole("textbox", { name: "Dynamic contents in JSON format" });
  await editor.waitFor();
  await t.screenshot("synapse form advanced");
  await t.checkAccessibility();
  const typeProperties = {
    subscriptionId: studio.server.contract.subscriptionId,
    resourceGroupName: "@{linkedService().group}",
    mlWorkspaceName: nameOf(story.machineLearning),
    authentication: "MSI",
  };
  const defaultValue = nameOf(story.machineLearningGroup);
  const parameters = { group: { type: "String", defaultValue } };
  const properties = { type: "AzureMLService", parameters, typeProperties };
  await editor.fill(JSON.stringify({ properties }));
  const result = await testConnection(form);
  await result.getByRole("list", { name: "The connection, hop by hop" }).waitFor();
  await result.getByText(`'${nameOf(story.machineLearning)}' exists`).waitFor();
  await form.getByRole("switch", { name: "Specify dynamic contents in JSON format" }).click();
  const group = form.getByRole("textbox", { name: "Resource group name" });
  assert.equal(await group.inputValue(), "@{linkedService().group}");
  const otherwise = form.getByRole("textbox", { name: "Default value of parameter 1" });
  await otherwise.fill("");
  await form.getByLabel("Value of 'group' for Test connection").fill(defaultValue);
  await (await testConnection(form))
    .getByText(`'${nameOf(story.machineLearning)}' exists`)
    .waitFor();
  await otherwise.fill(defaultValue);
  await form.getByRole("button", { name: "Save" }).click();
  await form.waitFor({ state: "hidden" });
  const { body } = await read("AzureMLparameters");
  assert.deepEqual(body.properties.parameters, parameters);
  assert.deepEqual(body.properties.typeProperties, typeProperties);
});

studio.test(
  "An Artifact User opens a link; testing and saving it say what is missing",
  async (t) => {
    const { page, server } = t;
    const person = await createPerson(server, { displayName: "Annie Easley" });
    const { objectId } = person;
    await grantSynapseRole(server, { workspace: workspace(), roleId: artifactUser, objectId });
    await openLinkedServices(t, { story, person });
    await page.getByRole("button", { name: "New", exact: true, disabled: true }).waitFor();
    await page.getByRole("button", { name: "Delete AzureMLtyped", disabled: true }).waitFor();
    const form = await edit(page, "AzureMLtyped");
    // Who sees no resource in the subscription gets the names as they are stored.
    const group = form.getByRole("textbox", { name: "Resource group name" });
    assert.equal(await group.inputValue(), nameOf(story.machineLearningGroup));
    await form.getByRole("button", { name: "Save", disabled: true }).hover();
    await page.getByRole("tooltip", { name: /Synapse Linked Data Manager/ }).waitFor();
    const result = await testConnection(form);
    await result.getByText("Synapse Credential User", { exact: true }).waitFor();
    await result.getByText("You may not do this yourself").waitFor();
    await t.screenshot("synapse artifact user");
    await t.checkAccessibility();
    const refused = await server
      .caller(objectId)
      .send(
        "PUT",
        `/synapse/${workspace()}/linkedservices/mine?api-version=2020-12-01`,
        { properties: { type: "AzureKeyVault", typeProperties: { baseUrl: vaultUrl } } },
        { audience: audiences.synapse },
      );
    assert.equal(refused.status, 403);
    assert.equal((await read("mine")).status, 404);
  },
);

studio.test("What is in use is not deleted, and its users are named", async (t) => {
  const { page } = t;
  await openLinkedServices(t, { story });
  await page.getByRole("button", { name: "1 related to Vault1" }).click();
  const related = page.getByRole("alertdialog", { name: "Related to 'Vault1'" });
  await related.getByText("Linked service 'AzureMLService1'").waitFor();
  await related.getByRole("button", { name: "OK" }).click();
  await page.getByRole("button", { name: "Delete Vault1" }).click();
  const question = page.getByRole("alertdialog", { name: "Delete linked service 'Vault1'?" });
  await question
    .getByRole("list", { name: "What uses Vault1" })
    .getByText("AzureMLService1")
    .waitFor();
  await question.getByRole("button", { name: "Delete" }).click();
  await question.getByRole("alert").getByText("referenced by").waitFor();
  await t.screenshot("synapse delete refused");
  await t.checkAccessibility();
  await question.getByRole("button", { name: "Cancel" }).click();
  assert.equal((await read("Vault1")).status, 200);
  for (const name of ["AzureMLService1", "Vault1"]) {
    await page.getByRole("button", { name: `Delete ${name}` }).click();
    await answer(page.getByRole("alertdialog"), "Delete");
    await grid(page).getByRole("button", { name, exact: true }).waitFor({ state: "detached" });
    assert.equal((await read(name)).status, 404);
  }
});
