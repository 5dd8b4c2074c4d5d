// Deployments under way: planned and recorded first, then run as whoever asked, each finished resource
// in the journal. What a crash interrupts is taken up at the next start.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Writer } from "@callosum/contract/ports.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import { type Origin, originOf } from "../http/plane.ts";
import type { Answer, Call } from "../http/route.ts";
import { recordDeploymentActivity } from "./activity.ts";
import { createCaller } from "./caller.ts";
import { refuse } from "./error-catalogue.ts";
import { executePlan, type NestedRequest, wireErrorOf } from "./execute.ts";
import { readFacts } from "./facts.ts";
import { evaluateOutputs } from "./output.ts";
import type { DeploymentPorts } from "./ports.ts";
import { preflight } from "./preflight.ts";
import {
  type DeploymentRecord,
  type DeploymentState,
  dependenciesOf,
  deployedResources,
  deploymentId,
  keyOf,
  markerKey,
  markerType,
  type OperationRecord,
  operationIdOf,
  operationKey,
  operationType,
  providersOf,
  readSealed,
  type SealedInput,
  sealedName,
  showDeployment,
  shownParameters,
  templateHashOf,
  type WireError,
} from "./record.ts";
import { type DeploymentInput, readGiven, readInput } from "./request.ts";
import { openAnswers } from "./runtime.ts";
import type { Json, JsonObject } from "./template/json.ts";
import { type Plan, planDeployment } from "./template/plan.ts";
import { deploymentType, type PlannedResource } from "./template/resource.ts";
import { type TargetScope, targetScope } from "./template/resource-function.ts";

export interface Requested {
  readonly target: TargetScope;
  readonly name: string;
  readonly input: DeploymentInput;
  readonly principal: Principal;
  readonly origin: Origin;
  readonly correlationId: string;
  readonly remoteAddress: string;
  /** How many deployments this one is nested in. */
  readonly depth: number;
}

interface Running {
  record: DeploymentRecord;
  readonly operations: Map<string, OperationRecord>;
  isCanceled: boolean;
  finished: Promise<DeploymentRecord>;
}

export interface DeploymentHost {
  readonly ports: DeploymentPorts;
  /** Checks everything that can be known beforehand. Rejects with what a client is told. */
  plan(requested: Requested): Promise<Plan>;
  /** Plans, records, starts; the work goes on. */
  start(requested: Requested): Promise<{ record: DeploymentRecord; isNew: boolean }>;
  find(id: string): Promise<DeploymentRecord | undefined>;
  operations(id: string): Promise<OperationRecord[]>;
  cancel(record: DeploymentRecord): void;
  /** Takes up what an earlier process left. */
  resume(ownOrigin: string): Promise<void>;
  /** Starts nothing more and waits for what is being done. */
  close(): Promise<void>;
}

const depthMax = 5;

