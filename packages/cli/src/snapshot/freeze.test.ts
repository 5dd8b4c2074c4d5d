// Children of this process stand still while the work runs, and go on afterwards, whatever it does.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { whileFrozen } from "./freeze.ts";

const directory = mkdtempSync(join(tmpdir(), "callosum-freeze-"));
const files = [join(directory, "child"), join(directory, "grandchild")];
/** Counts in a file for as long as it lives; the child has a child that does the same. */
const program = `
const { writeFileSync } = require("node:fs");
const { spawn } = require("node:child_process");
const [file, ...more] = process.argv.slice(1);
let count = 0;
setInterval(() => writeFileSync(file, String(count += 1)), 1);
if (more.length > 0) spawn(process.execPath, ["-e", PROGRAM, ...more], { stdio: "ignore" });
`;
let child: ChildProcess;

const counts = () => files.map((file) => (existsSync(file) ? readFileSync(file, "utf8") : ""));
const pause = (milliseconds: number) =>
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

function waitForChange(from: readonly string[]): void {
  const deadlineMs = performance.now() + 10_000;
  while (counts().some((count, index) => count === "" || count === from[index])) {
    assert.ok(performance.now() < deadlineMs, "nothing is counted");
    pause(5);
  }
}

before(() => {
  const text = program.replace("PROGRAM", JSON.stringify(program.replace("PROGRAM", '""')));
  child = spawn(process.execPath, ["-e", text, ...files], { stdio: "ignore" });
  waitForChange(["", ""]);
});
after(async () => {
  // The grandchild first, while its parent still says whose it is; the directory when nobody writes.
  const below = spawnedBelow(child.pid ?? 0);
  for (const pid of below) process.kill(pid, "SIGKILL");
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
  while (below.some((pid) => isRunning(pid))) pause(5);
  rmSync(directory, { recursive: true, force: true });
});

function isRunning(pid: number): boolean {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) && !/\) Z /.test(readFileSync(file, "utf8"));
}

function spawnedBelow(pid: number): number[] {
  const list = `/proc/${pid}/task/${pid}/children`;
  return existsSync(list) ? readFileSync(list, "utf8").split(" ").filter(Boolean).map(Number) : [];
}

test("children and theirs stand still meanwhile, and go on", {
  skip: !existsSync("/proc/self/stat"),
}, () => {
  const [one, other] = whileFrozen(() => {
    const seen = counts();
    pause(100);
    return [seen, counts()];
  });
  assert.deepEqual(other, one);
  waitForChange(one ?? []);
});

test("they go on when the work fails", { skip: !existsSync("/proc/self/stat") }, () => {
  assert.throws(
    () =>
      whileFrozen(() => {
        throw new Error("no room");
      }),
    /no room/,
  );
  waitForChange(counts());
});
