// Every SQL statement of the product, prepared once per connection. Written by hand rather than by a
// query builder: there are two dozen, all in the dialect that SQLite and PostgreSQL share.

import type { DatabaseSync, StatementSync } from "node:sqlite";

/** The upper end of the keys below `key + "/"`: "0" is the character after "/". */
export function endOfTree(key: string): string {
  return `${key}0`;
}

const readStatements = {
  document: "SELECT id, type, parent, etag, body FROM document WHERE id = ?",
  documentsByType:
    "SELECT id, type, parent, etag, body FROM document WHERE type = ? AND id > ? ORDER BY id LIMIT ?",
  documentsByParent:
    "SELECT id, type, parent, etag, body FROM document WHERE parent = ? AND id > ? ORDER BY id LIMIT ?",
  documentsByParentAndType:
    "SELECT id, type, parent, etag, body FROM document WHERE parent = ? AND type = ? AND id > ? ORDER BY id LIMIT ?",
  documentsUnder:
    "SELECT id, type, parent, etag, body FROM document WHERE id > ? AND id < ? ORDER BY id LIMIT ?",
  documentsUnderByType:
    "SELECT id, type, parent, etag, body FROM document WHERE type = ? AND id > ? AND id < ? ORDER BY id LIMIT ?",
  alias: "SELECT id FROM alias WHERE kind = ? AND name = ?",
  aliasesOf: "SELECT kind, name, id FROM alias WHERE kind = ? AND id = ? ORDER BY name",
  ticket:
    "SELECT kind, id, expires_ms, body FROM ticket WHERE kind = ? AND id = ? AND expires_ms > ?",
  activity:
    "SELECT sequence, time_ms, scope, body FROM activity WHERE scope >= ? AND scope < ? AND time_ms BETWEEN ? AND ? AND sequence < ? ORDER BY sequence DESC LIMIT ?",
  sealed: "SELECT sealed FROM secret WHERE owner = ? AND name = ?",
} as const;

const writeStatements = {
  putDocument:
    "INSERT INTO document (id, type, parent, etag, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET type = excluded.type, parent = excluded.parent, etag = excluded.etag, body = excluded.body",
  removeDocument: "DELETE FROM document WHERE id = ?",
  removeDocumentsUnder: "DELETE FROM document WHERE id > ? AND id < ?",
  removeAliasesOf: "DELETE FROM alias WHERE id = ?",
  removeAliasesUnder: "DELETE FROM alias WHERE id > ? AND id < ?",
  removeSecretsOf: "DELETE FROM secret WHERE owner = ?",
  removeSecretsUnder: "DELETE FROM secret WHERE owner > ? AND owner < ?",
  claimAlias: "INSERT INTO alias (kind, name, id) VALUES (?, ?, ?)",
  releaseAlias: "DELETE FROM alias WHERE kind = ? AND name = ?",
  putTicket:
    "INSERT INTO ticket (kind, id, expires_ms, body) VALUES (?, ?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET expires_ms = excluded.expires_ms, body = excluded.body",
  removeTicket: "DELETE FROM ticket WHERE kind = ? AND id = ?",
  removeExpiredTickets: "DELETE FROM ticket WHERE expires_ms <= ?",
  appendActivity: "INSERT INTO activity (time_ms, scope, body) VALUES (?, ?, ?)",
  putSealed:
    "INSERT INTO secret (owner, name, sealed) VALUES (?, ?, ?) ON CONFLICT (owner, name) DO UPDATE SET sealed = excluded.sealed",
  removeSealed: "DELETE FROM secret WHERE owner = ? AND name = ?",
} as const;

type Prepared<Statements> = { readonly [Name in keyof Statements]: StatementSync };

export type ReadStatements = Prepared<typeof readStatements>;
export type WriteStatements = Prepared<typeof writeStatements>;

export function prepareReads(database: DatabaseSync): ReadStatements {
  return prepareAll(database, readStatements);
}

export function prepareWrites(database: DatabaseSync): WriteStatements {
  return prepareAll(database, writeStatements);
}

function prepareAll<const Statements extends Record<string, string>>(
  database: DatabaseSync,
  statements: Statements,
): Prepared<Statements> {
  const prepared = Object.entries(statements).map(([name, sql]) => [name, database.prepare(sql)]);
  return Object.fromEntries(prepared) as Prepared<Statements>;
}
