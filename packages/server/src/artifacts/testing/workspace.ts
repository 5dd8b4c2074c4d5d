// Workspaces for tests of this plane: the documents that the resource manager would have stored.

import type { Caller, SendExtra, TestServer } from "../../../../../tests/fixture/server.ts";
import { audiences } from "../../../../../tests/fixture/server.ts";
import { synapseRoleAssignmentType } from "../../authz/synapse.ts";
import { putServicePrincipal } from "../../identity/directory.ts";

export const synapseRole = {
  administrator: "6e4bf58a-b8e1-4cc3-bbf9-d73143322b78",
  artifactPublisher: "05930f57-09a3-4c0d-9fa9-6d1eb91c178b",
  artifactUser: "53faaa0e-40b6-40c8-a2ff-e38f2d388875",
  computeOperator: "e3844cc7-4670-42cb-9349-9bdac1ee7881",
  contributor: "7572bffe-f453-4b66-912a-46cc5ef38fda",
  credentialUser: "5eb298b4-692c-4241-9cf0-f58a3b42bb25",
  linkedDataManager: "dd665582-e433-40ca-b183-1b1b33e73375",
  user: "2a385764-43e8-416c-9825-7b18d05a2c4b",
} as const;

export interface TestWorkspace {
  readonly name: string;
  readonly id: string;
  /** Object id of the system-assigned identity; empty without one. */
  readonly identityId: string;
  /** A request on the workspace's endpoint; `?api-version=2020-12-01` unless the path has one. */
  send(
    caller: Caller,
    method: string,
    path: string,
    body?: unknown,
    extra?: SendExtra,
  ): ReturnType<Caller["send"]>;
  /** Result of the operation that a 202 announced. */
  result(caller: Caller, accepted: Awaited<ReturnType<Caller["send"]>>): ReturnType<Caller["send"]>;
}

const group = "rg1";

export function groupId(server: TestServer): string {
  return `${server.subscription}/resourceGroups/${group}`;
}

/** Stores a resource as the resource manager would. */
export async function putResource(
  server: TestServer,
  resource: { type: string; name: string; properties?: object; [member: string]: unknown },
): Promise<string> {
  const { type, name, properties = {}, ...rest } = resource;
  const [namespace = "", ...types] = type.split("/");
  const names = name.split("/");
  const path = types.map((part, index) => `${part}/${names[index]}`).join("/");
  const id = `${groupId(server)}/providers/${namespace}/${path}`;
  const parent = types.length === 1 ? groupId(server) : id.split("/").slice(0, -2).join("/");
  await server.running.internals.store.transaction((writer) =>
    writer.put({
      id: id.toLowerCase(),
      type,
      parent: parent.toLowerCase(),
      body: { id, name: names.at(-1), location: "westeurope", ...rest, properties },
    }),
  );
  return id;
}

/** A resource group, once. */
export async function putGroup(server: TestServer): Promise<void> {
  const path = `${groupId(server)}?api-version=2022-09-01`;
  await server.admin.send("PUT", path, { location: "westeurope" });
}

/** A workspace with identity and lake whose administrator is the server's admin. */
export async function putWorkspace(
  server: TestServer,
  options: { name: string; properties?: object; identity?: boolean },
): Promise<TestWorkspace> {
  const { name, properties = {}, identity = true } = options;
  const { store, directory } = server.running.internals;
  const id = `${groupId(server)}/providers/Microsoft.Synapse/workspaces/${name}`;
  const made = identity
    ? await store.transaction((writer) =>
        directory.createManagedIdentity(writer, {
          resourceId: id,
          displayName: name,
          explicit: false,
        }),
      )
    : undefined;
  const identityId = made?.principalId ?? "";
  await putResource(server, {
    type: "Microsoft.Synapse/workspaces",
    name,
    ...(made
      ? {
          identity: {
            type: "SystemAssigned",
            principalId: identityId,
            tenantId: server.contract.tenantId,
          },
        }
      : {}),
    properties: {
      defaultDataLakeStorage: {
        accountUrl: "https://lake1.dfs.core.windows.net",
        filesystem: "fs",
      },
      connectivityEndpoints: { dev: `https://${name}.dev.azuresynapse.net` },
      provisioningState: "Succeeded",
      ...properties,
    },
  });
  await store.transaction((writer) =>
    writer.claim({ kind: "endpoint-synapse", name, id: id.toLowerCase() }),
  );
  await grantSynapse(server, {
    workspaceId: id,
    principalId: server.admin.objectId,
    roleId: synapseRole.administrator,
  });
  const send: TestWorkspace["send"] = (caller, method, path, body, extra = {}) => {
    const versioned = path.includes("api-version=")
      ? path
      : `${path}${path.includes("?") ? "&" : "?"}api-version=2020-12-01`;
    const url = `/synapse/${name}${versioned}`;
    return caller.send(method, url, body, { audience: audiences.synapse, ...extra });
  };
  return {
    name,
    id,
    identityId,
    send,
    result(caller, accepted) {
      const { pathname, search } = new URL(String(accepted.headers.location));
      return caller.send("GET", pathname + search, undefined, { audience: audiences.synapse });
    },
  };
}

let assignments = 0;

/** A Synapse role assignment at the workspace, or at an item of it. */
export async function grantSynapse(
  server: TestServer,
  grant: { workspaceId: string; principalId: string; roleId: string; item?: string },
): Promise<string> {
  const { workspaceId, principalId, roleId, item } = grant;
  assignments += 1;
  const id = `00000000-0000-4000-8000-${String(assignments).padStart(12, "0")}`;
  const name = workspaceId.split("/").at(-1) ?? "";
  const scope = item === undefined ? `workspaces/${name}` : `workspaces/${name}/${item}`;
  const key = workspaceId.toLowerCase();
  await server.running.internals.store.transaction((writer) =>
    writer.put({
      id: `${key}/synapseroleassignments/${id}`,
      type: synapseRoleAssignmentType,
      parent: key,
      body: {
        id,
        roleDefinitionId: roleId,
        principalId,
        scope,
        principalType: "ServicePrincipal",
        workspaceId,
        createdOn: "2024-01-01T00:00:00.000Z",
      },
    }),
  );
  return id;
}

let principals = 0;

/** A service principal that may nothing yet. */
export async function putPrincipal(server: TestServer, displayName: string): Promise<Caller> {
  principals += 1;
  const guid = (kind: number) =>
    `0000000${kind}-0000-4000-9000-${String(principals).padStart(12, "0")}`;
  await server.running.internals.store.transaction((writer) =>
    putServicePrincipal(writer, {
      id: guid(1),
      appId: guid(2),
      displayName,
      servicePrincipalType: "Application",
      accountEnabled: true,
      createdDateTime: "2024-01-01T00:00:00.000Z",
      resourceId: undefined,
      isExplicit: false,
      passwordCredentials: [],
      settings: {},
    }),
  );
  return server.caller(guid(1));
}
