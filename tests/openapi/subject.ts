// What the operations of the documents are asked about: one of everything that can be created, and how
// the parameters of their paths name it.

import { artifactKinds } from "@callosum/server/artifacts/kinds/index.gen.ts";
import { audiences, type Reply, type TestServer } from "../fixture/server.ts";
import { bodyOf, definitions, nameOf, pathOf, versionOf } from "../registry/resource-endpoint.ts";

export const groupName = "walk";
export const synapseType = "Microsoft.Synapse/workspaces";
export const machineLearningType = "Microsoft.MachineLearningServices/workspaces";
export const assignmentId = "3f0c2a51-0d0e-4c0b-9a53-6b7a1f9d1a01";
export const roleDefinitionId = "3f0c2a51-0d0e-4c0b-9a53-6b7a1f9d1a02";
export const synapseAssignmentId = "3f0c2a51-0d0e-4c0b-9a53-6b7a1f9d1a03";
const reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
export const sparkAdministrator = "c3a6d2f1-a26f-4810-9b0f-591308d5cbf1";

/** A workspace with a managed network: only those have managed private endpoints. */
export const networkedWorkspace = "networked-workspace";

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly audience: string;
}

export interface Subject {
  readonly server: TestServer;
  readonly synapse: string;
  readonly machineLearning: string;
  /** Names of the private endpoint connections that wait at a workspace of a type. */
  readonly connections: Map<string, string>;
  send(request: Request): Promise<Reply>;
}

function definitionOf(type: string) {
  return definitions.find((one) => one.type.toLowerCase() === type.toLowerCase());
}

export function subjectOf(server: TestServer): Subject {
  const name = (type: string) => {
    const definition = definitionOf(type);
    if (!definition) throw new Error(`There is no type '${type}'.`);
    return nameOf(definition);
  };
  return {
    server,
    synapse: name(synapseType),
    machineLearning: name(machineLearningType),
    connections: new Map(),
    send: ({ method, path, body, audience }) => server.admin.send(method, path, body, { audience }),
  };
}

/** The writes that bring one of everything into being; parents first. */
function creations(subject: Subject): Request[] {
  const { server, synapse } = subject;
  const group = `${server.subscription}/resourceGroups/${groupName}`;
  const resources = definitions.flatMap((definition) => {
    const body = bodyOf(server, definition);
    if (body === undefined) return [];
    const path = `${pathOf(server, definition)}?${versionOf(definition)}`;
    return [{ method: "PUT", path, body, audience: audiences.arm }];
  });
  const azure = `${group}/providers/Microsoft.Authorization`;
  // The others' examples refer to linked services.
  const isLink = ({ collection }: { collection: string }) => collection === "linkedServices";
  const kinds = [...artifactKinds.filter(isLink), ...artifactKinds.filter((kind) => !isLink(kind))];
  const artifacts = kinds.flatMap(({ collection, examples, apiVersions }) =>
    examples.slice(0, 1).map(({ name }) => ({
      method: "PUT",
      path: `/synapse/${synapse}/${collection}/${name}?api-version=${apiVersions.at(-1)}`,
      body: artifactBody(collection),
      audience: audiences.synapse,
    })),
  );
  return [
    ...resources,
    {
      method: "PUT",
      path: `${azure}/roleDefinitions/${roleDefinitionId}?api-version=2022-04-01`,
      body: roleDefinition(group),
      audience: audiences.arm,
    },
    {
      method: "PUT",
      path: `${azure}/roleAssignments/${assignmentId}?api-version=2022-04-01`,
      body: azureAssignment(server),
      audience: audiences.arm,
    },
    ...artifacts,
    networked(group),
    {
      method: "PUT",
      path: `/synapse/${synapse}/roleAssignments/${synapseAssignmentId}?api-version=2020-12-01`,
      body: synapseAssignment(subject),
      audience: audiences.synapse,
    },
    endpointTo("endpoint1", privateEndpoint(subject)),
    endpointTo("endpoint2", {
      properties: {
        privateLinkResourceId: `${group}/providers/${synapseType}/${synapse}`,
        groupId: "Dev",
      },
    }),
  ];
}

