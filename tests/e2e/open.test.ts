// `callosum open` and `up --open`: the link leads into the studio without a password, once.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openCallosumDirectory } from "../../packages/cli/test/callosum-process.ts";
import { browserMissing, launchChromium } from "./chromium.ts";
import { watchPage } from "./watch.ts";

test("A link opens the studio without a password, and only once", {
  skip: browserMissing ?? false,
  timeout: 180_000,
}, async () => {
  const directory = openCallosumDirectory();
  const { origin, user } = (await directory.up()).json();
  const browser = await launchChromium(origin);
  try {
    const { url } = (await directory.run("open", "--json")).json();
    const page = await browser.newPage();
    const watch = watchPage(page, origin);
    await page.goto(url);
    await page.getByRole("button", { name: /^Account: / }).click();
    await page.getByText(user.upn).waitFor();
    assert.deepEqual(watch.unexpected(), []);
    const second = await browser.newPage();
    await second.goto(url);
    await second.getByRole("alert").getByText("AADSTS70008").waitFor();
  } finally {
    await browser.close();
    await directory.close();
  }
});

test("With a desktop the browser is started with the link, without one it is printed", async () => {
  const directory = openCallosumDirectory();
  const place = mkdtempSync(join(tmpdir(), "callosum-open-"));
  try {
    const { origin } = (await directory.up()).json();
    const opener = join(place, "browser");
    const seen = join(place, "seen");
    writeFileSync(
      opener,
      `#!/bin/sh\nprintf %s "$1" > '${seen}.part' && mv '${seen}.part' '${seen}'\n`,
      {
        mode: 0o700,
      },
    );
    const environment = { ...process.env, BROWSER: opener };
    const opened = await directory.runWith({ environment }, "open");
    assert.match(opened.stdout, /Opening/);
    assert.doesNotMatch(opened.stdout, /code=/, "the link is nobody else's");
    assert.ok((await textOf(seen)).startsWith(`${origin}/`));
    const { BROWSER: _, DISPLAY: __, WAYLAND_DISPLAY: ___, ...bare } = process.env;
    const printed = await directory.runWith({ environment: bare }, "open");
    assert.match(printed.stdout, new RegExp(`${origin}/[^ ]+code=`));
  } finally {
    await directory.close();
    rmSync(place, { recursive: true });
  }
  const refused = openCallosumDirectory();
  assert.equal((await refused.run("open")).code, 4, "nothing runs");
  await refused.close();
});

/** The opener is detached: its file is there soon, or the test's time is up. */
async function textOf(file: string): Promise<string> {
  for (;;) {
    try {
      return readFileSync(file, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
