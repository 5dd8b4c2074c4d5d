// The rest of the Manage hub, Integrate and Monitor: pools, runtimes, credentials, private endpoints,
// pipelines, what is refused by name, and a Contributor who may use but not create.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { audiences } from "../fixture/server.ts";
import { linkBothWays } from "./link.ts";
import { answer } from "./question.ts";
import { nameOf, prepareStory, type Story } from "./story.ts";
import { useStudio } from "./studio.ts";
import { choose, fillWorkspace, newLinkedService, testConnection } from "./synapse-form.ts";
import { createPerson, grantSynapseRole } from "./user.ts";

const synapseContributor = "7572bffe-f453-4b66-912a-46cc5ef38fda";
const version = "api-version=2021-06-01";

let story: Story;
const studio = useStudio(async (server) => {
  story = await prepareStory(server, { hasSqlPool: true, hasManagedNetwork: true });
  const identity = `${story.synapseGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/identity1`;
  const { location } = story;
  const made = await server.admin.send("PUT", `${identity}?api-version=2023-01-31`, { location });
  assert.ok(made.status < 300, made.text);
});

const open = (page: string) => `/synapse/${nameOf(story.synapse)}/${page}`;
const rowOf = (page: Page, name: string) => page.getByRole("row").filter({ hasText: name });

/** A child of the workspace, as the resource manager tells it. */
async function child(path: string) {
  return studio.server.admin.send("GET", `${story.synapse}/${path}?${version}`);
}

async function confirmDeletion(page: Page, title: string): Promise<void> {
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await answer(page.getByRole("alertdialog", { name: title }), "Delete");
}

studio.test("SQL pools are created, paused, resumed, scaled and deleted", async (t) => {
  const { page } = t;
  await t.open(open("manage/sql-pools"));
  await page.getByRole("button", { name: "New", exact: true }).click();
  const form = page.getByRole("dialog", { name: "New dedicated SQL pool" });
  const name = form.getByRole("textbox", { name: "Dedicated SQL pool name" });
  await name.fill("not-valid");
  await form.getByText("A SQL pool's name has 1 to 60 letters").waitFor();
  await name.fill("pool2");
  await t.screenshot("sql pool new");
  await t.checkAccessibility();
  await form.getByRole("button", { name: "Create" }).click();
  const row = rowOf(page, "pool2");
  await row.getByText("Online").waitFor();
  await row.getByRole("radio").check();
  await page.getByRole("button", { name: "Pause" }).click();
  await row.getByText("Paused").waitFor();
  assert.equal((await child("sqlPools/pool2")).body.properties.status, "Paused");
  await page.getByRole("button", { name: "Resume" }).click();
  await row.getByText("Online").waitFor();
  await page.getByRole("button", { name: "Scale" }).click();
  const scale = page.getByRole("dialog", { name: "Scale 'pool2'" });
  await choose(page, scale.getByLabel("Performance level"), { option: "DW200c" });
  await scale.getByRole("button", { name: "Save" }).click();
  await row.getByText("DW200c").waitFor();
  assert.equal((await child("sqlPools/pool2")).body.sku.name, "DW200c");
  await t.screenshot("sql pools");
  await confirmDeletion(page, "Delete SQL pool 'pool2'?");
  await row.waitFor({ state: "detached" });
  assert.equal((await child("sqlPools/pool2")).status, 404);
});

