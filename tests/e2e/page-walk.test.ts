// Every page of every face: it opens, has a heading and a title, logs no error and asks nothing
// outside, and axe-core finds nothing serious, in light and dark.

import assert from "node:assert/strict";
import { list, makeWorld, type World, walk } from "./place.ts";
import { useStudio } from "./studio.ts";
import { ownerOf } from "./user.ts";

let world: World;
const studio = useStudio(async (server) => {
  world = await makeWorld(server);
});

for (const { name } of list) {
  studio.test(`Every page is accessible in light and dark: ${name}`, (t) =>
    walk(t, world, { person: ownerOf(t.server), face: name }, async ({ face, title }) => {
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
