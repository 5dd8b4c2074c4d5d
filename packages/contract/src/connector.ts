// The type of a linked service is one value made by `defineConnector`: what its typeProperties look
// like, which of them are secret, where a secret would go, and how its connection is tested.

import type { TObject } from "typebox";
import type { ArtifactContext, ArtifactProperties } from "./artifact.ts";
import type {
  ArmResource,
  Authorizer,
  Directory,
  Reader,
  ResourceManager,
  SynapseAuthorizer,
} from "./ports.ts";
import type { Principal } from "./principal.ts";
import type { SecretReader } from "./secret-reader.ts";
import type { VerdictHop } from "./verdict.ts";

/** What a connector's test may ask. */
export interface ConnectorTestPorts {
  readonly resources: ResourceManager;
  readonly directory: Directory;
  readonly authorizer: Authorizer;
  readonly synapseRoles: SynapseAuthorizer;
  readonly secretReader: SecretReader;
  readonly reader: Reader;
  readonly now: Date;
  guid(): string;
}

/** Where the secret of a property comes from. */
export type SecretSource =
  | { readonly kind: "inline"; readonly text: string; readonly isStored: boolean }
  | {
      readonly kind: "vault";
      /** Name of the Azure Key Vault linked service. */
      readonly store: string;
      readonly vaultUrl: string;
      readonly secretName: string;
      readonly secretVersion: string | undefined;
    }
  | { readonly kind: "unusable"; readonly reason: string; readonly message: string };

export interface ConnectorTest {
  readonly workspace: ArmResource;
  readonly caller: Principal;
  /** Name of the link, saved or not; undefined for one without a name yet. */
  readonly linkName: string | undefined;
  readonly isSaved: boolean;
  /** As saved or sent, secrets masked; what a corrected definition is made from. */
  readonly definition: ArtifactProperties;
  /** Expressions evaluated. */
  readonly typeProperties: ArtifactProperties;
  readonly ports: ConnectorTestPorts;
  /** The secret of a property; undefined when it is not set. */
  secret(property: string): Promise<SecretSource | undefined>;
}

export interface ConnectorDefinition<Schema extends TObject = TObject> {
  readonly type: string;
  readonly source: string;
  readonly summary: string;
  readonly typeProperties: Schema;
  /** typeProperties that are secret even when they are sent as plain text. */
  readonly secrets: readonly string[];
  /** typeProperties that say where a secret goes; a stored one stays only while they stay. */
  readonly target: readonly string[];
  /** Rules beyond the schema that fail at save. Throws ServiceError. */
  check?(request: {
    ctx: ArtifactContext;
    properties: ArtifactProperties;
    runtime: ArmResource | undefined;
  }): void;
  /** Findings in hop order; absent = Test Connection is refused by name. */
  test?(request: ConnectorTest): Promise<readonly VerdictHop[]>;
  readonly examples: readonly ArtifactProperties[];
}

/** Makes a connector. */
export function defineConnector<const Schema extends TObject>(
  definition: ConnectorDefinition<Schema>,
): ConnectorDefinition {
  return definition as unknown as ConnectorDefinition;
}