studio.test("Apache Spark pools are created, changed and deleted", async (t) => {
  const { page } = t;
  await t.open(open("manage/apache-spark-pools"));
  await page.getByRole("button", { name: "New", exact: true }).click();
  const form = page.getByRole("dialog", { name: "New Apache Spark pool" });
  await form.getByRole("textbox", { name: "Apache Spark pool name" }).fill("spark2");
  const nodes = form.getByRole("textbox", { name: "Minimum number of nodes" });
  await nodes.fill("2");
  await form.getByText("It is a whole number from 3 to 200.").waitFor();
  await nodes.fill("4");
  await choose(page, form.getByRole("combobox", { name: "Node size", exact: true }), {
    option: "Medium",
  });
  await t.screenshot("spark pool new");
  await t.checkAccessibility();
  await form.getByRole("button", { name: "Create" }).click();
  const row = rowOf(page, "spark2");
  await row.getByText("Medium (4 to 10 nodes)").waitFor();
  const made = (await child("bigDataPools/spark2")).body;
  await row.getByRole("radio").check();
  await page.getByRole("button", { name: "Settings" }).click();
  const settings = page.getByRole("dialog", { name: "Apache Spark pool 'spark2'" });
  await settings.getByRole("switch", { name: "Autoscale" }).click();
  await settings.getByRole("textbox", { name: "Number of nodes" }).fill("5");
  await settings.getByRole("textbox", { name: "Number of minutes idle" }).fill("30");
  await settings.getByRole("button", { name: "Save" }).click();
  await row.getByText("Medium (5 nodes)").waitFor();
  await row.getByText("After 30 minutes").waitFor();
  const { creationDate, autoScale } = (await child("bigDataPools/spark2")).body.properties;
  assert.equal(creationDate, made.properties.creationDate);
  assert.equal(autoScale.enabled, false);
  await confirmDeletion(page, "Delete Apache Spark pool 'spark2'?");
  await row.waitFor({ state: "detached" });
  assert.equal((await child("bigDataPools/spark2")).status, 404);
});

studio.test("A self-hosted integration runtime has keys; AutoResolve stays", async (t) => {
  const { page } = t;
  await t.open(open("manage/integration-runtimes"));
  await rowOf(page, "AutoResolveIntegrationRuntime").getByRole("radio").check();
  await page.getByRole("button", { name: "Delete", disabled: true }).waitFor();
  await page.getByRole("button", { name: "New", exact: true }).click();
  const form = page.getByRole("dialog", { name: "New integration runtime (Self-Hosted)" });
  await form.getByRole("textbox", { name: "Name" }).fill("selfhosted1");
  await form.getByRole("button", { name: "Create" }).click();
  await rowOf(page, "selfhosted1").getByRole("radio").check();
  await page.getByRole("button", { name: "Keys" }).click();
  const keys = page.getByRole("dialog", { name: "Keys of 'selfhosted1'" });
  const first = keys.getByRole("textbox", { name: "authKey1" });
  const before = await first.inputValue();
  assert.match(before, /^IR@/);
  await t.checkAccessibility();
  await keys.getByRole("button", { name: "Regenerate authKey1" }).click();
  await page.getByText("authKey1 of 'selfhosted1' is a new one").first().waitFor();
  await keys.getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Keys" }).click();
  // The new key is said to be there before the panel has asked for it.
  await first.and(page.locator(`:not([value="${before}"])`)).waitFor();
  await keys.getByRole("button", { name: "Close" }).click();
  await confirmDeletion(page, "Delete integration runtime 'selfhosted1'?");
  await rowOf(page, "selfhosted1").waitFor({ state: "detached" });
});

studio.test("A credential for a user-assigned identity is made and deleted", async (t) => {
  const { page } = t;
  await t.open(open("manage/credentials"));
  await rowOf(page, "WorkspaceSystemIdentity").waitFor();
  await page.getByRole("button", { name: "New", exact: true }).click();
  const form = page.getByRole("dialog", { name: /^New credential/ });
  await choose(page, form.getByLabel("User-assigned managed identity"), { option: "identity1" });
  await t.checkAccessibility();
  await form.getByRole("button", { name: "Create" }).click();
  const row = rowOf(page, "credential1");
  await row.getByText("User-Assigned Managed Identity").waitFor();
  await row.getByRole("radio").check();
  await t.screenshot("credentials");
  await confirmDeletion(page, "Delete credential 'credential1'?");
  await row.waitFor({ state: "detached" });
});

