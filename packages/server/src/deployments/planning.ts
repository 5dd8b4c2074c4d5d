// From what was asked to a plan: the surroundings are read, the template is checked as a whole, then
// types and rights. Nothing is written.

import { ServiceError } from "@callosum/contract/error.ts";
import { refuse } from "./error-catalogue.ts";
import { evaluateBody } from "./execute.ts";
import { readFacts } from "./facts.ts";
import { placedInLink, resolveLinks } from "./link.ts";
import type { DeploymentPorts } from "./ports.ts";
import { preflight, unsupportedReason } from "./preflight.ts";
import { deployedResources, type Warning } from "./record.ts";
import { type DeploymentInput, readGiven, readInput } from "./request.ts";
import type { Requested } from "./state.ts";
import { isObject, type Json, member } from "./template/json.ts";
import { type Plan, planDeployment } from "./template/plan.ts";
import { deploymentType, type PlannedResource } from "./template/resource.ts";
import { targetOf } from "./template/resource-function.ts";

const depthMax = 5;

/** What is going to be done, and what was asked with its links read. */
export interface Planned {
  readonly plan: Plan;
  readonly requested: Requested;
  /** What is left out, in nested deployments too. */
  readonly warnings: readonly Warning[];
}

export async function planRequested(ports: DeploymentPorts, asked: Requested): Promise<Planned> {
  if (asked.depth > depthMax) {
    throw refuse.InvalidTemplate({ reason: `Deployments are nested deeper than ${depthMax}` });
  }
  const requested = await resolveLinks(ports, asked);
  try {
    return await planResolved(ports, requested);
  } catch (error) {
    throw placedInLink(error, requested);
  }
}

async function planResolved(ports: DeploymentPorts, requested: Requested): Promise<Planned> {
  const { input, principal, name } = requested;
  const given = await readGiven(ports, input.parameters, principal);
  const plan = await planWith(ports, requested, { template: input.template, given });
  await preflight(ports, { plan, principal, name });
  const warnings = skippedResources(ports, plan);
  for (const resource of deployedResources(plan)) {
    warnings.push(...(await planNested(ports, { requested, plan, resource })));
  }
  return { plan, requested, warnings };
}

function skippedResources(ports: DeploymentPorts, plan: Plan): Warning[] {
  const because = (type: string) => `'${type}' is not run: ${unsupportedReason(ports, type)}.`;
  const level = "Warning";
  const code = "UnsupportedResourceSkipped";
  const resources = plan.index.resources.flatMap(({ isSkipped, id, type, skippedFor }) => {
    if (!isSkipped) return [];
    const refers = skippedFor === undefined ? "" : " It refers to a type that is left out.";
    const message = `The resource is left out.${refers} ${because(skippedFor ?? type)}`;
    return [{ level, code, message, target: id } as const];
  });
  const outputs = [...plan.skippedOutputs].map(([name, type]) => {
    const message = `The output '${name}' is left out. ${because(type)}`;
    return { level, code, message, target: name } as const;
  });
  return [...resources, ...outputs];
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
): Promise<readonly Warning[]> {
  const { requested, plan, resource } = nested;
  if (resource.type.toLowerCase() !== deploymentType.toLowerCase()) return [];
  try {
    const input = readInput(evaluateBody(plan, resource, nothingRuns));
    const target = targetOf(resource.scopeId);
    const isThere = await ports.store.read.document(target.id.toLowerCase());
    const waitsForSecret = Object.values(input.parameters).some(
      (item) => isObject(item) && member(item, "reference") !== undefined,
    );
    if (!isThere || waitsForSecret) return [];
    const { name } = resource;
    const below = nestedRequest(requested, { target, name, input });
    return (await planRequested(ports, below)).warnings;
  } catch (error) {
    if (error instanceof NotKnownYet) return [];
    throw error instanceof ServiceError ? placedIn(resource, error) : error;
  }
}

/** What a nested deployment takes over from the one around it. */
export function nestedRequest(
  around: Requested,
  own: Pick<Requested, "target" | "name" | "input">,
): Requested {
  const { linkedFrom, linkedText: _text, parentLink, ...shared } = around;
  return { ...shared, ...own, depth: around.depth + 1, parentLink: linkedFrom ?? parentLink };
}

/** The same error with its place in the parent's template. */
function placedIn(resource: PlannedResource, error: ServiceError): ServiceError {
  const { code, status, message, target, details } = error;
  const { position: _position, uri, ...facts } = error.facts;
  if (uri === undefined && typeof facts.path !== "string") return error;
  const below = uri === undefined ? `template.${facts.path}` : "templateLink";
  const path = `${resource.path}.properties.${below}`;
  return new ServiceError({ code, status, message, target, details, facts: { ...facts, path } });
}

export async function planWith(
  ports: DeploymentPorts,
  about: Pick<
    Requested,
    "target" | "name" | "origin" | "principal" | "linkedFrom" | "skipsUnsupported"
  > & {
    input: Pick<DeploymentInput, "location">;
  },
  values: { template: Json | undefined; given: ReadonlyMap<string, Json> },
): Promise<Plan> {
  const { target, name, origin, principal, input, linkedFrom, skipsUnsupported } = about;
  const shown = [...values.given].map(([key, value]): [string, Json] => [key, { value }]);
  const facts = await readFacts(ports, {
    target,
    name,
    origin,
    location: input.location,
    template: values.template ?? {},
    linkedFrom,
    principal,
    parameters: Object.fromEntries(shown),
  });
  const environment = {
    now: () => ports.clock.now(),
    newGuid: () => ports.random.guid(),
    random: () => 0,
  };
  const isSkipped = (type: string) => unsupportedReason(ports, type) !== undefined;
  const request = { ...values, target, facts, environment };
  return planDeployment(skipsUnsupported ? { ...request, isSkipped } : request);
}
