// What `callosum link` made for a pair of workspaces, kept in the data directory so that `unlink`
// takes back exactly that. Written before the work, so that a crash leaves nothing unknown.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type MadeKind =
  | "linkedService"
  | "contributor"
  | "application"
  | "machineLearningLink"
  | "sparkAdministrator"
  | "compute";

export interface Made {
  readonly kind: MadeKind;
  /** For people. */
  readonly summary: string;
  /**
   * ARM id; of a linked service its name; of a Synapse role assignment its GUID; of an application
   * its display name, which nothing else has.
   */
  readonly id: string;
}

export interface LinkRecord {
  readonly synapse: string;
  readonly machineLearning: string;
  readonly made: readonly Made[];
}

export interface LinkPair {
  readonly dataDirectory: string;
  /** Resource ids. */
  readonly synapse: string;
  readonly machineLearning: string;
}

export function readRecord(pair: LinkPair): LinkRecord | undefined {
  const file = fileOf(pair);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as LinkRecord) : undefined;
}

/** Adds to what is recorded; nothing is listed twice. */
export function addToRecord(pair: LinkPair, made: readonly Made[]): void {
  const all = [...(readRecord(pair)?.made ?? []), ...made];
  const byId = new Map(all.map((each) => [`${each.kind} ${each.id.toLowerCase()}`, each]));
  writeRecord(pair, [...byId.values()]);
}

/** Replaces what is recorded; nothing left removes the file. */
export function writeRecord(pair: LinkPair, made: readonly Made[]): void {
  const file = fileOf(pair);
  if (made.length === 0) {
    rmSync(file, { force: true });
    return;
  }
  const { synapse, machineLearning } = pair;
  const temporary = `${file}.${process.pid}`;
  mkdirSync(join(pair.dataDirectory, "links"), { recursive: true, mode: 0o700 });
  writeFileSync(temporary, JSON.stringify({ synapse, machineLearning, made }), { mode: 0o600 });
  renameSync(temporary, file);
}

function fileOf({ dataDirectory, synapse, machineLearning }: LinkPair): string {
  const key = `${synapse}\n${machineLearning}`.toLowerCase();
  const name = createHash("sha256").update(key).digest("hex").slice(0, 24);
  return join(dataDirectory, "links", `${name}.json`);
}
