// The ports that every plane is composed with; main.ts fills them in.

import type {
  Authorizer,
  Clock,
  Directory,
  Random,
  ResourceManager,
  SecretBox,
  Store,
  SynapseAuthorizer,
} from "./ports.ts";

export interface PlaneServices {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: SecretBox;
  readonly directory: Directory;
  readonly authorizer: Authorizer;
  readonly synapseRoles: SynapseAuthorizer;
  readonly resources: ResourceManager;
  readonly tenantId: string;
  readonly location: string;
  /** How long operations stay in progress; 0 = done at the first poll. */
  readonly operationDelayMs: number;
}
