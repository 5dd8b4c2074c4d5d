// The record of a deployment that begins: what is stored before the first resource is touched.

import { fail } from "@callosum/contract/error-catalogue.ts";
import { recordDeploymentActivity } from "./activity.ts";
import { refuse } from "./error-catalogue.ts";
import { shown } from "./link.ts";
import type { Planned } from "./planning.ts";
import type { DeploymentPorts } from "./ports.ts";
import {
  type DeploymentRecord,
  dependenciesOf,
  deploymentId,
  keyOf,
  markerKey,
  markerType,
  providersOf,
  type SealedInput,
  sealedName,
  shownParameters,
  templateHashOf,
} from "./record.ts";
import type { Host, Requested } from "./state.ts";
import type { JsonObject } from "./template/json.ts";
import type { Plan } from "./template/plan.ts";
import { deploymentType } from "./template/resource.ts";
import type { TargetScope } from "./template/resource-function.ts";

export function newRecord(
  ports: DeploymentPorts,
  { requested, plan, warnings }: Planned,
): DeploymentRecord {
  const { target, name, input, principal, origin, correlationId, remoteAddress } = requested;
  const { linkedFrom } = requested;
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
    templateHash: templateHashOf(input.template ?? {}),
    ...(linkedFrom ? { templateLink: { ...linkedFrom, uri: shown(linkedFrom.uri) } } : {}),
    ...(warnings.length === 0 ? {} : { warnings }),
    parameters: shownParameters(plan),
    providers: providersOf(plan),
    dependencies: dependenciesOf(plan),
  };
}

/** Replaces an earlier deployment of that name, its operations included. Gives whether it is new. */
export async function store(
  host: Host,
  { record, requested, plan }: { record: DeploymentRecord; requested: Requested; plan: Plan },
): Promise<boolean> {
  const { ports } = host;
  const { id } = record;
  const key = keyOf(id);
  const sealed: SealedInput = {
    template: requested.input.template ?? {},
    linkedFrom: requested.linkedFrom,
    skipsUnsupported: requested.skipsUnsupported,
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
