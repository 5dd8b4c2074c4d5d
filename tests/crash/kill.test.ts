import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import type { Contract } from "@callosum/server/main.ts";
import { spawnInstance } from "../fixture/process.ts";

/** How often the server is killed: 20 times in CI, more on demand (`CRASH_ROUNDS=200`). */
const rounds = Number(process.env.CRASH_ROUNDS ?? 20);
const writers = 8;

interface Instance {
  readonly process: ChildProcess;
  readonly contract: Contract;
  readonly agent: Agent;
  readonly startedMs: number;
}

describe("kill -9 under write load", () => {
  const directory = mkdtempSync(join(tmpdir(), "callosum-crash-"));
  after(() => rmSync(directory, { recursive: true, force: true }));

  it(`loses nothing acknowledged and leaves nothing half-written, ${rounds} times`, async () => {
    const acknowledged = new Map<string, string>();
    const restarts: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const instance = await startInstance(directory);
      if (round > 0) restarts.push(instance.startedMs);
      const token = await signIn(instance);
      await verify(instance, token, acknowledged);
      await writeUntilKilled({
        instance,
        token,
        acknowledged,
        round,
        killAfterMs: 20 + Math.random() * 180,
      });
    }
    const last = await startInstance(directory);
    await verify(last, await signIn(last), acknowledged);
    last.process.kill("SIGTERM");
    assert.ok(acknowledged.size > rounds, `only ${acknowledged.size} writes were acknowledged`);
    const median = [...restarts].sort((a, b) => a - b)[Math.floor(restarts.length / 2)] ?? 0;
    console.log(
      `# ${acknowledged.size} acknowledged writes survived; restart median ${Math.round(median)} ms`,
    );
  });
});

async function startInstance(directory: string): Promise<Instance> {
  const begun = performance.now();
  const { child, contract } = await spawnInstance(directory);
  const ca = readFileSync(contract.caFile);
  const agent = new Agent({ ca, keepAlive: true, maxSockets: writers });
  return { process: child, contract, agent, startedMs: performance.now() - begun };
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

function send(
  { contract, agent }: Instance,
  { method, path, body, headers }: Sent,
): Promise<{ status: number; text: string }> {
  const { port } = new URL(contract.origin);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: "localhost", port, path, method, agent, headers: headers ?? {} },
      (response) => {
        let text = "";
        response.on("data", (chunk) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
        response.on("error", reject);
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

async function signIn(instance: Instance): Promise<string> {
  const { tenantId, admin } = instance.contract;
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: admin.clientId,
    client_secret: readFileSync(admin.secretFile, "utf8").trim(),
    scope: "https://management.azure.com/.default",
  });
  const reply = await send(instance, {
    method: "POST",
    path: `/${tenantId}/oauth2/v2.0/token`,
    body: form.toString(),
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  assert.equal(reply.status, 200, reply.text);
  return JSON.parse(reply.text).access_token;
}

const version = "?api-version=2022-09-01";

function groupPath(instance: Instance, name: string): string {
  return `/subscriptions/${instance.contract.subscriptionId}/resourceGroups/${name}${version}`;
}

/** Writes groups until the connection breaks; what was answered 2xx is what must be there. */
async function writeUntilKilled(options: {
  instance: Instance;
  token: string;
  acknowledged: Map<string, string>;
  round: number;
  killAfterMs: number;
}): Promise<void> {
  const { instance, token, acknowledged, round, killAfterMs } = options;
  const gone = new Promise<void>((resolve) => instance.process.once("exit", () => resolve()));
  setTimeout(() => instance.process.kill("SIGKILL"), killAfterMs);
  const writer = async (index: number) => {
    for (let count = 0; ; count += 1) {
      const name = `g-${index}-${count % 5}`;
      const mark = `${round}-${index}-${count}`;
      const body = JSON.stringify({ location: "westeurope", tags: { mark, twin: mark } });
      // From here on the outcome is unknown until the answer: either mark may be found.
      const before = acknowledged.get(name);
      acknowledged.set(name, `${before ?? ""}|${mark}`);
      const reply = await send(instance, {
        method: "PUT",
        path: groupPath(instance, name),
        body,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      });
      if (reply.status >= 300) throw new Error(reply.text);
      acknowledged.set(name, mark);
    }
  };
  await Promise.allSettled(Array.from({ length: writers }, (_, index) => writer(index)));
  await gone;
  instance.agent.destroy();
}

async function verify(
  instance: Instance,
  token: string,
  acknowledged: Map<string, string>,
): Promise<void> {
  for (const [name, marks] of acknowledged) {
    const possible = marks.split("|");
    const reply = await send(instance, {
      method: "GET",
      path: groupPath(instance, name),
      headers: { authorization: `Bearer ${token}` },
    });
    if (reply.status === 404 && possible[0] === "" && possible.length > 1) {
      acknowledged.delete(name);
      continue;
    }
    assert.equal(reply.status, 200, `${name}: ${reply.text}`);
    const { tags } = JSON.parse(reply.text);
    assert.equal(tags.mark, tags.twin, `${name} is half-written`);
    assert.ok(possible.includes(tags.mark), `${name}: ${tags.mark} is none of ${marks}`);
    acknowledged.set(name, tags.mark);
  }
}
