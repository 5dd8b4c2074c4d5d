// The composition root: opens the platform, joins the planes through their ports, listens. Nothing is
// decided here but who gets what.

import type { Clock, Random, Store } from "@callosum/contract/ports.ts";
import type { PlaneServices } from "@callosum/contract/services.ts";
import { extensions } from "./arm/extensions/index.gen.ts";
import { createArmPlane } from "./arm/plane.ts";
import { createRegistry } from "./arm/registry.ts";
import { createResourceManager } from "./arm/resource-manager.ts";
import { refusedResources, resources } from "./arm/resources/index.gen.ts";
import { armRoutes } from "./arm/routes/index.ts";
import type { ArmServices } from "./arm/services.ts";
import { createSynapsePlane } from "./artifacts/plane.ts";
import { createAzureAuthorizer } from "./authz/azure.ts";
import { azureRoles } from "./authz/roles/azure/index.gen.ts";
import { synapseRoles } from "./authz/roles/synapse/index.gen.ts";
import { createSynapseAuthorizer } from "./authz/synapse.ts";
import { adminSecretFile, openInstance, userPasswordFile } from "./first-start.ts";
import { openCertificateFiles } from "./http/certificate-files.ts";
import { openCertificateAuthority } from "./http/certificates.ts";
import { createListener } from "./http/listener.ts";
import { isAzureHost } from "./http/plane.ts";
import { startProxy } from "./http/proxy.ts";
import { verifyProxyCredential } from "./http/proxy-credential.ts";
import { decideDestination } from "./http/proxy-destination.ts";
import { createTokenVerifier } from "./http/token-verifier.ts";
import { issuersOf } from "./identity/access-token.ts";
import { createDirectory, type DirectoryHost } from "./identity/directory.ts";
import { createGraphPlane } from "./identity/graph/plane.ts";
import { managedIdentityRoutes } from "./identity/managed-identity.ts";
import { createLoginPlane } from "./identity/plane.ts";
import type { IdentityServices } from "./identity/services.ts";
import { createSigningKeys, type SigningKeys } from "./identity/signing-key.ts";
import { createMachineLearningPlane } from "./ml/plane.ts";
import { createOwnPlane } from "./own.ts";
import { lockDirectory, openDataDirectory } from "./platform/data-directory.ts";
import { createLog, describeError, type LogLevel } from "./platform/log.ts";
import { createSecretBox } from "./platform/secret-box.ts";
import { openStore } from "./platform/store.ts";
import { systemClock, systemRandom } from "./platform/system.ts";
import { createStoragePlane } from "./storage/plane.ts";
import { createVaultPlane } from "./vault/plane.ts";

export interface StartOptions {
  readonly dataDirectory: string;
  readonly host?: string;
  /** 0 chooses a free one. */
  readonly port?: number;
  readonly proxyPort?: number;
  readonly sqlPort?: number;
  readonly location?: string;
  /** Role assignments count only after so long, as in Azure. */
  readonly propagationDelayMs?: number;
  /** Long-running operations stay in progress so long. */
  readonly operationDelayMs?: number;
  readonly logLevel?: LogLevel;
  readonly logSink?: (line: string) => void;
  readonly environment?: NodeJS.ProcessEnv;
  readonly clock?: Clock;
  readonly random?: Random;
}

export const version = "0.1.0";

/** The machine-readable contract: what `up --json` prints (design.md §1). */
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
  readonly user: { readonly upn: string; readonly objectId: string; readonly passwordFile: string };
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

export interface Running {
  readonly contract: Contract;
  /** For the process that embeds the server: tests and the CLI's own process. Never on the wire. */
  readonly internals: {
    readonly store: Store;
    readonly keys: SigningKeys;
    readonly directory: DirectoryHost;
  };
  close(): Promise<void>;
}

