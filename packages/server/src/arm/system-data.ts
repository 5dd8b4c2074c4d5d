// Who made a resource and who changed it last.

import type { SystemData } from "@callosum/contract/ports.ts";
import { clientName, type Principal } from "@callosum/contract/principal.ts";

export function systemDataOf(options: {
  principal: Principal;
  now: Date;
  existing: SystemData | undefined;
}): SystemData {
  const { principal, now, existing } = options;
  const by = clientName(principal);
  const byType = principal.kind === "ServicePrincipal" ? "Application" : principal.kind;
  const at = now.toISOString();
  return {
    createdBy: existing?.createdBy ?? by,
    createdByType: existing?.createdByType ?? byType,
    createdAt: existing?.createdAt ?? at,
    lastModifiedBy: by,
    lastModifiedByType: byType,
    lastModifiedAt: at,
  };
}
