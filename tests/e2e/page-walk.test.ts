// Every page of every face, as the Owner, as a Reader and as nobody: it opens, has a heading and a
// title, logs no error and asks nothing outside; axe-core finds nothing serious; slow answers are waited
// for in sight.

import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { type Linked, linkBothWays } from "./link.ts";
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
let reader: Person;
let stranger: Person;

const studio = useStudio(async (server) => {
  story = await prepareStory(server, { hasSqlPool: true, hasManagedNetwork: true });
  linked = await linkBothWays(server, story);
  reader = await createPerson(server, {
    displayName: "Reader of all",
    roles: [{ role: "reader", scope: server.subscription }],
  });
  stranger = await createPerson(server, { displayName: "Stranger" });
});

/** An address of the page in the story's world. */
function addressOf(face: { root: string }, { path }: PageDefinition): string {
  const isMachineLearning = face.root === "/ml";
  const values: Readonly<Record<string, string>> = {
    subscription: studio.server.contract.subscriptionId,
    resourceGroup: nameOf(isMachineLearning ? story.machineLearningGroup : story.synapseGroup),
    workspace: nameOf(isMachineLearning ? story.machineLearning : story.synapse),
    model: linked.model,
    version: "1",
    compute: linked.compute,
    link: linked.machineLearningLink,
  };
  return path.replaceAll(/\$(\w+)/g, (_match, name: string) => {
    const value = values[name];
    assert.ok(value !== undefined, `${path}: say here what '${name}' is in the story`);
    return encodeURIComponent(value);
  });
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
    .or(main.getByText("Loading", { exact: true }))
    .or(main.getByLabel("Loading"));
}

/** Visits every page; one that fails does not hide the next one's failure. */
async function walk(
  t: StudioTest,
  person: Person,
  look: (page: PageDefinition & { face: string }) => Promise<void>,
): Promise<void> {
  const problems: string[] = [];
  await t.open("/", person);
  for (const face of list) {
    for (const page of face.pages) {
      const seen = t.watch.unexpected().length;
      try {
        await t.open(addressOf(face, page), person);
        await settle(t.page);
        await look({ ...page, face: face.name });
        assert.deepEqual(t.watch.unexpected().slice(seen), []);
      } catch (error) {
        problems.push(`${face.name}, ${page.title} (${page.path}): ${(error as Error).message}`);
      }
    }
  }
  assert.equal(problems.length, 0, problems.join("\n\n"));
}

studio.test("Every page is accessible in light and dark", (t) =>
  walk(t, ownerOf(t.server), async ({ face, title }) => {
    assert.match(await t.page.title(), /Callosum/);
    await t.screenshot(`walk ${face} ${title}`);
    await t.checkAccessibility();
    await t.page.getByRole("button", { name: "Use the dark theme" }).click();
    await t.screenshot(`walk ${face} ${title} dark`);
    // What else axe looks at does not depend on colours.
    await t.checkAccessibility(["color-contrast"]);
    await t.page.getByRole("button", { name: "Use the light theme" }).click();
  }),
);

studio.test("Every page opens for a Reader", (t) =>
  walk(t, reader, ({ face, title }) => t.screenshot(`walk ${face} ${title} reader`)),
);

studio.test("Every page says what is missing to who may see nothing", (t) =>
  walk(t, stranger, ({ face, title }) => t.screenshot(`walk ${face} ${title} stranger`)),
);

studio.test("A page that waits for a slow server says so", async (t) => {
  await t.open();
  const slow = await slowDown(t.page, 2_000);
  for (const face of list) {
    for (const page of face.pages) {
      await t.page.goto(`${t.server.contract.origin}/studio${addressOf(face, page)}`);
      await t.page.getByRole("main").waitFor();
      if (slow.waiting() === 0) continue;
      const isWaiting = waitingIn(t.page).first().waitFor({ timeout: 1_500 });
      await isWaiting.catch(() => assert.fail(`${face.name}, ${page.title}: nothing moves`));
    }
  }
});
