// How large a Spark pool is: nodes, autoscale, auto-pause, executors. The limits are those of the
// service's form; what is answered when something is off is recorded (recordings/synapse-arm.json).

import { fail } from "@callosum/contract/error-catalogue.ts";
import { type Static, Type } from "typebox";

const Count = Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 }));

export const AutoScale = Type.Object({
  enabled: Type.Optional(Type.Boolean()),
  minNodeCount: Count,
  maxNodeCount: Count,
});

export const AutoPause = Type.Object({
  enabled: Type.Optional(Type.Boolean()),
  delayInMinutes: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_080 })),
});

export const DynamicExecutorAllocation = Type.Object({
  enabled: Type.Optional(Type.Boolean()),
  minExecutors: Count,
  maxExecutors: Count,
});

const nodesMin = 3;
const nodesMax = 200;
const pauseDelayMinutesMin = 5;

export interface ScaleSent {
  readonly autoScale?: Static<typeof AutoScale>;
  readonly autoPause?: Static<typeof AutoPause>;
  readonly dynamicExecutorAllocation?: Static<typeof DynamicExecutorAllocation>;
  readonly nodeCount?: number;
}

export interface Scale {
  readonly autoScale: { enabled: boolean; minNodeCount: number; maxNodeCount: number };
  readonly autoPause: { enabled: boolean; delayInMinutes: number };
  readonly dynamicExecutorAllocation: Static<typeof DynamicExecutorAllocation>;
  readonly nodeCount: number;
}

/** Complete as answered; rejects with InvalidParameter naming the property. */
export function resolveScale(sent: ScaleSent): Scale {
  const scales = sent.autoScale?.enabled ?? false;
  const { minNodeCount = 0, maxNodeCount = 0 } = sent.autoScale ?? {};
  if (scales) {
    requireNodes("autoScale.minNodeCount", minNodeCount);
    requireNodes("autoScale.maxNodeCount", maxNodeCount);
    if (minNodeCount > maxNodeCount) {
      throw invalid("autoScale.maxNodeCount", "it must not be less than minNodeCount");
    }
  } else {
    requireNodes("nodeCount", sent.nodeCount ?? 0);
  }
  const pauses = sent.autoPause?.enabled ?? false;
  const delayInMinutes = sent.autoPause?.delayInMinutes ?? 0;
  if (pauses && delayInMinutes < pauseDelayMinutesMin) {
    throw invalid("autoPause.delayInMinutes", `it must be at least ${pauseDelayMinutesMin}`);
  }
  return {
    autoScale: { enabled: scales, minNodeCount, maxNodeCount },
    autoPause: { enabled: pauses, delayInMinutes },
    dynamicExecutorAllocation: executors(sent.dynamicExecutorAllocation),
    nodeCount: sent.nodeCount ?? 0,
  };
}

function executors(
  sent: ScaleSent["dynamicExecutorAllocation"],
): Scale["dynamicExecutorAllocation"] {
  if (!sent?.enabled) return { enabled: false };
  const { minExecutors = 1, maxExecutors = nodesMax - 1 } = sent;
  if (minExecutors > maxExecutors) {
    const reason = "it must not be less than minExecutors";
    throw invalid("dynamicExecutorAllocation.maxExecutors", reason);
  }
  return { enabled: true, minExecutors, maxExecutors };
}

function requireNodes(name: string, count: number): void {
  if (count >= nodesMin && count <= nodesMax) return;
  throw invalid(name, `a Spark pool has ${nodesMin} to ${nodesMax} nodes`);
}

function invalid(name: string, reason: string) {
  const target = `properties.${name}`;
  return fail.InvalidParameter({ parameter: target, reason, target });
}
