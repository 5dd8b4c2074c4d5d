// Create a key vault.

import { useResourceRules } from "../../control/definition.ts";
import { useAccount } from "../../shell/account.ts";
import { CreatePage } from "./create-page.tsx";
import { groupId, groupSteps, type PlaceValues, placeFields, usePlace } from "./place.ts";
import { vaultStep, vaultType } from "./vault.ts";
import { Waiting } from "./waiting.tsx";

type Values = PlaceValues & {
  readonly name: string;
  readonly sku: string;
  readonly access: string;
};

const title = "Create a key vault";

export function Page() {
  const rules = useResourceRules(vaultType);
  const { tenantId } = useAccount();
  const place = usePlace();
  if (place.isLoading) return <Waiting title={title} error={place.error} />;
  const idOf = (values: Values) => `${groupId(values)}/providers/${vaultType}/${values.name}`;
  return (
    <CreatePage<Values>
      title={title}
      initial={{ ...place.initial, name: "", sku: "standard", access: "rbac" }}
      tabs={(values) => [
        {
          name: "Basics",
          fields: [
            ...placeFields(place, { locations: rules.locations, values }),
            {
              name: "name",
              label: "Key vault name",
              kind: "text",
              isRequired: true,
              check: rules.name,
            },
            {
              name: "sku",
              label: "Pricing tier",
              kind: "choice",
              choices: rules.choices("properties.sku.name"),
            },
          ],
        },
        {
          name: "Access configuration",
          fields: [
            {
              name: "access",
              label: "Permission model",
              kind: "radio",
              choices: [
                { value: "rbac", label: "Azure role-based access control (recommended)" },
                { value: "policy", label: "Vault access policy" },
              ],
            },
          ],
        },
      ]}
      plan={(values) => [
        ...groupSteps(place, values),
        vaultStep({
          id: idOf(values),
          name: values.name,
          location: values.location,
          tenantId,
          sku: values.sku,
          usesRoles: values.access === "rbac",
        }),
      ]}
      target={idOf}
    />
  );
}
