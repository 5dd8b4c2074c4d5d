// The OpenAPI (Swagger 2.0) documents of the services: read from the reference, which is beside the
// repository and not part of it, and their operations as data. What answers mean is schema.ts.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { absentDocument, standInFor } from "./absent.ts";
import type { Node, Placed } from "./node.ts";

const documentsFolder = join(
  dirname(fileURLToPath(import.meta.url)),
  "../../../shared/reference/openapi",
);

/** Why nothing can be checked, or undefined when the documents are there. */
export const missingReason = existsSync(documentsFolder)
  ? undefined
  : `no OpenAPI documents at ${relative(process.cwd(), documentsFolder)}: answers are NOT checked`;

/** Paths of the documents in a folder and all below it, sorted. */
export function listDocuments(folder: string): string[] {
  return readdirSync(join(documentsFolder, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".json"))
    .map((path) => join(folder, path))
    .sort();
}

export interface Parameter extends Node {
  readonly name: string;
  readonly in: "path" | "query" | "header" | "body" | "formData";
  readonly required?: never;
  readonly schema?: Node;
}

export interface DocumentedResponse {
  readonly schema?: Node;
  readonly headers?: Readonly<Record<string, Node>>;
}

export interface Operation {
  readonly id: string;
  readonly document: string;
  readonly apiVersion: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly (Parameter & { readonly isRequired: boolean })[];
  readonly responses: Readonly<Record<string, DocumentedResponse>>;
  readonly isLongRunning: boolean;
}

interface RawOperation {
  readonly operationId?: string;
  readonly parameters?: readonly Node[];
  readonly responses: Record<string, DocumentedResponse>;
  readonly "x-ms-long-running-operation"?: boolean;
}

interface RawDocument {
  readonly info: { readonly version: string };
  readonly paths?: Record<string, Record<string, RawOperation>>;
  readonly "x-ms-paths"?: Record<string, Record<string, RawOperation>>;
  readonly definitions?: Record<string, Node>;
}

const read = new Map<string, RawDocument>();

function documentOf(path: string): RawDocument {
  const known = read.get(path);
  if (known) return known;
  const document = (absentDocument(path) ??
    JSON.parse(readFileSync(join(documentsFolder, path), "utf8"))) as RawDocument;
  read.set(path, document);
  return document;
}

/** Names and nodes of a document's definitions. */
export function definitionsOf(document: string): Readonly<Record<string, Node>> {
  return documentOf(document).definitions ?? {};
}

export interface Target extends Placed {
  /** `document#/pointer`: the same for every reference to the node. */
  readonly key: string;
  /** The definition's name. */
  readonly name: string;
}

/** What a `$ref` of a document names, in whichever document it is. */
export function resolve(document: string, ref: string): Target {
  const [path = "", pointer = ""] = ref.split("#");
  const target = path === "" ? document : standInFor(normalize(join(dirname(document), path)));
  const segments = pointer
    .split("/")
    .slice(1)
    .map((part) => decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~"));
  let node: unknown = documentOf(target);
  for (const segment of segments) node = (node as Record<string, unknown> | undefined)?.[segment];
  if (node === undefined) throw new Error(`${document} refers to ${ref}, which is not there.`);
  return {
    document: target,
    node: node as Node,
    key: `${target}#${pointer}`,
    name: segments.at(-1) ?? "",
  };
}

const methods = ["get", "head", "put", "patch", "post", "delete"];

/** Every operation of a document, in the document's order. */
export function operationsOf(document: string): Operation[] {
  const raw = documentOf(document);
  const paths = { ...raw.paths, ...raw["x-ms-paths"] };
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => methods.includes(method))
      .map(([method, operation]) => ({
        id: operation.operationId ?? `${method} ${path}`,
        document,
        apiVersion: raw.info.version,
        method: method.toUpperCase(),
        path,
        parameters: [...sharedParameters(item), ...(operation.parameters ?? [])].map((node) =>
          parameterOf(document, node),
        ),
        responses: operation.responses,
        isLongRunning: operation["x-ms-long-running-operation"] === true,
      })),
  );
}

function sharedParameters(item: Record<string, unknown>): Node[] {
  return (item.parameters as Node[] | undefined) ?? [];
}

function parameterOf(document: string, node: Node): Operation["parameters"][number] {
  const found = node.$ref ? resolve(document, node.$ref).node : node;
  const { required, ...parameter } = found as unknown as Parameter & { required?: boolean };
  return { ...parameter, isRequired: required === true };
}
