// Deployments of this instance: planned and recorded first, then run as whoever asked. What a crash
// interrupts is taken up at the next start. The runs themselves are run.ts.

import { type Origin, originOf } from "../http/plane.ts";
import type { Answer, Call } from "../http/route.ts";
import { refuse } from "./error-catalogue.ts";
import { type Planned, planRequested, planWith } from "./planning.ts";
import type { DeploymentPorts } from "./ports.ts";
import {
  type DeploymentRecord,
  keyOf,
  markerType,
  type OperationRecord,
  operationType,
  readSealed,
  type SealedInput,
  sealedName,
  showDeployment,
} from "./record.ts";
import { launch, type Started, start } from "./run.ts";
import type { Host, Requested } from "./state.ts";
import { deploymentType } from "./template/resource.ts";
import { targetOf } from "./template/resource-function.ts";

export interface DeploymentHost {
  readonly ports: DeploymentPorts;
  /** Checks everything that can be known beforehand. Rejects with what a client is told. */
  plan(requested: Requested): Promise<Planned>;
  /** Plans, records, starts; the work goes on. */
  start(requested: Requested): Promise<Started>;
  find(id: string): Promise<DeploymentRecord | undefined>;
  operations(id: string): Promise<OperationRecord[]>;
  cancel(record: DeploymentRecord): void;
  /** Takes up what an earlier process left. */
  resume(ownOrigin: string): Promise<void>;
  /** Starts nothing more and waits for what is being done. */
  close(): Promise<void>;
}

export function createDeploymentHost(given: DeploymentPorts): DeploymentHost {
  const ports: DeploymentPorts = {
    ...given,
    resourceManager: (call) =>
      deploymentPath.test(call.path) ? answerDeployment(host, call) : given.resourceManager(call),
  };
  const host: Host = { ports, running: new Map(), stopping: new AbortController() };
  return {
    ports,
    plan: (requested) => planRequested(ports, requested),
    start: (requested) => start(host, requested),
    find: (id) => findRecord(host, id),
    operations: (id) => listOperations(host, id),
    cancel(record) {
      const run = host.running.get(keyOf(record.id));
      if (!run) throw refuse.DeploymentCannotBeCanceled({ name: record.name, state: record.state });
      run.isCanceled = true;
    },
    resume: (ownOrigin) => resume(host, ownOrigin),
    async close() {
      host.stopping.abort();
      await Promise.allSettled([...host.running.values()].map(({ finished }) => finished));
    },
  };
}

const deploymentPath = /\/providers\/microsoft\.resources\/deployments\/[^/]+$/i;

/** What a reference to a nested deployment reads. */
async function answerDeployment(host: Host, call: Call): Promise<Answer> {
  const id = decodeURIComponent(call.path);
  const principal = await call.principal();
  await host.ports.authorizer.require(principal, { action: `${deploymentType}/read`, scope: id });
  const record = await findRecord(host, id);
  if (!record) throw refuse.DeploymentNotFound({ name: id.split("/").at(-1) ?? "" });
  return { status: 200, body: showDeployment(record) };
}

export async function findRecord(host: Host, id: string): Promise<DeploymentRecord | undefined> {
  const document = await host.ports.store.read.document<DeploymentRecord>(keyOf(id));
  return document?.type === deploymentType ? document.body : undefined;
}

async function listOperations(host: Host, id: string): Promise<OperationRecord[]> {
  const { read } = host.ports.store;
  const parent = keyOf(id);
  const stored = await read.documents<OperationRecord>({ type: operationType, parent });
  const live = host.running.get(parent)?.operations ?? new Map<string, OperationRecord>();
  const all = new Map(stored.map(({ body }) => [body.operationId, body]));
  for (const [operationId, record] of live) if (!all.has(operationId)) all.set(operationId, record);
  return [...all.values()];
}

async function resume(host: Host, ownOrigin: string): Promise<void> {
  const { read } = host.ports.store;
  for (const marker of await read.documents<{ id: string }>({ type: markerType })) {
    const record = await findRecord(host, marker.body.id);
    // A nested one is started again by the deployment that it belongs to.
    if (!record || record.isNested) continue;
    const form = record.originForm;
    await resumeOne(host, record, originOf({ form, own: ownOrigin })).catch(host.ports.onFault);
  }
}

async function resumeOne(host: Host, record: DeploymentRecord, origin: Origin): Promise<void> {
  const { ports } = host;
  const key = keyOf(record.id);
  const sealed = await ports.store.read.sealed(key, sealedName);
  if (!sealed) throw new Error(`The input of '${record.id}' is gone.`);
  const input = readSealed(ports.secrets.open(key, sealedName, sealed));
  const requested = await requestedOf(ports, { record, input, origin });
  const { template, parameters } = input;
  const given = new Map(Object.entries(parameters));
  const plan = await planWith(ports, requested, { template, given });
  const operations = await listOperations(host, record.id);
  const done = operations.filter(({ state }) => state === "Succeeded");
  launch(host, {
    record,
    plan,
    requested,
    done: new Set(done.map(({ resourceId }) => resourceId.toLowerCase())),
  });
}

/** What was asked, from what was stored of it. */
async function requestedOf(
  ports: DeploymentPorts,
  stored: { record: DeploymentRecord; input: SealedInput; origin: Origin },
): Promise<Requested> {
  const { record, input, origin } = stored;
  const { name, location, tags, correlationId, remoteAddress, principalId } = record;
  // Of one that is gone only the id is left: the first request as it fails, and the deployment with it.
  const principal = (await ports.directory.asPrincipal(principalId)) ?? {
    objectId: principalId,
    tenantId: ports.tenantId,
    kind: "User" as const,
    appId: undefined,
    userPrincipalName: undefined,
    displayName: principalId,
    groupIds: [],
  };
  return {
    target: targetOf(record.id.slice(0, record.id.toLowerCase().indexOf("/providers/"))),
    name,
    input: { location, tags, template: input.template, parameters: {} },
    principal,
    origin,
    correlationId,
    remoteAddress,
    depth: 0,
    skipsUnsupported: input.skipsUnsupported === true,
    linkedFrom: input.linkedFrom,
  };
}
