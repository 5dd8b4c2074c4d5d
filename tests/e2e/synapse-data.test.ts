// Data and Develop of Synapse Studio: scripts that run and are cancelled, and the scoring wizard from a
// table's menu to scored rows, as the tutorial tells it.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { readPredictions } from "../fixture/flight.ts";
import type { Caller, TestServer } from "../fixture/server.ts";
import { linkFromSynapse } from "./link.ts";
import { registerModel } from "./model.ts";
import { nameOf, prepareStory, type Story } from "./story.ts";
import { useStudio } from "./studio.ts";
import { createPerson, grantSynapseRole } from "./user.ts";

let story: Story;
const studio = useStudio(async (server) => {
  story = await prepareStory(server, { hasSqlPool: true });
});

const expected = readPredictions().slice(0, 5);

const synapseUserRole = "2a385764-43e8-416c-9825-7b18d05a2c4b";
const sqlAudience = "https://database.windows.net";
/** The person who made the workspace, and so administers it. */
const owner = (server: TestServer): Caller => server.caller(server.contract.user.objectId);
const root = () => `/synapse/${nameOf(story.synapse)}`;

async function runSql(server: TestServer, query: string): Promise<string> {
  const { text } = await owner(server).send(
    "POST",
    `/sql/${nameOf(story.synapse)}/databases/pool1/query?api-version=2018-08-01-preview`,
    { query },
    { audience: sqlAudience },
  );
  assert.match(text, /"succeeded"/, text);
  return text;
}

async function typeScript(page: Page, text: string): Promise<void> {
  const editor = page.getByRole("textbox", { name: "SQL script" });
  await editor.click();
  await page.keyboard.press("Control+a");
  // The browser gives text that is typed over styled text a style of its own, which the policy refuses.
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(text);
}

