// The rule of a compute's name: the server's, and that no other compute has it.

import { useQuery } from "@tanstack/react-query";
import { useResourceRules } from "../../control/definition.ts";
import { takenProblem } from "../../control/taken-name.ts";
import { computesQuery, useWorkspaceAddress } from "../workspace.ts";

/** Why a text can't be the name of a new compute, or undefined. */
export function useComputeNameRule(): (name: string) => string | undefined {
  const { id } = useWorkspaceAddress();
  const rules = useResourceRules("Microsoft.MachineLearningServices/workspaces/computes");
  const { data: computes } = useQuery(computesQuery(id));
  return (name) => {
    if (name === "") return "A name is required.";
    const taken = computes?.map((known) => known.name);
    return rules.name(name) ?? takenProblem(name, { what: "a compute", taken });
  };
}
