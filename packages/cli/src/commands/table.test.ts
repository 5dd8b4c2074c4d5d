// Every definition is reachable, named as its file, and its own examples are lines that it accepts.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { test } from "node:test";
import { commandHelp, overview } from "../help.ts";
import { parseLine } from "../parse.ts";
import { commandLoaders, loadAllCommands } from "./table.ts";

const commands = await loadAllCommands();

test("every file here is a command in the table under its own name", () => {
  const files = readdirSync(import.meta.dirname)
    .filter((name) => !name.endsWith(".test.ts") && name !== "table.ts")
    .map((name) => basename(name, ".ts"));
  assert.deepEqual(Object.keys(commandLoaders).sort(), files.sort());
  assert.deepEqual(
    commands.map(({ name }) => name),
    Object.keys(commandLoaders),
  );
});

for (const command of commands) {
  test(`callosum ${command.name}: help shows its examples, and it accepts them`, () => {
    const help = commandHelp(command, (_style, text) => text).join("\n");
    for (const example of command.examples) {
      assert.ok(help.includes(example.command));
      const line = /callosum (\S+)(.*?)(?:\)"|$)/.exec(example.command);
      assert.equal(line?.[1], command.name, example.command);
      parseLine(command, splitWords(line?.[2] ?? ""));
    }
    assert.doesNotMatch(command.summary, /\.$/);
    assert.ok(
      overview(commands, (_style, text) => text)
        .join("\n")
        .includes(command.summary),
    );
  });
}

/** Words as a shell splits them, as far as examples go. */
function splitWords(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? "",
  );
}
