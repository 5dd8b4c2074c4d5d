// Pipelines of the workspace: documents of activities (protocols.md 4.1).

import { call } from "../../api/request.ts";
import { type Artifact, artifactsQuery } from "../artifact.ts";
import { artifactsVersion, synapseEndpoint } from "../workspace.ts";

export interface PipelineProperties {
  readonly description?: string;
  readonly activities?: readonly { readonly name: string; readonly type: string }[];
  readonly annotations?: readonly unknown[];
  readonly lastPublishTime?: string;
}

export type Pipeline = Artifact<PipelineProperties>;

export function pipelinesQuery(workspace: string) {
  return artifactsQuery<PipelineProperties>(workspace, "pipelines");
}

/** Starts a run; rejects with the server's refusal where runs are not made. */
export function triggerPipeline(workspace: string, name: string): Promise<{ runId: string }> {
  return call<{ runId: string }>(synapseEndpoint(workspace), {
    method: "POST",
    path: `/pipelines/${encodeURIComponent(name)}/createRun?api-version=${artifactsVersion}`,
    body: {},
  });
}

/** The properties in a document's JSON; undefined while it is none. */
export function parsePipeline(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const { properties } = JSON.parse(text) as { properties?: unknown };
    return typeof properties === "object" && properties !== null
      ? (properties as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
