// GET of artifacts. Whoever sees the workspace may list names; contents need `artifacts/read`
// (features.md A-17, B-17), so a list shows the others what a form's drop-down needs.

import type { ArtifactDefinition, ArtifactProperties } from "@callosum/contract/artifact.ts";
import type { Answer } from "../http/route.ts";
import { findArtifact, listArtifacts, presentArtifact } from "./artifact-document.ts";
import { artifactNotFound } from "./error-catalogue.ts";
import { namesTag } from "./precondition.ts";
import { allowsAction, requireAction, type WorkspaceCall } from "./workspace.ts";

/** `GET /{collection}/{name}`. */
export async function getArtifact(
  opened: WorkspaceCall,
  definition: ArtifactDefinition,
): Promise<Answer> {
  const { services, workspace, call } = opened;
  const name = call.params.name ?? "";
  await requireAction(opened, "artifacts/read", `${definition.collection}/${name}`);
  const found = await findArtifact(services.store.read, { workspace, definition, name });
  if (!found) throw artifactNotFound({ ...definition, name, workspace });
  const headers = { ETag: `"${found.etag}"` };
  const noneMatch = call.headers["if-none-match"];
  if (noneMatch !== undefined && namesTag(noneMatch, found.etag)) return { status: 304, headers };
  return { status: 200, headers, body: presentArtifact(workspace, found) };
}

/** `GET /{collection}`, and the list without contents where a kind has one. */
export async function getArtifacts(
  opened: WorkspaceCall,
  options: { definition: ArtifactDefinition; isSummary: boolean },
): Promise<Answer> {
  const { definition, isSummary } = options;
  await requireAction(opened, "read");
  const mayOpen = await allowsAction(opened, "artifacts/read");
  const { services, workspace } = opened;
  const found = await listArtifacts(services.store.read, { workspace, definition });
  const value = found.map((item) => {
    const { properties } = item.artifact;
    if (!mayOpen) return presentArtifact(workspace, item, outline(properties));
    if (!isSummary) return presentArtifact(workspace, item);
    return presentArtifact(workspace, item, definition.summaryList?.summarise(properties));
  });
  return { status: 200, body: { value } };
}

/** What the grid of a list shows: type, description, annotations, folder. */
function outline(properties: ArtifactProperties): ArtifactProperties {
  const shown = ["type", "description", "annotations", "folder"];
  return Object.fromEntries(Object.entries(properties).filter(([name]) => shown.includes(name)));
}
