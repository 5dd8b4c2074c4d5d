// link-from-azure-ml.md followed word by word: the wizard without and with Spark pools, the role that
// the link's identity needs granted in Synapse Studio, and the same as a Contributor.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { nameOf, prepareStory, type Story } from "./story.ts";
import { type StudioTest, useStudio } from "./studio.ts";
import { choose } from "./synapse-form.ts";
import { createPerson, type Person } from "./user.ts";

const linkVersion = "2020-09-01-preview";
const role = "Synapse Apache Spark Administrator";

let story: Story;
const studio = useStudio(async (server) => {
  story = await prepareStory(server);
});

async function get(path: string) {
  return studio.server.admin.send("GET", path);
}

/** "Sign in to the Azure Machine Learning studio. Select Linked Services in the Manage section of the left pane. Select Add integration." */
async function addIntegration(t: StudioTest, person?: Person): Promise<void> {
  const { page } = t;
  await t.open("/", person);
  const name = nameOf(story.machineLearning);
  await page.getByRole("link", { name: `Launch studio of ${name}` }).click();
  const pane = page.getByRole("navigation", { name: "Azure Machine Learning studio" });
  const manage = pane.getByRole("region", { name: "Manage" });
  await manage.getByRole("link", { name: "Linked Services" }).click();
  await page.getByRole("button", { name: "Add integration" }).click();
}

/** "On the Link workspace form, populate the fields." */
async function populate(page: Page, name: string): Promise<void> {
  const form = page.getByRole("dialog", { name: "Link workspace" });
  await form.getByRole("textbox", { name: "Name", exact: true }).fill(name);
  await choose(page, form.getByLabel("Subscription name"), { option: "Callosum" });
  await choose(page, form.getByLabel("Synapse workspace"), { option: nameOf(story.synapse) });
  await page.getByRole("button", { name: "Next" }).click();
}

studio.test("The wizard links without Spark pools, and attaches nothing", async (t) => {
  const { page } = t;
  await addIntegration(t);
  await populate(page, "withoutpools");
  await page.getByRole("table", { name: "Spark pools" }).getByText("spark1").waitFor();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByText("Spark pools to attach").waitFor();
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { name: "withoutpools" }).waitFor();
  const { body } = await get(`${story.machineLearning}/computes?api-version=2022-10-01`);
  assert.deepEqual(body.value, []);
});

studio.test("The wizard links and attaches the pool that was selected", async (t) => {
  const { page } = t;
  await addIntegration(t);
  await populate(page, "synapselink1");
  await page.getByRole("checkbox", { name: "spark1" }).check();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { name: "synapselink1" }).waitFor();
  await page.getByRole("tab", { name: "Attached Spark pools" }).click();
  await page.getByRole("link", { name: "spark1" }).waitFor();
  const { body } = await get(`${story.machineLearning}/computes/spark1?api-version=2022-10-01`);
  assert.equal(body.properties.resourceId, story.sparkPool);
});

studio.test(`The link's identity is made ${role} in Synapse Studio`, async (t) => {
  const { page } = t;
  const link = `${story.machineLearning}/linkedServices/synapselink1`;
  const { body } = await get(`${link}?api-version=${linkVersion}`);
  const principalId: string = body.identity.principalId;
  await t.open(`/synapse/${nameOf(story.synapse)}`);
  const navigation = page.getByRole("navigation", { name: "Synapse Studio" });
  await navigation.getByRole("link", { name: "Access control" }).click();
  await page.getByRole("button", { name: "Add", exact: true }).click();
  const panel = page.getByRole("dialog", { name: "Add role assignment" });
  await choose(page, panel.getByRole("combobox", { name: "Role", exact: true }), { option: role });
  await panel.getByLabel("Select user").fill(principalId);
  await panel.getByRole("list", { name: "Found" }).getByRole("button").first().click();
  await t.screenshot("synapse add role");
  await t.checkAccessibility();
  await panel.getByRole("button", { name: "Apply" }).click();
  await panel.waitFor({ state: "hidden" });
  await t.screenshot("synapse access control");
  const [, , subscription, , group] = story.machineLearning.split("/");
  await t.open(
    `/ml/${subscription}/${group}/${nameOf(story.machineLearning)}/linked-services/synapselink1`,
  );
  await page.getByText("sessions can start").waitFor();
});

studio.test("A Contributor uses links that exist, and is refused a new one", async (t) => {
  const { page, server } = t;
  const person = await createPerson(server, {
    displayName: "Contributor of both",
    roles: [
      { role: "contributor", scope: story.synapse },
      { role: "contributor", scope: story.machineLearning },
    ],
  });
  await addIntegration(t, person);
  await populate(page, "refused");
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByRole("alert").getByText("Ask an Owner").first().waitFor();
  await t.screenshot("ml link refused");
  await t.checkAccessibility();
  const refused = `${story.machineLearning}/linkedServices/refused?api-version=${linkVersion}`;
  assert.equal((await get(refused)).status, 404);
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("link", { name: "synapselink1" }).click();
  await page.getByRole("tab", { name: "Attached Spark pools" }).click();
  await page.getByRole("link", { name: "spark1" }).waitFor();
});
