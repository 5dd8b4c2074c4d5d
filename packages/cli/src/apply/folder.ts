// A Synapse workspace's Git folder: one folder for each kind of thing, one JSON file for each thing
// (features.md A-12). Any other file or folder of the repository is none of the workspace's business.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "../command.ts";
import { isJsonObject, type JsonFile, parseJsonFile, placeIn } from "../json-file.ts";
import type { Fault } from "./fault.ts";
import {
  artifactKind,
  type Kind,
  keyOf,
  type Refusal,
  type ResourceLabel,
  type Source,
  type SourceItem,
} from "./source.ts";

const resource = (label: ResourceLabel): Kind => ({ how: "resource", label });

/** Folders of the studio's Git mode by their names in lower case. */
const kinds: ReadonlyMap<string, Kind | undefined> = new Map([
  ["integrationruntime", resource("integrationRuntimes")],
  ["bigdatapool", resource("bigDataPools")],
  ["sqlpool", resource("sqlPools")],
  ["credential", artifactKind("credentials")],
  ["linkedservice", artifactKind("linkedServices")],
  ["sparkconfiguration", artifactKind("sparkConfigurations")],
  ["dataset", artifactKind("datasets")],
  ["sqlscript", artifactKind("sqlScripts")],
  ["kqlscript", artifactKind("kqlScripts")],
  ["notebook", artifactKind("notebooks")],
  ["sparkjobdefinition", artifactKind("sparkJobDefinitions")],
  ["dataflow", artifactKind("dataFlows")],
  ["pipeline", artifactKind("pipelines")],
  ["trigger", artifactKind("triggers")],
]);

const refused: ReadonlyMap<string, { what: string; reason: string }> = new Map([
  ["database", { what: "A lake database", reason: "there are no lake databases here" }],
  [
    "linkconnection",
    { what: "A link connection", reason: "there is no change feed to replicate from" },
  ],
  ["library", { what: "A workspace library", reason: "Spark pools here take no libraries" }],
  ["scopejobdefinition", { what: "A SCOPE job", reason: "SCOPE is not run outside Microsoft" }],
  ["factory", { what: "A Data Factory", reason: "this is a Synapse workspace" }],
]);

const networkFolder = "managedvirtualnetwork";
const endpoint: Kind = { how: "endpoint", label: "managedPrivateEndpoints" };

/** Whether a directory has a folder of a Git folder in it. */
export async function isGitFolder(directory: string): Promise<boolean> {
  const entries = await readdir(directory, { withFileTypes: true });
  return entries.some((entry) => entry.isDirectory() && isKnownFolder(entry.name));
}

function isKnownFolder(name: string): boolean {
  const key = name.toLowerCase();
  return kinds.has(key) || key === networkFolder;
}

interface Reading {
  readonly directory: string;
  readonly items: SourceItem[];
  readonly refusals: Refusal[];
  readonly faults: Fault[];
}

/** Reads every file; faults are told together. */
export async function readGitFolder(
  directory: string,
): Promise<{ source: Source; faults: readonly Fault[] }> {
  const reading: Reading = { directory, items: [], refusals: [], faults: [] };
  const notes: string[] = [];
  const entries = await readdir(directory, { withFileTypes: true });
  for (const entry of entries.sort(byName)) {
    const key = entry.name.toLowerCase();
    if (key === "publish_config.json") await readConfiguration(reading, entry.name);
    if (!entry.isDirectory() || entry.name.startsWith(".")) continue;
    const kind = kinds.get(key);
    if (kind) await readKind(reading, { folder: entry.name, kind });
    else if (key === networkFolder) await readNetworks(reading, entry.name);
    else if (refused.has(key)) await refuseFolder(reading, entry.name);
    else notes.push(`'${entry.name}/' is no folder of a workspace: it is left alone.`);
  }
  requireUnique(reading);
  const { items, refusals, faults } = reading;
  return { source: { form: "gitFolder", items, refusals, notes }, faults };
}

const byName = (left: { name: string }, right: { name: string }) =>
  left.name < right.name ? -1 : 1;

