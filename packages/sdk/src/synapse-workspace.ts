// The endpoint of a Synapse workspace: linked services (protocols.md 4.1-4.4) and Synapse role
// assignments (5.2). The other direction of a link is linked-service.ts.

import { type Connection, type ConnectionOptions, connect, isConnection } from "./connection.ts";
import { sendAndWait, type WaitOptions, waitFor } from "./operation.ts";
import { listPages } from "./resource.ts";

const apiVersion = "2020-12-01";

export interface ArtifactReference {
  readonly referenceName: string;
  readonly type: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

export interface LinkedServiceProperties {
  /** `AzureMLService`, `AzureKeyVault`, … */
  readonly type: string;
  readonly description?: string;
  readonly annotations?: readonly unknown[];
  readonly parameters?: Readonly<Record<string, { type: string; defaultValue?: unknown }>>;
  readonly connectVia?: ArtifactReference;
  readonly typeProperties: Readonly<Record<string, unknown>>;
}

export interface SynapseLinkedService {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly etag?: string;
  /** Who may only list sees the name and the type, not what is in it (features.md B-17). */
  readonly properties: Omit<LinkedServiceProperties, "typeProperties"> &
    Partial<Pick<LinkedServiceProperties, "typeProperties">>;
}

/** One step of a tested connection; what Callosum answers beyond Azure's own shape. */
export interface ConnectivityHop {
  readonly hop: string;
  readonly status: "passed" | "failed" | "warning" | "skipped";
  readonly code: string;
  readonly reason: string;
  readonly message: string;
  readonly fault?: { readonly party: string; readonly principalId?: string };
  readonly missing?: { readonly role: string; readonly scope: string; readonly action: string };
  readonly fix?: { readonly description: string; readonly command?: string };
}

export interface ConnectivityResult {
  readonly succeeded: boolean;
  readonly errors?: readonly { readonly code: string; readonly message: string }[];
  readonly verdict?: {
    readonly succeeded: boolean;
    readonly cause?: string;
    readonly hops: readonly ConnectivityHop[];
  };
}

export interface SynapseRoleAssignment {
  readonly id: string;
  readonly roleDefinitionId: string;
  readonly principalId: string;
  /** `workspaces/{name}`, or an item below it. */
  readonly scope: string;
  readonly principalType?: string;
}

export interface SynapseRoleDefinition {
  readonly id: string;
  readonly name: string;
  readonly isBuiltIn?: boolean;
  readonly description?: string;
  readonly permissions?: readonly {
    readonly actions?: readonly string[];
    readonly notActions?: readonly string[];
    readonly dataActions?: readonly string[];
    readonly notDataActions?: readonly string[];
  }[];
}

/** GUIDs of the built-in Synapse roles (protocols.md 5.2). */
export const synapseRoles = {
  administrator: "6e4bf58a-b8e1-4cc3-bbf9-d73143322b78",
  apacheSparkAdministrator: "c3a6d2f1-a26f-4810-9b0f-591308d5cbf1",
  sqlAdministrator: "7af0c69a-a548-47d6-aea3-d00e69bd83aa",
  contributor: "7572bffe-f453-4b66-912a-46cc5ef38fda",
  artifactPublisher: "05930f57-09a3-4c0d-9fa9-6d1eb91c178b",
  artifactUser: "53faaa0e-40b6-40c8-a2ff-e38f2d388875",
  computeOperator: "e3844cc7-4670-42cb-9349-9bdac1ee7881",
  monitoringOperator: "8f9b2195-5b12-4a7c-af30-8f1f46197650",
  credentialUser: "5eb298b4-692c-4241-9cf0-f58a3b42bb25",
  linkedDataManager: "dd665582-e433-40ca-b183-1b1b33e73375",
  user: "2a385764-43e8-416c-9825-7b18d05a2c4b",
} as const;

export type SynapseWorkspace = ReturnType<typeof openSynapseWorkspace>;

/**
 * The endpoint of a workspace by its name; nothing is sent yet.
 *
 * @example
 * const synapse = openSynapseWorkspace("ws1", options);
 * const properties = {
 *   type: "AzureMLService",
 *   typeProperties: { subscriptionId, resourceGroupName: "group1", mlWorkspaceName: "ml1", authentication: "MSI" },
 * };
 * const saved = await synapse.linkedServices.create("AzureMLService1", properties);
 * assert.equal(saved.name, "AzureMLService1");
 * const names = (await synapse.linkedServices.list()).map(({ name }) => name);
 * assert.ok(names.includes("AzureMLService1"));
 * await synapse.linkedServices.delete("AzureMLService1");
 */
export function openSynapseWorkspace(name: string, options: Connection | ConnectionOptions) {
  const connection = isConnection(options) ? options : connect(options);
  const workspace = { connection, name };
  return {
    name,
    connection,
    linkedServices: linkedServicesOf(workspace),
    roleAssignments: roleAssignmentsOf(workspace),
    roleDefinitions: {
      /** The built-in roles. */
      list: async () =>
        (await connection.send(requestOf(workspace, "/roleDefinitions")))
          .body as SynapseRoleDefinition[],
    },
  };
}

interface Opened {
  readonly connection: Connection;
  readonly name: string;
}

function requestOf({ name }: Opened, path: string) {
  return {
    service: "synapse" as const,
    subject: name,
    path,
    query: { "api-version": apiVersion } as Record<string, string>,
  };
}

function linkedServicesOf(workspace: Opened) {
  const { connection } = workspace;
  const at = (name: string) => requestOf(workspace, `/linkedservices/${encodeURIComponent(name)}`);
  return {
    /** Creates or replaces, and waits: what is refused late throws RequestFailed as well. */
    async create(
      name: string,
      properties: LinkedServiceProperties,
      options?: WaitOptions,
    ): Promise<SynapseLinkedService> {
      const request = { ...at(name), method: "PUT" as const, body: { name, properties } };
      return (await sendAndWait(connection, request, options)) as SynapseLinkedService;
    },

    /** RequestFailed with status 404 where there is none. */
    async get(name: string): Promise<SynapseLinkedService> {
      return (await connection.send(at(name))).body as SynapseLinkedService;
    },

    /** Undefined where there is none. */
    async find(name: string): Promise<SynapseLinkedService | undefined> {
      const { status, body } = await connection.send({ ...at(name), accept: [404] });
      return status === 404 ? undefined : (body as SynapseLinkedService);
    },

    async list(): Promise<SynapseLinkedService[]> {
      return listPages(connection, requestOf(workspace, "/linkedservices"));
    },

    /** False where there was none. */
    async delete(name: string, options?: WaitOptions): Promise<boolean> {
      const request = { ...at(name), method: "DELETE" as const, accept: [404] };
      const started = await connection.send(request);
      if (started.status === 204 || started.status === 404) return false;
      await waitFor(connection, { request, started, options });
      return true;
    },

    /**
     * Tests a connection: of a saved service by its name, or of a definition that need not be saved.
     * Azure's Synapse has no documented request for it; Callosum answers this one (protocols.md 4.4).
     */
    async test(
      tested: string | { readonly name?: string; readonly properties: LinkedServiceProperties },
      parameters?: Readonly<Record<string, unknown>>,
    ): Promise<ConnectivityResult> {
      const body =
        typeof tested === "string"
          ? { linkedServiceName: tested, ...(parameters && { parameters }) }
          : { linkedService: tested, ...(parameters && { parameters }) };
      const request = {
        ...requestOf(workspace, "/testConnectivity"),
        method: "POST" as const,
        body,
      };
      return (await connection.send(request)).body as ConnectivityResult;
    },
  };
}

function roleAssignmentsOf(workspace: Opened) {
  const { connection, name } = workspace;
  const at = (id: string) => requestOf(workspace, `/roleAssignments/${encodeURIComponent(id)}`);
  return {
    /** All pages; assignments above an item's scope count for it and are given too. */
    async list(
      filter: { roleId?: string; principalId?: string; scope?: string } = {},
    ): Promise<SynapseRoleAssignment[]> {
      const found: SynapseRoleAssignment[] = [];
      const request = requestOf(workspace, "/roleAssignments");
      let continuation: string | undefined;
      do {
        const { body, header } = await connection.send({
          ...request,
          query: { ...request.query, ...filter },
          ...(continuation && { headers: { "x-ms-continuation": continuation } }),
        });
        found.push(...((body as { value?: SynapseRoleAssignment[] }).value ?? []));
        continuation = header("x-ms-continuation");
      } while (continuation);
      return found;
    },

    /** Grants a role; at the whole workspace unless `scope` says less. `id` is random unless given. */
    async create(grant: {
      roleId: string;
      principalId: string;
      scope?: string;
      principalType?: string;
      id?: string;
    }): Promise<SynapseRoleAssignment> {
      const { roleId, principalId, principalType, id = crypto.randomUUID() } = grant;
      const scope = grant.scope ?? `workspaces/${name}`;
      const body = { roleId, principalId, scope, ...(principalType && { principalType }) };
      const response = await connection.send({ ...at(id), method: "PUT", body });
      return response.body as SynapseRoleAssignment;
    },

    /** False where there was none. */
    async delete(id: string): Promise<boolean> {
      const { status } = await connection.send({ ...at(id), method: "DELETE", accept: [404] });
      return status !== 404;
    },
  };
}
