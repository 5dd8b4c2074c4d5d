// Steps of link-from-synapse.md that several of its paths share, by role and label only.

import type { Locator, Page } from "playwright-core";
import { nameOf, type Story } from "./story.ts";
import type { StudioTest } from "./studio.ts";
import type { Person } from "./user.ts";

/** "In the Synapse workspace …, go to Manage > Linked services, and create a new linked service with type "Azure Machine Learning"." Gives the form. */
export async function newLinkedService(
  t: StudioTest,
  { story, person }: { story: Story; person?: Person },
): Promise<Locator> {
  const { page } = t;
  await openLinkedServices(t, { story, ...(person && { person }) });
  await page.getByRole("button", { name: "New", exact: true }).click();
  const gallery = page.getByRole("dialog", { name: "New linked service" });
  await gallery.getByLabel("Search linked services").fill("Azure Machine Learning");
  await gallery.getByRole("button", { name: "Azure Machine Learning", exact: true }).click();
  await gallery.getByRole("button", { name: "Continue" }).click();
  const form = page.getByRole("dialog", { name: "New linked service (Azure Machine Learning)" });
  await form.getByLabel("Authentication method").waitFor();
  return form;
}

export async function openLinkedServices(
  t: StudioTest,
  { story, person }: { story: Story; person?: Person },
): Promise<void> {
  const { page } = t;
  await t.open(`/synapse/${nameOf(story.synapse)}`, person);
  const navigation = page.getByRole("navigation", { name: "Synapse Studio" });
  await navigation.getByRole("link", { name: "Linked services" }).click();
  await page.getByRole("heading", { name: "Linked services" }).waitFor();
}

/** "Provide the details about the Azure Machine Learning workspace you want to link to." */
export async function fillWorkspace(page: Page, form: Locator, story: Story): Promise<void> {
  await choose(page, form.getByLabel("Azure Machine Learning workspace name"), {
    option: nameOf(story.machineLearning),
  });
}

/** Opens a list and takes an option. */
export async function choose(
  page: Page,
  list: Locator,
  { option }: { option: string | RegExp },
): Promise<void> {
  await list.click();
  await page.getByRole("option", { name: option }).click();
}

/** The result of the test, when it is there. */
export async function testConnection(form: Locator): Promise<Locator> {
  await form.getByRole("button", { name: "Test connection" }).click();
  const result = form.getByRole("region", { name: "Result of the test" });
  await result.waitFor();
  return result;
}
