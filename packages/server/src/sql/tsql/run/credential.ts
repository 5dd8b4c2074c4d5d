// Database scoped credentials and the database's master key. What the lake is asked with is in lake-credential.ts.
// Source: "CREATE DATABASE SCOPED CREDENTIAL", "CREATE MASTER KEY".
import type { Position } from "../ast.ts";
import type { ScopedCredential } from "../catalogue/model.ts";
import { decide } from "../catalogue/permission.ts";
import { dropDocument, putDocument } from "../catalogue/store.ts";
import { fail } from "../error.ts";
import type { ExternalStatement } from "../statement.ts";
import { changeCatalogue, takeId, timestamp } from "./define.ts";
import { sealSecret } from "./lake-credential.ts";
import type { Session } from "./state.ts";

type Node<K extends ExternalStatement["kind"]> = Extract<ExternalStatement, { kind: K }>;

export function requireControl(session: Session, at: Position): void {
  const { catalogue } = session.database;
  if (decide(catalogue, session.actor, { permission: "CONTROL" }) !== "allowed") fail(15247, at);
}

export async function putCredential(
  session: Session,
  node: Node<"createDatabaseScopedCredential" | "alterDatabaseScopedCredential">,
  signal: AbortSignal,
): Promise<void> {
  requireControl(session, node.at);
  const { external } = session.database.catalogue;
  await changeCatalogue(session, node.at, signal, () => {
    const key = node.name.toLowerCase();
    const current = external.credential.get(key);
    const isNew = node.kind === "createDatabaseScopedCredential";
    if (isNew && current !== undefined) fail(46502, node.at, node.name);
    if (!isNew && current === undefined)
      fail(15151, node.at, "alter", "database scoped credential", node.name);
    if (external.masterKey.size === 0) fail(15581, node.at);
    const id = current?.id ?? takeId(session);
    const now = timestamp(session);
    const credential: ScopedCredential = {
      id,
      name: current?.name ?? node.name,
      identity: node.identity,
      created: current?.created ?? now,
      modified: now,
      ...(node.secret === undefined ? {} : { secret: sealSecret(session, id, node.secret) }),
    };
    return {
      statements: [putDocument("credential", key, credential)],
      apply: () => void external.credential.set(key, credential),
    };
  });
}

export async function changeMasterKey(
  session: Session,
  node: Node<"createMasterKey" | "dropMasterKey">,
  signal: AbortSignal,
): Promise<void> {
  requireControl(session, node.at);
  const { masterKey, credential } = session.database.catalogue.external;
  await changeCatalogue(session, node.at, signal, () => {
    if (node.kind === "createMasterKey") {
      if (masterKey.size > 0) fail(15578, node.at);
      const made = { id: takeId(session), created: timestamp(session) };
      return {
        statements: [putDocument("masterKey", "master", made)],
        apply: () => void masterKey.set("master", made),
      };
    }
    if (masterKey.size === 0) fail(15151, node.at, "drop", "symmetric key", "master key");
    const [kept] = [...credential.values()].filter(({ secret }) => secret !== undefined);
    if (kept !== undefined) fail(15580, node.at, kept.name);
    return {
      statements: [dropDocument("masterKey", "master")],
      apply: () => masterKey.clear(),
    };
  });
}
