// The composition root: opens the ground, joins the planes through their ports, listens. Nothing is
// decided here but who gets what.

import type { LakePort } from "@callosum/contract/lake.ts";
import type { Store } from "@callosum/contract/ports.ts";
import { type Authority, openAuthority } from "./composition/authority.ts";
import { type Contract, describeInstance } from "./composition/contract.ts";
import { type Ground, type GroundOptions, openGround } from "./composition/ground.ts";
import { composePlanes } from "./composition/planes.ts";
import { openSqlEndpoint } from "./composition/sql.ts";
import { openCertificateFiles } from "./http/certificate-files.ts";
import { type CertificateAuthority, openCertificateAuthority } from "./http/certificates.ts";
import { createListener, type Listener } from "./http/listener.ts";
import { isAzureHost } from "./http/plane.ts";
import { type RunningProxy, startProxy } from "./http/proxy.ts";
import { verifyProxyCredential } from "./http/proxy-credential.ts";
import { decideDestination } from "./http/proxy-destination.ts";
import type { Plane } from "./http/route.ts";
import type { DirectoryHost } from "./identity/directory.ts";
import type { SigningKeys } from "./identity/signing-key.ts";
import { describeError } from "./platform/log.ts";

export { type Contract, version } from "./composition/contract.ts";

export interface StartOptions extends GroundOptions {
  /** Loopback unless told otherwise. */
  readonly host?: string;
  /** 0 chooses a free one. */
  readonly port?: number;
  readonly proxyPort?: number;
  readonly sqlPort?: number;
  /** Role assignments count only after so long, as in Azure. */
  readonly propagationDelayMs?: number;
  /** Long-running operations stay in progress so long. */
  readonly operationDelayMs?: number;
  /** Hosts that may be fetched from when a user's input asks for it; none unless given. */
  readonly fetchHosts?: readonly string[];
}

export interface Running {
  readonly contract: Contract;
  /** For the process that embeds the server: tests and the CLI's own process. Never on the wire. */
  readonly internals: {
    readonly store: Store;
    readonly keys: SigningKeys;
    readonly directory: DirectoryHost;
    readonly planes: readonly Plane[];
    readonly lake: LakePort;
  };
  close(): Promise<void>;
}

const portDefault = 8443;
const proxyPortDefault = 8442;
const sqlPortDefault = 1433;

/** Starts an instance; rejects with DirectoryInUse, or when a port cannot be had. */
export async function start(options: StartOptions): Promise<Running> {
  const ground = await openGround(options);
  const { propagationDelayMs = 0, operationDelayMs = 0, fetchHosts = [] } = options;
  const authority = await openAuthority(ground, { propagationDelayMs });
  const composed = await composePlanes(ground, authority, { operationDelayMs, fetchHosts });
  const { planes, lake, sql } = composed;
  const certificates = openCertificateAuthority({
    files: openCertificateFiles(ground.directory.directory("certificates")),
    clock: ground.clock,
    random: ground.random,
    servesHost: isAzureHost,
  });
  const listener = openListener({ ground, authority, planes, certificates });
  const host = options.host ?? "127.0.0.1";
  const { port, origin } = await listener.listen({ host, port: options.port ?? portDefault });
  const proxyPort = options.proxyPort ?? proxyPortDefault;
  const proxy = await openProxy({ ground, listener, host, proxyPort, originPort: port });
  const sqlPort = options.sqlPort ?? sqlPortDefault;
  const tds = await openSqlEndpoint({
    ground,
    front: sql.front,
    certificates,
    host,
    port: sqlPort,
  });
  await composed.deployments.resume(origin);
  const { keys, directory } = authority;
  return {
    contract: describeInstance(ground, {
      origin,
      proxyUrl: proxy.url,
      caFile: certificates.caFiles.bundle,
      sqlPort: tds.port,
    }),
    internals: { store: ground.store, keys, directory, planes, lake },
    async close() {
      await listener.close();
      await composed.deployments.close();
      await proxy.close();
      await tds.close();
      await sql.close();
      await ground.close();
    },
  };
}

function openListener(parts: {
  ground: Ground;
  authority: Authority;
  planes: readonly Plane[];
  certificates: CertificateAuthority;
}): Listener {
  const { ground, authority, planes, certificates } = parts;
  const { tenantId, domain } = ground.instance;
  const tenants = new Set([tenantId, domain, "common", "organizations", "consumers"]);
  return createListener({
    planes,
    verifier: authority.verifier,
    random: ground.random,
    log: ground.log,
    tls: certificates.tlsOptions(),
    isTenant: (segment) => tenants.has(segment),
  });
}

function openProxy(parts: {
  ground: Ground;
  listener: Listener;
  host: string;
  proxyPort: number;
  originPort: number;
}): Promise<RunningProxy> {
  const { ground, listener, host, proxyPort, originPort } = parts;
  return startProxy({
    port: proxyPort,
    host,
    verify: (user, password) => verifyProxyCredential({ key: ground.instanceKey, user, password }),
    decide: (destination, credential) =>
      decideDestination(destination, credential, { servesHost: isAzureHost, originPort }),
    onSocket: (socket) => void listener.server.emit("connection", socket),
    onFault: (error) => ground.log.write("error", "proxy.fault", { error: describeError(error) }),
  });
}
