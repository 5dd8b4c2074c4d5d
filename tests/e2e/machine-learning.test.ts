// Azure Machine Learning studio: the document's wizard with and without pools, a link's page, attached
// computes, models, private endpoints, and what a person with too little right is told.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { audiences } from "../fixture/server.ts";
import { readModelFile, registerModel } from "./model.ts";
import { answer } from "./question.ts";
import { nameOf, prepareStory, type Story } from "./story.ts";
import { useStudio } from "./studio.ts";
import { createPerson } from "./user.ts";

let story: Story;
const studio = useStudio(async (server) => {
  story = await prepareStory(server, { hasManagedNetwork: true });
});

const studioPath = () => {
  const [, , subscription, , group] = story.machineLearning.split("/");
  return `/ml/${subscription}/${group}/${nameOf(story.machineLearning)}`;
};

async function get(path: string) {
  return await studio.server.admin.send("GET", path);
}

/** Steps 1 to 4 of "Link workspaces via studio". */
async function fillLink(page: Page, name: string): Promise<void> {
  await page.getByRole("link", { name: "Linked Services" }).click();
  await page.getByRole("button", { name: "Add integration" }).click();
  const form = page.getByRole("dialog", { name: "Link workspace" });
  await form.getByRole("textbox", { name: "Name", exact: true }).fill(name);
  await form.getByLabel("Subscription name").click();
  await page.getByRole("option").first().click();
  await form.getByLabel("Synapse workspace").click();
  await page.getByRole("option", { name: nameOf(story.synapse) }).click();
}

studio.test("The wizard links a workspace without Spark pools", async (t) => {
  const { page } = t;
  await t.open(studioPath());
  await fillLink(page, "x");
  await page.getByText("A link's name has 3 to 33 letters").waitFor();
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("link1");
  await t.screenshot("ml-link-workspace");
  await t.checkAccessibility();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("table", { name: "Spark pools" }).waitFor();
  await t.screenshot("ml-select-spark-pools");
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByText("System assigned, one for this linked service").waitFor();
  const before = await get(
    `${story.machineLearning}/linkedServices?api-version=2020-09-01-preview`,
  );
  assert.deepEqual(before.body.value, [], "nothing is made before Create");
  await t.screenshot("ml-review");
  await t.checkAccessibility();
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { name: "link1", exact: true }).waitFor();
  const link = await get(
    `${story.machineLearning}/linkedServices/link1?api-version=2020-09-01-preview`,
  );
  await page.getByText(link.body.identity.principalId).waitFor();
  await t.screenshot("ml-link-details");
  await t.checkAccessibility();
});

studio.test(
  "The link's identity gets Synapse Apache Spark Administrator by a button",
  async (t) => {
    const { page } = t;
    await t.open(`${studioPath()}/linked-services/link1`);
    await page.getByText("Synapse Apache Spark Administrator is missing").waitFor();
    await page.getByRole("button", { name: "Grant the role" }).click();
    await page.getByText("sessions can start").waitFor();
  },
);

studio.test("Pools are attached and detached from the link's page", async (t) => {
  const { page } = t;
  await t.open(`${studioPath()}/linked-services/link1`);
  await page.getByRole("tab", { name: "Attached Spark pools" }).click();
  await page.getByText("No Spark pool of this Synapse workspace is attached").waitFor();
  await page.getByRole("button", { name: "Attach", exact: true }).click();
  const panel = page.getByRole("dialog", { name: "Attach Spark pools" });
  await panel.getByRole("checkbox", { name: "spark1" }).check();
  await panel.getByLabel("Compute name for spark1").fill("alias1");
  await t.screenshot("ml-attach-pools");
  await t.checkAccessibility();
  await panel.getByRole("button", { name: "Attach selected" }).click();
  await page.getByRole("link", { name: "alias1" }).waitFor();
  await page.getByRole("checkbox", { name: "alias1" }).check();
  await page.getByRole("button", { name: "Detach" }).click();
  const question = page.getByRole("alertdialog", { name: "Detach alias1?" });
  await answer(question, "Detach");
  await page.getByText("No Spark pool of this Synapse workspace is attached").waitFor();
  assert.equal((await get(`${story.sparkPool}?api-version=2021-06-01`)).status, 200);
});

studio.test("Unlink cannot be pressed before it is known what goes with the link", async (t) => {
  const { page } = t;
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(/\/linkedServices\?/, async (route) => {
    await held;
    await route.continue();
  });
  await t.open(`${studioPath()}/linked-services/link1`);
  await page.getByRole("button", { name: "Unlink" }).click();
  const question = page.getByRole("alertdialog", { name: "Unlink link1?" });
  await question.getByRole("button", { name: "Unlink", disabled: true }).waitFor();
  release();
  await question.getByRole("button", { name: "Unlink", disabled: false }).waitFor();
  await answer(question, "Cancel");
});

studio.test(
  "The wizard attaches the pools that were selected, and Unlink takes them along",
  async (t) => {
    const { page } = t;
    await t.open(studioPath());
    await fillLink(page, "link2");
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("checkbox", { name: "spark1" }).check();
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText("spark1 as spark1").waitFor();
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByRole("tab", { name: "Attached Spark pools" }).click();
    await page.getByRole("link", { name: "spark1" }).waitFor();
    await page.getByRole("button", { name: "Unlink" }).click();
    const another = page.getByRole("alertdialog", { name: "Unlink link2?" });
    await another.getByRole("button", { name: "Unlink", disabled: false }).waitFor();
    assert.equal(await another.getByText("are detached with it").count(), 0, "link1 serves it too");
    await answer(another, "Unlink");
    await page.getByRole("link", { name: "link1" }).click();
    await page.getByRole("button", { name: "Unlink" }).click();
    const question = page.getByRole("alertdialog", { name: "Unlink link1?" });
    await question.getByText("are detached with it: spark1").waitFor();
    await answer(question, "Unlink");
    await page.getByRole("heading", { name: "Linked Services" }).waitFor();
    const computes = await get(`${story.machineLearning}/computes?api-version=2024-04-01`);
    assert.deepEqual(computes.body.value, []);
  },
);

