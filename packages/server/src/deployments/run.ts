// One deployment at work: started, each finished resource in the journal, concluded. Nested ones are
// runs of their own that their parent waits for.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Writer } from "@callosum/contract/ports.ts";
import type { Origin } from "../http/plane.ts";
import { recordDeploymentActivity } from "./activity.ts";
import { newRecord, store } from "./begin.ts";
import { azureForm, createCaller } from "./caller.ts";
import { refuse } from "./error-catalogue.ts";
import { executePlan, type NestedRequest, wireErrorOf } from "./execute.ts";
import { evaluateOutputs } from "./output.ts";
import { nestedRequest, planRequested } from "./planning.ts";
import {
  type DeploymentRecord,
  type DeploymentState,
  deployedResources,
  keyOf,
  markerKey,
  type OperationRecord,
  operationIdOf,
  operationKey,
  operationType,
  sealedName,
  type WireError,
} from "./record.ts";
import { readInput } from "./request.ts";
import { openAnswers } from "./runtime.ts";
import type { Host, Requested, Running } from "./state.ts";
import type { Plan } from "./template/plan.ts";
import { deploymentType, type PlannedResource } from "./template/resource.ts";
import { targetOf } from "./template/resource-function.ts";

export interface Started {
  readonly record: DeploymentRecord;
  readonly isNew: boolean;
  readonly finished: Promise<DeploymentRecord>;
}

/** Plans, records, starts; the work goes on. Rejects with what a client is told. */
export async function start(host: Host, asked: Requested): Promise<Started> {
  const { ports } = host;
  const planned = await planRequested(ports, asked);
  const { plan, requested } = planned;
  const record = newRecord(ports, planned);
  const isNew = await store(host, { record, requested, plan });
  const { finished } = launch(host, {
    record,
    plan,
    requested,
    done: new Set(),
  });
  return { record, isNew, finished };
}

interface Launch {
  readonly record: DeploymentRecord;
  readonly plan: Plan;
  /** Who asked, and what nested deployments take over. */
  readonly requested: Requested;
  /** Keys of resources that an earlier process has deployed. */
  readonly done: ReadonlySet<string>;
}

export function launch(host: Host, work: Launch): Running {
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
  const { record, plan, requested } = work;
  const { origin, depth } = requested;
  const { principalId, correlationId, remoteAddress } = record;
  const { resources } = plan.index;
  const done = resources.filter(({ id }) => work.done.has(id.toLowerCase()));
  const finished = new Set(done.map(({ index }) => index));
  const isHalted = () => run.isCanceled || stopping.signal.aborted;
  const open = (shownIn: Origin) => {
    const { signal } = stopping;
    const from = { ports, principalId, origin: shownIn, correlationId, remoteAddress, signal };
    const caller = createCaller(from);
    const isFinished = ({ index }: PlannedResource) => finished.has(index);
    return { caller, answers: openAnswers({ index: plan.index, caller, isFinished }) };
  };
  const { caller, answers } = open(azureForm(origin));
  const failures = await executePlan({
    plan,
    caller,
    answers,
    finished,
    isHalted,
    deployNested: (request) => deployNested(host, { request, requested }),
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
    const shown = depth === 0 ? open(origin).answers : answers;
    const outputs = await evaluateOutputs(plan, shown, ports.onFault);
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
  await ports.store.transaction(async (writer) => {
    // The group may have been deleted meanwhile, and the deployment with it.
    if (!(await writer.document(keyOf(id)))) return;
    await writer.put({
      id: operationKey(id, operationId),
      type: operationType,
      parent: keyOf(id),
      body: record,
    });
  });
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
  { request, requested }: { request: NestedRequest; requested: Requested },
): Promise<void> {
  const { ports } = host;
  // Looked up again: rights and the principal itself may have gone since the start.
  const principal = await ports.directory.asPrincipal(requested.principal.objectId);
  if (!principal) throw fail.AuthenticationFailed({});
  const target = targetOf(request.resource.scopeId);
  const { id, name } = request.resource;
  await ports.authorizer.require(principal, { action: `${deploymentType}/write`, scope: id });
  const own = { target, name, input: readInput(request.body) };
  const { finished } = await start(host, { ...nestedRequest(requested, own), principal });
  const end = await finished;
  if (end.state === "Succeeded") return;
  if (host.stopping.signal.aborted) throw host.stopping.signal.reason;
  const { code, message, details } = end.error ?? refuse.DeploymentFailed({});
  throw refuse.DeploymentFailed({ details: details?.length ? [...details] : [{ code, message }] });
}
