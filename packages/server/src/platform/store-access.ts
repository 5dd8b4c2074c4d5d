// Reader and Writer over prepared statements. Pure translation between rows and the port's shapes.

import {
  type ActivityRecord,
  type Alias,
  AliasTaken,
  type Clock,
  type DocumentQuery,
  type Random,
  type Reader,
  type StoredDocument,
  type Ticket,
  type Writer,
} from "@callosum/contract/ports.ts";
import type { DocumentCache } from "./document-cache.ts";
import { endOfTree, type ReadStatements, type WriteStatements } from "./statements.ts";

interface DocumentRow {
  id: string;
  type: string;
  parent: string;
  etag: string;
  body: string;
}

const limitDefault = 1_000_000;

/** With a cache, documents that it holds are not read again; its owner forgets what changes. */
export function createReader(reads: ReadStatements, clock: Clock, cache?: DocumentCache): Reader {
  return {
    async document<Body>(id: string) {
      const known = cache?.get(id);
      if (known) return known as StoredDocument<Body>;
      const row = reads.document.get(id) as unknown as DocumentRow | undefined;
      if (!row) return undefined;
      const document = toDocument<Body>(row);
      cache?.keep(document, row.body.length);
      return document;
    },
    async documents<Body>(query: DocumentQuery) {
      return (selectDocuments(reads, query) as unknown as DocumentRow[]).map(toDocument<Body>);
    },
    async alias(kind, name) {
      const row = reads.alias.get(kind, name.toLowerCase()) as { id: string } | undefined;
      return row?.id;
    },
    async aliases(kind, id) {
      return reads.aliasesOf.all(kind, id) as unknown as Alias[];
    },
    async ticket<Body>(kind: string, id: string) {
      const row = reads.ticket.get(kind, id, clock.now().getTime());
      return row ? toTicket<Body>(row) : undefined;
    },
    async activity({ scope, fromMs, toMs, limit, before }) {
      const rows = reads.activity.all(
        scope,
        endOfTree(scope),
        fromMs,
        toMs,
        before ?? Number.MAX_SAFE_INTEGER,
        limit,
      );
      return rows.map((row) => ({
        sequence: Number(row.sequence),
        timeMs: Number(row.time_ms),
        scope: String(row.scope),
        body: JSON.parse(String(row.body)),
      }));
    },
    async sealed(owner, name) {
      const row = reads.sealed.get(owner, name) as { sealed: Uint8Array } | undefined;
      return row?.sealed;
    },
  };
}

function selectDocuments(reads: ReadStatements, query: DocumentQuery) {
  const { type, parent, under, after = "", limit = limitDefault } = query;
  if (parent !== undefined && type !== undefined) {
    return reads.documentsByParentAndType.all(parent, type, after, limit);
  }
  if (parent !== undefined) return reads.documentsByParent.all(parent, after, limit);
  if (under !== undefined) {
    const from = after > `${under}/` ? after : `${under}/`;
    const to = endOfTree(under);
    return type === undefined
      ? reads.documentsUnder.all(from, to, limit)
      : reads.documentsUnderByType.all(type, from, to, limit);
  }
  if (type === undefined) throw new Error("A document query names a type, a parent or a tree.");
  return reads.documentsByType.all(type, after, limit);
}

function toDocument<Body>(row: DocumentRow): StoredDocument<Body> {
  return { ...row, body: JSON.parse(row.body) as Body };
}

function toTicket<Body>(row: Record<string, unknown>): Ticket<Body> {
  return {
    kind: String(row.kind),
    id: String(row.id),
    expiresMs: Number(row.expires_ms),
    body: JSON.parse(String(row.body)) as Body,
  };
}

export function createWriter(options: {
  reads: ReadStatements;
  writes: WriteStatements;
  clock: Clock;
  random: Random;
  /** Ids of documents touched in the open group. */
  changed: Set<string>;
}): Writer {
  const { reads, writes, clock, random, changed } = options;
  const reader = createReader(reads, clock);
  return {
    ...reader,
    async put(document) {
      const etag = document.etag ?? newEtag(random);
      const { id, type, parent, body } = document;
      writes.putDocument.run(id, type, parent, etag, JSON.stringify(body));
      changed.add(id);
      return { id, type, parent, etag, body };
    },
    async remove(id) {
      writes.removeAliasesOf.run(id);
      writes.removeSecretsOf.run(id);
      changed.add(id);
      return Number(writes.removeDocument.run(id).changes) > 0;
    },
    async removeTree(id) {
      const own = await reader.document(id);
      const below = await reader.documents({ under: id });
      const from = `${id}/`;
      const to = endOfTree(id);
      writes.removeDocument.run(id);
      writes.removeAliasesOf.run(id);
      writes.removeSecretsOf.run(id);
      writes.removeDocumentsUnder.run(from, to);
      writes.removeAliasesUnder.run(from, to);
      writes.removeSecretsUnder.run(from, to);
      const removed = own ? [own, ...below] : below;
      for (const document of removed) changed.add(document.id);
      return removed;
    },
    async claim(alias) {
      const name = alias.name.toLowerCase();
      const holder = await reader.alias(alias.kind, name);
      if (holder === alias.id) return;
      if (holder !== undefined) throw new AliasTaken(alias);
      writes.claimAlias.run(alias.kind, name, alias.id);
    },
    async release(kind, name) {
      writes.releaseAlias.run(kind, name.toLowerCase());
    },
    async putTicket({ kind, id, expiresMs, body }) {
      writes.putTicket.run(kind, id, expiresMs, JSON.stringify(body));
    },
    async takeTicket<Body>(kind: string, id: string) {
      const ticket = await reader.ticket<Body>(kind, id);
      if (ticket) writes.removeTicket.run(kind, id);
      return ticket;
    },
    async appendActivity({ timeMs, scope, body }: ActivityRecord) {
      writes.appendActivity.run(timeMs, scope, JSON.stringify(body));
    },
    async putSealed(owner, name, sealed) {
      writes.putSealed.run(owner, name, sealed);
    },
    async removeSealed(owner, name) {
      writes.removeSealed.run(owner, name);
    },
  };
}

/** ETags have the shape that the services' own have: four groups of hexadecimal digits. */
function newEtag(random: Random): string {
  const hex = Buffer.from(random.bytes(12)).toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 24)}`;
}
