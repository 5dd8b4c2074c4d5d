// Whether a role's permissions include an action: `*` stands for anything, notActions take away
// (protocols.md 5.3). The server decides by the same rule; this only explains.

export interface Permission {
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
  readonly dataActions?: readonly string[];
  readonly notDataActions?: readonly string[];
}

/** Synapse RBAC's actions are data actions, Resource Manager's are not: a name is one of the two. */
export function allows(permissions: readonly Permission[], action: string): boolean {
  return permissions.some(
    ({ actions = [], notActions = [], dataActions = [], notDataActions = [] }) =>
      (matchesAny(actions, action) && !matchesAny(notActions, action)) ||
      (matchesAny(dataActions, action) && !matchesAny(notDataActions, action)),
  );
}

function matchesAny(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => {
    const escaped = pattern.split("*").map((part) => part.replace(/[.\\+?^${}()|[\]]/g, "\\$&"));
    return new RegExp(`^${escaped.join(".*")}$`, "i").test(action);
  });
}
