// Scopes of Synapse RBAC: the workspace or one item of it (features.md B-11, recorded /rbacScopes).

import type { ArmResource, Reader } from "@callosum/contract/ports.ts";
import { findArtifact, kindOfCollection } from "../artifact-document.ts";
import { failSynapse } from "../error-catalogue.ts";
import type { WorkspaceCall } from "../workspace.ts";

/** Item types with the template that role definitions name them by. */
const templates: Readonly<Record<string, string>> = {
  bigDataPools: "workspaces/{workspaceName}/bigDataPools/{bigDataPoolName}",
  scopePools: "workspaces/{workspaceName}/scopePools/{scopePoolName}",
  integrationRuntimes: "workspaces/{workspaceName}/integrationRuntimes/{integrationRuntimeName}",
  credentials: "workspaces/{workspaceName}/credentials/{credentialName}",
  linkedServices: "workspaces/{workspaceName}/linkedServices/{linkedServiceName}",
};
const workspaceTemplate = "workspaces/{workspaceName}";

export const scopeTemplates: readonly string[] = [workspaceTemplate, ...Object.values(templates)];

export interface Scope {
  /** Canonical casing: `workspaces/ws1/linkedServices/link1`. */
  readonly text: string;
  readonly template: string;
  /** `linkedServices/link1`; undefined = the workspace. */
  readonly item: string | undefined;
}

/** Fails with BadRequest when it is no scope of this workspace. */
export function parseScope(text: string, workspace: ArmResource): Scope {
  const [root = "", name = "", type, item, ...rest] = text.replace(/^\/|\/$/g, "").split("/");
  const isOurs =
    root.toLowerCase() === "workspaces" && name.toLowerCase() === workspace.name.toLowerCase();
  if (isOurs && type === undefined) {
    return { text: `workspaces/${workspace.name}`, template: workspaceTemplate, item: undefined };
  }
  const canonical = Object.keys(templates).find(
    (known) => known.toLowerCase() === type?.toLowerCase(),
  );
  if (!isOurs || canonical === undefined || !item || rest.length > 0) {
    throw failSynapse.BadRequest({
      reason: `'${text}' is not a scope of the workspace '${workspace.name}'. Scopes are ${scopeTemplates.join(", ")}.`,
      target: "scope",
    });
  }
  return {
    text: `workspaces/${workspace.name}/${canonical}/${item}`,
    template: templates[canonical] ?? workspaceTemplate,
    item: `${canonical}/${item}`,
  };
}

/** An item must be there before anything is granted on it. */
export async function requireItem(
  reader: Reader,
  options: { opened: WorkspaceCall; scope: Scope },
): Promise<void> {
  const { opened, scope } = options;
  if (scope.item === undefined) return;
  const { workspace, services } = opened;
  const [type = "", name = ""] = scope.item.split("/");
  const definition = kindOfCollection(type);
  const found = definition
    ? await findArtifact(reader, { workspace, definition, name })
    : await services.resources.find(`${workspace.id}/${scope.item}`, reader);
  if (found || name.toLowerCase() === "autoresolveintegrationruntime") return;
  throw failSynapse.BadRequest({
    reason: `There is no '${scope.item}' in the workspace '${workspace.name}'.`,
    target: "scope",
  });
}
