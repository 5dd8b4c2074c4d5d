// Dedicated SQL pools as databases: the resource manager's sqlPools, a file each, and `master`. Size
// and state are the resource's; pool-life.ts closes the file of a paused one.

import type { ArmResource } from "@callosum/contract/ports.ts";
import type { PlaneServices } from "@callosum/contract/services.ts";
import type { EngineLimits } from "../engine/port.ts";
import type { PoolPort, SqlPool } from "../ports.ts";

export const sqlPoolType = "Microsoft.Synapse/workspaces/sqlPools";

export interface PoolFiles {
  /** Absolute path of a database file; its folder exists. */
  file(name: string): string;
  /** Where staged lake files and spilled blocks lie. */
  readonly stagingDirectory: string;
  readonly temporaryDirectory: string;
  /** Names of the database files that there are. */
  list(): readonly string[];
  /** Removes a database file and what the engine keeps beside it. */
  remove(name: string): void;
}

interface Machine {
  readonly memoryBytes: number;
  readonly threads: number;
}

const ticksPerMs = 10_000n;
const gibibyte = 1024 ** 3;

/** `DW100c` … `DW30000c`: the larger the pool, the more of this machine it may use. */
function limitsOf(sku: string, machine: Machine, files: PoolFiles): EngineLimits {
  const units = Number(/^DW(\d+)c?$/i.exec(sku)?.[1] ?? 100);
  const share = Math.min(1, 0.25 + units / 2000);
  return {
    memoryBytes: Math.max(gibibyte, Math.floor(machine.memoryBytes * 0.5 * share)),
    threads: Math.max(1, Math.round(machine.threads * share)),
    directories: [files.stagingDirectory],
    temporaryDirectory: files.temporaryDirectory,
  };
}

export function createPoolPort(options: {
  services: Pick<PlaneServices, "store" | "resources">;
  files: PoolFiles;
  machine: Machine;
}): PoolPort {
  const { services, files, machine } = options;

  function toPool(workspace: ArmResource, resource: ArmResource): SqlPool {
    const { status, collation, creationDate } = resource.properties as Record<string, string>;
    const sku = String(resource.sku?.name ?? "DW100c");
    return {
      workspace: workspace.name,
      name: resource.name,
      state: status === "Paused" ? "Paused" : "Online",
      file: files.file(fileName(resource)),
      limits: limitsOf(sku, machine, files),
      serviceObjective: sku,
      collation: String(collation),
      created: BigInt(Date.parse(String(creationDate))) * ticksPerMs,
    };
  }

  async function list(workspaceName: string): Promise<SqlPool[]> {
    const workspace = await services.resources.byEndpoint("synapse", workspaceName);
    if (!workspace) return [];
    const documents = await services.store.read.documents<ArmResource>({
      parent: workspace.id.toLowerCase(),
      type: sqlPoolType,
    });
    const pools = documents.map(({ body }) => toPool(workspace, body));
    return [masterOf(workspace, files, machine), ...pools];
  }

  return {
    list,
    async find(workspaceName, database) {
      const pools = await list(workspaceName);
      return pools.find((pool) => pool.name.toLowerCase() === database.toLowerCase());
    },
    async serverless(workspaceName) {
      const workspace = await services.resources.byEndpoint("synapse", workspaceName);
      if (!workspace) return undefined;
      const file = files.file(ownFileNames(workspace).serverless);
      return { ...masterOf(workspace, files, machine), file, isServerless: true };
    },
  };
}

/** A file for each life of a pool: one made again under an old name starts empty. */
export function fileName(resource: ArmResource): string {
  const created = String(resource.properties.creationDate).replace(/\D/g, "");
  const path = resource.id
    .split("/")
    .slice(2)
    .filter((_, index) => index % 2 === 0 || index > 4);
  return `${path
    .join("-")
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, "_")}-${created}.duckdb`;
}

/** What a workspace has without a pool: `master` of its dedicated pools, and the serverless pool's. */
export function ownFileNames(workspace: ArmResource): { master: string; serverless: string } {
  const uid = String(workspace.properties.workspaceUID ?? workspace.name);
  return { master: `master-${uid}.duckdb`, serverless: `serverless-${uid}.duckdb` };
}

function masterOf(workspace: ArmResource, files: PoolFiles, machine: Machine): SqlPool {
  return {
    workspace: workspace.name,
    name: "master",
    state: "Online",
    file: files.file(ownFileNames(workspace).master),
    limits: limitsOf("DW100c", machine, files),
    serviceObjective: "System",
    collation: "SQL_Latin1_General_CP1_CI_AS",
    created: 0n,
  };
}
