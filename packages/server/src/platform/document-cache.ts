// Documents that were read lately, parsed. Bounded in number and size; the store forgets what a commit
// changed before anyone is told of it. Kept documents are frozen, because everyone shares them.

import type { StoredDocument } from "@callosum/contract/ports.ts";

export interface DocumentCache {
  get(id: string): StoredDocument | undefined;
  /** `length` is that of the stored text: large documents are not kept. */
  keep(document: StoredDocument, length: number): void;
  forget(ids: readonly string[]): void;
}

const documentsMax = 2_000;
const lengthMax = 16_384;

export function createDocumentCache(): DocumentCache {
  const kept = new Map<string, StoredDocument>();
  return {
    get: (id) => kept.get(id),
    keep(document, length) {
      if (length > lengthMax) return;
      if (kept.size >= documentsMax) kept.delete(kept.keys().next().value as string);
      kept.set(document.id, freeze(document));
    },
    forget(ids) {
      for (const id of ids) kept.delete(id);
    },
  };
}

function freeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    for (const inner of Object.values(value)) freeze(inner);
    Object.freeze(value);
  }
  return value;
}
