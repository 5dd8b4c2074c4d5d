// What the tests of links and computes start from: a machine learning workspace beside a Synapse one.

import type { Reply, TestServer } from "../../../../../../../tests/fixture/server.ts";
import { makeGroup, makePool, makeSynapse, must } from "../../synapse/testing/workspace-fixture.ts";

export const v1 = "?api-version=2020-09-01-preview";
export const v2 = "?api-version=2022-10-01";

export interface LinkFixture {
  readonly group: string;
  readonly synapse: string;
  readonly pool: string;
  readonly workspace: string;
  /** Registers a link as the administrator. */
  link(name: string, target?: string): Promise<Reply>;
  /** Attaches the pool as the administrator. */
  attach(name: string, more?: Record<string, unknown>): Promise<Reply>;
}

export async function makeLinkable(server: TestServer): Promise<LinkFixture> {
  const group = await makeGroup(server);
  const synapse = await makeSynapse(server, group, "ws1");
  const pool = await makePool(server, synapse);
  const workspace = await makeMachineLearning(server, group, "ml1");
  return {
    group,
    synapse,
    pool,
    workspace,
    link: (name, target = synapse) =>
      server.admin.send("PUT", `${workspace}/linkedServices/${name}${v1}`, {
        location: "westeurope",
        identity: { type: "SystemAssigned" },
        properties: { linkedServiceResourceId: target },
      }),
    attach: (name, more = {}) =>
      server.admin.send("PUT", `${workspace}/computes/${name}${v2}`, {
        location: "westeurope",
        properties: { computeType: "SynapseSpark", resourceId: pool },
        ...more,
      }),
  };
}

/** Makes a machine learning workspace; gives its id. */
export async function makeMachineLearning(server: TestServer, group: string, name: string) {
  const id = `${group}/providers/Microsoft.MachineLearningServices/workspaces/${name}`;
  await must(server, "PUT", `${id}${v2}`, { location: "westeurope", properties: {} });
  return id;
}
