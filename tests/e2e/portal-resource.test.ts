// Lists of the portal with many rows: every step stays quick, filters and pages work; and every page of
// a resource has what it says.

import assert from "node:assert/strict";
import type { TestServer } from "../fixture/server.ts";
import { roleIds } from "../registry/principal.ts";
import { answer } from "./question.ts";
import { useStudio } from "./studio.ts";

const count = 10_000;

const studio = useStudio(async (server) => {
  const group = `${server.subscription}/resourceGroups/many`;
  const put = async (id: string, version: string, body: object) => {
    const reply = await server.admin.send("PUT", `${id}?api-version=${version}`, {
      location: "westeurope",
      ...body,
    });
    assert.ok(reply.status < 300, reply.text);
  };
  await put(group, "2022-09-01", {});
  await put(`${server.subscription}/resourceGroups/assigned`, "2022-09-01", {});
  await assignMany(server);
  const first = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/identity-00000`;
  await put(first, "2023-01-31", { tags: { part: "part-0" } });
  await copyMany(server, first);
});

/** Copies of one that was made, into the store at once: requests would be the test of something else. */
async function copyMany(server: TestServer, first: string): Promise<void> {
  await server.running.internals.store.transaction(async (writer) => {
    const { etag: _, ...made } = (await writer.document(first.toLowerCase())) ?? assert.fail();
    const text = JSON.stringify(made);
    for (let index = 1; index < count; index += 1) {
      const name = `identity-${String(index).padStart(5, "0")}`;
      const copy = text
        .replaceAll("identity-00000", name)
        .replaceAll("part-0", `part-${index % 3}`);
      await writer.put(JSON.parse(copy));
    }
  });
}

const scope = () => `${studio.server.subscription}/resourceGroups/assigned`;
const principalAt = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;

async function assignMany(server: TestServer): Promise<void> {
  await server.running.internals.store.transaction(async (writer) => {
    for (let index = 0; index < count; index += 1) {
      const name = `10000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
      const id = `${scope()}/providers/Microsoft.Authorization/roleAssignments/${name}`;
      await writer.put({
        id: id.toLowerCase(),
        type: "Microsoft.Authorization/roleAssignments",
        parent: scope().toLowerCase(),
        body: {
          id,
          name,
          properties: {
            roleDefinitionId: `${server.subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleIds.reader}`,
            principalId: principalAt(index),
            principalType: "ServicePrincipal",
            scope: scope(),
            description: null,
            createdOn: "2026-01-01T00:00:00Z",
            createdBy: null,
          },
        },
      });
    }
  });
}

/** Of one step with the list of ten thousand, on a machine that does other things too. */
const stepMsMax = 2_000;

async function quick(what: string, step: () => Promise<unknown>): Promise<void> {
  const startMs = performance.now();
  await step();
  const tookMs = performance.now() - startMs;
  assert.ok(tookMs < stepMsMax, `${what} took ${Math.round(tookMs)} ms`);
}

studio.test("Ten thousand resources filter, sort and page without waiting", async (t) => {
  const { page } = t;
  await t.open("/resources");
  await page.getByText("10,000 items").waitFor({ timeout: 60_000 });
  assert.ok((await page.getByRole("row").count()) < 100, "only the page that is seen is drawn");
  await quick("Filtering", async () => {
    await page.getByRole("searchbox", { name: "Filter Resources" }).fill("identity-0999");
    await page.getByText("10 of 10,000").waitFor();
  });
  await page.getByRole("searchbox", { name: "Filter Resources" }).fill("");
  await page.getByText("10,000 items").waitFor();
  await quick("Sorting", async () => {
    await page.getByRole("columnheader", { name: "Name" }).click();
    await page.getByRole("columnheader", { name: "Name" }).click();
    await page.getByRole("link", { name: "identity-09999" }).waitFor();
  });
  await quick("The next page", async () => {
    await page.getByRole("button", { name: "Next page" }).click();
    await page.getByRole("link", { name: "identity-09949" }).waitFor();
  });
  await page.getByRole("combobox", { name: "Tag" }).click();
  await page.getByRole("option", { name: "part: part-1" }).click();
  await page.getByText("3,333 items").waitFor();
});

studio.test("Ten thousand role assignments filter, sort and page without waiting", async (t) => {
  const { page } = t;
  await t.open(`/resource/access-control${scope()}`);
  await page.getByRole("tab", { name: "Role assignments" }).click();
  await page.getByText(/^10,00\d items$/).waitFor({ timeout: 60_000 });
  await quick("Filtering", async () => {
    await page.getByRole("searchbox", { name: "Filter Role assignments" }).fill(principalAt(77));
    await page.getByText(/^1 of 10,00\d$/).waitFor();
  });
  await page.getByRole("searchbox", { name: "Filter Role assignments" }).fill("");
  await page.getByText(/^10,00\d items$/).waitFor();
  await quick("Sorting", async () => {
    await page.getByRole("columnheader", { name: "Type" }).click();
    await page
      .getByRole("columnheader", { name: "Type", exact: true })
      .and(page.locator("[aria-sort=ascending]"))
      .waitFor();
  });
  await quick("The next page", async () => {
    await page.getByRole("button", { name: "Next page" }).click();
    await page.getByText("Page 2 of").waitFor();
  });
});

studio.test("A resource shows its JSON, its properties and its own activity", async (t) => {
  const { page } = t;
  const id = `${studio.server.subscription}/resourceGroups/many/providers/Microsoft.ManagedIdentity/userAssignedIdentities/identity-00000`;
  await t.open(`/resource/overview${id}`);
  await page.getByRole("heading", { name: "identity-00000" }).waitFor();
  await page.getByRole("link", { name: "Properties" }).click();
  await page.getByRole("cell", { name: "properties.principalId" }).waitFor();
  await page.getByRole("link", { name: "JSON view" }).click();
  await page.getByLabel("JSON view").getByText("identity-00000").first().waitFor();
  await page.getByRole("link", { name: "Activity log" }).last().click();
  await page
    .getByRole("button", { name: "Microsoft.ManagedIdentity/userAssignedIdentities/write" })
    .waitFor();
  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByRole("button", { name: "Delete" }).click();
  await answer(page.getByRole("alertdialog"), "Delete");
  await page.getByText("'identity-00000' deleted").first().waitFor();
  await page.getByRole("heading", { name: "many" }).waitFor();
  assert.equal(await page.getByRole("alertdialog").count(), 0, "the group is not asked about");
});
