// The link map: red in both directions while roles are missing, each opened and repaired from the map,
// then nothing is missing. By keyboard too.

import assert from "node:assert/strict";
import { audiences } from "../fixture/server.ts";
import { linkBothWays, sparkAdministratorRole } from "./link.ts";
import { nameOf, prepareStory, type Story } from "./story.ts";
import { useStudio } from "./studio.ts";
import { createPerson } from "./user.ts";

let story: Story;
const studio = useStudio(async (server) => {
  story = await prepareStory(server);
  await linkBothWays(server, story);
  await revokeAll();
});

/** Takes back the roles of the links' identities. */
async function revokeAll(): Promise<void> {
  const { admin } = studio.server;
  const azure = `${story.machineLearning}/providers/Microsoft.Authorization/roleAssignments`;
  const { body } = await admin.send("GET", `${azure}?api-version=2022-04-01`);
  const given = body.value.filter(
    ({ properties }: { properties: { principalId: string } }) =>
      properties.principalId === story.synapseIdentity,
  );
  for (const { id } of given) await admin.send("DELETE", `${id}?api-version=2022-04-01`);
  const workspace = nameOf(story.synapse);
  const owner = studio.server.caller(studio.server.contract.user.objectId);
  const path = `/synapse/${workspace}/roleAssignments`;
  const synapse = await owner.send("GET", `${path}?api-version=2020-12-01`, undefined, {
    audience: audiences.synapse,
  });
  for (const { id, roleDefinitionId } of synapse.body.value) {
    if (roleDefinitionId !== sparkAdministratorRole) continue;
    await owner.send("DELETE", `${path}/${id}?api-version=2020-12-01`, undefined, {
      audience: audiences.synapse,
    });
  }
}

studio.test("What is missing is red, opens what fixes it, and is green afterwards", async (t) => {
  const { page } = t;
  await t.open("/");
  await page
    .getByRole("navigation", { name: "Portal" })
    .getByRole("link", { name: "Link map" })
    .click();
  await page.getByText("3 things are missing.").waitFor();
  const list = page.getByRole("table", { name: "Links, roles and pools" });
  assert.equal(await list.getByRole("row", { name: /Missing/ }).count(), 3);
  await page.getByRole("group", { name: /AzureML1.*Missing/ }).waitFor();
  await t.screenshot("link map red");
  await t.checkAccessibility();

  await list.getByRole("button", { name: /has no sufficient role on contoso-ml/ }).click();
  const panel = page.getByRole("dialog");
  await panel.getByText("Connection failed").waitFor();
  await panel.getByRole("button", { name: "Grant Contributor" }).click();
  await panel.getByRole("button", { name: "Test again" }).click();
  await panel.getByText("Connection successful").waitFor();
  await panel.getByRole("button", { name: "Close" }).click();
  await panel.waitFor({ state: "hidden" });

  const edge = page.getByRole("group", { name: /is no Synapse Apache Spark Administrator/ });
  await edge.focus();
  await page.keyboard.press("Enter");
  await panel.getByRole("button", { name: "Assign Synapse Apache Spark Administrator" }).click();
  await panel.getByText("may use Spark in contoso-synapse").waitFor();
  await panel.getByRole("button", { name: "Close" }).click();
  await page.getByText("Nothing is missing.").waitFor();
  await t.screenshot("link map green");
});

studio.test("Who may see nothing inside is told so, and the map stays", async (t) => {
  const { page, server } = t;
  const reader = await createPerson(server, {
    displayName: "Map Reader",
    roles: [{ role: "reader", scope: server.subscription }],
  });
  await t.open("/map", reader);
  await page.getByRole("heading", { name: "Link map" }).waitFor();
  await page.getByText("You may not see everything in it").first().waitFor();
});
