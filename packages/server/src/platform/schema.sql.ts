// Numbered, forward-only migrations. One generic document table carries every resource and artifact,
// so a new type never needs one. The SQL is the common ground of SQLite and PostgreSQL.

export const migrations: readonly string[] = [
  `
  CREATE TABLE document (
    id TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    parent TEXT NOT NULL,
    etag TEXT NOT NULL,
    body TEXT NOT NULL
  );
  CREATE INDEX document_type ON document (type, id);
  CREATE INDEX document_parent ON document (parent, type, id);
  CREATE TABLE alias (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (kind, name)
  );
  CREATE INDEX alias_id ON alias (id);
  CREATE TABLE ticket (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    expires_ms BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, id)
  );
  CREATE INDEX ticket_expiry ON ticket (expires_ms);
  CREATE TABLE activity (
    sequence INTEGER PRIMARY KEY,
    time_ms BIGINT NOT NULL,
    scope TEXT NOT NULL,
    body TEXT NOT NULL
  );
  CREATE INDEX activity_scope ON activity (scope, time_ms);
  CREATE INDEX activity_time ON activity (time_ms);
  CREATE TABLE secret (
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (owner, name)
  );
  `,
];
