// The planes, joined through their ports. What each one is lives in its own folder.

import type { LakePort } from "@callosum/contract/lake.ts";
import type { PlaneServices } from "@callosum/contract/services.ts";
import { extensions } from "../arm/extensions/index.gen.ts";
import { type ArmPlane, createArmPlane } from "../arm/plane.ts";
import { createRegistry } from "../arm/registry.ts";
import { createResourceManager } from "../arm/resource-manager.ts";
import { refusedResources, resources } from "../arm/resources/index.gen.ts";
import { armRoutes } from "../arm/routes/index.ts";
import type { ArmServices } from "../arm/services.ts";
import { createSynapsePlane } from "../artifacts/plane.ts";
import { testConnectionAliases } from "../artifacts/test-connection/route.ts";
import type { DeploymentHost } from "../deployments/host.ts";
import { deploymentRoutes } from "../deployments/routes.ts";
import type { Plane, Route } from "../http/route.ts";
import { createGraphPlane } from "../identity/graph/plane.ts";
import { managedIdentityRoutes } from "../identity/managed-identity.ts";
import { createLoginPlane } from "../identity/plane.ts";
import type { IdentityServices } from "../identity/services.ts";
import { signInLinkRequestRoutes } from "../identity/sign-in/link-request.ts";
import { openModels } from "../ml/model/open.ts";
import { createMachineLearningPlane } from "../ml/plane.ts";
import { createOwnPlane } from "../own.ts";
import { createFetcher } from "../platform/fetcher.ts";
import { createSqlPlane } from "../sql/http/plane.ts";
import { openLake } from "../storage/lake/open.ts";
import { createStoragePlane } from "../storage/plane.ts";
import { createVaultPlane } from "../vault/plane.ts";
import { createSecretReader } from "../vault/reader.ts";
import { createMachineLearningLinks } from "../wizard/link.ts";
import { wizardRoutes } from "../wizard/route.ts";
import type { Authority } from "./authority.ts";
import { openDeployments } from "./deployments.ts";
import type { Ground } from "./ground.ts";
import { openScoringDatabases } from "./scoring.ts";
import { openSqlHost, type SqlHost } from "./sql.ts";
import { openStudio } from "./studio.ts";

export interface Composed {
  readonly planes: readonly Plane[];
  readonly services: PlaneServices;
  readonly lake: LakePort;
  readonly sql: SqlHost;
  readonly deployments: DeploymentHost;
}

export async function composePlanes(
  ground: Ground,
  authority: Authority,
  options: { operationDelayMs: number; fetchHosts: readonly string[] },
): Promise<Composed> {
  const { store, clock, random, secrets, instance } = ground;
  const { tenantId, domain, location } = instance;
  const joined = {
    store,
    clock,
    random,
    secrets,
    ...authority,
    registry: createRegistry(resources, refusedResources),
    tenantId,
    operationDelayMs: options.operationDelayMs,
  };
  const services: PlaneServices = {
    ...joined,
    resources: createResourceManager(joined),
    location,
  };
  const lake = await openLake(services, ground.directory.directory("lake"));
  const models = openModels(services, {
    lake: lake.port,
    directory: ground.directory.directory("models"),
  });
  const armServices: ArmServices = { ...joined, models: models.intake };
  const secretReader = createSecretReader(services);
  const identity: IdentityServices = { ...services, ...authority, domain };
  const deployments = openDeployments({
    ground,
    services,
    registry: joined.registry,
    extensions,
    secretReader,
    lake: lake.port,
    fetcher: createFetcher({ hosts: options.fetchHosts }),
    resourceManager: (call) => arm.handle(call),
  });
  const arm: ArmPlane = createArmPlane({
    services: armServices,
    routes: [
      ...deploymentRoutes(deployments),
      ...armRoutes({ services: armServices, extensions, domain }),
      ...testConnectionAliases(services, secretReader),
    ],
    extensions,
  });
  const sql = openSqlHost({ ground, authority, services, lake: lake.port });
  const synapse = createSynapsePlane(services, { secretReader });
  const wizard = wizardRoutes(services, {
    links: createMachineLearningLinks({ ...services, secretReader }),
    models: models.registry,
    databases: openScoringDatabases(ground, authority, sql.front),
  });
  const planes = [
    arm,
    createLoginPlane(identity),
    createGraphPlane(identity),
    { ...synapse, routes: [...synapse.routes, ...wizard] },
    createMachineLearningPlane({ ...services, ...models, resourceManager: arm.handle }),
    createVaultPlane(services),
    createStoragePlane(lake.host),
    createSqlPlane({ front: sql.front, log: ground.log }),
    openStudio(ground, joined.registry),
    createOwnPlane(keyHolderRoutes(identity, ground.instanceKey)),
  ];
  return { planes, services, lake: lake.port, sql, deployments };
}

/** What our own origin answers to who proves to hold the instance's key. */
function keyHolderRoutes(identity: IdentityServices, key: Uint8Array): Route[] {
  return [...managedIdentityRoutes(identity, key), ...signInLinkRequestRoutes(identity, key)];
}
