import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { loadAllCommands } from "./commands/table.ts";
import { completionScript } from "./completion-script.ts";

const commands = await loadAllCommands();
const bash = completionScript("bash", commands);

const rows: { words: string[]; expected: string[] }[] = [
  { words: ["callosum", "unl"], expected: ["unlink"] },
  { words: ["callosum", "keys", ""], expected: ["list", "rotate"] },
  { words: ["callosum", "link", "--au"], expected: ["--auth"] },
  { words: ["callosum", "link", "--auth", ""], expected: ["msi", "sp"] },
  { words: ["callosum", "link", "--synapse", ""], expected: [] },
];
for (const { words, expected } of rows) {
  test(`bash completes: ${words.join(" ")}`, () => {
    const line = words.map((word) => `'${word}'`).join(" ");
    const script = `${bash}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _callosum\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
    const found = execFileSync("bash", ["-c", script], { encoding: "utf8" });
    const completions = found.split("\n").filter((word) => word !== "");
    for (const word of expected) assert.ok(completions.includes(word), found);
    if (expected.length === 0) assert.deepEqual(completions, []);
  });
}

test("every shell gets every command and option", () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    const script = completionScript(shell, commands);
    for (const { name, options } of commands) {
      assert.ok(script.includes(name), `${shell}: ${name}`);
      for (const option of Object.keys(options)) assert.ok(script.includes(option));
    }
  }
});
