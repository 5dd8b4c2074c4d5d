// Group membership by member, transitive, kept in memory because every token asks.

import type { Store } from "@callosum/contract/ports.ts";
import { type Group, groupType } from "./object.ts";

export interface GroupIndex {
  /** Object ids of all groups that the object is in, directly or through other groups. */
  of(objectId: string): string[];
  load(): Promise<void>;
}

export function createGroupIndex(store: Store): GroupIndex {
  let direct = new Map<string, Set<string>>();

  async function load(): Promise<void> {
    const next = new Map<string, Set<string>>();
    for (const { body } of await store.read.documents<Group>({ type: groupType })) {
      for (const member of body.members) {
        const groups = next.get(member) ?? new Set<string>();
        next.set(member, groups.add(body.id));
      }
    }
    direct = next;
  }

  store.onCommit(async (changed) => {
    if (changed.some((id) => id.startsWith("/directory/groups/"))) await load();
  });

  return {
    load,
    of(objectId) {
      const seen = new Set<string>();
      const waiting = [objectId];
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        for (const group of direct.get(next) ?? []) {
          if (seen.has(group)) continue;
          seen.add(group);
          waiting.push(group);
        }
      }
      return [...seen];
    },
  };
}
