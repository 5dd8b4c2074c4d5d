// Synapse Spark pools attached to a machine learning workspace (protocols.md 2).

import type { LinkedService } from "./linked-service.ts";
import { type WaitOptions, waitFor } from "./operation.ts";
import {
  deleteResource,
  findResource,
  getResource,
  listResources,
  type Resource,
} from "./resource.ts";
import type { Workspace } from "./workspace.ts";

const apiVersion = "2022-10-01";

export interface SynapseComputeConfiguration {
  readonly type: "SynapseSpark";
  /** ARM id of the Spark pool. */
  readonly resourceId: string;
}

export const SynapseCompute = {
  /**
   * Names a Spark pool of the workspace that a link leads to.
   *
   * @example
   * const configuration = SynapseCompute.attachConfiguration({ linkedService: link, poolName: "pool1" });
   * assert.ok(configuration.resourceId.endsWith("/bigDataPools/pool1"));
   */
  attachConfiguration(pool: {
    linkedService: Pick<LinkedService, "linkedServiceResourceId">;
    poolName: string;
    type?: "SynapseSpark";
  }): SynapseComputeConfiguration {
    const { linkedServiceResourceId } = pool.linkedService;
    return {
      type: "SynapseSpark",
      resourceId: `${linkedServiceResourceId}/bigDataPools/${pool.poolName}`,
    };
  },
};

export interface ComputeTarget {
  readonly workspace: Workspace;
  readonly id: string;
  /** What the workspace calls the pool. */
  readonly name: string;
  readonly type: string;
  /** ARM id of the Spark pool. */
  readonly resourceId: string | undefined;
  readonly provisioningState: string;
  /** Waits until it is attached; RequestFailed where that fails. */
  waitForCompletion(options?: WaitOptions): Promise<ComputeTarget>;
}

interface ComputeProperties {
  readonly computeType: string;
  readonly resourceId?: string | null;
  readonly provisioningState?: string;
}

export const ComputeTarget = {
  /**
   * Starts attaching a Spark pool under a name of the workspace's own.
   *
   * @example
   * const configuration = SynapseCompute.attachConfiguration({ linkedService: link, poolName: "pool1" });
   * const compute = await ComputeTarget.attach(workspace, "spark1", configuration);
   * assert.equal((await compute.waitForCompletion()).provisioningState, "Succeeded");
   */
  async attach(
    workspace: Workspace,
    name: string,
    configuration: SynapseComputeConfiguration,
  ): Promise<ComputeTarget> {
    const { connection, location } = workspace;
    const { type: computeType, resourceId } = configuration;
    const request = {
      service: "resourceManager" as const,
      method: "PUT" as const,
      path: encodeURI(computeId(workspace, name)),
      query: { "api-version": apiVersion },
      body: { location, properties: { computeType, resourceId } },
    };
    const started = await connection.send(request);
    return {
      ...toCompute(workspace, started.body as Resource<ComputeProperties>),
      async waitForCompletion(options) {
        const ended = await waitFor(connection, { request, started, options });
        return toCompute(workspace, ended as Resource<ComputeProperties>);
      },
    };
  },

  /** Reads a compute. RequestFailed with status 404 where there is none. */
  async get(workspace: Workspace, name: string): Promise<ComputeTarget> {
    const id = computeId(workspace, name);
    return toCompute(
      workspace,
      await getResource<ComputeProperties>(workspace.connection, { id, apiVersion }),
    );
  },

  /** Reads a compute; undefined where there is none. */
  async find(workspace: Workspace, name: string): Promise<ComputeTarget | undefined> {
    const id = computeId(workspace, name);
    const found = await findResource<ComputeProperties>(workspace.connection, { id, apiVersion });
    return found && toCompute(workspace, found);
  },

  /**
   * All computes of the workspace.
   *
   * @example
   * const computes = await ComputeTarget.list(workspace);
   * assert.deepEqual(computes.map(({ name, type }) => [name, type]), [["spark1", "SynapseSpark"]]);
   */
  async list(workspace: Workspace): Promise<ComputeTarget[]> {
    const id = `${workspace.id}/computes`;
    const found = await listResources<Resource<ComputeProperties>>(workspace.connection, {
      id,
      apiVersion,
    });
    return found.map((resource) => toCompute(workspace, resource));
  },

  /**
   * Detaches a pool; the pool itself stays. False where nothing was attached under that name.
   *
   * @example
   * assert.equal(await ComputeTarget.detach(workspace, "spark1"), true);
   */
  async detach(workspace: Workspace, name: string): Promise<boolean> {
    const id = computeId(workspace, name);
    const query = { underlyingResourceAction: "Detach" };
    return deleteResource(workspace.connection, { id, apiVersion, query });
  },
};

function computeId(workspace: Workspace, name: string): string {
  return `${workspace.id}/computes/${name}`;
}

function toCompute(workspace: Workspace, resource: Resource<ComputeProperties>): ComputeTarget {
  const { id, name, properties } = resource;
  const compute: ComputeTarget = {
    workspace,
    id,
    name,
    type: properties.computeType,
    resourceId: properties.resourceId ?? undefined,
    provisioningState: properties.provisioningState ?? "Succeeded",
    waitForCompletion: async () => ComputeTarget.get(workspace, name),
  };
  return compute;
}
