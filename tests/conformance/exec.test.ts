// `callosum exec` on the real program: unmodified clients on Azure's host names, isolated both ways.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openCallosumDirectory } from "../../packages/cli/test/callosum-process.ts";

const directory = openCallosumDirectory();
const node = process.execPath;

before(async () => {
  const { code, stderr } = await directory.up();
  assert.equal(code, 0, stderr);
});
after(() => directory.close());

const fetchText = (url: string) =>
  `fetch(${JSON.stringify(url)}).then(async (r) => console.log(r.status, await r.text()))`;

test("Node's fetch reaches management.azure.com here", async () => {
  const url = "https://management.azure.com/metadata/endpoints?api-version=2022-09-01";
  const { code, stdout } = await directory.run("exec", "--", node, "-e", fetchText(url));
  assert.equal(code, 0);
  assert.match(stdout, /^200 \{.*login\.microsoftonline\.com/);
});

test("an application signs in with the variables of exec, and Resource Manager knows it", async () => {
  const script = `
    const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET } = process.env;
    const form = new URLSearchParams({
      grant_type: "client_credentials", scope: "https://management.azure.com/.default",
      client_id: AZURE_CLIENT_ID, client_secret: AZURE_CLIENT_SECRET });
    const login = "https://login.microsoftonline.com/" + AZURE_TENANT_ID + "/oauth2/v2.0/token";
    const { access_token } = await (await fetch(login, { method: "POST", body: form })).json();
    const list = "https://management.azure.com/subscriptions?api-version=2022-12-01";
    const answer = await fetch(list, { headers: { authorization: "Bearer " + access_token } });
    const { value } = await answer.json();
    console.log(value[0].subscriptionId === process.env.AZURE_SUBSCRIPTION_ID);`;
  const { stdout, stderr } = await directory.run(
    ...["exec", "--", node, "--input-type=module", "-e", script],
  );
  assert.equal(stdout.trim(), "true", stderr);
});

test("a host of the real world is refused unless it is allowed", async () => {
  const script = `fetch("https://localhost:59999/").catch((e) => console.log(e.cause?.cause?.message ?? e.cause?.message))`;
  const refused = await directory.run("exec", "--", node, "-e", script);
  assert.match(refused.stdout, /403/);
  // Allowed, it is tunnelled, and nothing listens there.
  const allowed = await directory.run(
    "exec",
    "--allow",
    "localhost:59999",
    "--",
    node,
    "-e",
    script,
  );
  assert.doesNotMatch(allowed.stdout, /403/);
  assert.match(allowed.stdout, /502|closed|refused|ECONN/i);
  const nonsense = await directory.run("exec", "--allow", "https://x/", "--", "true");
  assert.equal(nonsense.code, 2);
});

test("the caller's own Azure settings do not reach the command", async () => {
  const script = "console.log(JSON.stringify(process.env))";
  const { json } = await directory.runWith(
    { environment: { ...process.env, AZURE_CLIENT_SECRET: "real", ARM_ACCESS_KEY: "real" } },
    ...["exec", "--as", "user", "--", node, "-e", script],
  );
  const environment = json();
  assert.equal(environment.AZURE_CLIENT_SECRET, undefined);
  assert.equal(environment.ARM_ACCESS_KEY, undefined);
  assert.equal(environment.NO_PROXY, undefined);
  assert.equal(environment.CALLOSUM_DATA, directory.path);
  assert.match(environment.AZURE_CONFIG_DIR, new RegExp(`^${directory.path}/`));
});

test("--home gives the command a home of its own, which is there", async () => {
  const script = "console.log(process.env.HOME, fs.statSync(process.env.HOME).isDirectory())";
  const { stdout } = await directory.run("exec", "--home", "--", node, "-e", script);
  assert.equal(stdout.trim(), `${directory.path}/exec/home true`);
});

const endings: { words: string[]; code: number | null; signal: NodeJS.Signals | null }[] = [
  { words: [node, "-e", "process.exit(0)"], code: 0, signal: null },
  { words: [node, "-e", "process.exit(7)"], code: 7, signal: null },
  { words: [node, "-e", "process.kill(process.pid, 'SIGTERM')"], code: null, signal: "SIGTERM" },
  { words: ["no-such-command-anywhere"], code: 127, signal: null },
];
for (const { words, code, signal } of endings) {
  test(`exec ends as its command: ${signal ?? code}`, async () => {
    const ended = await directory.run("exec", "--", ...words);
    assert.deepEqual({ code: ended.code, signal: ended.signal }, { code, signal });
  });
}

test("env --export gives a shell the same environment", async () => {
  const { stdout } = await directory.runWith(
    { environment: { PATH: process.env.PATH, HOME: process.env.HOME, AZURE_CLIENT_ID: "mine" } },
    ...["env", "--export", "--as", "user"],
  );
  assert.match(stdout, /^unset AZURE_CLIENT_ID$/m);
  assert.match(stdout, /^export HTTPS_PROXY='http:\/\/[\w-]+:[\w-]+@127\.0\.0\.1:\d+'$/m);
  assert.doesNotMatch(stdout, /CLIENT_SECRET/);
});
