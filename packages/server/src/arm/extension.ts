// Endpoints that can be appended to any scope: `{scope}/providers/Microsoft.Authorization/…` and the
// like. Each is one value in extensions/; the scope is whatever the path names before it.

import type { Principal } from "@callosum/contract/principal.ts";
import type { ResourceId } from "@callosum/contract/resource-id.ts";
import type { Answer, Call, Method } from "../http/route.ts";
import type { ArmServices } from "./services.ts";

export interface ExtensionRequest {
  readonly services: ArmServices;
  readonly call: Call;
  readonly principal: Principal;
  readonly scope: ResourceId;
  /** The name after the type; undefined for the collection. */
  readonly name: string | undefined;
  readonly apiVersion: string;
}

export interface ExtensionOperation {
  readonly method: Method;
  /** Whether the path has a name after the type. */
  readonly named: boolean;
  /** RBAC action required at the scope, or "none" when the handler filters by itself. */
  readonly action: string | "none";
  run(request: ExtensionRequest): Promise<Answer>;
}

export interface ExtensionDefinition {
  /** `Microsoft.Authorization/roleAssignments`; further segments are allowed. */
  readonly type: string;
  readonly source: string;
  readonly apiVersions: readonly string[];
  readonly operations: readonly ExtensionOperation[];
}

export function defineExtension(extension: ExtensionDefinition): ExtensionDefinition {
  return extension;
}

export interface ExtensionTarget {
  readonly extension: ExtensionDefinition;
  readonly scopePath: string;
  readonly name: string | undefined;
}

/** Finds the extension whose `/providers/{type}` ends the path; the last one wins. */
export function createExtensionFinder(
  extensions: readonly ExtensionDefinition[],
): (path: string) => ExtensionTarget | undefined {
  const rows = extensions.map((extension) => ({
    extension,
    mark: `/providers/${extension.type.toLowerCase()}`,
  }));
  return (path) => {
    const lower = path.toLowerCase();
    for (const { extension, mark } of rows) {
      const at = lower.lastIndexOf(mark);
      if (at === -1) continue;
      const rest = path.slice(at + mark.length);
      const name = /^\/([^/]+)\/?$/.exec(rest)?.[1];
      if (rest !== "" && rest !== "/" && name === undefined) continue;
      return { extension, scopePath: path.slice(0, at), name: name && decodeURIComponent(name) };
    }
    return undefined;
  };
}
