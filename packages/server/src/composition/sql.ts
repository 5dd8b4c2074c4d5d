// The SQL endpoint of the workspaces: engine in a child process, T-SQL front, TDS listener.

import type { LakePort } from "@callosum/contract/lake.ts";
import type { PlaneServices } from "@callosum/contract/services.ts";
import type { CertificateAuthority } from "../http/certificates.ts";
import { spawnEngineProcess } from "../platform/engine-process.ts";
import { machineSize, openPoolFiles } from "../platform/pool-files.ts";
import { createFront, type OpenFront } from "../sql/front.ts";
import { createSqlIdentity } from "../sql/host/identity.ts";
import { createSqlLake } from "../sql/host/lake.ts";
import { createLazyEngine } from "../sql/host/lazy-engine.ts";
import { createPoolPort } from "../sql/host/pool.ts";
import { followPools } from "../sql/host/pool-life.ts";
import type { SqlClock } from "../sql/ports.ts";
import { listen } from "../sql/tds/listener.ts";
import type { WireClock } from "../sql/tds/option.ts";
import type { Authority } from "./authority.ts";
import type { Ground } from "./ground.ts";

/** Pools, logins and sessions; every wire to them logs in through `front`. */
export interface SqlHost {
  readonly front: OpenFront;
  close(): Promise<void>;
}

export interface SqlEndpoint {
  readonly port: number;
  close(): Promise<void>;
}

const ticksPerMs = 10_000n;

export function openSqlHost(parts: {
  ground: Ground;
  authority: Authority;
  services: PlaneServices;
  lake: LakePort;
}): SqlHost {
  const { ground, authority, services, lake } = parts;
  const files = openPoolFiles(ground.directory);
  const engine = createLazyEngine(spawnEngineProcess);
  const front = createFront({
    engine,
    pools: createPoolPort({ services, files, machine: machineSize() }),
    lake: createSqlLake({ services, lake, files }),
    secrets: services.secrets,
    identity: createSqlIdentity(services, authority.verifier.verify),
    clock: sqlClock(ground),
  });
  const { store, log } = ground;
  followPools({ store, files, closePool: front.closePool, log });
  return {
    front,
    async close() {
      await front.close();
      await engine.close();
    },
  };
}

/** The TDS wire. */
export async function openSqlEndpoint(parts: {
  ground: Ground;
  front: OpenFront;
  certificates: CertificateAuthority;
  host: string;
  port: number;
}): Promise<SqlEndpoint> {
  const { ground, front, certificates, host, port } = parts;
  const { tenantId } = ground.instance;
  return listen({
    front,
    host,
    port,
    secureContext: (serverName, limit) => contextOf(certificates, serverName, limit),
    log: ground.log,
    clock: wireClock,
    federatedSignIn: {
      stsUrl: `https://login.microsoftonline.com/${tenantId}`,
      spn: "https://database.windows.net/",
    },
  });
}

/** A name that is not ours gets localhost's leaf, and the client's own check says so. */
function contextOf(
  certificates: CertificateAuthority,
  serverName: string | undefined,
  limit: { maxVersion: "TLSv1.2" | "TLSv1.3" },
) {
  const named =
    serverName === undefined ? undefined : certificates.secureContext(serverName, limit);
  const context = named ?? certificates.secureContext("localhost", limit);
  if (!context) throw new Error("There is no certificate for localhost.");
  return context;
}

const wireClock: WireClock = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

function sqlClock({ clock }: Ground): SqlClock {
  return {
    now: () => BigInt(clock.now().getTime()) * ticksPerMs,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(resolve, milliseconds);
        signal.addEventListener("abort", () => {
          clearTimeout(timer);
          reject(signal.reason);
        });
      }),
  };
}
