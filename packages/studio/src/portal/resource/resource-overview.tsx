// Overview of a resource whose type has no page of its own: essentials and plain properties.

import { idPart, type Resource } from "../../api/resource.ts";
import { Essentials } from "../../control/essentials.tsx";
import { labelOf } from "../../control/schema-form.ts";
import { commonEssentials } from "./essential.tsx";

export function ResourceOverview({ resource }: { resource: Resource }) {
  return (
    <Essentials
      label="Essentials"
      entries={[
        ...commonEssentials(resource),
        ["Subscription ID", idPart(resource.id, "subscriptions")],
        ...Object.entries(resource.properties ?? {})
          .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value))
          .map(([name, value]) => [labelOf(name), String(value)] as const),
      ]}
    />
  );
}
