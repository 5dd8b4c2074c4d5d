// Every page of every face, as the Owner, as a Reader and as nobody: it opens, has a heading and a
// title, logs no error and asks nothing outside; axe-core finds nothing serious; slow answers are waited
// for in sight.

import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { fillWorld, type Linked, linkBothWays } from "./link.ts";
import { nameOf, prepareStory, type Story } from "./story.ts";
import { type StudioTest, slowDown, useStudio } from "./studio.ts";
import { createPerson, ownerOf, type Person } from "./user.ts";

interface PageDefinition {
  readonly path: string;
  readonly title: string;
}

/** By address: the app's own modules are checked with its own compiler settings. */
const faces = new URL("../../packages/studio/src/shell/faces.ts", import.meta.url).href;
const { faces: list } = (await import(faces)) as {
  faces: readonly { name: string; root: string; pages: readonly PageDefinition[] }[];
};

let story: Story;
let linked: Linked;
let things: Readonly<Record<string, string>>;
let reader: Person;
let stranger: Person;

const studio = useStudio(async (server) => {
  story = await prepareStory(server, { hasSqlPool: true, hasManagedNetwork: true });
  linked = await linkBothWays(server, story);
  things = await fillWorld(server, story);
  reader = await createPerson(server, {
    displayName: "Reader of all",
    roles: [{ role: "reader", scope: server.subscription }],
  });
  stranger = await createPerson(server, { displayName: "Stranger" });
});

/** Places of the page in the story's world; most have one. */
function addressesOf(face: { root: string }, { path }: PageDefinition): string[] {
  const isMachineLearning = face.root === "/ml";
  const values: Readonly<Record<string, string>> = {
    subscription: studio.server.contract.subscriptionId,
    resourceGroup: nameOf(isMachineLearning ? story.machineLearningGroup : story.synapseGroup),
    workspace: nameOf(isMachineLearning ? story.machineLearning : story.synapse),
    model: linked.model,
    version: "1",
    compute: linked.compute,
    link: linked.machineLearningLink,
    draft: "not-there-any-more",
    ...things,
  };
  const filled = path.replaceAll(/\$(\w+)/g, (_match, name: string) => {
    const value = values[name];
    assert.ok(value !== undefined, `${path}: say here what '${name}' is in the story`);
    return encodeURIComponent(value);
  });
  // The form of any type is told which one by its address.
  if (path === "/create/any") return [`${filled}?type=Microsoft.Storage/storageAccounts`];
  if (!filled.endsWith("/$")) return [filled];
  const scopes = path.includes("/overview/")
    ? [
        studio.server.subscription,
        story.machineLearningGroup,
        story.synapse,
        story.sparkPool,
        story.sqlPool,
        story.machineLearning,
      ]
    : [story.machineLearning];
  return scopes.map((scope) => filled.replace("/$", scope));
}

function everyPlace() {
  return list.flatMap((face) =>
    face.pages.flatMap((page) =>
      addressesOf(face, page).map((address) => ({ face, page, address })),
    ),
  );
}

/** Nothing is loading any more. */
async function settle(page: Page): Promise<void> {
  const main = page.getByRole("main");
  await main.getByRole("heading").first().waitFor();
  await waitingIn(page).first().waitFor({ state: "hidden" });
}

function waitingIn(page: Page): Locator {
  const main = page.getByRole("main");
  return main
    .getByRole("progressbar")
    .or(main.getByText(/^Loading/))
    .or(main.getByLabel("Loading"));
}

/** Answers are outstanding, and nothing says so. */
async function seemsFrozen(page: Page, slow: { waiting(): number }): Promise<boolean> {
  await page.getByRole("main").waitFor();
  if (slow.waiting() === 0) return false;
  try {
    await waitingIn(page).first().waitFor({ timeout: 1_500 });
    return false;
  } catch {
    return slow.waiting() > 0;
  }
}

/** Visits pages; one that fails does not hide the next one's failure. */
async function walk(
  t: StudioTest,
  { person, face: only }: { person: Person; face?: string },
  look: (page: PageDefinition & { face: string }) => Promise<void>,
): Promise<void> {
  const problems: string[] = [];
  const places = everyPlace().filter(({ face }) => only === undefined || face.name === only);
  await t.open("/", person);
  for (const { face, page, address } of places) {
    const seen = t.watch.unexpected().length;
    try {
      await t.open(address, person);
      await settle(t.page);
      await look({ ...page, face: face.name });
      assert.deepEqual(t.watch.unexpected().slice(seen), []);
    } catch (error) {
      await t.screenshot(`failed walk ${address.slice(-60)}`);
      problems.push(`${face.name}, ${page.title} (${address}): ${(error as Error).message}`);
    }
  }
  assert.equal(problems.length, 0, problems.join("\n\n"));
}

for (const { name } of list) {
  studio.test(`Every page is accessible in light and dark: ${name}`, (t) =>
    walk(t, { person: ownerOf(t.server), face: name }, async ({ face, title }) => {
      assert.match(await t.page.title(), /Callosum/);
      await t.screenshot(`walk ${face} ${title}`);
      await t.checkAccessibility();
      await t.page.getByRole("button", { name: "Use the dark theme" }).click();
      try {
        await t.screenshot(`walk ${face} ${title} dark`);
        // What else axe looks at does not depend on colours.
        await t.checkAccessibility(["color-contrast"]);
      } finally {
        await t.page.getByRole("button", { name: "Use the light theme" }).click();
      }
    }),
  );
}

studio.test("Every page opens for a Reader", (t) =>
  walk(t, { person: reader }, ({ face, title }) => t.screenshot(`walk ${face} ${title} reader`)),
);

studio.test("Every page says what is missing to who may see nothing", (t) =>
  walk(t, { person: stranger }, ({ face, title }) =>
    t.screenshot(`walk ${face} ${title} stranger`),
  ),
);

studio.test("A page that waits for a slow server says so", async (t) => {
  const { page } = t;
  const frozen: string[] = [];
  const suspects: string[] = [];
  for (const { name, root } of list) {
    const home = everyPlace().find(({ face }) => face.root === root);
    await t.open(home?.address);
    const slow = await slowDown(page, 2_000);
    for (const link of await page.getByRole("navigation", { name }).getByRole("link").all()) {
      await link.click();
      if (await seemsFrozen(page, slow)) suspects.push(page.url());
    }
    // What the page before had asked for may be there already: a new window has nothing.
    for (const suspect of suspects.splice(0)) {
      await page.goto(suspect);
      if (await seemsFrozen(page, slow)) frozen.push(suspect);
    }
    await page.unrouteAll({ behavior: "ignoreErrors" });
  }
  assert.deepEqual(frozen, [], "nothing moves there");
});