studio.test("A new script runs, shows rows and messages, and is published", async (t) => {
  const { page } = t;
  await t.open(`${root()}/develop`);
  await page.getByRole("button", { name: "New SQL script" }).click();
  await typeScript(page, "PRINT 'hello'; SELECT 1 AS one, N'a,b' AS two UNION ALL SELECT 2, NULL");
  await page.getByRole("button", { name: "Run" }).click();
  await page.getByText("Query executed successfully").waitFor();
  await page.getByRole("cell", { name: "a,b" }).waitFor();
  await t.screenshot("synapse-script");
  await t.checkAccessibility();
  await page.getByRole("tab", { name: "Messages" }).click();
  await page.getByText("hello", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Publish" }).click();
  const panel = page.getByRole("dialog", { name: "Publish SQL script" });
  await panel.getByRole("textbox", { name: "Name" }).fill("first script");
  await panel.getByRole("button", { name: "Publish" }).click();
  await page.getByRole("heading", { name: "first script", exact: true }).waitFor();
  await page.getByRole("link", { name: "Develop" }).first().click();
  await page.getByRole("link", { name: "first script" }).waitFor();
  await t.screenshot("synapse-develop");
  await t.checkAccessibility();
});

studio.test("An error names its number and line, and a running script is cancelled", async (t) => {
  const { page } = t;
  await t.open(`${root()}/develop/sql/first%20script`);
  await typeScript(page, "SELECT 1\nGO\nSELECT * FROM dbo.missing");
  await page.getByRole("button", { name: "Run" }).click();
  await page.getByText(/Msg 208, Level 16, State \d+, Line 3/).waitFor();
  await t.screenshot("synapse-script-error");
  await typeScript(page, "WAITFOR DELAY '00:01:00'; SELECT 1 AS late");
  await page.getByRole("button", { name: "Run" }).click();
  await page.getByText(/^Running/).waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByText("Query was cancelled by the user.").waitFor();
});

studio.test("Without a linked service a table has no Machine Learning menu", async (t) => {
  const { page, server } = t;
  const values = expected.map(
    (flight) =>
      `SELECT ${flight.month}, ${flight.weekday}, ${flight.departure}, ${flight.distance}, '${flight.origin}', '${flight.destination}'`,
  );
  await runSql(
    server,
    `CREATE TABLE dbo.flights (month bigint, weekday bigint, departure bigint, distance real, origin varchar(8), destination varchar(8)) WITH (DISTRIBUTION = ROUND_ROBIN);
INSERT INTO dbo.flights ${values.join(" UNION ALL ")}`,
  );
  await t.open(`${root()}/data`);
  // The menu is there as soon as a link is known.
  await Promise.all([page.waitForResponse(/\/linkedservices\?/), openTables(page)]);
  await page.getByRole("button", { name: "Actions of dbo.flights" }).click();
  await page.getByRole("menuitem", { name: "New SQL script" }).waitFor();
  assert.equal(await page.getByRole("menuitem", { name: "Machine Learning" }).count(), 0);
  await page.keyboard.press("Escape");
  await page.getByRole("treeitem", { name: "dbo.flights" }).click();
  await page.getByRole("table", { name: "Columns" }).getByText("departure").waitFor();
  await t.screenshot("synapse-data");
  await t.checkAccessibility();
});

async function openTables(page: Page): Promise<void> {
  await page.getByRole("treeitem", { name: /^pool1/ }).click();
  await page.getByRole("treeitem", { name: /^Tables/ }).click();
  await page.getByRole("treeitem", { name: "dbo.flights" }).waitFor();
}

studio.test("Predict with a model leads from a table's menu to scored rows", async (t) => {
  const { page, server } = t;
  await linkFromSynapse(server, story, "AzureMLService1");
  await registerModel(server, story, { name: "flight_delay", files: ["MLmodel", "model.onnx"] });
  await t.open(`${root()}/data`);
  await openTables(page);
  await page.getByRole("button", { name: "Actions of dbo.flights" }).click();
  await page.getByRole("menuitem", { name: "Machine Learning" }).click();
  await page.getByRole("menuitem", { name: "Predict with a model" }).click();
  const wizard = page.getByRole("dialog", { name: "Predict with a model" });
  await wizard.getByRole("radio", { name: "flight_delay" }).check();
  await t.screenshot("synapse-predict-model");
  await t.checkAccessibility();
  await wizard.getByRole("button", { name: "Continue" }).click();
  await wizard.getByText("proposed by the model's signature").waitFor();
  await t.screenshot("synapse-predict-mapping");
  await t.checkAccessibility();
  await wizard.getByRole("button", { name: "Continue" }).click();
  await wizard.getByRole("radio", { name: "Create new" }).check();
  await wizard.getByText("PREDICT").first().waitFor();
  await t.screenshot("synapse-predict-store");
  await t.checkAccessibility();
  await wizard.getByRole("button", { name: "Deploy model + open script" }).click();
  await page.getByRole("heading", { name: /^Predict flights/ }).waitFor();
  await page.getByRole("button", { name: "Run" }).click();
  await page.getByText("Query executed successfully").waitFor();
  for (const flight of expected) {
    const row = page.getByRole("row").filter({ hasText: String(flight.distance) });
    const score = await row.getByRole("cell").last().textContent();
    assert.ok(Math.abs(Number(score) - flight.expected) < 1e-3, JSON.stringify({ flight, score }));
  }
  await t.screenshot("synapse-predict-results");
  assert.match(await runSql(server, "SELECT ID FROM dbo.models"), /flight_delay:1/);
});

studio.test("Who may open the studio but not the pool is told so", async (t) => {
  const { page, server, watch } = t;
  watch.tolerate(/403/);
  const person = await createPerson(server, { displayName: "Uta User" });
  await grantSynapseRole(server, {
    workspace: nameOf(story.synapse),
    roleId: synapseUserRole,
    objectId: person.objectId,
  });
  await t.open(`${root()}/data`, person);
  await page.getByRole("treeitem", { name: /^pool1/ }).click();
  await page.getByRole("treeitem", { name: /^Tables/ }).click();
  await page.getByText("SqlLoginRefused").waitFor();
  await t.screenshot("synapse-data-refused");
});
