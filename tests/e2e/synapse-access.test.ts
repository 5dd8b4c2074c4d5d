// Access control of a Synapse workspace: roles at the workspace and at items, for people and managed
// identities, and what who may not is told.

import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { audiences } from "../fixture/server.ts";
import { answer } from "./question.ts";
import { nameOf, prepareStory, type Story } from "./story.ts";
import { useStudio } from "./studio.ts";
import { choose } from "./synapse-form.ts";
import { createPerson, grantSynapseRole, type Person } from "./user.ts";

const administrator = "6e4bf58a-b8e1-4cc3-bbf9-d73143322b78";
const artifactUser = "53faaa0e-40b6-40c8-a2ff-e38f2d388875";
const credentialUser = "5eb298b4-692c-4241-9cf0-f58a3b42bb25";

let story: Story;
let ada: Person;
const studio = useStudio(async (server) => {
  story = await prepareStory(server);
  ada = await createPerson(server, { displayName: "Ada Lovelace" });
});

const workspace = () => nameOf(story.synapse);
const place = () => `/synapse/${workspace()}/manage/access-control`;
const grid = (page: Page) => page.getByRole("table", { name: "Role assignments" });

async function rolesOf(principalId: string) {
  const path = `/synapse/${workspace()}/roleAssignments?api-version=2020-12-01&principalId=${principalId}`;
  const owner = studio.server.caller(studio.server.contract.user.objectId);
  const { body } = await owner.send("GET", path, undefined, { audience: audiences.synapse });
  return body.value.map(
    ({ roleDefinitionId, scope }: { roleDefinitionId: string; scope: string }) =>
      `${roleDefinitionId} ${scope}`,
  );
}

/** As the server tells them for one scope. */
async function rolesValidFor(item: string): Promise<string[]> {
  const scope = `workspaces/${workspace()}/${item}`;
  const path = `/synapse/${workspace()}/roleDefinitions?api-version=2020-12-01&scope=${scope}`;
  const owner = studio.server.caller(studio.server.contract.user.objectId);
  const { body } = await owner.send("GET", path, undefined, { audience: audiences.synapse });
  return body.map(({ name }: { name: string }) => name).sort();
}

async function select(panel: Locator, name: string | RegExp, search: string): Promise<void> {
  await panel.getByLabel("Select user").fill(search);
  await panel.getByRole("list", { name: "Found" }).getByRole("button", { name }).click();
}

async function add(page: Page): Promise<Locator> {
  await page.getByRole("button", { name: "Add", exact: true }).click();
  return page.getByRole("dialog", { name: "Add role assignment" });
}

/** Synapse Apache Spark Administrator to the machine learning workspace's own identity. */
async function giveToIdentity(page: Page): Promise<Locator> {
  const panel = await add(page);
  const option = "Synapse Apache Spark Administrator";
  await choose(page, panel.getByLabel("Role"), { option });
  await select(panel, /contoso-ml.*Managed Identity/s, "contoso-ml");
  await panel.getByRole("button", { name: "Apply" }).click();
  return panel;
}

studio.test("A role is given at the workspace and taken back", async (t) => {
  const { page } = t;
  await t.open(place());
  await grid(page).getByText("Synapse Administrator").first().waitFor();
  await t.screenshot("access control");
  const panel = await add(page);
  await choose(page, panel.getByLabel("Role"), { option: "Synapse Artifact User" });
  await select(panel, /^Ada Lovelace/, "Ada");
  await panel.getByRole("list", { name: "Selected" }).getByText("Ada Lovelace").waitFor();
  await t.screenshot("access control add");
  await t.checkAccessibility();
  await panel.getByRole("button", { name: "Apply" }).click();
  const row = grid(page).getByRole("row").filter({ hasText: "Ada Lovelace" });
  await row.getByText("Synapse Artifact User").waitFor();
  await row.getByText(`Workspace: ${workspace()}`).waitFor();
  assert.deepEqual(await rolesOf(ada.objectId), [`${artifactUser} workspaces/${workspace()}`]);
  await row.getByRole("checkbox").check();
  await page.getByRole("button", { name: "Remove access" }).click();
  const question = page.getByRole("alertdialog", { name: "Remove access?" });
  await question.getByText("Ada Lovelace: Synapse Artifact User").waitFor();
  await t.checkAccessibility();
  await answer(question, "Remove access");
  await row.waitFor({ state: "detached" });
  assert.deepEqual(await rolesOf(ada.objectId), []);
});

