// The machine-readable contract of a running instance: what `up --json` and `env --json` print.

import { adminSecretFile, userPasswordFile } from "./first-start.ts";
import type { Ground } from "./ground.ts";

export const version = "0.1.0";

/** Exactly one line of JSON (design.md §1). Paths are absolute; secrets are named by file, not shown. */
export interface Contract {
  readonly version: string;
  readonly pid: number;
  readonly dataDir: string;
  readonly origin: string;
  readonly proxy: string;
  readonly caFile: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly location: string;
  readonly admin: {
    readonly clientId: string;
    readonly objectId: string;
    readonly secretFile: string;
  };
  readonly user: {
    readonly upn: string;
    readonly objectId: string;
    readonly passwordFile: string;
  };
  readonly endpoints: {
    readonly resourceManager: string;
    readonly login: string;
    readonly graph: string;
    readonly synapse: string;
    readonly machineLearning: string;
    readonly studio: string;
    readonly sql: string;
  };
}

export function describeInstance(
  ground: Ground,
  addresses: { origin: string; proxyUrl: string; caFile: string; sqlPort: number },
): Contract {
  const { directory, instance } = ground;
  const { origin, proxyUrl, caFile, sqlPort } = addresses;
  return {
    version,
    pid: process.pid,
    dataDir: directory.path,
    origin,
    proxy: proxyUrl,
    caFile,
    tenantId: instance.tenantId,
    subscriptionId: instance.subscriptionId,
    location: instance.location,
    admin: { ...instance.admin, secretFile: directory.file(adminSecretFile) },
    user: { ...instance.user, passwordFile: directory.file(userPasswordFile) },
    endpoints: {
      resourceManager: origin,
      login: origin,
      graph: `${origin}/graph`,
      synapse: `${origin}/synapse/{workspace}`,
      machineLearning: `${origin}/ml/{region}`,
      studio: `${origin}/studio/`,
      sql: `localhost:${sqlPort}`,
    },
  };
}
