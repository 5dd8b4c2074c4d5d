// What the person may do in the workspace that the address names.

import type { SynapseAction } from "../api/synapse-permission.ts";
import { type Right, useAzureRight } from "../control/command-button.tsx";
import { useSynapseRightOn } from "../control/synapse-right.ts";
import { useWorkspace, useWorkspaceName } from "./workspace.ts";

/** By Synapse RBAC: artifacts, role assignments, managed private endpoints. `item`: `credentials/name`. */
export function useSynapseRight(action: SynapseAction, item = ""): Right {
  return useSynapseRightOn(useWorkspaceName(), action, item);
}

/** By Azure RBAC on the workspace: pools and runtimes. `action` is below `Microsoft.Synapse/`. */
export function useWorkspaceAzureRight(action: string): Right {
  const { data } = useWorkspace();
  return useAzureRight(data?.id, `Microsoft.Synapse/${action}`);
}
