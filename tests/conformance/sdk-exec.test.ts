// The program of the SDK's README, as it is printed: Azure's endpoints, DefaultAzureCredential, and
// `callosum exec` around it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { openApi } from "callosum/api.ts";
import { openCallosumDirectory } from "../../packages/cli/test/callosum-process.ts";
import { createLinkableWorkspaces } from "../../packages/cli/test/linkable-workspace.ts";

const directory = openCallosumDirectory();
const readme = new URL("../../packages/sdk/README.md", import.meta.url);

before(async () => {
  const contract = (await directory.up()).json();
  await createLinkableWorkspaces(openApi(contract), contract.subscriptionId);
});
after(() => directory.close());

test("the README's program links both ways, with nothing configured", async () => {
  const [, program = ""] = /```ts\n(.*?)```/s.exec(readFileSync(readme, "utf8")) ?? [];
  const node = [process.execPath, "--input-type=module-typescript", "-e"];
  const { code, stdout, stderr } = await directory.run("exec", "--", ...node, program);
  assert.equal(code, 0, stderr);
  assert.deepEqual(stdout.trim().split("\n"), ["Succeeded", "AzureMLService1"]);
  const { links } = (await directory.run("links", "--json")).json();
  assert.deepEqual(
    links.map(({ name }: { name: string }) => name),
    ["AzureMLService1", "link1"],
  );
});