studio.test("A managed private endpoint is requested; its two states are told apart", async (t) => {
  const { page, server } = t;
  await t.open(open("manage/managed-private-endpoints"));
  await rowOf(page, `synapse-ws-sql--${nameOf(story.synapse)}`).waitFor();
  await page.getByRole("button", { name: "New", exact: true }).click();
  const gallery = page.getByRole("dialog", { name: "New managed private endpoint" });
  await gallery.getByRole("button", { name: "Azure Machine Learning", exact: true }).click();
  await gallery.getByRole("button", { name: "Continue" }).click();
  const form = page.getByRole("dialog", {
    name: "New managed private endpoint (Azure Machine Learning)",
  });
  await choose(page, form.getByLabel("Azure Machine Learning workspace"), {
    option: nameOf(story.machineLearning),
  });
  await t.screenshot("private endpoint new");
  await t.checkAccessibility();
  await form.getByRole("button", { name: "Create" }).click();
  const row = rowOf(page, "AzureMachineLearning1");
  await row.getByText("Succeeded").waitFor();
  await row.getByText("Pending").waitFor();
  await t.screenshot("private endpoints");
  const connections = `${story.machineLearning}/privateEndpointConnections`;
  const { body } = await server.admin.send("GET", `${connections}?api-version=2022-10-01`);
  const [connection] = body.value;
  await server.admin.send("PUT", `${connection.id}?api-version=2022-10-01`, {
    properties: {
      privateLinkServiceConnectionState: { status: "Approved", description: "Welcome" },
    },
  });
  await page.getByRole("button", { name: "Refresh" }).click();
  await row.getByText("Approved").waitFor();
  await row.getByText("Welcome").waitFor();
  await row.getByRole("checkbox").check();
  await confirmDeletion(page, "Delete managed private endpoints?");
  await row.waitFor({ state: "detached" });
  const after = await server.admin.send("GET", `${connections}?api-version=2022-10-01`);
  assert.deepEqual(after.body.value, [], "the connection on the target is gone with it");
});

studio.test("A pipeline is written as JSON; running one is refused by name", async (t) => {
  const { page, watch } = t;
  watch.tolerate(/status of 501/);
  await t.open(open("integrate"));
  await page.getByRole("button", { name: "New pipeline" }).click();
  const form = page.getByRole("dialog", { name: "New pipeline" });
  await form.getByRole("textbox", { name: "Name" }).fill("Pipeline 1");
  await form.getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { name: "Pipeline 1" }).waitFor();
  const activity = { name: "Wait1", type: "Wait", typeProperties: { waitTimeInSeconds: 1 } };
  const editor = page.getByRole("textbox", { name: "JSON of Pipeline 1" });
  await editor.fill(JSON.stringify({ name: "Pipeline 1", properties: { activities: [activity] } }));
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("The pipeline 'Pipeline 1' is saved").first().waitFor();
  await t.checkAccessibility();
  await page.getByRole("button", { name: "Trigger now" }).click();
  await page.getByRole("alert").getByText("NotSupportedHere").waitFor();
  await t.screenshot("pipeline refused");
  await page.getByRole("link", { name: "Integrate" }).first().click();
  const row = rowOf(page, "Pipeline 1");
  await row.getByText("Wait1 (Wait)").waitFor();
  await row.getByRole("radio").check();
  await confirmDeletion(page, "Delete pipeline 'Pipeline 1'?");
  await row.waitFor({ state: "detached" });
});

studio.test("Monitor shows SQL requests and names what is not run", async (t) => {
  const { page, watch } = t;
  watch.tolerate(/status of 501/);
  await t.open(open("monitor"));
  await page.getByRole("alert").getByText("Pipeline runs is not supported").waitFor();
  await page.getByRole("tab", { name: "SQL requests" }).click();
  await rowOf(page, "dm_pdw_exec_requests").first().waitFor();
  await t.screenshot("monitor sql requests");
  await t.checkAccessibility();
  await page.getByRole("tab", { name: "Apache Spark applications" }).click();
  await page.getByRole("alert").getByText("Spark applications").first().waitFor();
});

