// link-from-synapse.md followed word by word: both kinds of authentication, a test that fails and is
// repaired, and the same as somebody with too little right.

import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { audiences } from "../fixture/server.ts";
import { nameOf, prepareStory, type Story } from "./story.ts";
import { type StudioTest, useStudio } from "./studio.ts";
import { choose, fillWorkspace, newLinkedService, testConnection } from "./synapse-form.ts";
import { createPerson, grantSynapseRole, holdersOf } from "./user.ts";

const synapseAdministrator = "6e4bf58a-b8e1-4cc3-bbf9-d73143322b78";
const contributor = "b24988ac-6180-42a0-ab88-20f7382dd24c";

/** A world of its own for each path. */
const stories = new Map<string, Story>();
const studio = useStudio(async (server) => {
  for (const suffix of ["msi", "sp", "fix", "less"]) {
    stories.set(suffix, await prepareStory(server, { suffix }));
  }
});
const storyOf = (suffix: string) => stories.get(suffix) ?? assert.fail(suffix);

const contributorsOf = (scope: string) => holdersOf(studio.server, { scope, role: "contributor" });

async function savedLink(story: Story, name: string) {
  const path = `/synapse/${nameOf(story.synapse)}/linkedservices/${name}?api-version=2020-12-01`;
  const owner = studio.server.caller(studio.server.contract.user.objectId);
  return owner.send("GET", path, undefined, { audience: audiences.synapse });
}

/**
 * "Navigate to your Azure Machine Learning workspace resource in the Azure portal and select Access
 * Control", and there "Create a role assignment".
 */
async function assignContributor(
  t: StudioTest,
  { scope, kind, member }: { scope: string; kind: string; member: string },
): Promise<void> {
  const { page } = t;
  await t.open("/");
  const navigation = page.getByRole("navigation", { name: "Portal" });
  await navigation.getByRole("link", { name: "All resources" }).click();
  await page.getByLabel("Filter Resources").fill(nameOf(scope));
  await page.getByRole("link", { name: nameOf(scope), exact: true }).click();
  await page.getByRole("link", { name: "Access control (IAM)" }).click();
  await page.getByRole("button", { name: "Add role assignment" }).click();
  await page.getByLabel("Filter Roles").fill("Contributor");
  await page.getByRole("radio", { name: "Contributor", exact: true }).check();
  await t.screenshot(`iam role ${kind}`);
  await t.checkAccessibility();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("radio", { name: kind }).check();
  await page.getByRole("button", { name: "Select members" }).click();
  const panel = page.getByRole("dialog");
  await panel.getByLabel("Select", { exact: true }).fill(member);
  await panel.getByRole("list", { name: "Found" }).getByRole("button", { name: member }).click();
  await t.screenshot(`iam members ${kind}`);
  await t.checkAccessibility();
  await panel.getByRole("button", { name: "Select", exact: true }).click();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByText(member).first().waitFor();
  await t.screenshot(`iam review ${kind}`);
  await page.getByRole("button", { name: "Review + assign" }).click();
  await page.getByText("Added role assignment").first().waitFor();
}

async function textOf(place: Locator): Promise<string> {
  return ((await place.textContent()) ?? assert.fail("no text")).trim();
}

async function isSaved(page: Page, name: string): Promise<void> {
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  const grid = page.getByRole("table", { name: "Linked services" });
  await grid
    .getByRole("row")
    .filter({ hasText: name })
    .getByText("Azure Machine Learning")
    .waitFor();
}

studio.test("By the workspace's managed identity: role first, then the form", async (t) => {
  const { page } = t;
  const story = storyOf("msi");
  await assignContributor(t, {
    scope: story.machineLearning,
    kind: "Managed identity",
    member: nameOf(story.synapse),
  });
  assert.deepEqual(await contributorsOf(story.machineLearning), [story.synapseIdentity]);
  const form = await newLinkedService(t, { story });
  await form.getByRole("textbox", { name: "Name", exact: true }).fill("AzureMLbyIdentity");
  await choose(page, form.getByLabel("Authentication method"), { option: /Managed Identity/ });
  await form.getByText(story.synapseIdentity).waitFor();
  await fillWorkspace(page, form, story);
  await t.screenshot("synapse form managed identity");
  await t.checkAccessibility();
  const result = await testConnection(form);
  await result.getByText("Connection successful").waitFor();
  await t.screenshot("synapse test passed");
  await form.getByRole("button", { name: "Save" }).click();
  await isSaved(page, "AzureMLbyIdentity");
  const { body } = await savedLink(story, "AzureMLbyIdentity");
  assert.equal(body.properties.typeProperties.authentication, "MSI");
  assert.equal(body.properties.typeProperties.mlWorkspaceName, nameOf(story.machineLearning));
});

