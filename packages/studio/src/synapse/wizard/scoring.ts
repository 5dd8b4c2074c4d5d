// The scoring wizard's requests: the routes that `callosum score` and the SDK use, too.

import type { LinkedModels, ScoringPlan, ScoringRequest } from "@callosum/sdk/scoring.ts";
import { queryOptions } from "@tanstack/react-query";
import { call } from "../../api/request.ts";
import { artifactsVersion, synapseEndpoint } from "../workspace.ts";

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
export function scorePlanQuery(workspace: string, request: ScoringRequest | undefined) {
  return queryOptions({
    queryKey: ["synapse", workspace.toLowerCase(), "score", "plan", request],
    enabled: request !== undefined,
    queryFn: ({ signal }) => postScore(workspace, "plan", request as ScoringRequest, signal),
    placeholderData: (earlier) => earlier,
  });
}

/** Copies the model into the pool and gives the script. */
export function deployScore(workspace: string, request: ScoringRequest): Promise<ScoringPlan> {
  return postScore(workspace, "deploy", request);
}

function postScore(
  workspace: string,
  step: "plan" | "deploy",
  request: ScoringRequest,
  signal?: AbortSignal,
): Promise<ScoringPlan> {
  return call<ScoringPlan>(synapseEndpoint(workspace), {
    method: "POST",
    path: `/callosum/score/${step}?api-version=${artifactsVersion}`,
    body: request,
    signal,
  });
}
