// What one instance has under way, and what it was asked.

import type { Principal } from "@callosum/contract/principal.ts";
import type { Origin } from "../http/plane.ts";
import type { LinkedFrom } from "./content-link.ts";
import type { DeploymentPorts } from "./ports.ts";
import type { DeploymentRecord, OperationRecord } from "./record.ts";
import type { DeploymentInput } from "./request.ts";
import type { TargetScope } from "./template/resource-function.ts";

export interface Requested {
  readonly target: TargetScope;
  readonly name: string;
  readonly input: DeploymentInput;
  readonly principal: Principal;
  readonly origin: Origin;
  readonly correlationId: string;
  readonly remoteAddress: string;
  /** How many deployments this one is nested in. */
  readonly depth: number;
  /** Types that are not run here are left out with a warning instead of refused. */
  readonly skipsUnsupported: boolean;
  /** Where the template of the deployment around this one was linked from. */
  readonly parentLink?: LinkedFrom | undefined;
  /** Where this one's own template was linked from, and its text. */
  readonly linkedFrom?: LinkedFrom | undefined;
  readonly linkedText?: string;
}

export interface Running {
  record: DeploymentRecord;
  readonly operations: Map<string, OperationRecord>;
  isCanceled: boolean;
  finished: Promise<DeploymentRecord>;
}

export interface Host {
  readonly ports: DeploymentPorts;
  readonly running: Map<string, Running>;
  readonly stopping: AbortController;
}