studio.test(
  "Compute attaches a Synapse Spark pool with an identity that can be changed",
  async (t) => {
    const { page } = t;
    await t.open(`${studioPath()}/compute`);
    await page.getByRole("button", { name: "New: Synapse Spark pool" }).click();
    const panel = page.getByRole("dialog", { name: "Attach Synapse Spark pool" });
    await panel.getByRole("textbox", { name: "Name", exact: true }).fill("compute1");
    await panel.getByLabel("Synapse workspace").click();
    await page.getByRole("option", { name: nameOf(story.synapse) }).click();
    await panel.getByLabel("Spark Pool").click();
    await page.getByRole("option", { name: "spark1" }).click();
    await panel.getByRole("switch", { name: "Assign a managed identity" }).check();
    await t.screenshot("ml-attach-compute");
    await t.checkAccessibility();
    await panel.getByRole("button", { name: "Attach", exact: true }).click();
    await page.getByRole("link", { name: "compute1" }).click();
    await page.getByText("SystemAssigned").waitFor();
    await t.screenshot("ml-compute");
    await page.getByRole("button", { name: "Edit managed identity" }).click();
    await page.getByRole("switch", { name: "Assign a managed identity" }).uncheck();
    await page.getByRole("button", { name: "Update" }).click();
    await page.getByText("None").waitFor();
    await page.getByRole("button", { name: "Detach" }).click();
    await answer(page.getByRole("alertdialog"), "Detach");
    await page.getByText("Nothing is attached").waitFor();
  },
);

studio.test("Models show versions, signature and files to download", async (t) => {
  const { page, server } = t;
  const kvTags = { mae: "11.5" };
  await registerModel(server, story, { name: "delay", files: ["model.onnx"], kvTags });
  await t.open(`${studioPath()}/models`);
  await page.getByRole("link", { name: "delay", exact: true }).click();
  await page.getByRole("heading", { name: "delay:1" }).waitFor();
  await t.screenshot("ml-model");
  await page.getByRole("tab", { name: "Signature" }).click();
  await page.getByRole("table", { name: "ONNX graph" }).getByText("Output").first().waitFor();
  await t.screenshot("ml-signature");
  await t.checkAccessibility();
  await page.getByRole("tab", { name: "Metrics" }).click();
  await page.getByRole("cell", { name: "11.5" }).waitFor();
  await page.getByRole("tab", { name: "Artifacts" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download model.onnx" }).click();
  assert.deepEqual(readFileSync(await (await download).path()), readModelFile("model.onnx"));
});

studio.test("Networking rejects and approves a private endpoint", async (t) => {
  const { page, server } = t;
  const endpoint = `/synapse/${nameOf(story.synapse)}/managedVirtualNetworks/default/managedPrivateEndpoints/aml1`;
  const owner = server.caller(server.contract.user.objectId);
  const made = await owner.send(
    "PUT",
    `${endpoint}?api-version=2020-12-01`,
    {
      properties: {
        privateLinkResourceId: story.machineLearning,
        groupId: "amlworkspace",
      },
    },
    { audience: audiences.synapse },
  );
  assert.ok(made.status < 300, made.text);
  await t.open(`${studioPath()}/networking`);
  const row = page.getByRole("row").filter({ hasText: "aml1" });
  await row.getByText("Pending").waitFor();
  await row.getByRole("checkbox").check();
  await page.getByRole("button", { name: "Reject" }).click();
  const rejection = page.getByRole("alertdialog", { name: "Reject connection" });
  await answer(rejection, "Yes");
  await row.getByText("Rejected").waitFor();
  await row.getByRole("checkbox").check();
  await page.getByRole("button", { name: "Approve" }).click();
  const approval = page.getByRole("alertdialog", { name: "Approve connection" });
  await approval.getByLabel("Description").fill("For the demo");
  await answer(approval, "Yes");
  await row.getByText("Approved").waitFor();
  await t.screenshot("ml-networking");
  await t.checkAccessibility();
});

studio.test("A Reader is told why, and the server refuses", async (t) => {
  const { page, server } = t;
  const roles = [{ role: "reader", scope: story.machineLearning }] as const;
  const reader = await createPerson(server, { displayName: "Rita Reader", roles });
  await t.open(`${studioPath()}/linked-services`, reader);
  const button = page.getByRole("button", { name: "Add integration", disabled: true });
  await button.hover();
  await page.getByRole("tooltip").getByText("You need a role with").first().waitFor();
  await button.click({ force: true });
  assert.equal(await page.getByRole("dialog").count(), 0);
  await t.checkAccessibility();
});

studio.test(
  "A Contributor who may use a link but not create one is refused by the server",
  async (t) => {
    const { page, server, watch } = t;
    watch.tolerate(/403/);
    const person = await createPerson(server, {
      displayName: "Conny Contributor",
      roles: [
        { role: "contributor", scope: story.machineLearning },
        { role: "contributor", scope: story.synapse },
      ],
    });
    await t.open(studioPath(), person);
    await fillLink(page, "link3");
    await page.getByText("Linking needs the Owner role of the Synapse workspace").waitFor();
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByRole("dialog").getByText("AuthorizationFailed").first().waitFor();
    await t.screenshot("ml-refused");
    const link = await get(
      `${story.machineLearning}/linkedServices/link3?api-version=2020-09-01-preview`,
    );
    assert.equal(link.status, 404);
  },
);
