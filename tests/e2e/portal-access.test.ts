// The portal's part of link-from-synapse.md: the managed identity's role by the workspace's name, the
// application with its secret and service principal, and the same as a Reader.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { audiences } from "../fixture/server.ts";
import { answer } from "./question.ts";
import { nameOf, prepareStory, type Story } from "./story.ts";
import { type StudioTest, useStudio } from "./studio.ts";
import { createPerson, holdersOf, type Person } from "./user.ts";

let story: Story;
const studio = useStudio(async (server) => {
  story = await prepareStory(server);
});

/** "Navigate to your Azure Machine Learning workspace resource in the Azure portal and select Access Control." */
async function openAccessControl(t: StudioTest, person?: Person): Promise<void> {
  const { page } = t;
  await t.open("/", person);
  await page.getByRole("link", { name: "All resources" }).first().click();
  await page.getByRole("link", { name: nameOf(story.machineLearning), exact: true }).click();
  await page.getByRole("link", { name: "Access control (IAM)" }).click();
  await page.getByRole("heading", { name: /Access control \(IAM\)/ }).waitFor();
}

async function chooseRole(page: Page, role: string): Promise<void> {
  await page.getByRole("searchbox", { name: "Filter Roles" }).fill(role);
  await page.getByRole("radio", { name: role, exact: true }).click();
  await page.getByRole("button", { name: "Next", exact: true }).click();
}

async function chooseMember(page: Page, member: string): Promise<void> {
  await page.getByRole("button", { name: "Select members" }).click();
  const panel = page.getByRole("dialog");
  await panel.getByRole("searchbox", { name: "Select" }).fill(member);
  await panel.getByRole("button", { name: new RegExp(`^${member} \\(`) }).click();
  await panel.getByRole("button", { name: "Select", exact: true }).click();
  await page.getByRole("table", { name: "Members" }).getByText(member, { exact: true }).waitFor();
}

const holdersOfWorkspace = () => holdersOf(studio.server, { scope: story.machineLearning });

studio.test(
  "The workspace's managed identity is found by its name and made Contributor",
  async (t) => {
    const { page } = t;
    await openAccessControl(t);
    await page.getByRole("button", { name: "Add role assignment" }).click();
    await chooseRole(page, "Contributor");
    await page.getByRole("radio", { name: "Managed identity" }).click();
    await chooseMember(page, nameOf(story.synapse));
    await t.checkAccessibility();
    await page.getByRole("button", { name: "Next", exact: true }).click();
    await page.getByText(story.synapseIdentity).waitFor();
    await page.getByRole("button", { name: "Review + assign" }).click();
    await page.getByText("Added role assignment: Contributor").first().waitFor();
    assert.deepEqual(await holdersOfWorkspace(), [story.synapseIdentity]);

    await page.getByRole("radio", { name: "Managed identity" }).click();
    await page.getByRole("searchbox", { name: "Select" }).fill(nameOf(story.synapse));
    await page.getByRole("button", { name: new RegExp(`^${nameOf(story.synapse)} \\(`) }).click();
    const held = page.getByRole("table", { name: "Current role assignments" });
    await held.getByRole("row", { name: /Contributor.*This resource/ }).waitFor();
    await page.getByRole("button", { name: "Close" }).click();

    await page.getByRole("tab", { name: "Role assignments" }).click();
    await page.getByRole("checkbox", { name: new RegExp(`^${nameOf(story.synapse)}`) }).check();
    await page.getByRole("button", { name: "Remove" }).click();
    await answer(page.getByRole("alertdialog"), "Remove");
    await page.getByText("Role assignment removed").first().waitFor();
    assert.deepEqual(await holdersOfWorkspace(), []);
  },
);

studio.test(
  "An application gets a service principal, a secret shown once, and the role",
  async (t) => {
    const { page } = t;
    await t.open("/");
    await page.getByRole("link", { name: "App registrations" }).last().click();
    await page.getByRole("button", { name: "New registration" }).click();
    await page.getByRole("button", { name: "Register" }).click();
    await page.getByText("Name is required.").waitFor();
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("contoso-link");
    await page.getByRole("button", { name: "Register" }).click();
    await page.getByRole("heading", { name: "contoso-link", exact: true }).waitFor();
    await page.getByText("Application (client) ID", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Create service principal" }).click();
    await page.getByRole("link", { name: "contoso-link", exact: true }).waitFor();

    await page.getByRole("link", { name: "Certificates & secrets" }).click();
    await page.getByRole("button", { name: "New client secret" }).click();
    await page.getByLabel("Description").fill("for the link");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    const secret = (await page.getByRole("code").textContent()) ?? "";
    await t.checkAccessibility();
    await signsIn({ secret });
    await page.getByRole("link", { name: "Overview" }).click();
    await page.getByRole("link", { name: "Certificates & secrets" }).click();
    await page.getByRole("table", { name: "Client secrets" }).getByText("for the link").waitFor();
    assert.equal(await page.getByText(secret).count(), 0, "the value is shown once");

    await openAccessControl(t);
    await page.getByRole("button", { name: "Add role assignment" }).click();
    await chooseRole(page, "Contributor");
    await chooseMember(page, "contoso-link");
    await page.getByRole("tab", { name: "Review + assign" }).click();
    await page.getByRole("button", { name: "Review + assign" }).click();
    await page.getByText("Added role assignment: Contributor").first().waitFor();
    assert.equal((await holdersOfWorkspace()).length, 1);
  },
);

/** The value that was shown is the application's secret. */
async function signsIn({ secret }: { secret: string }): Promise<void> {
  const { server } = studio;
  const { body } = await server.admin.send(
    "GET",
    "/graph/v1.0/applications?$filter=displayName%20eq%20'contoso-link'",
    undefined,
    { audience: audiences.graph },
  );
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: body.value[0].appId,
    client_secret: secret,
    scope: `${audiences.arm}/.default`,
  });
  const answer = await server.nobody.send(
    "POST",
    `/${server.contract.tenantId}/oauth2/v2.0/token`,
    form.toString(),
    { headers: { "content-type": "application/x-www-form-urlencoded" } },
  );
  assert.equal(answer.status, 200, answer.text);
}

studio.test(
  "A Reader is told why, and the server refuses what the page is made to send",
  async (t) => {
    const { page, server } = t;
    const reader = await createPerson(server, {
      displayName: "Portal Reader",
      roles: [{ role: "reader", scope: server.subscription }],
    });
    await openAccessControl(t, reader);
    const add = page.getByRole("button", { name: "Add role assignment" });
    await add.and(page.locator("[aria-disabled=true]")).waitFor();
    await add.focus();
    await page.getByRole("tooltip", { name: /roleAssignments\/write/ }).waitFor();

    const before = await holdersOfWorkspace();
    await page.route("**/Microsoft.Authorization/permissions*", (route) =>
      route.fulfill({ json: { value: [{ actions: ["*"], notActions: [] }] } }),
    );
    await t.open(`/resource/add-role-assignment${story.machineLearning}`, reader);
    await chooseRole(page, "Owner");
    await chooseMember(page, "Portal Reader");
    await page.getByRole("tab", { name: "Review + assign" }).click();
    await page.getByRole("button", { name: "Review + assign" }).click();
    await page.getByRole("alert").getByText("AuthorizationFailed").first().waitFor();
    assert.deepEqual(await holdersOfWorkspace(), before);
  },
);