studio.test(
  "A Contributor who may use but not create is told so, and changes nothing",
  async (t) => {
    const { page, server } = t;
    const workspace = nameOf(story.synapse);
    const person = await createPerson(server, { displayName: "Mary Contributor" });
    await grantSynapseRole(server, {
      workspace,
      roleId: synapseContributor,
      objectId: person.objectId,
    });
    await t.open(open("manage/apache-spark-pools"), person);
    await rowOf(page, "spark1").waitFor();
    const button = page.getByRole("button", { name: "New", exact: true, disabled: true });
    await button.hover();
    await page
      .getByRole("tooltip", { name: /Microsoft.Synapse\/workspaces\/bigDataPools\/write/ })
      .waitFor();
    await t.screenshot("spark pools contributor");
    await t.checkAccessibility();
    await button.click({ force: true });
    assert.equal(await page.getByRole("dialog").count(), 0);
    const pool = await server
      .caller(person.objectId)
      .send("PUT", `${story.synapse}/bigDataPools/mine?${version}`, { properties: {} });
    assert.equal(pool.status, 403);
    const navigation = page.getByRole("navigation", { name: "Synapse Studio" });
    for (const [link, action] of [
      ["Managed private endpoints", "managedPrivateEndpoints/write"],
      ["Access control", "roleAssignments/write"],
    ] as const) {
      await navigation.getByRole("link", { name: link }).click();
      // The page before has such a button, too.
      await page.getByRole("heading", { name: link }).waitFor();
      const add = page.getByRole("button", { name: /^(New|Add)$/, disabled: true });
      await add.hover();
      await page.getByRole("tooltip", { name: new RegExp(action) }).waitFor();
    }
    const endpoint = await server
      .caller(person.objectId)
      .send(
        "PUT",
        `/synapse/${workspace}/managedVirtualNetworks/default/managedPrivateEndpoints/mine?api-version=2020-12-01`,
        { properties: { privateLinkResourceId: story.machineLearning, groupId: "amlworkspace" } },
        { audience: audiences.synapse },
      );
    assert.equal(endpoint.status, 403);
    await navigation.getByRole("link", { name: "Integrate" }).click();
    await page.getByRole("button", { name: "New pipeline", disabled: false }).waitFor();
  },
);

studio.test("Home shows what the workspace is and its links in both directions", async (t) => {
  const { page, server } = t;
  await t.open(open(""));
  await page.getByText("It is linked with no Azure Machine Learning workspace yet").waitFor();
  const { linkedService, machineLearningLink } = await linkBothWays(server, story);
  await page.reload();
  await page.getByText(story.synapseIdentity).waitFor();
  const links = page.getByRole("table", { name: "Links with Azure Machine Learning" });
  const own = links.getByRole("row").filter({ hasText: linkedService });
  await own.getByText("From this workspace").waitFor();
  await own.getByText(nameOf(story.machineLearning)).waitFor();
  const other = links.getByRole("row").filter({ hasText: machineLearningLink });
  await other.getByText("To this workspace").waitFor();
  await t.screenshot("synapse home");
  await t.checkAccessibility();
  await other.getByRole("link", { name: machineLearningLink }).click();
  await page.getByRole("heading", { name: machineLearningLink }).waitFor();
});

studio.test(
  "A missing private endpoint is made and approved from the failed test",
  async (t) => {
    const { page } = t;
    const form = await newLinkedService(t, { story });
    await fillWorkspace(page, form, story);
    const failed = await testConnection(form);
    await failed.getByText("needs an approved managed private endpoint").first().waitFor();
    await t.screenshot("synapse test without endpoint dark");
    await t.checkAccessibility();
    for (const repair of ["Create managed private endpoint", "Approve the connection"]) {
      await failed.getByRole("button", { name: repair }).click();
      await failed.getByRole("button", { name: "Test again" }).click();
    }
    await form.getByText("Connection successful").waitFor();
    await t.screenshot("synapse test passed dark");
    await t.checkAccessibility();
  },
  { colorScheme: "dark" },
);
