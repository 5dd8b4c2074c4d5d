import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { buildAddon } from "./native-addon.ts";

const { HOME, PATH } = process.env;
const directory = mkdtempSync(join(tmpdir(), "callosum-addon-"));
before(() => {
  process.env.HOME = directory;
});
after(() => {
  Object.assign(process.env, { HOME, PATH });
  rmSync(directory, { recursive: true });
});

/** An addon whose `answer` is the number. */
function sourcesOf(name: string, body: string): URL {
  const folder = join(directory, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "addon.c"), `#include <node_api.h>\n#include "answer.h"\n${body}\n`);
  writeFileSync(join(folder, "answer.h"), "#define ANSWER 42\n");
  return pathToFileURL(`${folder}/`);
}

const body = `NAPI_MODULE_INIT() {
  napi_value answer;
  napi_create_int32(env, ANSWER, &answer);
  napi_set_named_property(env, exports, "answer", answer);
  return exports;
}`;

const cache = join(directory, ".cache", "callosum");

test("an addon is compiled once, and again when a file of it has changed", async (context) => {
  const sources = sourcesOf("good", body);
  const [first, same] = await Promise.all([buildAddon(sources), buildAddon(sources)]);
  if (first.path === null && /no C compiler|headers/.test(first.reason)) {
    context.skip(first.reason);
    return;
  }
  assert.deepEqual(same, first);
  assert.deepEqual(await buildAddon(sources), first);
  assert.equal(readdirSync(cache).length, 1);
  const load = createRequire(import.meta.url);
  assert.equal((load(first.path as string) as { answer: number }).answer, 42);
  writeFileSync(new URL("answer.h", sources), "#define ANSWER 43\n");
  const { path } = await buildAddon(sources);
  assert.equal((load(path as string) as { answer: number }).answer, 43);
});

test("a compiler that fails or is not there is named, and leaves nothing", async () => {
  const sources = sourcesOf("bad", "this is no C");
  const before = existsSync(cache) ? readdirSync(cache) : [];
  assert.match((await buildAddon(sources)).reason as string, /C compiler|headers/);
  process.env.PATH = directory;
  assert.match((await buildAddon(sources)).reason as string, /no C compiler|headers/);
  assert.deepEqual(existsSync(cache) ? readdirSync(cache) : [], before);
});
