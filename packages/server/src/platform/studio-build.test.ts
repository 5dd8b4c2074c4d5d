// A small project is built for real; its sources are changed, broken and mended.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openStudioBuild, StudioBuildFailed } from "./studio-build.ts";

/** Below the repository, where Vite is found from. */
const cache = fileURLToPath(new URL("../../../../node_modules/.cache/", import.meta.url));
mkdirSync(cache, { recursive: true });
const directory = mkdtempSync(join(cache, "studio-build-"));
after(() => rmSync(directory, { recursive: true }));

const faults: unknown[] = [];
const onFault = (error: unknown) => void faults.push(error);
let editedMs = Date.now() - 3_600_000;
function edit(name: string, text: string): void {
  const path = join(directory, name);
  writeFileSync(path, text);
  editedMs += 1_000;
  utimesSync(path, editedMs / 1_000, editedMs / 1_000);
}

const textOf = (build: Awaited<ReturnType<ReturnType<typeof openStudioBuild>["load"]>>) =>
  [...(build?.files ?? [])]
    .filter(([path]) => path.endsWith(".js"))
    .map(([, bytes]) => Buffer.from(bytes).toString())
    .join();

test("Without sources and without an app there is none", async () => {
  assert.equal(
    await openStudioBuild({ directory: join(directory, "nowhere"), onFault }).load(),
    undefined,
  );
});

test("What is missing or older than its sources is built, once, and read; what is broken says why", async () => {
  edit("package.json", JSON.stringify({ type: "module" }));
  edit("index.html", '<script type="module" src="/main.js"></script>');
  mkdirSync(join(directory, "src"));
  edit("src/value.js", 'export const value = "first";');
  edit("main.js", 'import { value } from "./src/value.js"; document.title = value;');
  const first = openStudioBuild({ directory, onFault });
  const second = openStudioBuild({ directory, onFault });
  const [one, other, ofSecond] = await Promise.all([first.load(), first.load(), second.load()]);
  assert.equal(one, other, "one object for one build");
  assert.match(textOf(one), /first/);
  assert.match(textOf(ofSecond), /first/);

  editedMs = Date.now() + 60_000;
  edit("src/value.js", "export const value = ;");
  const later = openStudioBuild({ directory, onFault });
  assert.equal(await first.load(), one, "a running process keeps what it has");
  assert.match(textOf(await later.load()), /first/, "the app that works stays");
  assert.equal(faults.length, 1);
  rmSync(join(directory, "dist"), { recursive: true });
  const without = openStudioBuild({ directory, onFault });
  await assert.rejects(without.load(), (error: unknown) => {
    assert.ok(error instanceof StudioBuildFailed);
    assert.match(error.output, /value\.js/);
    return true;
  });
  await assert.rejects(without.load(), StudioBuildFailed);
  assert.equal(faults.length, 2, "what did not build is not built again");
  edit("src/value.js", 'export const value = "second";');
  assert.match(textOf(await without.load()), /second/);
  assert.match(textOf(await first.load()), /second/, "what another one built is picked up");
});
