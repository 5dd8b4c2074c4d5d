// Role assignments by principal, kept in memory because every request asks. Read from the store at
// start and kept up by its commits.

import type { Clock, Store } from "@callosum/contract/ports.ts";
import type { RoleAssignment } from "./role.ts";

export interface AssignmentIndex {
  of(principalId: string): readonly RoleAssignment[];
  all(): readonly RoleAssignment[];
  load(): Promise<void>;
}

interface Timed extends RoleAssignment {
  readonly effectiveMs: number;
}

/**
 * Indexes the documents of `type`; `read` picks an assignment out of a body. With a propagation delay
 * an assignment counts only that long after its creation, as in Azure.
 */
export function createAssignmentIndex<Body>(options: {
  store: Store;
  clock: Clock;
  type: string;
  /** What all ids of such documents contain, lower case. */
  idMark: string;
  propagationDelayMs: number;
  read(id: string, body: Body): RoleAssignment & { createdMs: number };
}): AssignmentIndex {
  const { store, clock, type, idMark, propagationDelayMs, read } = options;
  const byId = new Map<string, Timed>();
  const byPrincipal = new Map<string, Timed[]>();

  function forget(id: string): void {
    const known = byId.get(id);
    if (!known) return;
    byId.delete(id);
    const held = byPrincipal.get(known.principalId) ?? [];
    held.splice(held.indexOf(known), 1);
  }

  function remember(id: string, body: Body): void {
    forget(id);
    const assignment = read(id, body);
    const timed = { ...assignment, effectiveMs: assignment.createdMs + propagationDelayMs };
    byId.set(id, timed);
    const held = byPrincipal.get(assignment.principalId) ?? [];
    byPrincipal.set(assignment.principalId, held);
    held.push(timed);
  }

  store.onCommit(async (changed) => {
    for (const id of changed) {
      if (!id.includes(idMark)) continue;
      forget(id);
      const document = await store.read.document<Body>(id);
      if (document) remember(id, document.body);
    }
  });

  return {
    async load() {
      for (const { id, body } of await store.read.documents<Body>({ type })) remember(id, body);
    },
    of(principalId) {
      const list = byPrincipal.get(principalId.toLowerCase()) ?? [];
      if (propagationDelayMs === 0) return list;
      const nowMs = clock.now().getTime();
      return list.filter((assignment) => assignment.effectiveMs <= nowMs);
    },
    all: () => [...byId.values()],
  };
}
