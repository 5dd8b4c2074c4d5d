// CREATE and DROP of external data sources, file formats and tables: the catalogue's alone, the engine knows nothing
// of them. export.ts makes external tables of queries; emit/external-table.ts reads them.
import type { Position } from "../ast.ts";
import type {
  CatalogueColumn,
  ExternalDataSource,
  ExternalFileFormat,
  ExternalTableObject,
} from "../catalogue/model.ts";
import { decide } from "../catalogue/permission.ts";
import { dropDocument, putDocument } from "../catalogue/store.ts";
import { externalUrl } from "../emit/external-table.ts";
import { fail, refuseOption, sqlError } from "../error.ts";
import type { ExternalStatement } from "../statement.ts";
import { changeMasterKey, putCredential, requireControl } from "./credential.ts";
import {
  changeCatalogue,
  type Placed,
  placeOf,
  remember,
  requireCreate,
  requireFree,
  storing,
  takeId,
  timestamp,
} from "./define.ts";
import { catalogueColumn, checkColumns } from "./define-table.ts";
import { formatOptions, sourceOptions, tableOptions } from "./external-option.ts";
import { lakeCredential } from "./lake-credential.ts";
import type { Events, Session } from "./state.ts";

type Node<K extends ExternalStatement["kind"]> = Extract<ExternalStatement, { kind: K }>;

export async function* defineExternal(
  session: Session,
  node: Exclude<ExternalStatement, { kind: "createExternalTableAs" }>,
  signal: AbortSignal,
): Events {
  switch (node.kind) {
    case "createExternalDataSource":
    case "createExternalFileFormat":
      await createThing(session, node, signal);
      break;
    case "createExternalTable":
      await createExternalTable(session, node, signal);
      break;
    case "createDatabaseScopedCredential":
    case "alterDatabaseScopedCredential":
      await putCredential(session, node, signal);
      break;
    case "dropExternalThing":
      await dropThing(session, node, signal);
      break;
    case "createMasterKey":
    case "dropMasterKey":
      await changeMasterKey(session, node, signal);
      break;
  }
  yield { kind: "done", command: "other" };
  return "normal";
}

const permissions = {
  dataSource: "ALTER ANY EXTERNAL DATA SOURCE",
  fileFormat: "ALTER ANY EXTERNAL FILE FORMAT",
} as const;

const words = {
  dataSource: "external data source",
  fileFormat: "external file format",
  credential: "database scoped credential",
} as const;

function require(session: Session, permission: string, at: Position): void {
  const { catalogue } = session.database;
  if (decide(catalogue, session.actor, { permission }) !== "allowed") fail(15247, at);
}

async function createThing(
  session: Session,
  node: Node<"createExternalDataSource" | "createExternalFileFormat">,
  signal: AbortSignal,
): Promise<void> {
  const thing = node.kind === "createExternalDataSource" ? "dataSource" : "fileFormat";
  require(session, permissions[thing], node.at);
  const { external } = session.database.catalogue;
  await changeCatalogue(session, node.at, signal, () => {
    const key = node.name.toLowerCase();
    if (external[thing].has(key)) fail(46502, node.at, node.name);
    const named = { id: takeId(session), name: node.name };
    const made =
      thing === "dataSource"
        ? { ...named, ...sourceOptions(node.options, node.at) }
        : { ...named, ...formatOptions(node.options, node.at) };
    if ("credential" in made && !external.credential.has(String(made.credential).toLowerCase()))
      fail(46516, node.at);
    return {
      statements: [putDocument(thing, key, made)],
      apply: () => void (external[thing] as Map<string, typeof made>).set(key, made),
    };
  });
}

async function dropThing(
  session: Session,
  { at, thing, name }: Node<"dropExternalThing">,
  signal: AbortSignal,
): Promise<void> {
  if (thing === "credential") requireControl(session, at);
  else require(session, permissions[thing], at);
  const { external, objects } = session.database.catalogue;
  await changeCatalogue(session, at, signal, () => {
    const key = name.toLowerCase();
    if (!external[thing].has(key)) fail(15151, at, "drop", words[thing], name);
    const users =
      thing === "credential"
        ? [...external.dataSource.values()].filter((source) => isNamed(source.credential, key))
        : [...objects.values()].filter(
            (object) => object.kind === "externalTable" && isNamed(object[thing], key),
          );
    if (users[0] !== undefined) fail(3729, at, words[thing], name, users[0].name);
    return {
      statements: [dropDocument(thing, key)],
      apply: () => void external[thing].delete(key),
    };
  });
}

function isNamed(name: string | undefined, key: string): boolean {
  return name?.toLowerCase() === key;
}

export interface PlannedExternal extends Placed {
  source: ExternalDataSource;
  format: ExternalFileFormat;
  /** Of the new table, its columns still missing. */
  table: Omit<ExternalTableObject, "columns">;
}

/** What a new external table is, once its maker may make one there. */
export function planExternal(
  session: Session,
  node: Node<"createExternalTable" | "createExternalTableAs">,
): PlannedExternal {
  const place = placeOf(session, node.name);
  if (place.temporary) refuseOption(node.name.at, "temporary external table");
  requireCreate(session, place, "CREATE TABLE", node.at);
  for (const permission of Object.values(permissions)) require(session, permission, node.at);
  require(session, "ADMINISTER DATABASE BULK OPERATIONS", node.at);
  requireFree(session, place, node.at);
  const { external } = session.database.catalogue;
  const options = tableOptions(node.options, node.at);
  const source =
    external.dataSource.get(options.dataSource.toLowerCase()) ??
    fail(15151, node.at, "find", words.dataSource, options.dataSource);
  const format =
    external.fileFormat.get(options.fileFormat.toLowerCase()) ??
    fail(15151, node.at, "find", words.fileFormat, options.fileFormat);
  const now = timestamp(session);
  const { schema, name } = place;
  const facts = { id: takeId(session), schema, name, created: now, modified: now, statistics: [] };
  return { ...place, source, format, table: { kind: "externalTable", ...facts, ...options } };
}

async function createExternalTable(
  session: Session,
  node: Node<"createExternalTable">,
  signal: AbortSignal,
): Promise<void> {
  await changeCatalogue(session, node.at, signal, async () => {
    const { source, table: planned } = planExternal(session, node);
    const columns = node.columns.map(
      (column, index): CatalogueColumn =>
        catalogueColumn(column, index + 1, planned.name, planned.id),
    );
    checkColumns(columns, node.columns, planned.name, node.at);
    // A native source's location may be a pattern.
    if (source.isHadoop) await requireLocation(session, source, planned.location, node.at);
    const table: ExternalTableObject = { ...planned, columns };
    return { statements: storing(table), apply: () => remember(session, table) };
  });
}

async function requireLocation(
  session: Session,
  source: ExternalDataSource,
  location: string,
  at: Position,
): Promise<void> {
  const credential = lakeCredential(session, source.credential, at);
  const url = externalUrl(source, location);
  const found = await session.ports.lake
    .exists(url, credential, session.principal)
    .catch((error: Error) => {
      throw sqlError(105019, at, error.message);
    });
  if (!found) fail(105002, at, location);
}
