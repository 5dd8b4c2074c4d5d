// What deployments need of the rest of the house.

import type { ResourceManager } from "@callosum/contract/ports.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import type { SecretReader } from "@callosum/contract/secret-reader.ts";
import type { PlaneServices } from "@callosum/contract/services.ts";
import type { Route } from "../http/route.ts";
import type { Json } from "./template/json.ts";

/** A type as a template may name it. */
export interface KnownType {
  readonly type: string;
  readonly apiVersions: readonly string[];
  readonly isExtension: boolean;
  readonly locations: readonly string[];
}

/** Where linked templates are read: storage accounts of this instance, and listed hosts. */
export interface ContentReader {
  /** Rejects with an Error whose message is for the caller. */
  read(url: string, as: { principal: Principal; bytesMax: number }): Promise<Uint8Array>;
}

export interface DeploymentPorts
  extends Pick<
    PlaneServices,
    "store" | "clock" | "random" | "secrets" | "directory" | "authorizer" | "tenantId"
  > {
  readonly resources: Pick<ResourceManager, "show">;
  readonly secretReader: SecretReader;
  readonly content: ContentReader;
  /** Answers any path of the resource manager, as the call's principal. */
  readonly resourceManager: Route["handle"];
  findType(type: string): KnownType | undefined;
  /** Why a documented type is not run. */
  refusalOf(type: string): string | undefined;
  provider(namespace: string, type: string | undefined): Json | undefined;
  /** A fault of ours in work that nobody waits for. */
  onFault(error: unknown): void;
}
