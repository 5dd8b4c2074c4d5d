// What an external data source asks the lake with. Secrets of database scoped credentials are sealed with the
// instance's key, kept in the pool's file, and shown nowhere. Source: "CREATE DATABASE SCOPED CREDENTIAL".
import type { LakeCredential } from "../../ports.ts";
import type { Position } from "../ast.ts";
import { fail, refuseOption } from "../error.ts";
import type { Session } from "./state.ts";

/** A secret is bound to the database and to the credential's id: elsewhere it opens nothing. */
function sealedName(session: Session, id: number): [owner: string, name: string] {
  const { workspace, name } = session.database.pool;
  return [`sql/${workspace}/${name}`.toLowerCase(), `credential ${id}`];
}

export function sealSecret(session: Session, id: number, secret: string): string {
  const bytes = session.ports.secrets.seal(...sealedName(session, id), secret);
  return Buffer.from(bytes).toString("base64");
}

/** The credential of that name, or nothing but the caller's own rights without one. */
export function lakeCredential(
  session: Session,
  name: string | undefined,
  at: Position,
): LakeCredential | undefined {
  if (name === undefined) return undefined;
  const credential = session.database.catalogue.external.credential.get(name.toLowerCase());
  if (credential === undefined) return fail(46516, at);
  const { id, identity, secret: kept } = credential;
  const secret =
    kept === undefined
      ? undefined
      : session.ports.secrets.open(...sealedName(session, id), Buffer.from(kept, "base64"));
  if (/^user identity$/i.test(identity)) return undefined;
  if (/^managed (?:service )?identity$/i.test(identity)) return { identity: "Managed Identity" };
  if (/@https?:\/\//i.test(identity))
    return refuseOption(at, "a service principal as IDENTITY of a credential");
  if (secret === undefined) return refuseOption(at, `IDENTITY '${identity}' without SECRET`);
  if (/^shared access signature$/i.test(identity)) return { identity, secret };
  // Any other word: "the identity is not used for the account key".
  return { identity: "Storage Account Key", secret };
}
