// Create a resource group.

import { useResourceRules } from "../../control/definition.ts";
import type { Field } from "../../control/form.ts";
import { CreatePage } from "./create-page.tsx";
import {
  groupId,
  groupStep,
  type PlaceValues,
  regionField,
  subscriptionField,
  usePlace,
} from "./place.ts";
import { Waiting } from "./waiting.tsx";

const title = "Create a resource group";

export function Page() {
  const rules = useResourceRules("Microsoft.Resources/subscriptions/resourceGroups");
  const place = usePlace();
  if (place.isLoading) return <Waiting title={title} error={place.error} />;
  const taken = place.groups.map(({ name }) => name.toLowerCase());
  const fields: readonly Field<PlaceValues>[] = [
    subscriptionField(place),
    {
      name: "group",
      label: "Resource group",
      kind: "text",
      isRequired: true,
      check: (text) =>
        rules.name(text) ??
        (taken.includes(text.toLowerCase())
          ? "A resource group of this name is already there."
          : undefined),
    },
    regionField(rules.locations),
  ];
  return (
    <CreatePage<PlaceValues>
      title={title}
      initial={{ ...place.initial, group: "" }}
      tabs={() => [
        {
          name: "Basics",
          intro: "A resource group is a container that holds related resources.",
          fields,
        },
      ]}
      plan={(values) => [groupStep(values)]}
      target={groupId}
    />
  );
}
