// Microsoft Entra ID in the portal: a user and a group, a role for the group that its member has too,
// and a resource of a type that has no form of its own.

import assert from "node:assert/strict";
import { nameOf, prepareStory, type Story } from "./story.ts";
import { useStudio } from "./studio.ts";

let story: Story;
const studio = useStudio(async (server) => {
  story = await prepareStory(server);
});

studio.test("A member has the role of the group, and Check access says so", async (t) => {
  const { page } = t;
  await t.open("/entra/users");
  await page.getByRole("button", { name: "New user" }).click();
  const form = page.getByRole("dialog", { name: "New user" });
  await form.getByRole("textbox", { name: "User principal name" }).fill("ada");
  await form.getByRole("textbox", { name: "Display name" }).fill("Ada");
  await form.getByLabel("Password").fill("short");
  await form.getByText("It has 8 to 256 characters.").waitFor();
  await form.getByLabel("Password").fill("Long-enough-1");
  await form.getByRole("button", { name: "Create" }).click();
  await page.getByText("User Ada created").first().waitFor();

  await page
    .getByRole("navigation", { name: "Portal" })
    .getByRole("link", { name: "Groups", exact: true })
    .click();
  await page.getByRole("button", { name: "New group" }).click();
  await page.getByRole("textbox", { name: "Group name" }).fill("Analysts");
  await page.getByRole("dialog").getByRole("button", { name: "Create" }).click();
  await page.getByRole("link", { name: "Analysts" }).click();
  await page.getByRole("button", { name: "Add members" }).click();
  await page.getByRole("searchbox", { name: "Select" }).fill("ada");
  await page.getByRole("button", { name: /^Ada \(User\)/ }).click();
  await page.getByText("Members added").first().waitFor();
  await page.getByRole("button", { name: "Close" }).click();
  await page.getByRole("table", { name: "Members" }).getByText("Ada", { exact: true }).waitFor();

  await t.open(`/resource/add-role-assignment${story.machineLearningGroup}`);
  await page.getByRole("radio", { name: "Reader", exact: true }).click();
  await page.getByRole("button", { name: "Next", exact: true }).click();
  await page.getByRole("button", { name: "Select members" }).click();
  await page.getByRole("searchbox", { name: "Select" }).fill("analysts");
  await page.getByRole("button", { name: /^Analysts \(Group\)/ }).click();
  await page.getByRole("button", { name: "Select", exact: true }).click();
  await page.getByRole("tab", { name: "Review + assign" }).click();
  await page.getByRole("button", { name: "Review + assign" }).click();
  await page.getByText("Added role assignment: Reader").first().waitFor();

  await t.open(`/resource/access-control${story.machineLearning}`);
  await page.getByRole("searchbox", { name: "Select" }).fill("ada");
  await page.getByRole("button", { name: /^Ada \(User\)/ }).click();
  const held = page.getByRole("table", { name: "Current role assignments" });
  await held.getByRole("row", { name: /Analysts.*Group.*Reader.*\(Inherited\)/ }).waitFor();
});

studio.test("A type without a form of its own gets one from its definition", async (t) => {
  const { page, server } = t;
  await t.open(`/resource/children${story.synapse}`);
  await page.getByRole("combobox", { name: "Type" }).click();
  await page.getByRole("option", { name: "Firewall rules" }).click();
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("office");
  await page.getByRole("button", { name: "Review + create" }).click();
  await page.getByText("Properties > Start ip address: Start ip address is required.").waitFor();
  await page.getByRole("tab", { name: "Properties" }).click();
  await page.getByRole("textbox", { name: "Start ip address" }).fill("10.0.0.1");
  await page.getByRole("textbox", { name: "End ip address" }).fill("10.0.0.9");
  await t.checkAccessibility();
  await page.getByRole("button", { name: "Review + create" }).click();
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByText("Your deployment is complete").waitFor();
  const path = `${story.synapse}/firewallRules/office?api-version=2021-06-01`;
  const { body, text } = await server.admin.send("GET", path);
  assert.equal(body.properties.endIpAddress, "10.0.0.9", text);
  await page.getByRole("button", { name: "Go to resource" }).click();
  await page.getByRole("heading", { name: "office" }).waitFor();
  await page
    .getByRole("link", { name: nameOf(story.synapse) })
    .first()
    .waitFor();
});
