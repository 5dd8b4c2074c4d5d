// The Synapse workspace that a new pool goes into: that of the address, or one to choose.

import { useQuery } from "@tanstack/react-query";
import { type Resource, resourcesQuery } from "../../api/resource.ts";
import type { Field } from "../../control/form.ts";
import { useAddressed } from "./place.ts";

export type PoolPlace = { readonly workspace: string };

export interface PoolHost {
  /** Undefined while loading. */
  readonly workspaces: readonly Resource[] | undefined;
  readonly initial: string;
  readonly error: unknown;
}

export function usePoolHost(): PoolHost {
  const addressed = useAddressed("workspace");
  const { data, error } = useQuery(resourcesQuery("Microsoft.Synapse/workspaces"));
  const found = data?.find(({ id }) => id.toLowerCase() === addressed.toLowerCase());
  return { workspaces: data, initial: found?.id ?? data?.[0]?.id ?? "", error };
}

export function workspaceField<Values extends PoolPlace>({ workspaces }: PoolHost): Field<Values> {
  return {
    name: "workspace",
    label: "Synapse workspace",
    kind: "choice",
    isRequired: true,
    choices: workspaces?.map(({ id, name }) => ({ value: id, label: name })),
  };
}

export function locationOf({ workspaces }: PoolHost, id: string): string {
  return workspaces?.find((workspace) => workspace.id === id)?.location ?? "";
}
