// Where a new resource goes: subscription, resource group (one that is there, or a new one), region.

import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { idPart, type Resource, subscriptionsQuery } from "../../api/resource.ts";
import { checkName, definitionQuery } from "../../control/definition.ts";
import type { Choice, Field } from "../../control/form.ts";
import { groupsQuery } from "../resource/group.ts";
import { groupVersion } from "../resource/resource-type.ts";
import { putStep, type Step } from "./plan.ts";

const groupType = "Microsoft.Resources/subscriptions/resourceGroups";

export type PlaceValues = {
  readonly subscription: string;
  readonly group: string;
  readonly location: string;
};

export interface Place {
  readonly initial: PlaceValues;
  readonly isLoading: boolean;
  readonly error: unknown;
  readonly groups: readonly Resource[];
  readonly subscriptions: readonly Choice[] | undefined;
  checkGroup(name: string): string | undefined;
}

/** Of the address: `?group=`, `?workspace=` or `?parent=` with an id, `?type=`. */
export function useAddressed(name: "group" | "workspace" | "parent" | "type"): string {
  const search = useSearch({ strict: false }) as Readonly<Record<string, unknown>>;
  const value = search[name];
  return typeof value === "string" ? value : "";
}

export function usePlace(): Place {
  const addressed = useAddressed("group");
  const { data: subscriptions, error } = useQuery(subscriptionsQuery);
  const { data: groups, error: groupsError } = useQuery(groupsQuery);
  const { data: rules } = useQuery(definitionQuery(groupType));
  const group = groups?.find(({ id }) => id.toLowerCase() === addressed.toLowerCase());
  const [first] = subscriptions ?? [];
  return {
    initial: {
      subscription: group ? idPart(group.id, "subscriptions") : (first?.subscriptionId ?? ""),
      group: group?.name ?? "",
      location: group?.location ?? groups?.[0]?.location ?? "westeurope",
    },
    isLoading: subscriptions === undefined || groups === undefined,
    error: error ?? groupsError,
    groups: groups ?? [],
    subscriptions: subscriptions?.map(({ subscriptionId, displayName }) => ({
      value: subscriptionId,
      label: displayName,
    })),
    checkGroup: (name) => (rules ? checkName(rules, name) : undefined),
  };
}

export function placeFields<Values extends PlaceValues>(
  place: Place,
  { locations, values }: { locations: readonly Choice[] | undefined; values: Values },
): readonly Field<Values>[] {
  return [
    subscriptionField(place),
    {
      name: "group",
      label: "Resource group",
      kind: "combo",
      isRequired: true,
      hint: isNew(place.groups, values.group)
        ? `A new resource group '${values.group}' will be created.`
        : "Select one, or type the name of a new one.",
      choices: place.groups.map(({ name }) => ({ value: name, label: name })),
      check: place.checkGroup,
    },
    regionField(locations),
  ];
}

export function subscriptionField({ subscriptions: choices }: Place): Field<PlaceValues> {
  return { name: "subscription", label: "Subscription", kind: "choice", isRequired: true, choices };
}

export function regionField(choices: readonly Choice[] | undefined): Field<PlaceValues> {
  return { name: "location", label: "Region", kind: "choice", isRequired: true, choices };
}

function isNew(groups: readonly Resource[], name: string): boolean {
  return name !== "" && !groups.some((group) => group.name.toLowerCase() === name.toLowerCase());
}

export function groupId({ subscription, group }: PlaceValues): string {
  return `/subscriptions/${subscription}/resourceGroups/${group}`;
}

/** The step that makes the group. */
export function groupStep(values: PlaceValues): Step {
  return putStep({
    key: "group",
    label: `Resource group ${values.group}`,
    id: groupId(values),
    version: groupVersion,
    body: { location: values.location },
  });
}

/** The same where the group isn't there. */
export function groupSteps(place: Place, values: PlaceValues): readonly Step[] {
  return isNew(place.groups, values.group) ? [groupStep(values)] : [];
}
