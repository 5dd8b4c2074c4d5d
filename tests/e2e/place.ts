// Every page of every face at its places in the story's world, for the tests that walk them.

import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import type { TestServer } from "../fixture/server.ts";
import { fillWorld, type Linked, linkBothWays } from "./link.ts";
import { nameOf, prepareStory, type Story } from "./story.ts";
import type { StudioTest } from "./studio.ts";
import type { Person } from "./user.ts";

interface PageDefinition {
  readonly path: string;
  readonly title: string;
}

/** By address: the app's own modules are checked with its own compiler settings. */
const faces = new URL("../../packages/studio/src/shell/faces.ts", import.meta.url).href;
export const { faces: list } = (await import(faces)) as {
  faces: readonly { name: string; root: string; pages: readonly PageDefinition[] }[];
};

/** A world in which every page has something to show. */
export interface World {
  readonly subscription: string;
  readonly story: Story;
  readonly linked: Linked;
  /** By the parameter of the page's address. */
  readonly things: Readonly<Record<string, string>>;
}

export async function makeWorld(server: TestServer): Promise<World> {
  const story = await prepareStory(server, { hasSqlPool: true, hasManagedNetwork: true });
  const linked = await linkBothWays(server, story);
  const things = await fillWorld(server, story);
  return { subscription: server.subscription, story, linked, things };
}

export function everyPlace(world: World) {
  return list.flatMap((face) =>
    face.pages.flatMap((page) =>
      addressesOf(world, face, page).map((address) => ({ face, page, address })),
    ),
  );
}

/** Places of the page in the story's world; most have one. */
function addressesOf(world: World, face: { root: string }, { path }: PageDefinition): string[] {
  const { story, linked, things, subscription } = world;
  const isMachineLearning = face.root === "/ml";
  const values: Readonly<Record<string, string>> = {
    subscription: nameOf(subscription),
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
        subscription,
        story.machineLearningGroup,
        story.synapse,
        story.sparkPool,
        story.sqlPool,
        story.machineLearning,
      ]
    : [story.machineLearning];
  return scopes.map((scope) => filled.replace("/$", scope));
}

/** Nothing is loading any more. */
async function settle(page: Page): Promise<void> {
  const main = page.getByRole("main");
  await main.getByRole("heading").first().waitFor();
  await waitingIn(page).first().waitFor({ state: "hidden" });
}

/** What tells a person that something is on its way. */
export function waitingIn(page: Page): Locator {
  const main = page.getByRole("main");
  return main
    .getByRole("progressbar")
    .or(main.getByText(/^Loading/))
    .or(main.getByLabel("Loading"));
}

/** Visits pages; one that fails does not hide the next one's failure. */
export async function walk(
  t: StudioTest,
  world: World,
  { person, face: only }: { person: Person; face?: string },
  look: (page: PageDefinition & { face: string }) => Promise<void>,
): Promise<void> {
  const problems: string[] = [];
  const places = everyPlace(world).filter(({ face }) => only === undefined || face.name === only);
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
