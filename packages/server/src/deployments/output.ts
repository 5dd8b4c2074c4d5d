// The outputs of a deployment, evaluated when everything is deployed. Secure ones keep their value to
// themselves.

import { refuse } from "./error-catalogue.ts";
import { wireErrorOf } from "./execute.ts";
import type { WireError } from "./record.ts";
import type { Answers } from "./runtime.ts";
import { isObject, type Json, type JsonObject, member } from "./template/json.ts";
import type { Plan } from "./template/plan.ts";
import { evaluationAt, type Runtime } from "./template/scope.ts";
import { readType, requireType } from "./template/type-check.ts";
import { evaluateValue, expandLoop } from "./template/value.ts";

/** Fails with DeploymentOutputEvaluationFailed naming each output that cannot be had. */
export async function evaluateOutputs(
  plan: Plan,
  answers: Answers,
  onFault: (error: unknown) => void,
): Promise<JsonObject> {
  const outputs: [string, Json][] = [];
  const failed: (WireError & { target: string })[] = [];
  for (const [name, declared] of plan.template.outputs) {
    if (plan.skippedOutputs.has(name)) continue;
    try {
      const output = await answers.settle((runtime) =>
        evaluateOutput({ plan, name, declared, runtime }),
      );
      if (output !== undefined) outputs.push([name, output]);
    } catch (error) {
      const { code, message } = wireErrorOf(error, onFault);
      failed.push({ code, message, target: name });
    }
  }
  if (failed.length === 0) return Object.fromEntries(outputs);
  const names = failed.map(({ target }) => target).join(", ");
  throw refuse.DeploymentOutputEvaluationFailed({ outputs: names, details: failed });
}

function evaluateOutput(options: {
  plan: Plan;
  name: string;
  declared: JsonObject;
  runtime: Runtime;
}): JsonObject | undefined {
  const { plan, name, declared, runtime } = options;
  const path = `outputs.${name}`;
  const { definitions } = plan.template;
  const evaluation = evaluationAt(plan.context, { runtime });
  const condition = member(declared, "condition");
  if (
    condition !== undefined &&
    evaluateValue(condition, evaluation, `${path}.condition`) !== true
  ) {
    return undefined;
  }
  const type = readType(declared, definitions, path);
  const copy = member(declared, "copy");
  const value = isObject(copy)
    ? expandLoop(
        { name, loop: copy, input: member(copy, "input") ?? null },
        evaluation,
        `${path}.copy`,
        true,
      )
    : evaluateValue(member(declared, "value") ?? null, evaluation, `${path}.value`);
  requireType(value, declared, { definitions, path, what: `the template output '${name}'` });
  return type.isSecure ? { type: type.name } : { type: type.name, value };
}
