import assert from "node:assert/strict";
import { execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findNode } from "./node-launcher.js";

const launcher = fileURLToPath(new URL("node-launcher.js", import.meta.url));

/** A process that runs `script` through the launcher, as callosum.js does on an old Node. */
const parentArguments = (script: string) => [
  "--input-type=module",
  "--eval",
  `import { runOnTerminal } from ${JSON.stringify(launcher)};
   process.exitCode = await runOnTerminal(process.execPath, ["--eval", ${JSON.stringify(script)}]);`,
];

test("a Node is found that runs TypeScript", () => {
  const node = findNode();
  assert.ok(node);
  const { stdout } = spawnSync(node, ["--eval", "console.log(process.features.typescript)"], {
    encoding: "utf8",
  });
  assert.equal(stdout.trim(), "strip");
});

test("output and exit code are the child's", async () => {
  const run = promisify(execFile)(
    process.execPath,
    parentArguments(`console.log("out"); console.error("err"); process.exitCode = 7;`),
  );
  await assert.rejects(run, { code: 7, stdout: "out\n", stderr: "err\n" });
});

test("a signal reaches the child, which decides what becomes of it", async () => {
  const script = `process.once("SIGTERM", () => { console.log("told"); process.exit(9); });
    setInterval(() => {}, 1000); console.log("ready");`;
  const parent = spawn(process.execPath, parentArguments(script), {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  parent.stdout.setEncoding("utf8").on("data", (chunk) => {
    output += chunk;
    if (output === "ready\n") parent.kill("SIGTERM");
  });
  const [code] = await once(parent, "close");
  assert.equal(code, 9);
  assert.equal(output, "ready\ntold\n");
});

test("a child that a signal ended ends its parent by the same signal", async () => {
  const parent = spawn(process.execPath, parentArguments(`process.kill(process.pid, "SIGKILL")`));
  const [code, signal] = await once(parent, "close");
  assert.deepEqual([code, signal], [null, "SIGKILL"]);
});
