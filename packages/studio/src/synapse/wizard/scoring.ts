// The scoring wizard's requests: the routes that `callosum score` and the SDK use, too.

import { queryOptions } from "@tanstack/react-query";
import { call } from "../../api/request.ts";
import { artifactsVersion, synapseEndpoint } from "../workspace.ts";

export interface ModelField {
  readonly name: string;
  readonly element: string;
}

export interface ScorableModel {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly framework: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly inputs: readonly ModelField[];
  readonly outputs: readonly ModelField[];
  /** Why PREDICT cannot score it. */
  readonly problem: string | null;
}

export interface LinkedModels {
  readonly linkedService: string;
  readonly workspaceId: string | null;
  readonly models: readonly ScorableModel[];
  readonly error?: { readonly code: string; readonly message: string };
}

export interface ScoreRequest {
  readonly database: string;
  readonly table: string;
  readonly model: {
    readonly linkedService: string;
    readonly name: string;
    readonly version: string;
  };
  /** Columns by input; null leaves an input open. */
  readonly inputs?: Readonly<Record<string, string | null>>;
  readonly outputs?: readonly string[];
  readonly script?: { readonly kind?: "procedure" | "view"; readonly name?: string };
  readonly modelTable?: { readonly name?: string; readonly create?: boolean };
}

interface ScoredColumn {
  readonly name: string;
  readonly type: string;
}

export interface ScorePlan {
  readonly model: { readonly id: string; readonly isPrefilled: boolean };
  readonly table: string;
  readonly columns: readonly ScoredColumn[];
  readonly inputs: readonly {
    readonly input: string;
    readonly type: string;
    readonly column?: ScoredColumn;
  }[];
  readonly outputs: readonly { readonly output: string; readonly type: string }[];
  readonly unusableOutputs: readonly { readonly name: string; readonly reason: string }[];
  readonly modelTable: { readonly name: string; readonly exists: boolean; readonly ddl?: string };
  readonly script?: string;
}

export function scorableModelsQuery(workspace: string) {
  return queryOptions({
    queryKey: ["synapse", workspace.toLowerCase(), "score", "models"],
    queryFn: async ({ signal }) => {
      const path = `/callosum/score/models?api-version=${artifactsVersion}`;
      const list = await call<{ value: readonly LinkedModels[] }>(synapseEndpoint(workspace), {
        path,
        signal,
      });
      return list.value;
    },
  });
}

/** How a table and a model meet; changes nothing. */
export function scorePlanQuery(workspace: string, request: ScoreRequest | undefined) {
  return queryOptions({
    queryKey: ["synapse", workspace.toLowerCase(), "score", "plan", request],
    enabled: request !== undefined,
    queryFn: ({ signal }) => postScore(workspace, "plan", request as ScoreRequest, signal),
    placeholderData: (earlier) => earlier,
  });
}

/** Copies the model into the pool and gives the script. */
export function deployScore(workspace: string, request: ScoreRequest): Promise<ScorePlan> {
  return postScore(workspace, "deploy", request);
}

function postScore(
  workspace: string,
  step: "plan" | "deploy",
  request: ScoreRequest,
  signal?: AbortSignal,
): Promise<ScorePlan> {
  return call<ScorePlan>(synapseEndpoint(workspace), {
    method: "POST",
    path: `/callosum/score/${step}?api-version=${artifactsVersion}`,
    body: request,
    signal,
  });
}
