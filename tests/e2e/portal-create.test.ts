// From an empty instance: resource group, both workspaces and a Spark pool through the create forms,
// then what the activity log says about it, tags, and deletion of a group with what is in it.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { answer } from "./question.ts";
import { useStudio } from "./studio.ts";
import { createPerson } from "./user.ts";

const studio = useStudio();

const subscription = () => studio.server.subscription;
const synapse = () =>
  `${subscription()}/resourceGroups/made/providers/Microsoft.Synapse/workspaces/made-synapse`;
const machineLearning = () =>
  `${subscription()}/resourceGroups/made/providers/Microsoft.MachineLearningServices/workspaces/made-ml`;

async function create(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Review + create" }).click();
  await page.getByText("Validation passed").waitFor();
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByText("Your deployment is complete").waitFor();
}

async function read(id: string, version: string) {
  return studio.server.admin.send("GET", `${id}?api-version=${version}`);
}

studio.test("An empty instance leads to a group, both workspaces and a Spark pool", async (t) => {
  const { page } = t;
  await t.open("/");
  const steps = page.getByRole("region", { name: "First steps" });
  await steps.getByRole("link", { name: "Create a resource group" }).click();
  await page.getByLabel("Resource group").fill("ends.with.a.dot.");
  await page.getByRole("button", { name: "Review + create" }).click();
  await page.getByText("Validation failed").waitFor();
  await page.getByRole("tab", { name: "Basics" }).click();
  await page.getByLabel("Resource group").fill("made");
  await create(page);

  await page.getByRole("link", { name: "Home" }).first().click();
  await steps.getByRole("link", { name: "Create a Synapse workspace" }).click();
  await page.getByRole("combobox", { name: "Resource group" }).fill("made");
  const name = page.getByLabel("Workspace name");
  await name.fill("Upper");
  await page.getByText(/lower-case letters, digits and hyphens/).waitFor();
  await t.checkAccessibility();
  await name.fill("made-synapse");
  await page.getByRole("combobox", { name: "Account name" }).fill("madelake");
  await page.getByLabel("File system name").fill("synapse");
  await page.getByRole("tab", { name: "Security" }).click();
  await page.getByLabel("SQL Password").fill("Made-Passw0rd-1");
  await page.getByLabel("Confirm password").fill("Made-Passw0rd-1");
  await create(page);
  const made = await read(synapse(), "2021-06-01");
  assert.equal(made.status, 200, made.text);
  assert.equal(made.body.properties.defaultDataLakeStorage.filesystem, "synapse");

  await page.getByRole("button", { name: "Go to resource" }).click();
  await page.getByRole("button", { name: "Open Synapse Studio" }).waitFor();
  await page.getByText("made-synapse.dev.azuresynapse.net").waitFor();
  await page.getByRole("button", { name: "New Apache Spark pool" }).click();
  await page.getByLabel("Apache Spark pool name").fill("spark1");
  await create(page);
  const pool = await read(`${synapse()}/bigDataPools/spark1`, "2021-06-01");
  assert.equal(pool.body.properties.nodeCount, 3, pool.text);

  await page.getByRole("link", { name: "Create a resource" }).first().click();
  await page.getByRole("link", { name: "Azure Machine Learning workspace" }).click();
  await page.getByRole("combobox", { name: "Resource group" }).fill("made");
  await page.getByLabel("Workspace name").fill("made-ml");
  await create(page);
  const workspace = await read(machineLearning(), "2024-04-01");
  assert.match(workspace.body.properties.keyVault, /vaults\/mademl\d{10}$/, workspace.text);
  await page.getByRole("button", { name: "Go to resource" }).click();
  await page.getByRole("button", { name: "Launch studio" }).waitFor();
});

studio.test("The activity log tells who made the workspace, and filters", async (t) => {
  const { page } = t;
  await t.open(`/resource/activity-log${machineLearning()}`);
  const log = page.getByRole("table", { name: "Activity log" });
  const write = "Microsoft.MachineLearningServices/workspaces/write";
  await log.getByRole("button", { name: write }).first().waitFor();
  await page.getByRole("combobox", { name: "Event initiated by" }).click();
  await page.getByRole("option", { name: studio.server.contract.user.upn }).click();
  await log.getByRole("button", { name: write }).first().click();
  const details = page.getByRole("dialog", { name: write });
  await details.getByText(studio.server.contract.user.upn).first().waitFor();
});

studio.test("A Reader may look at the form and is refused when it deploys", async (t) => {
  const { page, server } = t;
  const reader = await createPerson(server, {
    displayName: "Create Reader",
    roles: [{ role: "reader", scope: subscription() }],
  });
  await t.open("/create/resource-group", reader);
  await page.getByLabel("Resource group").fill("refused");
  await page.getByRole("button", { name: "Review + create" }).click();
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByText("Your deployment failed").waitFor();
  await page.getByRole("alert").getByText("AuthorizationFailed").waitFor();
  await page.getByRole("button", { name: "Back to the form" }).click();
  const { status } = await read(`${subscription()}/resourceGroups/refused`, "2022-09-01");
  assert.equal(status, 404);
});

studio.test("Tags are edited, and a group goes with everything that is named", async (t) => {
  const { page } = t;
  await t.open(`/resource/tags${subscription()}/resourceGroups/made`);
  await page.getByLabel("Name of tag 1").fill("cost");
  await page.getByLabel("Value of tag 1").fill("42");
  await page.getByRole("button", { name: "Apply" }).click();
  await page.getByText("Tags of 'made' saved").first().waitFor();
  const { body } = await read(`${subscription()}/resourceGroups/made`, "2022-09-01");
  assert.deepEqual(body.tags, { cost: "42" });

  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByRole("button", { name: "Delete resource group" }).click();
  const question = page.getByRole("alertdialog");
  await question.getByText("made-ml (Azure Machine Learning workspace)").waitFor();
  const confirm = question.getByRole("button", { name: "Delete" });
  assert.equal(await confirm.getAttribute("aria-disabled"), "true", "the name is typed first");
  await question.getByRole("textbox").fill("made");
  await answer(question, "Delete");
  await page.getByText("Resource group 'made' deleted").first().waitFor();
  assert.equal((await read(synapse(), "2021-06-01")).status, 404);
});