/** Artifacts that say all that their documents require; the examples of the others do. */
const complete: Readonly<Record<string, unknown>> = {
  triggers: {
    type: "ScheduleTrigger",
    typeProperties: {
      recurrence: { frequency: "Day", interval: 1, startTime: "2024-05-01T06:00:00Z" },
    },
    pipelines: [],
  },
  sparkjobdefinitions: {
    targetBigDataPool: { referenceName: "pool1", type: "BigDataPoolReference" },
    requiredSparkVersion: "3.4",
    language: "python",
    jobProperties: {
      name: "score",
      file: "abfss://files@examplelake.dfs.core.windows.net/score.py",
      conf: {},
      args: ["--day", "2024-05-01"],
      driverMemory: "28g",
      driverCores: 4,
      executorMemory: "28g",
      executorCores: 4,
      numExecutors: 2,
    },
  },
};

/** The body that creates an artifact of a collection, in any casing; undefined for no such kind. */
export function artifactBody(collection: string): unknown {
  const name = collection.toLowerCase();
  const kind = artifactKinds.find((one) => one.collection.toLowerCase() === name);
  const properties = complete[name] ?? kind?.examples[0]?.properties;
  return properties && { properties };
}

function networked(group: string): Request {
  const path = `${group}/providers/Microsoft.Synapse/workspaces/${networkedWorkspace}`;
  return {
    method: "PUT",
    path: `${path}?api-version=2021-06-01`,
    body: {
      location: "westeurope",
      identity: { type: "SystemAssigned" },
      properties: {
        defaultDataLakeStorage: {
          accountUrl: "https://networkedlake.dfs.core.windows.net",
          filesystem: "files",
        },
        managedVirtualNetwork: "default",
      },
    },
    audience: audiences.arm,
  };
}

function endpointTo(name: string, body: unknown): Request {
  const endpoints = "managedVirtualNetworks/default/managedPrivateEndpoints";
  const path = `/synapse/${networkedWorkspace}/${endpoints}/${name}?api-version=2020-12-01`;
  return { method: "PUT", path, body, audience: audiences.synapse };
}

/** Brings everything into being and finds out what came with it. */
export async function createSubject(subject: Subject): Promise<readonly Request[]> {
  const requests = creations(subject);
  for (const request of requests) {
    const reply = await subject.send(request);
    if (reply.status >= 300) throw new Error(`${request.path}: ${reply.status} ${reply.text}`);
    // An accepted write of an artifact may have failed all the same.
    const { path, audience } = request;
    const { status } = await subject.send({ method: "GET", path, audience });
    if (status !== 200) throw new Error(`${path} is not there: ${status}`);
  }
  const { server, synapse, machineLearning, connections } = subject;
  const group = `${server.subscription}/resourceGroups/${groupName}`;
  for (const [type, name, version] of [
    [synapseType, synapse, "2021-06-01"],
    [machineLearningType, machineLearning, "2022-10-01"],
  ] as const) {
    const path = `${group}/providers/${type}/${name}/privateEndpointConnections`;
    const list = await server.admin.send("GET", `${path}?api-version=${version}`);
    connections.set(type, list.body.value[0].name);
  }
  return requests;
}

export function roleDefinition(scope: string) {
  return {
    properties: {
      roleName: "Pool reader",
      description: "May look at pools",
      type: "CustomRole",
      permissions: [{ actions: ["Microsoft.Synapse/*/read"], notActions: [] }],
      assignableScopes: [scope],
    },
  };
}

export function azureAssignment({ contract, subscription }: TestServer) {
  return {
    properties: {
      roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${reader}`,
      principalId: contract.user.objectId,
      principalType: "User",
    },
  };
}

export function synapseAssignment({ server, synapse }: Subject) {
  return {
    roleId: sparkAdministrator,
    principalId: server.contract.user.objectId,
    scope: `workspaces/${synapse}`,
    principalType: "User",
  };
}

export function privateEndpoint({ server, machineLearning }: Subject) {
  const group = `${server.subscription}/resourceGroups/${groupName}`;
  const workspaces = "providers/Microsoft.MachineLearningServices/workspaces";
  return {
    properties: {
      privateLinkResourceId: `${group}/${workspaces}/${machineLearning}`,
      groupId: "amlworkspace",
    },
  };
}