async function jsonFilesIn(reading: Reading, folder: string): Promise<string[]> {
  const entries = await readdir(join(reading.directory, folder), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.json$/i.test(entry.name))
    .sort(byName)
    .map((entry) => `${folder}/${entry.name}`);
}

async function readOne(reading: Reading, file: string): Promise<JsonFile | undefined> {
  try {
    return parseJsonFile(file, await readFile(join(reading.directory, file), "utf8"));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const [, place = file, message = error.message] =
      /^(.*?:\d+:\d+): (.*)$/s.exec(error.message) ?? [];
    reading.faults.push({ place, code: error.code, message });
    return undefined;
  }
}

async function readKind(reading: Reading, { folder, kind }: { folder: string; kind: Kind }) {
  for (const file of await jsonFilesIn(reading, folder)) {
    const json = await readOne(reading, file);
    const item = json && toItem(reading, { json, kind });
    if (item) reading.items.push(item);
  }
}

function toItem(
  reading: Reading,
  { json, kind }: { json: JsonFile; kind: Kind },
): SourceItem | undefined {
  const { file, value } = json;
  const place = (path: string) => placeIn(json, path);
  const fault = (path: string, message: string) => {
    reading.faults.push({ place: place(path), code: "InvalidRepository", message });
    return undefined;
  };
  if (!isJsonObject(value)) return fault("", "It must be a JSON object.");
  const { name, properties, ...envelope } = value;
  if (typeof name !== "string" || name === "") return fault("name", "It needs a 'name'.");
  if (!isJsonObject(properties)) return fault("properties", "It needs 'properties', an object.");
  return { kind, name, properties, envelope, file, place };
}

/** `managedVirtualNetwork/default.json` and `managedVirtualNetwork/default/managedPrivateEndpoint/…`. */
async function readNetworks(reading: Reading, folder: string): Promise<void> {
  for (const file of await jsonFilesIn(reading, folder)) {
    if (/\/default\.json$/i.test(file)) await readOne(reading, file);
    else refuse(reading, file, { what: "A managed virtual network", reason: onlyDefault });
  }
  const networks = await readdir(join(reading.directory, folder), { withFileTypes: true });
  for (const network of networks.filter((entry) => entry.isDirectory()).sort(byName)) {
    const below = `${folder}/${network.name}`;
    const folders = await readdir(join(reading.directory, below), { withFileTypes: true });
    for (const { name } of folders.filter(({ name }) => /^managedPrivateEndpoint$/i.test(name))) {
      if (network.name.toLowerCase() === "default") {
        await readKind(reading, { folder: `${below}/${name}`, kind: endpoint });
      } else {
        for (const file of await jsonFilesIn(reading, `${below}/${name}`)) {
          refuse(reading, file, { what: "A managed private endpoint", reason: onlyDefault });
        }
      }
    }
  }
}

const onlyDefault = "a workspace has one managed virtual network, called 'default'";

function refuse(reading: Reading, file: string, refusal: { what: string; reason: string }): void {
  reading.refusals.push({ place: `${file}:1:1`, ...refusal });
}

async function refuseFolder(reading: Reading, folder: string): Promise<void> {
  const refusal = refused.get(folder.toLowerCase());
  const files = await jsonFilesIn(reading, folder);
  for (const file of files) if (refusal) refuse(reading, file, refusal);
}

/** The studio's own settings: nothing of them is put anywhere, but they must be JSON. */
async function readConfiguration(reading: Reading, file: string): Promise<void> {
  const json = await readOne(reading, file);
  if (json && !isJsonObject(json.value)) {
    const message = "It must be a JSON object.";
    reading.faults.push({ place: placeIn(json, ""), code: "InvalidRepository", message });
  }
}

function requireUnique({ items, faults }: Reading): void {
  const first = new Map<string, SourceItem>();
  for (const item of items) {
    const known = first.get(keyOf(item));
    if (!known) first.set(keyOf(item), item);
    else {
      const message = `'${item.name}' stands in ${known.file} too.`;
      faults.push({ place: item.place("name"), code: "InvalidRepository", message });
    }
  }
}
