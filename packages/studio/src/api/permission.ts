// What the signed-in person may do at a scope, so that a button can explain before the server refuses.
// The server remains the judge.

import { queryOptions } from "@tanstack/react-query";
import { listAll } from "./page.ts";
import { arm } from "./request.ts";

interface PermissionSet {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

export function permissionsQuery(scope: string) {
  return queryOptions({
    queryKey: ["arm", "permissions", scope.toLowerCase()],
    queryFn: ({ signal }) =>
      listAll<PermissionSet>(
        arm,
        `${scope}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01`,
        signal,
      ),
  });
}

/** Whether the sets together allow an action; `*` stands for any text (Azure RBAC). */
export function allows(sets: readonly PermissionSet[], action: string): boolean {
  return sets.some(
    ({ actions, notActions }) =>
      actions.some((pattern) => matches(pattern, action)) &&
      !notActions.some((pattern) => matches(pattern, action)),
  );
}

function matches(pattern: string, action: string): boolean {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${escaped}$`, "i").test(action);
}
