// Create a storage account.

import { useResourceRules } from "../../control/definition.ts";
import { CreatePage } from "./create-page.tsx";
import { groupId, groupSteps, type PlaceValues, placeFields, usePlace } from "./place.ts";
import { accountId, accountStep, storageType } from "./storage.ts";
import { Waiting } from "./waiting.tsx";

type Values = PlaceValues & {
  readonly name: string;
  readonly sku: string;
  readonly lake: string;
};

const title = "Create a storage account";

export function Page() {
  const rules = useResourceRules(storageType);
  const place = usePlace();
  if (place.isLoading) return <Waiting title={title} error={place.error} />;
  const idOf = (values: Values) => accountId(groupId(values), values.name);
  return (
    <CreatePage<Values>
      title={title}
      initial={{ ...place.initial, name: "", sku: "Standard_LRS", lake: "true" }}
      tabs={(values) => [
        {
          name: "Basics",
          fields: [
            ...placeFields(place, { locations: rules.locations, values }),
            {
              name: "name",
              label: "Storage account name",
              kind: "text",
              isRequired: true,
              check: rules.name,
            },
            {
              name: "sku",
              label: "Redundancy",
              kind: "choice",
              choices: [
                { value: "Standard_LRS", label: "Locally-redundant storage (LRS)" },
                { value: "Standard_GRS", label: "Geo-redundant storage (GRS)" },
              ],
            },
          ],
        },
        {
          name: "Advanced",
          fields: [
            {
              name: "lake",
              label: "Enable hierarchical namespace",
              kind: "toggle",
              hint: "Data Lake Storage Gen2: a Synapse workspace needs it.",
            },
          ],
        },
      ]}
      plan={(values) => [
        ...groupSteps(place, values),
        accountStep({
          id: idOf(values),
          name: values.name,
          location: values.location,
          isLake: values.lake === "true",
          sku: values.sku,
        }),
      ]}
      target={idOf}
    />
  );
}
