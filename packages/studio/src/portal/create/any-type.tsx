// Create a resource of any type that the server knows: the form is drawn from its definition. The
// address names the type, and for a child the resource that it goes into.

import { nameOf, typeLabel } from "../../api/scope.ts";
import { useResourceRules } from "../../control/definition.ts";
import type { Field, FormValues } from "../../control/form.ts";
import { Link } from "../../control/link.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { schemaBody, schemaFields } from "../../control/schema-form.ts";
import { CreatePage } from "./create-page.tsx";
import {
  groupId,
  groupSteps,
  type Place,
  type PlaceValues,
  placeFields,
  useAddressed,
  usePlace,
} from "./place.ts";
import { putStep } from "./plan.ts";
import { Waiting } from "./waiting.tsx";

type Values = PlaceValues & { readonly resourceName: string } & FormValues;

export function Page() {
  const type = useAddressed("type");
  if (type !== "") return <AnyType type={type} />;
  return (
    <PageFrame title="Create a resource" crumbs={[{ label: "Home", to: "/" }]}>
      <p>
        The address names no type. <Link to="/create">Create a resource</Link> lists all.
      </p>
    </PageFrame>
  );
}

function AnyType({ type }: { type: string }) {
  const parent = useAddressed("parent");
  const rules = useResourceRules(type);
  const place = usePlace();
  const { form } = rules;
  if (!form || place.isLoading) {
    return <Waiting title="Create a resource" error={rules.error ?? place.error} />;
  }
  const idOf = (values: Values) =>
    parent === ""
      ? `${groupId(values)}/providers/${form.type}/${values.resourceName}`
      : `${parent}/${nameOf(form.type)}/${values.resourceName}`;
  const envelope = ["sku", "kind", "properties"].flatMap((path) =>
    schemaFields(form.schema, { path, rules }),
  );
  const label = typeLabel(form.type);
  return (
    <CreatePage<Values>
      title={`Create: ${label}`}
      initial={{ ...place.initial, resourceName: form.presetNames[0] ?? "" }}
      tabs={(values) => [
        {
          name: "Basics",
          intro: form.summary,
          fields: [
            ...whereFields(values, { place, parent, locations: rules.locations }),
            {
              name: "resourceName",
              label: "Name",
              kind: "text",
              isRequired: true,
              check: rules.name,
            },
          ],
        },
        {
          name: "Properties",
          intro:
            envelope.length === 0
              ? "It has no properties that are chosen here."
              : "What is left empty is chosen by the server.",
          fields: envelope as readonly Field<Values>[],
        },
      ]}
      plan={(values) => [
        ...(parent === "" ? groupSteps(place, values) : []),
        putStep({
          key: "resource",
          label: `${label} ${values.resourceName}`,
          id: idOf(values),
          version: rules.apiVersion,
          body: {
            ...(form.location === "required" && { location: values.location }),
            properties: {},
            ...schemaBody(form.schema, values),
          },
        }),
      ]}
      target={idOf}
    />
  );
}

function whereFields(
  values: Values,
  {
    place,
    parent,
    locations,
  }: { place: Place; parent: string; locations: Field<Values>["choices"] },
): readonly Field<Values>[] {
  if (parent === "") return placeFields(place, { locations, values });
  return [
    {
      name: "parent",
      label: "Goes into",
      kind: "text",
      isReadOnly: true,
      placeholder: nameOf(parent),
    },
  ];
}
