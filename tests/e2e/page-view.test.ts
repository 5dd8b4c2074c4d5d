// Every page for who may only look and for who may not even that, and over a slow server.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { everyPlace, list, makeWorld, type World, waitingIn, walk } from "./place.ts";
import { slowDown, useStudio } from "./studio.ts";
import { createPerson, type Person } from "./user.ts";

let world: World;
let reader: Person;
let stranger: Person;
const studio = useStudio(async (server) => {
  world = await makeWorld(server);
  reader = await createPerson(server, {
    displayName: "Reader of all",
    roles: [{ role: "reader", scope: server.subscription }],
  });
  stranger = await createPerson(server, { displayName: "Stranger" });
});

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

studio.test("Every page opens for a Reader", (t) =>
  walk(t, world, { person: reader }, ({ face, title }) =>
    t.screenshot(`walk ${face} ${title} reader`),
  ),
);

studio.test("Every page says what is missing to who may see nothing", (t) =>
  walk(t, world, { person: stranger }, ({ face, title }) =>
    t.screenshot(`walk ${face} ${title} stranger`),
  ),
);

studio.test("A page that waits for a slow server says so", async (t) => {
  const { page } = t;
  const frozen: string[] = [];
  const suspects: string[] = [];
  for (const { name, root } of list) {
    const home = everyPlace(world).find(({ face }) => face.root === root);
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
