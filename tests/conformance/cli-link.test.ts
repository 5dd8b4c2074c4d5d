// Linking through the real program: plan, link, see, test, unlink; what was there before stays.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Connection } from "@callosum/sdk/connection.ts";
import { listRoleAssignments } from "@callosum/sdk/role-assignment.ts";
import { openApi } from "callosum/api.ts";
import { openCallosumDirectory } from "../../packages/cli/test/callosum-process.ts";
import {
  createLinkableWorkspaces,
  type LinkableWorkspaces,
} from "../../packages/cli/test/linkable-workspace.ts";

const directory = openCallosumDirectory();
const pair = ["--synapse", "ws1", "--ml", "ml1"];
let api: Connection;
let ids: LinkableWorkspaces;
let contract: Parameters<typeof openApi>[0];

before(async () => {
  contract = (await directory.up()).json();
  api = openApi(contract);
  ids = await createLinkableWorkspaces(api, contract.subscriptionId);
});
after(() => directory.close());

async function links() {
  return (await directory.run("links", "--json")).json().links as Record<string, unknown>[];
}

const states = (document: { steps: { kind: string; state: string }[] }) =>
  Object.fromEntries(document.steps.map(({ kind, state }) => [kind, state]));

test("--dry-run shows the plan and changes nothing", async () => {
  const { code, json } = await directory.run("link", ...pair, "--dry-run", "--json");
  assert.equal(code, 0);
  assert.deepEqual(states(json()), {
    contributor: "planned",
    linkedService: "planned",
    machineLearningLink: "planned",
    sparkAdministrator: "planned",
  });
  assert.deepEqual(await links(), []);
});

test("where nobody can be asked, link changes nothing without --yes", async () => {
  const { code, stderr } = await directory.run("link", ...pair);
  assert.equal(code, 2);
  assert.match(stderr, /--yes/);
  assert.deepEqual(await links(), []);
});

test("link makes both directions with their grants and a pool, tested; again, it finds them", async () => {
  const words = ["link", ...pair, "--pools", "pool1=spark1", "--yes", "--json"];
  const linked = await directory.run(...words);
  assert.equal(linked.code, 0, linked.stderr);
  assert.deepEqual(states(linked.json()), {
    contributor: "made",
    linkedService: "made",
    machineLearningLink: "made",
    sparkAdministrator: "made",
    compute: "made",
  });
  assert.equal(linked.json().test.succeeded, true);
  const again = await directory.run(...words);
  assert.equal(again.code, 0, again.stderr);
  assert.deepEqual(new Set(Object.values(states(again.json()))), new Set(["existed"]));
});

test("links shows both directions", async () => {
  const [fromSynapse, fromMachineLearning] = await links();
  assert.deepEqual(fromSynapse, {
    direction: "synapseToMachineLearning",
    name: "ml1",
    synapse: ids.synapse,
    machineLearning: ids.machineLearning,
    identity: "managed identity",
    pools: [],
  });
  assert.equal(fromMachineLearning?.direction, "machineLearningToSynapse");
  assert.equal(fromMachineLearning?.synapse, ids.synapse);
  assert.deepEqual(fromMachineLearning?.pools, ["spark1"]);
});

test("who may not look into a linked service sees its name", async () => {
  const { code, stderr, json } = await directory.run("links", "--as", "user", "--json");
  assert.equal(code, 0, stderr);
  const [seen] = json().links;
  assert.deepEqual([seen.name, seen.identity], ["ml1", "not shown to you"]);
});

test("explain names the assignment that lets the link work, in both directions", async () => {
  const service = await directory.run("explain", "--synapse", "ws1", "--service", "ml1", "--json");
  const [sees] = service.json().identity.abilities;
  assert.equal(sees.reasons[0].role, "Contributor");
  assert.equal(sees.reasons[0].scope, ids.machineLearning);
  const link = await directory.run("explain", "--ml", "ml1", "--link", "ws1", "--json");
  assert.equal(link.json().identity.abilities[0].reasons[0].scope, "workspaces/ws1");
  const lines = (await directory.run("explain", "--ml", "ml1", "--link", "ws1")).stdout;
  assert.match(lines, /✔ starts Spark sessions/);
});

test("a grant taken back fails the test with exit code 1, and the printed command repairs it", async () => {
  const scope = ["--scope", ids.machineLearning];
  const revoked = await directory.run("revoke", "--role", "Contributor", "--from", "ws1", ...scope);
  assert.equal(revoked.code, 0, revoked.stderr);
  const tested = await directory.run(
    ...["test-connection", "--workspace", "ws1", "--service", "ml1", "--json"],
  );
  assert.equal(tested.code, 1);
  const failed = tested
    .json()
    .verdict.hops.find(({ status }: { status: string }) => status === "failed");
  assert.equal(failed.hop, "permission");
  const lines = await directory.run("test-connection", "--workspace", "ws1", "--service", "ml1");
  assert.match(lines.stdout, /✖ permission/);
  const [program, command = "", ...words] = wordsOf(failed.fix.command);
  assert.equal(program, "callosum");
  const granted = await directory.run(command, ...words);
  assert.equal(granted.code, 0, granted.stderr);
  const repaired = await directory.run("test-connection", "--workspace", "ws1", "--service", "ml1");
  assert.equal(repaired.code, 0, repaired.stdout);
});

