// The managed identity path without a mouse: Tab reaches everything that is needed, in an order that
// ends, Enter and Space do what a click does, Escape goes back to where one was.

import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { nameOf, prepareStory, type Story } from "./story.ts";
import { useStudio } from "./studio.ts";
import { ownerOf } from "./user.ts";

let story: Story;
const studio = useStudio(async (server) => {
  story = await prepareStory(server);
});

/** More stops than this on the way is no way. */
const stopsMax = 80;

async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.first().waitFor();
  for (let stop = 0; stop < stopsMax; stop += 1) {
    await page.keyboard.press("Tab");
    const isThere = await target.evaluateAll((found) =>
      found.some((element) => element.ownerDocument.activeElement === element),
    );
    if (isThere) return;
  }
  assert.fail(`${stopsMax} times Tab do not lead to ${target}`);
}

async function pressOn(page: Page, target: Locator, key = "Enter"): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

studio.test("A link is made, tested, repaired and saved by keyboard alone", async (t) => {
  const { page, server } = t;
  const { upn, password } = ownerOf(server);
  const address = `/studio/synapse/${nameOf(story.synapse)}/manage/linked-services`;
  await page.goto(`${server.contract.origin}${address}`);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.keyboard.type(upn);
  await page.keyboard.press("Tab");
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Linked services" }).waitFor();
  await pressOn(page, page.getByRole("link", { name: "Skip to the page" }));
  // The link skips the navigation, in the browser's next frame.
  await page.getByRole("main").and(page.locator(":focus")).waitFor();

  const add = page.getByRole("button", { name: "New", exact: true });
  await pressOn(page, add);
  const gallery = page.getByRole("dialog", { name: "New linked service" });
  await gallery.waitFor();
  await page.keyboard.press("Escape");
  await gallery.waitFor({ state: "hidden" });
  // Escape leads back to the button, as soon as the panel has left.
  await add.and(page.locator(":focus")).waitFor();
  await page.keyboard.press("Enter");
  await tabTo(page, gallery.getByLabel("Search linked services"));
  await page.keyboard.type("Azure Machine Learning");
  const tile = gallery.getByRole("button", { name: "Azure Machine Learning", exact: true });
  await pressOn(page, tile, "Space");
  await pressOn(page, gallery.getByRole("button", { name: "Continue" }));

  const form = page.getByRole("dialog", { name: "New linked service (Azure Machine Learning)" });
  const workspace = form.getByRole("combobox", { name: "Azure Machine Learning workspace name" });
  await pressOn(page, workspace);
  await page.getByRole("option", { name: nameOf(story.machineLearning) }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await form.getByText(nameOf(story.machineLearning)).first().waitFor();
  await pressOn(page, form.getByRole("button", { name: "Test connection" }));
  await form.getByText("Connection failed").waitFor();
  await pressOn(page, form.getByRole("button", { name: /^Grant / }));
  await pressOn(page, form.getByRole("button", { name: "Test again" }));
  await form.getByText("Connection successful").waitFor();
  await pressOn(page, form.getByRole("button", { name: "Save" }));
  await form.waitFor({ state: "hidden" });
  const grid = page.getByRole("table", { name: "Linked services" });
  await grid.getByText("Azure Machine Learning").waitFor();
});
