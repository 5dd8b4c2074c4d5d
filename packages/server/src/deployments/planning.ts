// From what was asked to a plan: the surroundings are read, the template is checked as a whole, then
// types and rights. Nothing is written.

import { ServiceError } from "@callosum/contract/error.ts";
import { refuse } from "./error-catalogue.ts";
import { evaluateBody } from "./execute.ts";
import { readFacts } from "./facts.ts";
import type { DeploymentPorts } from "./ports.ts";
import { preflight } from "./preflight.ts";
import { deployedResources } from "./record.ts";
import { type DeploymentInput, readGiven, readInput } from "./request.ts";
import type { Requested } from "./state.ts";
import { isObject, type Json, member } from "./template/json.ts";
import { type Plan, planDeployment } from "./template/plan.ts";
import { deploymentType, type PlannedResource } from "./template/resource.ts";
import { targetOf } from "./template/resource-function.ts";

const depthMax = 5;

export async function planRequested(ports: DeploymentPorts, requested: Requested): Promise<Plan> {
  const { input, principal, name, depth } = requested;
  if (depth > depthMax) {
    throw refuse.InvalidTemplate({ reason: `Deployments are nested deeper than ${depthMax}` });
  }
  const given = await readGiven(ports, input.parameters, principal);
  const plan = await planWith(ports, requested, { template: input.template, given });
  await preflight(ports, { plan, principal, name });
  for (const resource of deployedResources(plan))
    await planNested(ports, { requested, plan, resource });
  return plan;
}

/** Thrown where only a running deployment has the answer. */
class NotKnownYet extends Error {}

const notKnownYet = () => {
  throw new NotKnownYet("Known when it runs.");
};
const nothingRuns = { reference: notKnownYet, references: notKnownYet, list: notKnownYet };

/** A nested deployment is checked with its parent, as far as it does not wait for what that makes. */
async function planNested(
  ports: DeploymentPorts,
  nested: { requested: Requested; plan: Plan; resource: PlannedResource },
): Promise<void> {
  const { requested, plan, resource } = nested;
  if (resource.type.toLowerCase() !== deploymentType.toLowerCase()) return;
  try {
    const input = readInput(evaluateBody(plan, resource, nothingRuns));
    const target = targetOf(resource.scopeId);
    const isThere = await ports.store.read.document(target.id.toLowerCase());
    const waitsForSecret = Object.values(input.parameters).some(
      (item) => isObject(item) && member(item, "reference") !== undefined,
    );
    if (!isThere || waitsForSecret) return;
    const { name } = resource;
    await planRequested(ports, { ...requested, target, name, input, depth: requested.depth + 1 });
  } catch (error) {
    if (error instanceof NotKnownYet) return;
    throw error instanceof ServiceError ? placedIn(resource, error) : error;
  }
}

/** The same error with its place in the parent's template. */
function placedIn(resource: PlannedResource, error: ServiceError): ServiceError {
  const { code, status, message, target, details, facts } = error;
  if (typeof facts.path !== "string") return error;
  const path = `${resource.path}.properties.template.${facts.path}`;
  return new ServiceError({ code, status, message, target, details, facts: { ...facts, path } });
}

export async function planWith(
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