studio.test("By a service principal: registration, secret, principal, role, form", async (t) => {
  const { page } = t;
  const story = storyOf("sp");
  await t.open("/");
  const navigation = page.getByRole("navigation", { name: "Portal" });
  await navigation.getByRole("link", { name: "Microsoft Entra ID" }).click();
  await navigation.getByRole("link", { name: "App registrations" }).click();
  await page.getByRole("button", { name: "New registration" }).click();
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("link-application");
  await page.getByRole("button", { name: "Register", exact: true }).click();
  await page.getByRole("heading", { name: "link-application" }).waitFor();
  await page.getByRole("button", { name: "Create service principal" }).click();
  await page.getByRole("link", { name: "link-application" }).last().waitFor();
  const appId = await textOf(
    page
      .getByRole("definition")
      .filter({ has: page.getByRole("button", { name: "Copy Application (client) ID" }) }),
  );
  await t.screenshot("application overview");
  await t.checkAccessibility();
  await page.getByRole("link", { name: "Certificates & secrets" }).click();
  await page.getByRole("button", { name: "New client secret" }).click();
  const panel = page.getByRole("dialog", { name: "Add a client secret" });
  await panel.getByLabel("Description").fill("For the link");
  await panel.getByRole("button", { name: "Add", exact: true }).click();
  const row = page.getByRole("row").filter({ hasText: "For the link" });
  const secret = await textOf(row.getByRole("code"));
  await t.screenshot("application secret");
  await page.reload();
  await row.waitFor();
  assert.equal(await row.getByText(secret).count(), 0, "the value is shown once");
  await assignContributor(t, {
    scope: story.machineLearning,
    kind: "User, group, or service principal",
    member: "link-application",
  });
  const form = await newLinkedService(t, { story });
  await form.getByRole("textbox", { name: "Name", exact: true }).fill("AzureMLbyPrincipal");
  await choose(page, form.getByLabel("Authentication method"), { option: "Service Principal" });
  await fillWorkspace(page, form, story);
  const id = form.getByLabel("Service principal ID");
  await id.fill("link-application");
  await id.press("Tab");
  await form.getByText("This is no application (client) ID").waitFor();
  await id.fill(appId);
  await form.getByRole("textbox", { name: "Service principal key", exact: true }).fill(secret);
  await t.screenshot("synapse form service principal");
  await t.checkAccessibility();
  const result = await testConnection(form);
  await result.getByText("Connection successful").waitFor();
  await form.getByRole("button", { name: "Save" }).click();
  await isSaved(page, "AzureMLbyPrincipal");
  const { body, text } = await savedLink(story, "AzureMLbyPrincipal");
  assert.equal(body.properties.typeProperties.servicePrincipalId, appId);
  assert.ok(!text.includes(secret), "the secret comes back to nobody");
});

studio.test("A test that fails says what is missing, and its button repairs it", async (t) => {
  const { page } = t;
  const story = storyOf("fix");
  const form = await newLinkedService(t, { story });
  await form.getByRole("textbox", { name: "Name", exact: true }).fill("AzureMLrepaired");
  await fillWorkspace(page, form, story);
  const failed = await testConnection(form);
  await failed.getByText("Connection failed").waitFor();
  const hops = failed.getByRole("list", { name: "The connection, hop by hop" });
  await hops.getByText("Failed").first().waitFor();
  await t.screenshot("synapse test failed");
  await t.checkAccessibility();
  assert.deepEqual(await contributorsOf(story.machineLearning), []);
  await failed.getByRole("button", { name: /^Grant / }).click();
  await failed.getByRole("button", { name: "Test again" }).click();
  await form.getByText("Connection successful").waitFor();
  await t.screenshot("synapse test repaired");
  await form.getByRole("button", { name: "Save" }).click();
  await isSaved(page, "AzureMLrepaired");
});

studio.test("Who may not grant gets the command to hand on, and nothing changes", async (t) => {
  const { page, server } = t;
  const story = storyOf("less");
  const person = await createPerson(server, {
    displayName: "Data Engineer",
    roles: [
      { role: "reader", scope: story.machineLearning },
      { role: "reader", scope: story.synapse },
    ],
  });
  await grantSynapseRole(server, {
    workspace: nameOf(story.synapse),
    roleId: synapseAdministrator,
    objectId: person.objectId,
  });
  const form = await newLinkedService(t, { story, person });
  await fillWorkspace(page, form, story);
  const failed = await testConnection(form);
  await failed.getByText("You may not do this yourself").waitFor();
  await failed.getByRole("button", { name: "Copy the command" }).waitFor();
  assert.equal(await failed.getByRole("button", { name: /^Grant / }).count(), 0);
  await t.screenshot("synapse test failed for a reader");
  await t.checkAccessibility();
  const assignment = `${story.machineLearning}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`;
  const refused = await server
    .caller(person.objectId)
    .send("PUT", `${assignment}?api-version=2022-04-01`, {
      properties: {
        roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${contributor}`,
        principalId: story.synapseIdentity,
      },
    });
  assert.equal(refused.status, 403);
  assert.deepEqual(await contributorsOf(story.machineLearning), []);
});

studio.test("Who has no Synapse role sees no form, and the button says why", async (t) => {
  const { page, server } = t;
  const story = storyOf("less");
  const person = await createPerson(server, {
    displayName: "Azure Reader",
    roles: [{ role: "reader", scope: server.subscription }],
  });
  await t.open(`/synapse/${nameOf(story.synapse)}/manage/linked-services`, person);
  const button = page.getByRole("button", { name: "New", exact: true, disabled: true });
  await button.hover();
  await page.getByRole("tooltip").first().waitFor();
  await button.click({ force: true });
  assert.equal(await page.getByRole("dialog").count(), 0);
  await page.getByRole("alert").getByText("Synapse RBAC").waitFor();
  await t.screenshot("synapse without a role");
  await t.checkAccessibility();
});
