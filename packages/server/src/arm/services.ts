// What the resource manager's host works with: the joined ports and its own registry.

import type { ModelIntake } from "@callosum/contract/model-registry.ts";
import type {
  Clock,
  Directory,
  Random,
  SecretBox,
  Store,
  SynapseAuthorizer,
} from "@callosum/contract/ports.ts";
import type { AzureAuthorizer } from "../authz/azure.ts";
import type { Registry } from "./registry.ts";

export interface ArmServices {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: SecretBox;
  readonly directory: Directory;
  readonly authorizer: AzureAuthorizer;
  readonly synapseRoles: SynapseAuthorizer;
  readonly registry: Registry;
  readonly models: ModelIntake;
  readonly tenantId: string;
  /** How long operations stay in progress; 0 = done at the first poll. */
  readonly operationDelayMs: number;
}