interface Host {
  readonly ports: DeploymentPorts;
  readonly running: Map<string, Running>;
  readonly stopping: AbortController;
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

async function findRecord(host: Host, id: string): Promise<DeploymentRecord | undefined> {
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

async function planRequested(ports: DeploymentPorts, requested: Requested): Promise<Plan> {
  const { input, principal, name, depth } = requested;
  if (depth > depthMax) {
    throw refuse.InvalidTemplate({ reason: `Deployments are nested deeper than ${depthMax}` });
  }
  const given = await readGiven(ports, input.parameters, principal);
  const plan = await planWith(ports, requested, { template: input.template, given });
  await preflight(ports, { plan, principal, name });
  return plan;
}

async function planWith(
  ports: DeploymentPorts,
  about: Pick<Requested, "target" | "name" | "origin"> & {
    input: Pick<DeploymentInput, "location">;
  },
  values: { template: Json; given: ReadonlyMap<string, Json> },
): Promise<Plan> {
  const { target, name, origin, input } = about;
  const shown = [...values.given].map(([key, value]): [string, Json] => [key, { value }]);
  const facts = await readFacts(ports, {
    target,
    name,
    origin,
    location: input.location,
    template: values.template,
    parameters: Object.fromEntries(shown),
  });
  const environment = {
    now: () => ports.clock.now(),
    newGuid: () => ports.random.guid(),
    random: () => 0,
  };
  return planDeployment({ ...values, target, facts, environment });
}

async function start(
  host: Host,
  requested: Requested,
): Promise<{ record: DeploymentRecord; isNew: boolean }> {
  const { ports } = host;
  const plan = await planRequested(ports, requested);
  const record = newRecord(ports, requested, plan);
  const isNew = await store(host, { record, requested, plan });
  launch(host, { record, plan, origin: requested.origin, depth: requested.depth, done: new Set() });
  return { record, isNew };
}

function newRecord(ports: DeploymentPorts, requested: Requested, plan: Plan): DeploymentRecord {
  const { target, name, input, principal, origin, correlationId, remoteAddress } = requested;
  const nowMs = ports.clock.now().getTime();
  return {
    id: deploymentId(target, name),
    name,
    ...(input.location === undefined ? {} : { location: input.location }),
    ...(input.tags === undefined ? {} : { tags: input.tags }),
    state: "Running",
    startedMs: nowMs,
    changedMs: nowMs,
    correlationId,
    operationId: ports.random.guid(),
    principalId: principal.objectId,
    originForm: origin.form,
    remoteAddress,
    isNested: requested.depth > 0,
    templateHash: templateHashOf(input.template),
    parameters: shownParameters(plan),
    providers: providersOf(plan),
    dependencies: dependenciesOf(plan),
  };
}

/** Replaces an earlier deployment of that name, its operations included. Gives whether it is new. */
async function store(
  host: Host,
  { record, requested, plan }: { record: DeploymentRecord; requested: Requested; plan: Plan },
): Promise<boolean> {
  const { ports } = host;
  const { id } = record;
  const key = keyOf(id);
  const sealed: SealedInput = {
    template: requested.input.template,
    parameters: Object.fromEntries(plan.context.parameterValues) as JsonObject,
  };
  return ports.store.transaction(async (writer) => {
    const parent = requested.target.id.toLowerCase();
    if (!(await writer.document(parent))) throw missingScope(requested.target);
    const existing = (await writer.document<DeploymentRecord>(key))?.body;
    if (existing) requireReplaceable(existing, { record, isActive: host.running.has(key) });
    await writer.removeTree(key);
    await writer.put({ id: key, type: deploymentType, parent, body: record });
    await writer.put({ id: markerKey(id), type: markerType, parent: key, body: { id } });
    const text = JSON.stringify(sealed);
    await writer.putSealed(key, sealedName, ports.secrets.seal(key, sealedName, text));
    await recordDeploymentActivity(writer, {
      ports,
      record,
      principal: requested.principal,
      httpStatus: existing ? 200 : 201,
    });
    return existing === undefined;
  });
}

function missingScope(target: TargetScope) {
  const { resourceGroup, subscriptionId } = target;
  return resourceGroup === undefined
    ? fail.SubscriptionNotFound({ subscriptionId })
    : fail.ResourceGroupNotFound({ name: resourceGroup });
}

function requireReplaceable(
  existing: DeploymentRecord,
  { record, isActive }: { record: DeploymentRecord; isActive: boolean },
): void {
  const { name, location, state, startedMs, correlationId } = existing;
  if (
    location !== undefined &&
    record.location !== undefined &&
    location.toLowerCase() !== record.location.toLowerCase()
  ) {
    throw refuse.InvalidDeploymentLocation({ name, given: record.location, existing: location });
  }
  // A parent that was interrupted starts its nested deployments again.
  const isOwn = record.isNested && correlationId === record.correlationId && !isActive;
  if (state === "Running" && !isOwn) {
    throw refuse.DeploymentActive({ name, startedAt: new Date(startedMs).toISOString() });
  }
}

interface Launch {
  readonly record: DeploymentRecord;
  readonly plan: Plan;
  readonly origin: Origin;
  readonly depth: number;
  /** Keys of resources that an earlier process has deployed. */
  readonly done: ReadonlySet<string>;
}

function launch(host: Host, work: Launch): Running {
  const key = keyOf(work.record.id);
  const run: Running = {
    record: work.record,
    operations: new Map(),
    isCanceled: false,
    finished: Promise.resolve(work.record),
  };
  host.running.set(key, run);
  run.finished = perform(host, work, run)
    .catch((error) => {
      host.ports.onFault(error);
      return run.record;
    })
    .finally(() => host.running.delete(key));
  return run;
}

async function perform(host: Host, work: Launch, run: Running): Promise<DeploymentRecord> {
  const { ports, stopping } = host;
  const { record, plan, origin, depth } = work;
  const { principalId, correlationId, remoteAddress } = record;
  const { resources } = plan.index;
  const done = resources.filter(({ id }) => work.done.has(id.toLowerCase()));
  const finished = new Set(done.map(({ index }) => index));
  const isHalted = () => run.isCanceled || stopping.signal.aborted;
  const caller = createCaller({
    ports,
    principalId,
    origin,
    correlationId,
    remoteAddress,
    signal: stopping.signal,
  });
  const answers = openAnswers({
    index: plan.index,
    caller,
    isFinished: ({ index }) => finished.has(index),
  });
  const failures = await executePlan({
    plan,
    caller,
    answers,
    finished,
    isHalted,
    deployNested: (request) => deployNested(host, { request, run, origin, depth }),
    started: (resource) => void noteStarted(host, run, resource),
    ended: (resource, result) => noteEnded(host, { run, resource, result }),
    onFault: ports.onFault,
  });
  if (stopping.signal.aborted) return run.record;
  if (run.isCanceled) return conclude(host, run, { state: "Canceled" });
  if (failures.length > 0) {
    const error = failure(record, failures);
    return conclude(host, run, { state: "Failed", error });
  }
  try {
    const outputs = await evaluateOutputs(plan, answers, ports.onFault);
    const outputResources = deployedResources(plan).map(({ id }) => ({ id }));
    return await conclude(host, run, { state: "Succeeded", outputs, outputResources });
  } catch (error) {
    const { id: target } = record;
    return conclude(host, run, {
      state: "Failed",
      error: { ...wireErrorOf(error, ports.onFault), target },
    });
  }
}

function failure(record: DeploymentRecord, failures: readonly WireError[]): WireError {
  const { code, message } = refuse.DeploymentFailed({});
  return { code, target: record.id, message, details: failures };
}

function noteStarted({ ports }: Host, run: Running, resource: PlannedResource): void {
  const nowMs = ports.clock.now().getTime();
  const operationId = operationIdOf(resource.id);
  run.operations.set(operationId, {
    operationId,
    resourceId: resource.id,
    resourceType: resource.type,
    resourceName: resource.name,
    state: "Running",
    startedMs: nowMs,
    changedMs: nowMs,
    requestId: ports.random.guid(),
    statusCode: "Accepted",
  });
}

const statusCodes: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  202: "Accepted",
};

async function noteEnded(
  { ports }: Host,
  ended: {
    run: Running;
    resource: PlannedResource;
    result: { statusCode: number } | { error: WireError };
  },
): Promise<void> {
  const { run, resource, result } = ended;
  const operationId = operationIdOf(resource.id);
  const begun = run.operations.get(operationId) as OperationRecord;
  const changedMs = ports.clock.now().getTime();
  const record: OperationRecord =
    "error" in result
      ? { ...begun, changedMs, state: "Failed", statusCode: "BadRequest", error: result.error }
      : {
          ...begun,
          changedMs,
          state: "Succeeded",
          statusCode: statusCodes[result.statusCode] ?? "OK",
        };
  const { id } = run.record;
  await ports.store.transaction((writer) =>
    writer.put({
      id: operationKey(id, operationId),
      type: operationType,
      parent: keyOf(id),
      body: record,
    }),
  );
  run.operations.delete(operationId);
}

async function conclude(
  host: Host,
  run: Running,
  end: Pick<DeploymentRecord, "outputs" | "outputResources" | "error"> & { state: DeploymentState },
): Promise<DeploymentRecord> {
  const { ports } = host;
  const record: DeploymentRecord = {
    ...run.record,
    ...end,
    changedMs: ports.clock.now().getTime(),
  };
  const key = keyOf(record.id);
  const principal = await ports.directory.asPrincipal(record.principalId);
  await ports.store.transaction(async (writer: Writer) => {
    // The group may have been deleted meanwhile, and the deployment with it.
    const document = await writer.document(key);
    if (!document) return;
    await writer.put({ id: key, type: deploymentType, parent: document.parent, body: record });
    await writer.remove(markerKey(record.id));
    await writer.removeSealed(key, sealedName);
    if (principal)
      await recordDeploymentActivity(writer, { ports, record, principal, httpStatus: 200 });
  });
  run.record = record;
  return record;
}

/** Runs a nested deployment to its end; its failure is the resource's. */
async function deployNested(
  host: Host,
  nested: { request: NestedRequest; run: Running; origin: Origin; depth: number },
): Promise<void> {
  const { ports } = host;
  const { request, run, origin, depth } = nested;
  const { principalId, correlationId, remoteAddress } = run.record;
  const principal = await ports.directory.asPrincipal(principalId);
  if (!principal) throw fail.AuthenticationFailed({});
  const target = targetOf(request.resource.scopeId);
  const { id, name } = request.resource;
  await ports.authorizer.require(principal, { action: `${deploymentType}/write`, scope: id });
  const { record } = await start(host, {
    target,
    name,
    input: readInput(request.body),
    principal,
    origin,
    correlationId,
    remoteAddress,
    depth: depth + 1,
  });
  const child = host.running.get(keyOf(record.id));
  const end = (await child?.finished) ?? (await findRecord(host, record.id)) ?? record;
  if (end.state === "Succeeded") return;
  if (host.stopping.signal.aborted) throw host.stopping.signal.reason;
  const { code, message, details } = end.error ?? refuse.DeploymentFailed({});
  throw refuse.DeploymentFailed({ details: details?.length ? [...details] : [{ code, message }] });
}

export function targetOf(scopeId: string): TargetScope {
  const [, , subscriptionId = "", , resourceGroup] = scopeId.split("/");
  return targetScope({ subscriptionId, resourceGroup });
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
  const { template, parameters } = readSealed(ports.secrets.open(key, sealedName, sealed));
  const target = targetOf(record.id.slice(0, record.id.toLowerCase().indexOf("/providers/")));
  const { name, location } = record;
  const given = new Map(Object.entries(parameters));
  const plan = await planWith(
    ports,
    { target, name, origin, input: { location } },
    { template, given },
  );
  const operations = await listOperations(host, record.id);
  const done = operations.filter(({ state }) => state === "Succeeded");
  launch(host, {
    record,
    plan,
    origin,
    depth: 0,
    done: new Set(done.map(({ resourceId }) => resourceId.toLowerCase())),
  });
}