studio.test("An item offers only the roles that are valid for its type", async (t) => {
  const { page } = t;
  await t.open(place());
  const panel = await add(page);
  await panel.getByRole("radio", { name: "Workspace item" }).click();
  const expected = [
    ["Apache Spark pool", "bigDataPools/spark1"],
    ["Linked service", `linkedServices/${workspace()}-WorkspaceDefaultStorage`],
    ["Credential", "credentials/WorkspaceSystemIdentity"],
  ] as const;
  for (const [type, item] of expected) {
    await choose(page, panel.getByLabel("Item type"), { option: type });
    await panel.getByLabel("Role").click();
    await page.getByRole("option").first().waitFor();
    const offered = await page.getByRole("option").allTextContents();
    assert.deepEqual(offered.sort(), await rolesValidFor(item), type);
    assert.ok(!offered.includes("Synapse SQL Administrator"), "it is valid for the workspace only");
    await page.keyboard.press("Escape");
  }
  await choose(page, panel.getByRole("combobox", { name: "Item", exact: true }), {
    option: "WorkspaceSystemIdentity",
  });
  await choose(page, panel.getByLabel("Role"), { option: "Synapse Credential User" });
  await select(panel, /^Ada Lovelace/, ada.objectId);
  await t.screenshot("access control item");
  await t.checkAccessibility();
  await panel.getByRole("button", { name: "Apply" }).click();
  await grid(page).getByText("Credential: WorkspaceSystemIdentity").waitFor();
  const scope = `workspaces/${workspace()}/credentials/WorkspaceSystemIdentity`;
  assert.deepEqual(await rolesOf(ada.objectId), [`${credentialUser} ${scope}`]);
});

studio.test("A managed identity is found by its name and gets a role", async (t) => {
  const { page } = t;
  await t.open(place());
  await giveToIdentity(page);
  const row = grid(page).getByRole("row").filter({ hasText: "contoso-ml" });
  await row.getByText("Synapse Apache Spark Administrator").waitFor();
  await row.getByText("Managed Identity", { exact: true }).waitFor();
});

studio.test("What is given already is refused, and the panel says so", async (t) => {
  const { page } = t;
  await t.open(place());
  const panel = await giveToIdentity(page);
  await panel.getByRole("alert").getByText("RoleAssignmentExists").waitFor();
  await t.screenshot("access control refused");
});

studio.test("Who administers one item gives roles there and nowhere else", async (t) => {
  const { page, server } = t;
  const person = await createPerson(server, { displayName: "Emmy Noether" });
  const scope = `workspaces/${workspace()}/credentials/WorkspaceSystemIdentity`;
  const owner = server.caller(server.contract.user.objectId);
  const given = await owner.send(
    "PUT",
    `/synapse/${workspace()}/roleAssignments/${crypto.randomUUID()}?api-version=2020-12-01`,
    { roleId: administrator, principalId: person.objectId, scope },
    { audience: audiences.synapse },
  );
  assert.equal(given.status, 200, given.text);
  await t.open(place(), person);
  await grid(page).getByText("Emmy Noether").waitFor();
  const panel = await add(page);
  await select(panel, /^Emmy Noether/, "Emmy");
  await panel.getByRole("button", { name: "Apply", disabled: true }).hover();
  await page.getByRole("tooltip", { name: /roleAssignments\/write/ }).waitFor();
  await panel.getByRole("radio", { name: "Workspace item" }).click();
  await choose(page, panel.getByLabel("Item type"), { option: "Credential" });
  await choose(page, panel.getByRole("combobox", { name: "Item", exact: true }), {
    option: "WorkspaceSystemIdentity",
  });
  await choose(page, panel.getByLabel("Role"), { option: "Synapse Credential User" });
  await panel.getByRole("button", { name: "Apply", disabled: false }).click();
  await panel.waitFor({ state: "hidden" });
  const roles = await rolesOf(person.objectId);
  assert.deepEqual(
    roles.sort(),
    [`${administrator} ${scope}`, `${credentialUser} ${scope}`].sort(),
  );
});

studio.test("An Artifact User sees who may what, and changes nothing", async (t) => {
  const { page, server } = t;
  const grace = await createPerson(server, { displayName: "Grace Hopper" });
  await grantSynapseRole(server, {
    workspace: workspace(),
    roleId: artifactUser,
    objectId: grace.objectId,
  });
  await t.open(place(), grace);
  await grid(page).getByText("Synapse Administrator").first().waitFor();
  const button = page.getByRole("button", { name: "Add", exact: true });
  await page.getByRole("button", { name: "Add", exact: true, disabled: true }).waitFor();
  await button.hover();
  const tooltip = page.getByRole("tooltip", { name: /roleAssignments\/write/ });
  await tooltip.getByText("Synapse Administrator").waitFor();
  await t.screenshot("access control artifact user");
  await t.checkAccessibility();
  await button.click({ force: true });
  assert.equal(await page.getByRole("dialog").count(), 0);
  const refused = await server
    .caller(grace.objectId)
    .send(
      "PUT",
      `/synapse/${workspace()}/roleAssignments/${crypto.randomUUID()}?api-version=2020-12-01`,
      { roleId: artifactUser, principalId: ada.objectId, scope: `workspaces/${workspace()}` },
      { audience: audiences.synapse },
    );
  assert.equal(refused.status, 403);
});
