// The rule of a compute's name: the server's, and that no other compute has it.

import { useQuery } from "@tanstack/react-query";
import { useResourceRules } from "../../control/definition.ts";
import { computesQuery, useWorkspaceAddress } from "../workspace.ts";

/** Why a text can't be the name of a new compute, or undefined. */
export function useComputeNameRule(): (name: string) => string | undefined {
  const { id } = useWorkspaceAddress();
  const rules = useResourceRules("Microsoft.MachineLearningServices/workspaces/computes");
  const { data: computes } = useQuery(computesQuery(id));
  return (name) => {
    const problem = name === "" ? "A name is required." : rules.name(name);
    if (problem !== undefined) return problem;
    const isTaken = computes?.some((known) => known.name.toLowerCase() === name.toLowerCase());
    return isTaken ? `There is a compute '${name}' already.` : undefined;
  };
}
