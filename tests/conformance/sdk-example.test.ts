// The examples in the SDK's docstrings run as they are printed, in the order of the files, against an
// instance with the workspaces that they name.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ComputeTarget, SynapseCompute } from "@callosum/sdk/compute-target.ts";
import { type Connection, connect } from "@callosum/sdk/connection.ts";
import {
  LinkedService,
  SynapseWorkspaceLinkedServiceConfiguration,
} from "@callosum/sdk/linked-service.ts";
import { openSynapseWorkspace } from "@callosum/sdk/synapse-workspace.ts";
import { Workspace } from "@callosum/sdk/workspace.ts";
import { createLinkableWorkspaces } from "../../packages/cli/test/linkable-workspace.ts";
import { startServer, type TestServer } from "../fixture/server.ts";

const sources = new URL("../../packages/sdk/src/", import.meta.url);
const folder = mkdtempSync(join(tmpdir(), "callosum-sdk-example-"));
const startedIn = process.cwd();
let server: TestServer;
let options: Connection;

before(async () => {
  server = await startServer();
  const { contract, admin } = server;
  options = connect({
    credential: {
      async getToken(scopes) {
        const audience = [scopes].flat()[0]?.replace(/\/\.default$/, "") ?? "";
        return { token: await admin.token(audience), expiresOnTimestamp: Date.now() + 600_000 };
      },
    },
    endpoints: contract.endpoints,
    proxy: "none",
    pipeline: { tlsOptions: { ca: readFileSync(contract.caFile, "utf8") } },
  });
  await createLinkableWorkspaces(options, contract.subscriptionId);
  const config = {
    subscription_id: contract.subscriptionId,
    resource_group: "group1",
    workspace_name: "ml1",
  };
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  process.chdir(folder);
});
after(async () => {
  process.chdir(startedIn);
  rmSync(folder, { recursive: true });
  await server.close();
});

interface Example {
  readonly file: string;
  readonly code: string;
}

const examples: readonly Example[] = readdirSync(sources)
  .filter((name) => name.endsWith(".ts"))
  .flatMap((file) => {
    const text = readFileSync(new URL(file, sources), "utf8");
    const found = text.matchAll(/^ *\* @example\n((?: *\* .*\n)+)/gm);
    return [...found].map(([, lines = ""]) => ({ file, code: lines.replace(/^ *\* /gm, "") }));
  });

/** In the order in which a link lives: found, registered, used, removed. */
const order = [
  "Workspace.get",
  "Workspace.fromConfig",
  "LinkedService.register",
  "LinkedService.get",
  "LinkedService.list",
  "SynapseCompute.attachConfiguration({ linkedService: link, poolName",
  "ComputeTarget.list",
  "ComputeTarget.detach",
  "LinkedService.unregister",
  "openSynapseWorkspace",
];
const rank = ({ code }: Example) => order.findIndex((call) => code.includes(call));

const AsyncFunction = (async () => {}).constructor as new (
  ...parametersAndBody: string[]
) => (...values: unknown[]) => Promise<void>;

test("the examples are found", () => {
  assert.ok(examples.length >= 10);
  for (const example of examples) assert.notEqual(rank(example), -1, example.code);
});

for (const { file, code } of [...examples].sort((one, other) => rank(one) - rank(other))) {
  test(`${file}: ${code.split("\n")[0]}`, async () => {
    const { subscriptionId } = server.contract;
    const name = { subscriptionId, resourceGroup: "group1", name: "ml1" };
    const workspace = await Workspace.get(name, options);
    const [link] = await LinkedService.list(workspace);
    const scope: Record<string, unknown> = {
      ...{ assert, options, subscriptionId, Workspace, LinkedService, ComputeTarget },
      ...{ SynapseCompute, SynapseWorkspaceLinkedServiceConfiguration, openSynapseWorkspace },
      // Where an example makes one of its own, its own counts.
      ...(code.includes("const workspace =") ? {} : { workspace }),
      ...(code.includes("const link =") ? {} : { link }),
    };
    await new AsyncFunction(...Object.keys(scope), code)(...Object.values(scope));
  });
}
