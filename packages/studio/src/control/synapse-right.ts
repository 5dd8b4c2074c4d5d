// Whether the person may do something in a Synapse workspace, as a button wants to know it.

import { useQuery } from "@tanstack/react-query";
import { isForbidden } from "../api/api-error.ts";
import {
  rolesWith,
  type SynapseAction,
  synapseAccessQuery,
  synapseRolesQuery,
} from "../api/synapse-permission.ts";
import { useAccount } from "../shell/account.ts";
import type { Right } from "./command-button.tsx";

/**
 * Allowed while that is not known yet; `workspace` undefined: there is nothing to ask. `item` is
 * `linkedServices/name` and the like, "" the workspace.
 */
export function useSynapseRightOn(
  workspace: string | undefined,
  action: SynapseAction,
  item = "",
): Right {
  const { objectId } = useAccount();
  const isAsked = workspace !== undefined && workspace !== "";
  const access = useQuery({
    ...synapseAccessQuery(workspace ?? "", objectId, item),
    enabled: isAsked,
  });
  const isRefused = access.data ? !access.data.includes(action) : isForbidden(access.error);
  const roles = useQuery({
    ...synapseRolesQuery(workspace ?? ""),
    enabled: isAsked && isRefused && access.data !== undefined,
  });
  if (!isRefused) return { allowed: true, reason: "" };
  const names = rolesWith(roles.data ?? [], action).join(" or ");
  return {
    allowed: false,
    reason: `You need a Synapse role with '${action}' in '${workspace}'${names && `: ${names}`}. Manage > Access control shows who can give it.`,
  };
}