/** As a shell splits a verdict's command: plain words and quoted ones. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? "",
  );
}

test("unlink takes back what link made, and again finds nothing to do", async () => {
  const plan = await directory.run("unlink", ...pair, "--dry-run", "--json");
  assert.equal(plan.json().steps.length, 5);
  assert.equal((await links()).length, 2);
  const unlinked = await directory.run("unlink", ...pair, "--yes", "--json");
  assert.equal(unlinked.code, 0, unlinked.stderr);
  assert.deepEqual(await links(), []);
  const again = await directory.run("unlink", ...pair, "--yes", "--json");
  assert.equal(again.code, 0, again.stderr);
  assert.deepEqual(again.json().steps, []);
});

test("what was there before link is there after unlink", async () => {
  // The grant of the test above was made by hand: link did not make it.
  const scope = ids.machineLearning;
  const held = async () => {
    const principalId = ids.synapseIdentity;
    return (await listRoleAssignments(api, { scope, principalId })).map(({ id }) => id);
  };
  await directory.run("grant", "--role", "Contributor", "--to", "ws1", "--scope", scope);
  const before = await held();
  assert.equal(before.length, 1);
  const linked = await directory.run("link", ...pair, "--yes", "--json");
  assert.equal(states(linked.json()).contributor, "existed");
  await directory.run("unlink", ...pair, "--yes");
  assert.deepEqual(await held(), before);
});

test("with --auth sp an application is made for the link, and goes with it", async () => {
  const linked = await directory.run("link", ...pair, "--auth", "sp", "--yes", "--json");
  assert.equal(linked.code, 0, linked.stderr);
  assert.equal(states(linked.json()).application, "made");
  assert.equal(linked.json().test.succeeded, true);
  assert.doesNotMatch(linked.stdout + linked.stderr, /secretText|servicePrincipalKey/);
  const again = await directory.run("link", ...pair, "--auth", "sp", "--yes", "--json");
  assert.deepEqual(new Set(Object.values(states(again.json()))), new Set(["existed"]));
  const other = await directory.run("link", ...pair, "--yes");
  assert.equal(other.code, 1);
  assert.match(other.stderr, /another linked service 'ml1'/);
  assert.equal((await directory.run("unlink", ...pair, "--yes")).code, 0);
  const name = "callosum link ws1 to ml1";
  const gone = await directory.run(
    "grant",
    "--role",
    "Reader",
    "--to",
    name,
    "--scope",
    ids.synapse,
  );
  assert.match(gone.stderr, /no principal/);
});

test("names that do not exist are answered with those that do", async () => {
  const rows: [string[], number, RegExp][] = [
    [["link", "--synapse", "ws9", "--ml", "ml1", "--yes"], 1, /There are: ws1/],
    [["link", "--synapse", "ws1", "--ml", "ml9", "--yes"], 1, /There are: ml1/],
    [["link", ...pair, "--pools", "pool9", "--yes"], 2, /It has: pool1/],
    [["link", ...pair, "--pools", "pool1=9", "--yes"], 2, /cannot name a compute/],
    [["grant", "--role", "Contribtor", "--to", "ws1", "--scope", ids.synapse], 1, /'Contributor'/],
    [["grant", "--role", "Reader", "--to", "nobody", "--scope", ids.synapse], 1, /no principal/],
    [["explain", "--ml", "ml1"], 2, /--link/],
  ];
  for (const [words, code, message] of rows) {
    const ended = await directory.run(...words);
    assert.equal(ended.code, code, `${words.join(" ")}: ${ended.stderr}`);
    assert.match(ended.stderr, message);
  }
});

test("a principal without rights is refused with exit code 3", async () => {
  const { code, stderr } = await directory.run(
    ...["grant", "--as", "ws1", "--role", "Owner", "--to", "ws1", "--scope", ids.synapse],
  );
  assert.equal(code, 3, stderr);
});

test("Synapse roles are granted by their names with and without 'Synapse'", async () => {
  const to = ["--to", contract.user.upn, "--synapse", "ws1"];
  for (const role of ["Synapse Apache Spark Administrator", "apache spark administrator"]) {
    const granted = await directory.run("grant", "--role", role, ...to, "--json");
    assert.equal(granted.code, 0, granted.stderr);
    assert.equal(granted.json().scope, "workspaces/ws1");
  }
  const revoked = await directory.run(
    ...["revoke", "--role", "Apache Spark Administrator", "--from", contract.user.upn],
    ...["--synapse", "ws1", "--json"],
  );
  assert.equal(revoked.json().removed.length, 1);
});

test("exec acts as a managed identity, as an application, and as nobody else", async () => {
  const script = `
    const { IDENTITY_ENDPOINT: url, IDENTITY_HEADER: secret } = process.env;
    const query = "?api-version=2019-08-01&resource=https://management.azure.com/";
    const answer = await fetch(url + query, { headers: { "x-identity-header": secret } });
    const { access_token: token } = await answer.json();
    console.log(JSON.parse(Buffer.from(token.split(".")[1], "base64url")).oid);`;
  const node = [process.execPath, "--input-type=module", "-e"];
  const identity = await directory.run("exec", "--as", "ws1", "--", ...node, script);
  assert.equal(identity.stdout.trim(), ids.synapseIdentity, identity.stderr);

  const { body } = await api.send({
    service: "graph",
    method: "POST",
    path: "/v1.0/applications",
    body: { displayName: "nightly job" },
  });
  const { appId, id } = body as { appId: string; id: string };
  await api.send({
    service: "graph",
    method: "POST",
    path: "/v1.0/servicePrincipals",
    body: { appId },
  });
  const show =
    "console.log(process.env.AZURE_CLIENT_ID, process.env.AZURE_CLIENT_SECRET.length > 20)";
  const application = await directory.run("exec", "--as", "nightly job", "--", ...node, show);
  assert.equal(application.stdout.trim(), `${appId} true`, application.stderr);
  // The secret of the run is gone with it.
  const after = await api.send({ service: "graph", path: `/v1.0/applications/${id}` });
  assert.deepEqual((after.body as { passwordCredentials: unknown[] }).passwordCredentials, []);

  const nobody = await directory.run("exec", "--as", "nobody at all", "--", "true");
  assert.equal(nobody.code, 1);
  assert.match(nobody.stderr, /no principal/);
});

test("a secret is set from stdin by who may, and never shown", async () => {
  const set = ["secret", "set", "--vault", "mlvault1", "--name", "ml-key"];
  const refused = await directory.runWith({ input: "s3cret\n" }, ...set);
  assert.equal(refused.code, 3, refused.stderr);
  const scope = ids.machineLearning.replace(/\/providers\/.*/, "");
  await directory.run(
    ...["grant", "--role", "Key Vault Secrets Officer", "--to", contract.admin.objectId],
    ...["--scope", scope],
  );
  const done = await directory.runWith({ input: "s3cret\n" }, ...set);
  assert.equal(done.code, 0, done.stderr);
  assert.doesNotMatch(done.stdout + done.stderr, /s3cret/);
  const url = "https://mlvault1.vault.azure.net/secrets/ml-key?api-version=7.4";
  const read = await directory.run("rest", "--url", url, "--json");
  assert.equal(read.json().value, "s3cret", read.stderr);
});

