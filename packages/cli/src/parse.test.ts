import assert from "node:assert/strict";
import { test } from "node:test";
import { CommandError, defineCommand } from "./command.ts";
import { parseLine } from "./parse.ts";

const command = defineCommand({
  name: "probe",
  summary: "A command with one of each",
  arguments: [
    { name: "action", summary: "", choices: ["list", "rotate"], isRequired: true },
    { name: "command", summary: "", isRest: true },
  ],
  options: {
    detach: { kind: "flag", short: "d", summary: "" },
    host: { kind: "text", value: "HOST", summary: "" },
    auth: { kind: "text", value: "AUTH", summary: "", choices: ["msi", "sp"] },
    synapse: { kind: "text", value: "W", summary: "", isRequired: true },
    allow: { kind: "list", value: "HOST", summary: "" },
    port: { kind: "port", summary: "" },
    delay: { kind: "duration", summary: "" },
  },
  examples: [],
  run: async () => ({}),
});

const minimal = ["list", "--synapse", "ws1"];
const nothing = {
  detach: false,
  host: undefined,
  auth: undefined,
  synapse: "ws1",
  allow: [],
  port: undefined,
  delay: undefined,
};

const accepted: { words: string[]; options?: object; rest?: string[] }[] = [
  { words: minimal },
  { words: ["--synapse=ws1", "list"] },
  { words: [...minimal, "-d"], options: { detach: true } },
  { words: [...minimal, "--allow", "a", "--allow=b"], options: { allow: ["a", "b"] } },
  { words: [...minimal, "--port", "0"], options: { port: 0 } },
  { words: [...minimal, "--port", "65535"], options: { port: 65_535 } },
  { words: [...minimal, "--delay", "250ms"], options: { delay: 250 } },
  { words: [...minimal, "--delay", "5s"], options: { delay: 5_000 } },
  { words: [...minimal, "--delay", "2m"], options: { delay: 120_000 } },
  { words: [...minimal, "--auth", "sp"], options: { auth: "sp" } },
  { words: [...minimal, "--", "az", "--help", "-x"], rest: ["az", "--help", "-x"] },
];
for (const { words, options, rest = [] } of accepted) {
  test(`understands: ${words.join(" ")}`, () => {
    const parsed = parseLine(command, words);
    assert.deepEqual(parsed.options, { ...nothing, ...options });
    assert.deepEqual(parsed.arguments, { action: "list" });
    assert.deepEqual(parsed.rest, rest);
  });
}

test("--help, --json and --data belong to every command", () => {
  assert.equal(parseLine(command, ["--help"]).isHelp, true);
  const parsed = parseLine(command, [...minimal, "--json", "--data", "d"]);
  assert.deepEqual([parsed.isJson, parsed.data, parsed.isHelp], [true, "d", false]);
});

const refused: { words: string[]; message: RegExp }[] = [
  { words: ["list"], message: /needs --synapse W/ },
  { words: ["--synapse", "ws1"], message: /needs list or rotate/ },
  { words: ["lst", "--synapse", "ws1"], message: /takes list, rotate, not 'lst'/ },
  { words: [...minimal, "--prot", "1"], message: /no option --prot\. Did you mean --port\?/ },
  { words: [...minimal, "--zzz"], message: /no option --zzz\.$/ },
  { words: [...minimal, "--port", "65536"], message: /0 to 65535/ },
  { words: [...minimal, "--port", "x"], message: /0 to 65535/ },
  { words: [...minimal, "--port"], message: /--port/ },
  { words: [...minimal, "--delay", "5h"], message: /duration/ },
  { words: [...minimal, "--auth", "pat"], message: /one of msi, sp/ },
  { words: [...minimal, "--host", "a", "--host", "b"], message: /more than once/ },
  { words: [...minimal, "--host="], message: /empty/ },
  { words: [...minimal, "--detach=yes"], message: /detach/ },
];
for (const { words, message } of refused) {
  test(`refuses with exit code 2: ${words.join(" ")}`, () => {
    assert.throws(
      () => parseLine(command, words),
      (error) =>
        error instanceof CommandError && error.exitCode === 2 && message.test(error.message),
    );
  });
}
