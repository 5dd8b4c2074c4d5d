// The story's workspaces linked both ways through the REST routes, for tests that begin after it.

import assert from "node:assert/strict";
import { audiences, type TestServer } from "../fixture/server.ts";
import { nameOf, type Story } from "./story.ts";
import { grantRole, grantSynapseRole } from "./user.ts";

/** Built in: Synapse Apache Spark Administrator. */
export const sparkAdministratorRole = "c3a6d2f1-a26f-4810-9b0f-591308d5cbf1";

export interface Linked {
  /** Name of the Synapse linked service. */
  readonly linkedService: string;
  /** Name of the AML linked service, its identity, and the attached compute's name. */
  readonly machineLearningLink: string;
  readonly machineLearningLinkIdentity: string;
  readonly compute: string;
  readonly model: string;
}

/** Synapse → AML by managed identity, AML → Synapse with a Spark pool attached, and a model. */
export async function linkBothWays(server: TestServer, story: Story): Promise<Linked> {
  const { location, synapse, machineLearning } = story;
  const workspace = nameOf(synapse);
  const linkedService = "AzureML1";
  await linkFromSynapse(server, story, linkedService);
  const owner = server.caller(server.contract.user.objectId);
  const put = async (path: string, body: object) => {
    const reply = await owner.send("PUT", path, body);
    assert.ok(reply.status < 300, `${path}: ${reply.text}`);
    return reply.body;
  };
  const link = await put(
    `${machineLearning}/linkedServices/synapselink1?api-version=2020-09-01-preview`,
    {
      location,
      identity: { type: "SystemAssigned" },
      properties: { linkedServiceResourceId: synapse },
    },
  );
  const identity: string = link.identity.principalId;
  await grantSynapseRole(server, {
    workspace,
    roleId: sparkAdministratorRole,
    objectId: identity,
  });
  await put(`${machineLearning}/computes/spark-compute?api-version=2022-10-01`, {
    location,
    identity: { type: "SystemAssigned" },
    properties: { computeType: "SynapseSpark", resourceId: story.sparkPool },
  });
  await put(`${machineLearning}/models/model1?api-version=2022-10-01`, { properties: {} });
  await put(`${machineLearning}/models/model1/versions/1?api-version=2022-10-01`, {
    properties: { modelType: "custom_model", description: "Registered without bytes" },
  });
  return {
    linkedService,
    machineLearningLink: "synapselink1",
    machineLearningLinkIdentity: identity,
    compute: "spark-compute",
    model: "model1",
  };
}

/** A linked service by the Synapse workspace's managed identity, and Contributor for the identity. */
export async function linkFromSynapse(
  server: TestServer,
  story: Story,
  name: string,
): Promise<void> {
  await grantRole(server, {
    role: "contributor",
    scope: story.machineLearning,
    objectId: story.synapseIdentity,
  });
  const typeProperties = {
    subscriptionId: server.contract.subscriptionId,
    resourceGroupName: nameOf(story.machineLearningGroup),
    mlWorkspaceName: nameOf(story.machineLearning),
    authentication: "MSI",
  };
  const owner = server.caller(server.contract.user.objectId);
  const reply = await owner.send(
    "PUT",
    `/synapse/${nameOf(story.synapse)}/linkedservices/${name}?api-version=2020-12-01`,
    { properties: { type: "AzureMLService", typeProperties } },
    { audience: audiences.synapse },
  );
  assert.ok(reply.status < 300, reply.text);
}

/** One of everything else that has a page of its own, by the parameter of the page's address. */
export async function fillWorld(
  server: TestServer,
  story: Story,
): Promise<Readonly<Record<string, string>>> {
  const owner = server.caller(server.contract.user.objectId);
  const send = async (method: string, path: string, body: object, audience: string) => {
    const reply = await owner.send(method, path, body, { audience });
    assert.ok(reply.status < 300, `${path}: ${reply.text}`);
    return reply.body;
  };
  const graph = (path: string, body: object) =>
    send("POST", `/graph/v1.0/${path}`, body, audiences.graph);
  const artifact = (path: string, properties: object) =>
    send(
      "PUT",
      `/synapse/${nameOf(story.synapse)}/${path}?api-version=2020-12-01`,
      { properties },
      audiences.synapse,
    );
  const application = await graph("applications", { displayName: "An application" });
  const principal = await graph("servicePrincipals", { appId: application.appId });
  const group = await graph("groups", {
    displayName: "A group",
    mailEnabled: false,
    mailNickname: "group",
    securityEnabled: true,
  });
  await artifact("sqlScripts/script1", { content: { query: "SELECT 1" }, type: "SqlQuery" });
  await artifact("pipelines/pipeline1", {
    activities: [{ name: "Wait1", type: "Wait", typeProperties: { waitTimeInSeconds: 1 } }],
  });
  const notebook = { nbformat: 4, nbformat_minor: 2, metadata: {}, cells: [] };
  await artifact("notebooks/notebook1", notebook);
  return {
    application: application.id,
    principal: principal.id,
    group: group.id,
    script: "script1",
    pipeline: "pipeline1",
    collection: "notebooks",
    name: "notebook1",
  };
}
