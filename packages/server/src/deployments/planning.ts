// From what was asked to a plan: the surroundings are read, the template is checked as a whole, then
// types and rights. Nothing is written.

import { refuse } from "./error-catalogue.ts";
import { readFacts } from "./facts.ts";
import type { DeploymentPorts } from "./ports.ts";
import { preflight } from "./preflight.ts";
import { type DeploymentInput, readGiven } from "./request.ts";
import type { Requested } from "./state.ts";
import type { Json } from "./template/json.ts";
import { type Plan, planDeployment } from "./template/plan.ts";

const depthMax = 5;

export async function planRequested(ports: DeploymentPorts, requested: Requested): Promise<Plan> {
  const { input, principal, name, depth } = requested;
  if (depth > depthMax) {
    throw refuse.InvalidTemplate({ reason: `Deployments are nested deeper than ${depthMax}` });
  }
  const given = await readGiven(ports, input.parameters, principal);
  const plan = await planWith(ports, requested, { template: input.template, given });
  await preflight(ports, { plan, principal, name });
  return plan;
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
