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

const noLinux = process.platform === "linux" ? false : "elsewhere there is always a desktop";

test("With a desktop the browser is started with the link, without one it is printed", {
  skip: noLinux,
}, async () => {
  const directory = openCallosumDirectory();
  const place = mkdtempSync(join(tmpdir(), "callosum-open-"));
  try {
    const opener = join(place, "browser");
    const seen = join(place, "seen");
    const script = `#!/bin/sh\nprintf %s "$1" > '${seen}.part' && mv '${seen}.part' '${seen}'\n`;
    writeFileSync(opener, script, { mode: 0o700 });
    const environment = { ...process.env, BROWSER: opener };
    const ports = ["--port", "0", "--proxy-port", "0", "--sql-port", "0"];
    const up = await directory.runWith(
      { environment },
      ...["up", "--detach", "--json", "--open", ...ports],
    );
    const { origin } = up.json();
    assert.match(await textOf(seen), new RegExp(`^${origin}/[^ ]+code=`));
    rmSync(seen);
    const opened = await directory.runWith({ environment }, "open");
    assert.match(opened.stdout, /Opening/);
    assert.doesNotMatch(opened.stdout, /code=/, "the link is nobody else's");
    assert.match(await textOf(seen), new RegExp(`^${origin}/[^ ]+code=`));
    const { BROWSER: _, DISPLAY: __, WAYLAND_DISPLAY: ___, ...bare } = process.env;
    const printed = await directory.runWith({ environment: bare }, "open");
    assert.match(printed.stdout, new RegExp(`${origin}/[^ ]+code=`));
    await directory.run("down");
    assert.equal((await directory.run("open")).code, 4, "nothing runs");
  } finally {
    await directory.close();
    rmSync(place, { recursive: true });
  }
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
