// The life of an instance through the real program: up, status, env, a second up, down.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Ended, openCallosumDirectory } from "../../packages/cli/test/callosum-process.ts";

const directory = openCallosumDirectory();
const program = fileURLToPath(new URL("../../packages/cli/bin/callosum.js", import.meta.url));
let started: Ended;

before(async () => {
  assert.equal((await directory.run("status")).code, 4);
  started = await directory.up();
  assert.equal(started.code, 0, started.stderr);
});
after(() => directory.close());

test("up --json prints one line, the contract, and env --json the same", async () => {
  const contract = started.json();
  assert.equal(started.stdout.split("\n").length, 2);
  assert.equal(contract.dataDir, directory.path);
  assert.match(contract.origin, /^https:\/\/localhost:\d+$/);
  const env = await directory.run("env", "--json");
  assert.deepEqual(env.json(), contract);
  assert.equal(statSync(join(directory.path, "contract.json")).mode & 0o777, 0o600);
});

test("a second up on the directory is refused with the first one's pid", async () => {
  const { pid } = started.json();
  const second = await directory.up();
  assert.equal(second.code, 1);
  assert.equal(second.json().error.code, "AlreadyRunning");
  assert.match(second.stderr, new RegExp(`pid ${pid}`));
});

test("a port that is taken is named, and the process ends", async () => {
  const other = openCallosumDirectory();
  try {
    const { port } = new URL(started.json().origin);
    const free = ["--proxy-port", "0", "--sql-port", "0"];
    const refused = await other.run("up", "--json", "--port", port, ...free);
    assert.equal(refused.code, 1);
    assert.equal(refused.json().error.code, "PortInUse");
    assert.match(refused.stderr, new RegExp(`Port ${port} is taken`));
  } finally {
    await other.close();
  }
});

test("up --open shows a link that signs in once, where there is no desktop", async () => {
  const other = openCallosumDirectory();
  const { DISPLAY: _x, WAYLAND_DISPLAY: _w, BROWSER: _b, ...environment } = process.env;
  const ports = ["--port", "0", "--proxy-port", "0", "--sql-port", "0"];
  const parameters = [program, "up", "--open", "--json", "--data", other.path, ...ports];
  const child = spawn(process.execPath, parameters, {
    env: environment,
    stdio: ["ignore", "ignore", "pipe"],
  });
  try {
    const [line] = (await once(createInterface({ input: child.stderr }), "line")) as [string];
    const link = /https:\/\/localhost:\S+$/.exec(line)?.[0] ?? "";
    const ca = join(other.path, "certificates", "localhost-ca.pem");
    const script = `fetch(${JSON.stringify(link)}, { redirect: "manual" }).then((r) => console.log(r.status))`;
    const status = () =>
      execFileSync(process.execPath, ["-e", script], {
        env: { ...environment, NODE_EXTRA_CA_CERTS: ca },
        encoding: "utf8",
      }).trim();
    assert.equal(status(), "302");
    assert.equal(status(), "400");
  } finally {
    child.kill("SIGKILL");
    await other.close();
  }
});

test("status says where it answers", async () => {
  const { code, json } = await directory.run("status", "--json");
  assert.equal(code, 0);
  assert.equal(json().isRunning, true);
  assert.equal(json().pid, started.json().pid);
});

test("keys rotate while it runs, and the old one still verifies", async () => {
  const before = (await directory.run("keys", "list", "--json")).json().keys;
  const rotated = (await directory.run("keys", "rotate", "--json")).json();
  assert.notEqual(rotated.signing, before[0].kid);
  const after = (await directory.run("keys", "list", "--json")).json().keys;
  assert.deepEqual(
    after.map(({ kid }: { kid: string }) => kid),
    [rotated.signing, ...before.map(({ kid }: { kid: string }) => kid)],
  );
});

test("what needs an instance says so with exit code 4, and a wrong line with 2", async () => {
  const other = openCallosumDirectory();
  try {
    for (const words of [["env"], ["exec", "--", "true"], ["keys", "list"]]) {
      const { code, stderr } = await other.run(...words);
      assert.equal(code, 4, words.join(" "));
      assert.match(stderr, /callosum up/);
    }
    assert.equal((await other.run("down")).code, 0);
    const wrong = await other.run("status", "--jsn");
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /--json/);
  } finally {
    await other.close();
  }
});

test("in the foreground, SIGTERM stops it cleanly and takes the contract away", async () => {
  const other = openCallosumDirectory();
  const ports = ["--port", "0", "--proxy-port", "0", "--sql-port", "0"];
  const child = spawn(process.execPath, [program, "up", "--json", "--data", other.path, ...ports], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const lines = createInterface({ input: child.stdout });
    const [line] = (await once(lines, "line")) as [string];
    assert.equal(JSON.parse(line).pid, child.pid);
    child.kill("SIGTERM");
    assert.deepEqual(await once(child, "exit"), [0, null]);
    assert.equal(existsSync(join(other.path, "contract.json")), false);
  } finally {
    child.kill("SIGKILL");
    await other.close();
  }
});

test("after a crash the contract that is left does not count, and up works again", async () => {
  process.kill(started.json().pid, "SIGKILL");
  const status = await waitUntilNotRunning();
  assert.equal(status.hasCrashed, true);
  started = await directory.up();
  assert.equal(started.code, 0, started.stderr);
});

test("down stops it", async () => {
  const { code, json } = await directory.run("down", "--json");
  assert.equal(code, 0);
  assert.deepEqual(json(), { stopped: true, pid: started.json().pid, dataDir: directory.path });
  assert.equal((await directory.run("status")).code, 4);
});

test("reset removes it all, and the next start is a first start", async () => {
  const { tenantId } = started.json();
  const removed = await directory.run("reset", "--yes", "--json");
  assert.deepEqual(removed.json(), { removed: true, dataDir: directory.path });
  assert.equal(existsSync(directory.path), false);
  const again = await directory.up();
  assert.equal(again.code, 0, again.stderr);
  assert.notEqual(again.json().tenantId, tenantId);
});

test("a word that is no command is answered with the nearest", async () => {
  const { code, stderr } = await directory.run("staus");
  assert.equal(code, 2);
  assert.match(stderr, /Did you mean 'status'\?/);
});

async function waitUntilNotRunning() {
  for (;;) {
    const { code, json } = await directory.run("status", "--json");
    if (code === 4) return json();
  }
}

function once(emitter: NodeJS.EventEmitter, event: string): Promise<unknown[]> {
  return new Promise((resolve) => {
    emitter.once(event, (...values: unknown[]) => resolve(values));
  });
}
