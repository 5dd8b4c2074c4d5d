// A plan, or what came of it, as JSON and as lines for people.

import type { Terminal } from "../terminal.ts";
import type { LinkPlan } from "./link-plan.ts";

/** `durations` is there when the work is done. */
export function describeLink(plan: LinkPlan, durations?: ReadonlyMap<string, number>) {
  const { synapse, machineLearning, authentication, serviceName, linkName } = plan;
  return {
    synapse: synapse.id,
    machineLearning: machineLearning.id,
    ...{ authentication, serviceName, linkName },
    steps: plan.steps.map(({ kind, name, summary, isThere }) => {
      const tookMs = durations?.get(`${kind} ${name}`);
      return {
        ...{ kind, name, summary },
        state: isThere ? "existed" : durations ? "made" : "planned",
        ...(tookMs === undefined ? {} : { tookMs: Math.round(tookMs) }),
      };
    }),
  };
}

export function linkLines(
  plan: LinkPlan,
  paint: Terminal["paint"],
  durations?: ReadonlyMap<string, number>,
): string[] {
  return plan.steps.map(({ kind, name, summary, isThere }) => {
    if (isThere) return `  ${paint("dim", "exists")}  ${summary}`;
    const tookMs = durations?.get(`${kind} ${name}`);
    const took = tookMs === undefined ? "" : paint("dim", ` (${Math.round(tookMs)} ms)`);
    return `  ${paint("green", durations ? "made  " : "make  ")}  ${summary}${took}`;
  });
}