/** Starts an instance; rejects with DirectoryInUse, or when a port cannot be had. */
export async function start(options: StartOptions): Promise<Running> {
  const { clock = systemClock, random = systemRandom, environment = {} } = options;
  const { host = "127.0.0.1", port = 8443, proxyPort = 8442 } = options;
  const directory = openDataDirectory(options.dataDirectory);
  const unlock = lockDirectory(directory);
  const log = createLog({
    clock,
    level: options.logLevel ?? "info",
    sink: options.logSink ?? ((line) => void process.stderr.write(line)),
  });
  const key = directory.instanceKey(environment);
  const secrets = createSecretBox(key);
  const store = openStore({ file: directory.file("state.db"), clock, random });
  const location = options.location ?? "westeurope";
  const instance = await openInstance({ store, clock, random, directory, location });
  const { tenantId, domain } = instance;

  const keys = createSigningKeys({ store, clock, random, secrets });
  const people = createDirectory({ store, clock, random, tenantId, domain });
  const propagationDelayMs = options.propagationDelayMs ?? 0;
  const authorizer = createAzureAuthorizer({
    store,
    clock,
    builtInRoles: azureRoles,
    propagationDelayMs,
  });
  const synapseAuthorizer = createSynapseAuthorizer({
    store,
    clock,
    random,
    azure: authorizer,
    roles: synapseRoles,
    propagationDelayMs,
  });
  await Promise.all([keys.load(), people.load(), authorizer.load(), synapseAuthorizer.load()]);
  const verifier = createTokenVerifier({
    keys,
    issuers: issuersOf(tenantId),
    clock,
    asPrincipal: people.asPrincipal,
  });
  store.onCommit((changed) => {
    if (changed.some((id) => id.startsWith("/directory/") || id.startsWith("/identity/")))
      verifier.forget();
  });

  const armServices: ArmServices = {
    store,
    clock,
    random,
    secrets,
    directory: people,
    authorizer,
    synapseRoles: synapseAuthorizer,
    registry: createRegistry(resources, refusedResources),
    tenantId,
    operationDelayMs: options.operationDelayMs ?? 0,
  };
  const services: PlaneServices = {
    ...armServices,
    resources: createResourceManager(armServices),
    location: instance.location,
  };
  const identityServices: IdentityServices = { ...services, domain, keys, directory: people };
  const certificates = openCertificateAuthority({
    files: openCertificateFiles(directory.directory("certificates")),
    clock,
    random,
    servesHost: isAzureHost,
  });
  const listener = createListener({
    planes: [
      createArmPlane({
        services: armServices,
        routes: armRoutes({ services: armServices, extensions, domain }),
        extensions,
      }),
      createLoginPlane(identityServices),
      createGraphPlane(identityServices),
      createSynapsePlane(services),
      createMachineLearningPlane(services),
      createVaultPlane(services),
      createStoragePlane(services),
      createOwnPlane(managedIdentityRoutes(identityServices)),
    ],
    verifier,
    random,
    log,
    tls: certificates.tlsOptions(),
    isTenant: (segment) =>
      [tenantId, domain, "common", "organizations", "consumers"].includes(segment),
  });
  const listening = await listener.listen({ host, port });
  const proxy = await startProxy({
    port: proxyPort,
    host,
    verify: (user, password) => verifyProxyCredential({ key, user, password }),
    decide: (destination, credential) =>
      decideDestination(destination, credential, {
        servesHost: isAzureHost,
        originPort: listening.port,
      }),
    onSocket: (socket) => void listener.server.emit("connection", socket),
    onFault: (error) => log.write("error", "proxy.fault", { error: describeError(error) }),
  });
  const { origin } = listening;
  return {
    contract: {
      version,
      pid: process.pid,
      dataDir: directory.path,
      origin,
      proxy: proxy.url,
      caFile: certificates.caFiles.bundle,
      tenantId,
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
        sql: "localhost:1433",
      },
    },
    internals: { store, keys, directory: people },
    async close() {
      await listener.close();
      await proxy.close();
      await store.close();
      unlock();
    },
  };
}
