// What `callosum link` was asked for, checked before anything is looked at.

import { usageError } from "../command.ts";

export type LinkAuthentication = "msi" | "sp";

export interface PoolRequest {
  readonly poolName: string;
  /** Its name as a compute of the machine learning workspace. */
  readonly alias: string;
}

export interface LinkRequest {
  /** Name or resource id. */
  readonly synapse: string;
  /** Name or resource id. */
  readonly machineLearning: string;
  readonly authentication: LinkAuthentication;
  readonly pools: readonly PoolRequest[];
  /** In the machine learning workspace; the Synapse workspace's name unless given. */
  readonly linkName: string | undefined;
  /** In the Synapse workspace; the machine learning workspace's name unless given. */
  readonly serviceName: string | undefined;
}

/** SDK v1's rule for the names of attached pools (protocols.md 2.1). */
const aliasPattern = /^[A-Za-z][A-Za-z0-9-]{0,14}[A-Za-z0-9]$/;
/** A link's name follows the rule for machine learning workspaces (protocols.md 1.2). */
const linkNamePattern = /^[A-Za-z0-9][A-Za-z0-9_-]{2,32}$/;

/** `pool1=spark1,pool2` → pools with the names they get; a pool keeps its own name by default. */
export function readPools(text: string | undefined): PoolRequest[] {
  const pools = (text ?? "").split(",").flatMap((part) => {
    const [poolName = "", alias = poolName, ...more] = part.trim().split("=");
    if (part.trim() === "") return [];
    if (poolName === "" || more.length > 0) {
      throw usageError(`--pools is pool=name,pool=name,…; '${part}' is not.`);
    }
    if (!aliasPattern.test(alias)) {
      throw usageError(
        `'${alias}' cannot name a compute: 2 to 16 letters, digits and '-', a letter first, no '-' last.`,
        `Give the pool another name: --pools ${poolName}=<name>`,
      );
    }
    return [{ poolName, alias }];
  });
  const repeated = pools.find(
    ({ alias }, index) =>
      pools.findIndex((each) => each.alias.toLowerCase() === alias.toLowerCase()) !== index,
  );
  if (repeated) throw usageError(`--pools names '${repeated.alias}' twice.`);
  return pools;
}

/** The link's name where none is given: the Synapse workspace's, made to fit. */
export function linkNameOf(given: string | undefined, synapseName: string): string {
  if (given === undefined) {
    const long = synapseName.length < 3 ? `link-${synapseName}` : synapseName;
    return long.slice(0, 33);
  }
  if (linkNamePattern.test(given)) return given;
  throw usageError(
    `--link-name '${given}': 3 to 33 letters, digits, '-' and '_', a letter or digit first.`,
  );
}
