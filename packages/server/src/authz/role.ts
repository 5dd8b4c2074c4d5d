// What a role is, and the one pure function that decides. Azure RBAC and Synapse RBAC differ only in
// the roles and scopes that they know.

import { isWithin } from "@callosum/contract/resource-id.ts";

export interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
}

export interface RoleDefinition {
  /** GUID: the last segment of every form of its id. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly Permission[];
  readonly assignableScopes: readonly string[];
  readonly isBuiltIn: boolean;
  readonly source: string;
}

export interface RoleAssignment {
  /** The assignment's own id, for explanations. */
  readonly id: string;
  /** Key of the scope (lower case). */
  readonly scope: string;
  readonly principalId: string;
  readonly roleId: string;
}

/** Makes a built-in role from what the service documents. */
export function defineRole(role: {
  id: string;
  name: string;
  description: string;
  actions?: readonly string[];
  notActions?: readonly string[];
  dataActions?: readonly string[];
  notDataActions?: readonly string[];
  assignableScopes?: readonly string[];
  source: string;
}): RoleDefinition {
  const { actions = [], notActions = [], dataActions = [], notDataActions = [] } = role;
  return {
    id: role.id,
    name: role.name,
    description: role.description,
    source: role.source,
    assignableScopes: role.assignableScopes ?? ["/"],
    permissions: [{ actions, notActions, dataActions, notDataActions }],
    isBuiltIn: true,
  };
}

/**
 * The assignments that grant `action` at `scope` to any of `principalIds` (the principal and its
 * groups). A role grants what its actions match and its notActions don't; assignments add up
 * (protocols.md 5.3). Scope and assignment scopes are keys.
 */
export function decide(question: {
  principalIds: readonly string[];
  action: string;
  data: boolean;
  scope: string;
  assignmentsOf: (principalId: string) => readonly RoleAssignment[];
  role: (roleId: string) => RoleDefinition | undefined;
}): RoleAssignment[] {
  const { principalIds, action, data, scope, assignmentsOf, role } = question;
  const granting: RoleAssignment[] = [];
  for (const principalId of principalIds) {
    for (const assignment of assignmentsOf(principalId)) {
      if (!isWithin(scope, assignment.scope)) continue;
      const definition = role(assignment.roleId);
      if (definition && roleGrants(definition, { action, data })) granting.push(assignment);
    }
  }
  return granting;
}

export function roleGrants(
  role: RoleDefinition,
  question: { action: string; data: boolean },
): boolean {
  return role.permissions.some((permission) => {
    const granted = question.data ? permission.dataActions : permission.actions;
    const withheld = question.data ? permission.notDataActions : permission.notActions;
    return matchesAny(granted, question.action) && !matchesAny(withheld, question.action);
  });
}

function matchesAny(patterns: readonly string[], action: string): boolean {
  const wanted = action.toLowerCase();
  return patterns.some((pattern) => matches(piecesOf(pattern), wanted));
}

const known = new Map<string, readonly string[]>();
const knownMax = 5_000;

/** The texts between a pattern's stars, lower case: casing never matters. */
function piecesOf(pattern: string): readonly string[] {
  let pieces = known.get(pattern);
  if (!pieces) {
    pieces = pattern.toLowerCase().split("*");
    if (known.size >= knownMax) known.clear();
    known.set(pattern, pieces);
  }
  return pieces;
}

/**
 * `*` stands for any text, slashes included, and `/*\/` for none too: `workspaces/*\/read` grants
 * `workspaces/read` (AzureML Data Scientist has no other), so the two slashes may be one. Each piece
 * is taken where it comes first and never looked for again: custom roles come from whoever has rights
 * somewhere, and a regular expression made of theirs could search for ever.
 */
function matches(pieces: readonly string[], action: string): boolean {
  let end = 0;
  let endsInSlash = false;
  for (const [index, piece] of pieces.entries()) {
    const sharesSlash: boolean = endsInSlash && piece.startsWith("/");
    const from = sharesSlash ? end - 1 : end;
    const isLast = index === pieces.length - 1;
    const at =
      index === 0 ? 0 : isLast ? action.length - piece.length : action.indexOf(piece, from);
    if (at < from || !action.startsWith(piece, at)) return false;
    end = at + piece.length;
    endsInSlash = piece.endsWith("/") && !(sharesSlash && piece === "/");
  }
  return end === action.length;
}
