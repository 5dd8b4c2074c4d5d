// What a create form sends: writes of the resource manager, one after the other, each told as it goes.

import { ApiError } from "../../api/api-error.ts";
import { perform } from "../../api/operation.ts";
import { arm } from "../../api/request.ts";
import type { Resource } from "../../api/resource.ts";

/** What earlier steps made, by their keys. */
export type Made = ReadonlyMap<string, Resource>;

export interface Step {
  readonly key: string;
  /** "Resource group my-group". */
  readonly label: string;
  /** With its api-version. */
  path(made: Made): string;
  body(made: Made): unknown;
  /** Code of a refusal that means that it is there already. */
  readonly existsCode?: string;
}

export type StepState = "waiting" | "running" | "done" | "failed";

/** Sends every step in order; throws the first refusal. `onState` hears of each change. */
export async function runPlan(
  steps: readonly Step[],
  onState: (key: string, state: StepState) => void,
): Promise<Made> {
  const made = new Map<string, Resource>();
  for (const step of steps) {
    onState(step.key, "running");
    try {
      const path = step.path(made);
      made.set(
        step.key,
        await perform<Resource>(arm, { method: "PUT", path, body: step.body(made) }),
      );
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== step.existsCode) {
        onState(step.key, "failed");
        throw error;
      }
    }
    onState(step.key, "done");
  }
  return made;
}

/** A step whose path and body are known from the start. */
export function putStep(step: {
  key: string;
  label: string;
  id: string;
  version: string;
  body: unknown;
}): Step {
  return {
    key: step.key,
    label: step.label,
    path: () => `${step.id}?api-version=${step.version}`,
    body: () => step.body,
  };
}