test("a definition that is not saved is tested from a file", async () => {
  const file = join(directory.path, "unsaved.json");
  writeFileSync(file, JSON.stringify({ name: "unsaved", properties: { type: "AzureMLService" } }));
  const unsaved = await directory.run("test-connection", "--workspace", "ws1", "--file", file);
  assert.equal(unsaved.code, 1);
  assert.match(unsaved.stdout, /definition/);
});

test("rest answers as Azure's addresses do, and says what is refused", async () => {
  const url = `https://management.azure.com${ids.synapse}?api-version=2021-06-01`;
  const found = await directory.run("rest", "--url", url, "--json");
  assert.equal(found.json().id, ids.synapse, found.stderr);
  // Refused late: the answer to the request itself is 202.
  const link = "https://ws1.dev.azuresynapse.net/linkedservices/bad?api-version=2020-12-01";
  const body = JSON.stringify({ properties: { type: "AzureMLService", typeProperties: {} } });
  const late = await directory.run("rest", "--method", "PUT", "--url", link, "--body", body);
  assert.equal(late.code, 1, late.stdout);
  const missing = await directory.run("rest", "--url", url.replace("ws1", "ws9"));
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /ResourceNotFound, status 404/);
  assert.equal((await directory.run("rest", "--url", "https://example.org/")).code, 2);
});

test("reset refuses a running instance, and a directory that is none", async () => {
  const running = await directory.run("reset", "--yes");
  assert.equal(running.code, 1);
  assert.match(running.stderr, /callosum down/);
  const other = openCallosumDirectory();
  writeFileSync(join(other.path, "mine.txt"), "mine");
  assert.equal((await other.run("reset", "--yes")).code, 2);
  await other.close();
});
