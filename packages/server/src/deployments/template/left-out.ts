// With types left out that are not run, what is made of their answers cannot be made either: resources
// and outputs that refer to them are left out as well, and what refers to those.

import { parseResourceId } from "@callosum/contract/resource-id.ts";
import { bodyOf, isInnerDeployment, referencesIn, withoutTemplate } from "./dependency.ts";
import type { Json } from "./json.ts";
import { deploymentType, type PlannedResource } from "./resource.ts";
import type { ResourceIndex } from "./resource-index.ts";
import type { Context } from "./scope.ts";
import { type Copies, noCopies } from "./value.ts";

interface Looking {
  readonly context: Context;
  readonly index: ResourceIndex;
  isSkipped(type: string): boolean;
}

/** The same resources, those that refer to what is left out marked so with its type. */
export function leaveOut(looking: Looking): readonly PlannedResource[] {
  const { index } = looking;
  const causes = new Map<number, string>(
    index.resources.filter(({ isSkipped }) => isSkipped).map((each) => [each.index, each.type]),
  );
  for (let before = -1; before !== causes.size; ) {
    before = causes.size;
    for (const resource of index.resources) {
      if (!resource.condition || resource.isExisting || causes.has(resource.index)) continue;
      const body = bodyOf(resource.json);
      const own = isInnerDeployment(resource) ? withoutTemplate(body) : body;
      const cause = causeIn(looking, { value: own, copies: resource.copies, causes });
      // A nested deployment leaves out what it must of its own.
      const isNested = resource.type.toLowerCase() === deploymentType.toLowerCase();
      if (cause !== undefined && !isNested) causes.set(resource.index, cause);
    }
  }
  return index.resources.map((resource) => {
    const skippedFor = causes.get(resource.index);
    if (skippedFor === undefined || resource.isSkipped) return resource;
    return { ...resource, condition: false, isSkipped: true, skippedFor };
  });
}

/** The type that an output refers to and that is left out. */
export function causeOfOutput(looking: Looking, declared: Json): string | undefined {
  const causes = new Map(
    looking.index.resources
      .filter(({ isSkipped }) => isSkipped)
      .map(({ index, type, skippedFor }) => [index, skippedFor ?? type] as const),
  );
  return causeIn(looking, { value: declared, copies: noCopies, causes });
}

function causeIn(
  { context, index, isSkipped }: Looking,
  where: { value: Json; copies: Copies; causes: ReadonlyMap<number, string> },
): string | undefined {
  for (const text of referencesIn(where.value, context, where.copies)) {
    const found = index.referenced(text);
    const known = found?.resource && where.causes.get(found.resource.index);
    if (known !== undefined) return known;
    const type = parseResourceId(found?.id ?? text)?.type;
    if (type !== undefined && isSkipped(type)) return type;
  }
  return undefined;
}
