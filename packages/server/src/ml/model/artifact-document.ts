// Artifacts of a workspace: files by origin, container and path, uploaded through artifact-route.ts.
// One document each below the workspace; the bytes are in the content store.

import type { Reader, StoredDocument } from "@callosum/contract/ports.ts";
import { artifactType, type ContentStore, type KeptFile } from "./content-store.ts";
import type { SourceFile } from "./source-file.ts";

export interface ArtifactName {
  readonly origin: string;
  readonly container: string;
  readonly path: string;
}

export interface ArtifactBody extends ArtifactName {
  readonly file: KeptFile;
  readonly createdTime: string;
}

/** Format of an artifact's id: `{origin}/{container}/{path}`. */
export function idOf({ origin, container, path }: ArtifactName): string {
  return `${origin}/${container}/${path}`;
}

export function presentArtifact(body: ArtifactBody, etag: string): Record<string, unknown> {
  const { origin, container, path, createdTime } = body;
  return { artifactId: idOf(body), origin, container, path, etag, createdTime };
}

/** Names are exact here, and keys of the store fold their case: so the parts are written in hexadecimal. */
function part(text: string): string {
  return Buffer.from(text, "utf8").toString("hex");
}

export function artifactsKey(workspaceKey: string, origin: string, container: string): string {
  return `${workspaceKey}/artifacts/${part(origin)}/${part(container)}`;
}

export function artifactKey(workspaceKey: string, name: ArtifactName): string {
  return `${artifactsKey(workspaceKey, name.origin, name.container)}/${part(name.path)}`;
}

export async function findArtifact(
  reader: Reader,
  workspaceKey: string,
  name: ArtifactName,
): Promise<StoredDocument<ArtifactBody> | undefined> {
  return reader.document<ArtifactBody>(artifactKey(workspaceKey, name));
}

/** Artifacts whose path is `path`, or below it as a folder; all of the container for "". */
export async function listArtifacts(
  reader: Reader,
  workspaceKey: string,
  name: ArtifactName,
): Promise<ArtifactBody[]> {
  const { origin, container, path } = name;
  const documents = await reader.documents<ArtifactBody>({
    type: artifactType,
    parent: artifactsKey(workspaceKey, origin, container),
  });
  return documents
    .map(({ body }) => body)
    .filter((body) => path === "" || body.path === path || body.path.startsWith(`${path}/`));
}

/** The artifacts as files of a model, relative to `path`. */
export async function artifactSources(
  services: { reader: Reader; content: ContentStore },
  workspaceKey: string,
  name: ArtifactName,
): Promise<SourceFile[]> {
  const found = await listArtifacts(services.reader, workspaceKey, name);
  const exact = found.find(({ path }) => path === name.path);
  const cut = name.path === "" ? 0 : name.path.length + 1;
  return (exact ? [exact] : found).map(({ path, file }) => ({
    path: exact ? (path.split("/").at(-1) ?? path) : path.slice(cut),
    length: file.length,
    open: async () => services.content.stream(file),
  }));
}
