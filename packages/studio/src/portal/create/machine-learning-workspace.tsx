// Create Azure Machine Learning workspace, with the resources that it is associated with: selected, or
// made with it under names derived from its own.

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Resource, resourcesQuery } from "../../api/resource.ts";
import { typeLabel } from "../../api/scope.ts";
import { type ResourceRules, useResourceRules } from "../../control/definition.ts";
import type { Field } from "../../control/form.ts";
import { useAccount } from "../../shell/account.ts";
import { CreatePage } from "./create-page.tsx";
import {
  type AssociatedName,
  associatedTypes,
  derivedName,
  type MachineLearningValues,
  machineLearningId,
  machineLearningPlan,
  machineLearningType,
} from "./machine-learning-plan.ts";
import { type Place, placeFields, usePlace } from "./place.ts";
import { Waiting } from "./waiting.tsx";

const suffixDigits = 10;

const title = "Create Azure Machine Learning workspace";

export function Page() {
  const rules = useResourceRules(machineLearningType);
  const place = usePlace();
  const { data: resources } = useQuery(resourcesQuery());
  const { tenantId } = useAccount();
  const [suffix] = useState(() =>
    String(crypto.getRandomValues(new Uint32Array(1))[0]).padStart(suffixDigits, "0"),
  );
  if (place.isLoading || !resources) return <Waiting title={title} error={place.error} />;
  return (
    <CreatePage<MachineLearningValues>
      title={title}
      initial={{
        ...place.initial,
        name: "",
        friendlyName: "",
        description: "",
        storageAccount: "",
        keyVault: "",
        applicationInsights: "",
        containerRegistry: "",
        publicAccess: "Enabled",
      }}
      tabs={(values) => [
        {
          name: "Basics",
          fields: [
            ...basicFields(values, { place, rules }),
            ...(["storageAccount", "keyVault", "applicationInsights"] as const).map((name) =>
              associatedField(name, {
                resources,
                placeholder: `(new) ${derivedName(name, values.name, suffix)}`,
              }),
            ),
            associatedField("containerRegistry", { resources, placeholder: "None" }),
          ],
        },
        {
          name: "Networking",
          fields: [
            {
              name: "publicAccess",
              label: "Public network access",
              kind: "radio",
              choices: rules.choices("properties.publicNetworkAccess"),
            },
          ],
        },
      ]}
      plan={(values) => machineLearningPlan(values, { place, suffix, tenantId })}
      target={machineLearningId}
    />
  );
}

function basicFields(
  values: MachineLearningValues,
  { place, rules }: { place: Place; rules: ResourceRules },
): readonly Field<MachineLearningValues>[] {
  return [
    ...placeFields(place, { locations: rules.locations, values }),
    { name: "name", label: "Workspace name", kind: "text", isRequired: true, check: rules.name },
    {
      name: "friendlyName",
      label: "Friendly name",
      kind: "text",
      check: rules.check("properties.friendlyName"),
    },
    {
      name: "description",
      label: "Description",
      kind: "text",
      check: rules.check("properties.description"),
    },
  ];
}

const labels: Readonly<Record<AssociatedName, string>> = {
  storageAccount: "Storage account",
  keyVault: "Key vault",
  applicationInsights: "Application insights",
  containerRegistry: "Container registry",
};

function associatedField(
  name: AssociatedName,
  { resources, placeholder }: { resources: readonly Resource[]; placeholder: string },
): Field<MachineLearningValues> {
  const type = associatedTypes[name].toLowerCase();
  return {
    name,
    label: labels[name],
    kind: "choice",
    placeholder,
    choices: [
      { value: "", label: placeholder },
      ...resources
        .filter((resource) => resource.type.toLowerCase() === type)
        .map(({ id, name: label }) => ({ value: id, label })),
    ],
    hint: name === "containerRegistry" ? `Optional ${typeLabel(type).toLowerCase()}.` : "",
  };
}
